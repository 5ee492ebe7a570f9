/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/alert/alert.h"

const char *alert_rule_name(enum alert_rule rule)
{
    static const char *const names[] = {
#define X(id, name, help) [id] = name,
        ALERT_RULES(X)
#undef X
    };
    return (size_t)rule < sizeof names / sizeof *names ? names[rule] : "unknown";
}

const char *alert_severity_name(enum alert_severity severity)
{
    return severity == ALERT_PAGE ? "page" : "ticket";
}

const char *alert_phase_name(enum alert_phase phase)
{
    switch (phase) {
    case ALERT_PENDING: return "pending";
    case ALERT_FIRING: return "firing";
    case ALERT_RESOLVED: return "resolved";
    }
    return "unknown";
}
