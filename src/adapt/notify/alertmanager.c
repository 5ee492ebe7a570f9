/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Alertmanager, POST /api/v2/alerts. An alert's identity is its label set, so labels are what never
 * changes while it lives, and all that does is an annotation. It is told again every minute with an
 * end five minutes ahead: should driftop vanish, the alert ends by itself. A resolved one is told
 * for five more minutes, as its end may have been missed. Every peer of a cluster wants to be told:
 * one entry each.
 */
#include <string.h>

#include "../reply_private.h"
#include "body_private.h"
#include "driftop/adapt/notify.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/wire/alertmanager.h"

#define RESEND_MS   60000
#define LIFETIME_MS 300000
#define LABELS_MAX  32

/* clang-format off */
static const struct option_row options[] = {
    {.name = "url", .type = OPTION_URL, .flags = OPTION_REQUIRED,
     .help = "One Alertmanager; of a cluster give each its own entry, never a load balancer.",
     .example = "http://127.0.0.1:9093"},
    {.name = "labels", .type = OPTION_MAP,
     .help = "Labels for every alert, for routing.", .example = "{team: risk}"},
    NOTIFY_ROWS,
    REPLY_HEADER_ROWS,
    OPTION_AUTH_ROWS,
};
/* clang-format on */

static size_t add_own_labels(const struct option_set *set, struct alertmanager_pair *labels,
                             size_t n)
{
    const struct option_value *own = option_get(set, "labels");

    for (size_t i = 0; own && i + 1 < own->n_items && n < LABELS_MAX; i += 2)
        labels[n++] = (struct alertmanager_pair){own->items[i], own->items[i + 1]};
    return n;
}

static int body(const struct option_set *set, const struct notify_alert *a, struct str *ret)
{
    char name[128];
    struct alertmanager_pair labels[LABELS_MAX] = {
        {"alertname", name},       {"environment", a->environment}, {"deployment", a->deployment},
        {"version", a->version},   {"feature", a->feature},         {"rule", a->rule},
        {"severity", a->severity},
    };
    const struct alertmanager_pair annotations[] = {
        {"summary", a->summary},
        {"runbook_url", a->runbook},
        {"owner", a->owner},
        {"resolution", a->resolution},
    };
    struct alertmanager_alert alert = {
        .labels = labels,
        .annotations = annotations,
        .n_labels = add_own_labels(set, labels, 7),
        .n_annotations = sizeof annotations / sizeof *annotations,
        .starts_ms = a->fired_ms > 0 ? a->fired_ms : a->since_ms,
        .ends_ms = a->resolved_ms > 0 ? a->resolved_ms : a->now_ms + LIFETIME_MS,
    };

    str_copy(name, sizeof name, "driftop_");
    str_copy(name + strlen(name), sizeof name - strlen(name), a->rule);
    return alertmanager_write_alerts(ret, &alert, 1, NULL);
}

static int delivery(const struct option_set *set, const char *text, struct notify_delivery *ret,
                    struct err *e)
{
    const char *url;
    int length;

    net_request_init(&ret->request, NET_HTTP);
    ret->is_command = false;
    ret->argv = NULL;
    if (reply_base(set, "url", &url, &length) < 0)
        return err_set(e, ERR_INVALID, "url is empty");
    net_request_method(&ret->request, "POST");
    ret->request.flags |= NET_MUTATING;
    net_request_address(&ret->request, "%.*s/api/v2/alerts", length, url);
    net_request_header(&ret->request, "Content-Type", "application/json");
    reply_add_headers(&ret->request, set);
    return str_add(&ret->request.body, text);
}

/* Telling the same again is harmless, so only a plain "no" ends it. */
static int delivered(const struct net_reply *reply, struct err *e)
{
    int result = reply_check(reply, e);

    if (result < 0)
        return result;
    if (reply->status >= 200 && reply->status < 300)
        return 0;
    if (reply->status < 400)
        return err_set(e, ERR_PROTOCOL, "status %d is no answer of Alertmanager", reply->status);
    result = alertmanager_refusal(reply->status, reply->body.data, reply->body.length, e);
    return reply->status >= 500 && result == ERR_REJECTED ? ERR_AGAIN : result;
}

const struct notify_adapter notify_alertmanager = {
    .name = "alertmanager",
    .help = "Alertmanager's API v2",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .resend_ms = RESEND_MS,
    .resolved_resend_ms = LIFETIME_MS,
    .body = body,
    .delivery = delivery,
    .delivered = delivered,
};
