/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/rules.h"

#include <string.h>

const struct option_row rules_options[] = {
    {.name = "error_ratio",
     .type = OPTION_RATIO,
     .fallback = "5%",
     .help = "Page when a larger share of requests fails; 0 turns the rule off."},
    {.name = "error_for",
     .type = OPTION_DURATION,
     .min = 0,
     .max = 86400000,
     .fallback = "1m",
     .help = "How long the error ratio must be exceeded."},
    {.name = "error_min_requests",
     .type = OPTION_INT,
     .min = 1,
     .max = 1000000,
     .fallback = "50",
     .unit = "requests a minute",
     .help = "Below this many requests in the last minute errors and latency are not judged."},
    {.name = "latency_p99",
     .type = OPTION_DURATION,
     .min = 1,
     .max = 3600000,
     .help = "Ticket when the 99th percentile is above it; off unless set.",
     .example = "300ms"},
    {.name = "latency_for",
     .type = OPTION_DURATION,
     .min = 0,
     .max = 86400000,
     .fallback = "1m",
     .help = "How long the latency must be exceeded."},
    {.name = "not_ready_for",
     .type = OPTION_DURATION,
     .min = 0,
     .max = 86400000,
     .fallback = "15s",
     .help = "How long a server may be not ready: then a page if it gets traffic, else a ticket."},
    {.name = "traffic_gap",
     .type = OPTION_RATIO,
     .fallback = "5%",
     .help = "Ticket when the effective share of a version is this far from the desired one."},
    {.name = "traffic_for",
     .type = OPTION_DURATION,
     .min = 0,
     .max = 86400000,
     .fallback = "30s",
     .help = "How long effective and desired traffic may differ."},
    {.name = "drift",
     .type = OPTION_CHOICE,
     .choices = "page ticket off",
     .fallback = "page",
     .help = "The most that drift of a feature may cause."},
    {.name = "false_pages",
     .type = OPTION_NUMBER,
     .min = 0.001,
     .max = 1000,
     .fallback = "1",
     .unit = "a month",
     .help =
         "How many pages for drift that is none may come from this deployment; the significance of "
         "every comparison follows from it."},
};
const size_t rules_n_options = sizeof rules_options / sizeof *rules_options;

struct alert_limits rules_limits(const struct option_set *rules)
{
    struct alert_limits l = alert_limits_default();
    const char *drift = option_text(rules, "drift");

    l.error_ratio = option_number(rules, "error_ratio", l.error_ratio);
    l.error_for_ms = (int64_t)option_number(rules, "error_for", (double)l.error_for_ms);
    l.error_min_requests = option_number(rules, "error_min_requests", l.error_min_requests);
    l.latency_p99_s = option_number(rules, "latency_p99", 0) / 1000;
    l.latency_for_ms = (int64_t)option_number(rules, "latency_for", (double)l.latency_for_ms);
    l.not_ready_for_ms = (int64_t)option_number(rules, "not_ready_for", (double)l.not_ready_for_ms);
    l.traffic_gap_ratio = option_number(rules, "traffic_gap", l.traffic_gap_ratio);
    l.traffic_for_ms = (int64_t)option_number(rules, "traffic_for", (double)l.traffic_for_ms);
    if (drift && strcmp(drift, "ticket") == 0)
        l.drift_worst = SIGN_TICKET;
    else if (drift && strcmp(drift, "off") == 0)
        l.drift_worst = SIGN_HOLD;
    return l;
}
