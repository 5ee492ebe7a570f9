/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One deployment: versions with their numbers, their history as lines, the most drifted features,
 * alerts, the last acts (`show NAME`, view 3 Model).
 */
#ifndef DRIFTOP_QUERY_DEPLOYMENT_H
#define DRIFTOP_QUERY_DEPLOYMENT_H

#include "driftop/query/drift.h"
#include "driftop/query/fleet.h"

#define HISTORY_POINTS 120

struct version_history {
    double rate[HISTORY_POINTS], errors[HISTORY_POINTS], p99[HISTORY_POINTS];
    double share[HISTORY_POINTS]; /* NaN where there is no reading; the last point is now */
};

struct act_line {
    char act[32], state[32], intent[160], by[160];
    int64_t at_ms;
};

struct deployment_view {
    int64_t at_ms, history_step_ms;
    struct status status;
    struct fleet_line line;
    struct version_history *history; /* one for each of line.versions */
    struct drift_view drift;         /* of this deployment, worst first */
    struct alert_state *alerts;
    size_t n_alerts;
    struct source_state *sources;
    size_t n_sources;
    struct act_line *acts; /* newest first, at most 20 */
    size_t n_acts;
};

/* ERR_ABSENT with near names in e when there is no such deployment. */
int deployment_view_load(struct store *s, const char *name, int64_t now_ms,
                         struct deployment_view *ret, struct err *e);
void deployment_view_done(struct deployment_view *d);
struct json *deployment_view_json(const struct deployment_view *d);

#endif
