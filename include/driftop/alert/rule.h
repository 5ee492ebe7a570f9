/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rules: each is a pure function from what was read to one look, the answer "bad, good or cannot
 * tell, now". What looks add up to over time is the engine's matter (alert/engine.h).
 */
#ifndef DRIFTOP_ALERT_RULE_H
#define DRIFTOP_ALERT_RULE_H

#include "driftop/alert/alert.h"
#include "driftop/model/drift.h"
#include "driftop/model/state.h"

enum alert_sign {
    SIGN_HOLD, /* cannot tell, or between the thresholds: no phase changes, counting begins anew */
    SIGN_GOOD, /* counts towards resolving */
    SIGN_TICKET, /* bad */
    SIGN_PAGE,   /* bad enough to wake somebody */
};

struct alert_look {
    enum alert_sign sign;
    double value, threshold;
    int64_t for_ms;  /* bad for this long before it fires; 0: at once */
    int good_looks;  /* good this many times running before it resolves */
    int64_t read_ms; /* of which reading: the same one is not good twice; 0: unknown */
    char summary[MODEL_TEXT_SIZE];
};

/* What the configuration sets per deployment. */
struct alert_limits {
    double error_ratio; /* 0: off */
    int64_t error_for_ms;
    double error_min_requests; /* a minute */
    double latency_p99_s;      /* 0: off */
    int64_t latency_for_ms;
    int64_t not_ready_for_ms;
    double traffic_gap_ratio;
    int64_t traffic_for_ms;
    enum alert_sign drift_worst; /* SIGN_PAGE; SIGN_TICKET: never page on drift; SIGN_HOLD: off */
};

/* Error ratio over 5 % for 1 minute with 50 requests at least; latency off; and so on. */
struct alert_limits alert_limits_default(void);

/* A firing rule resolves below this part of its threshold, so that it does not flap. */
#define ALERT_BACK_RATIO 0.7

struct alert_look rule_error_ratio(const struct version_state *v, const struct alert_limits *l);
struct alert_look rule_latency(const struct version_state *v, const struct alert_limits *l);
/* Pages only when the version gets traffic. */
struct alert_look rule_not_ready(const struct version_state *v, const struct alert_limits *l);
/* Effective share against desired share. */
struct alert_look rule_traffic(const struct version_state *v, const struct alert_limits *l);
struct alert_look rule_stale(const struct source_state *s, int64_t now_ms);
/* `back`: every statistic is below ALERT_BACK_RATIO of its warning threshold (stats/verdict.h).
 * `prediction`: the column is the model's score. */
struct alert_look rule_drift(const struct drift_summary *d, bool back, bool prediction,
                             const struct alert_limits *l);

#endif
