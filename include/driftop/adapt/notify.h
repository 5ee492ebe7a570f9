/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Notification adapters: an alert becomes a request or a command. Pure; the recorder delivers
 * through the outbox.
 */
#ifndef DRIFTOP_ADAPT_NOTIFY_H
#define DRIFTOP_ADAPT_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/config/option.h"
#include "driftop/net/msg.h"

struct err;
struct json;
struct str;

/* What is told, as plain values, so that notify needs no alert types. */
struct notify_alert {
    const char *environment, *deployment, *version, *feature, *rule, *severity, *phase;
    const char *summary, *runbook, *owner, *resolution;
    int64_t id, since_ms, fired_ms, resolved_ms, now_ms;
};

/* What delivers it: an HTTP request, or an argv fed with the body on standard input. */
struct notify_delivery {
    bool is_command;
    struct net_request request;
    char **argv; /* NULL-ended; borrowed from the options */
};

struct notify_adapter {
    const char *name; /* "command", "alertmanager" */
    const char *help;
    const struct option_row *options;
    size_t n_options;
    int64_t resend_ms; /* firing alerts are told again this often; 0: only when they change */
    int64_t resolved_resend_ms; /* and resolved ones for so long */
    /* The JSON body kept in the outbox. */
    int (*body)(const struct option_set *options, const struct notify_alert *alert,
                struct str *ret);
    int (*delivery)(const struct option_set *options, const char *body, struct notify_delivery *ret,
                    struct err *e);
    /* Did it arrive? 0; ERR_REJECTED: never try again; else try later. Of a command status is its
     * exit status, and outcome NET_OK when it ran. */
    int (*delivered)(const struct net_reply *reply, struct err *e);
};

extern const struct notify_adapter *const adapt_notifiers[];
const struct notify_adapter *adapt_notify_find(const char *name);

#endif
