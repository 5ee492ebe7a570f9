/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Alertmanager's API v2: the body of POST /api/v2/alerts and what a refusal says. An alert's
 * identity is its label set, so values that change belong into annotations. Alertmanager stores
 * the good alerts of an array even when it answers 400 for another: so a bad name is refused here,
 * before anything is sent.
 */
#ifndef DRIFTOP_WIRE_ALERTMANAGER_H
#define DRIFTOP_WIRE_ALERTMANAGER_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct str;

struct alertmanager_pair {
    const char *name, *value;
};

struct alertmanager_alert {
    const struct alertmanager_pair *labels, *annotations;
    size_t n_labels, n_annotations;
    int64_t starts_ms;  /* CLOCK_NEVER: left out */
    int64_t ends_ms;    /* CLOCK_NEVER: left out, then the server's resolve_timeout counts */
    const char *source; /* generatorURL, NULL: left out */
};

/* Append the JSON array. ERR_INVALID when a label or annotation name is not
 * [a-zA-Z_][a-zA-Z0-9_]*, when labels have no `alertname`, or when one occurs twice. Labels and
 * annotations without a value are left out, as the server would do. */
int alertmanager_write_alerts(struct str *ret, const struct alertmanager_alert *alerts, size_t n,
                              struct err *e);

/* What a status of 400 or more means: ERR_AUTH, ERR_DENIED, ERR_ABSENT, ERR_BUSY or ERR_REJECTED. e
 * gets the text of either shape (a bare JSON string, or {code, message}), or of plain text. */
int alertmanager_refusal(int status, const char *bytes, size_t length, struct err *e);

#endif
