/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An alert: one rule over one (deployment, version, feature), and its life pending > firing >
 * resolved. The rows are written by the recorder only; acknowledgements and notes are rows of their
 * own, written by readers, and joined when read.
 */
#ifndef DRIFTOP_ALERT_ALERT_H
#define DRIFTOP_ALERT_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "driftop/model/observation.h"

enum alert_severity { ALERT_TICKET, ALERT_PAGE };
enum alert_phase { ALERT_PENDING, ALERT_FIRING, ALERT_RESOLVED };

/* rule, name, what it watches */
#define ALERT_RULES(X)                                                                             \
    X(ALERT_DRIFT, "drift", "a feature differs from the reference")                                \
    X(ALERT_ERROR_RATIO, "error_ratio", "too many requests fail")                                  \
    X(ALERT_LATENCY, "latency_p99", "requests are slow")                                           \
    X(ALERT_NOT_READY, "not_ready", "a version's server is not ready")                             \
    X(ALERT_TRAFFIC, "traffic", "effective traffic differs from desired")                          \
    X(ALERT_STALE, "stale", "a source has gone quiet")

enum alert_rule {
#define X(id, name, help) id,
    ALERT_RULES(X)
#undef X
};

struct alert_state {
    int64_t id; /* the store's; 0: not stored yet */
    char deployment[MODEL_NAME_SIZE], version[MODEL_NAME_SIZE], feature[MODEL_NAME_SIZE];
    enum alert_rule rule;
    enum alert_severity severity;
    enum alert_phase phase;
    char summary[MODEL_TEXT_SIZE]; /* "p99 240 > 390 ms": for people, no control characters */
    char resolution[64];           /* "back to normal", "out of service", ... */
    double value, threshold;
    int64_t since_ms, fired_ms, resolved_ms, changed_ms;
    /* joined from the acknowledgements: empty and 0 when nobody did */
    char acked_by[MODEL_NAME_SIZE];
    int64_t acked_ms;
    char note[MODEL_TEXT_SIZE];
};

const char *alert_rule_name(enum alert_rule rule);
const char *alert_severity_name(enum alert_severity severity); /* "page", "ticket" */
const char *alert_phase_name(enum alert_phase phase);          /* "pending", "firing", "resolved" */

#endif
