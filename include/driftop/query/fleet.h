/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fleet: every deployment in one line, by risk (`ls`), with the versions that are configured, in the
 * splitter, or have rows in a window. What only the registry knows is in deployment.h.
 */
#ifndef DRIFTOP_QUERY_FLEET_H
#define DRIFTOP_QUERY_FLEET_H

#include "driftop/query/query.h"

/* What is added up for one version. A stale group of readings is shown as such, never as now. */
struct version_sum {
    bool in_service;
    bool ready_stale, traffic_stale, metrics_stale;
    enum severity drift; /* PAGE, TICKET (warn), STALE, UNKNOWN, OK */
    int drift_page, drift_warn, drift_unknown;
    int alerts_page, alerts_ticket;
};

struct fleet_line {
    struct deployment_state deployment;
    struct version_state *versions; /* by desired share, champion first among equals */
    struct version_sum *sums;       /* one for each of versions */
    size_t n_versions;
    bool ready;             /* every version that gets traffic is ready */
    bool has_ready;         /* all of them said so lately, or one said no */
    enum severity severity; /* the worst of what fires and of what is stale or unknown */
    enum severity drift;    /* the worst of the versions in service */
    int drift_page, drift_warn, drift_unknown; /* features */
    int alerts_page, alerts_ticket;            /* firing, acknowledged ones too */
    int64_t oldest_ms;                         /* the oldest reading of the line */
};

struct fleet_view {
    int64_t at_ms;
    struct status status;
    struct fleet_line *lines;
    size_t n_lines;
};

int fleet_view_load(struct store *s, int64_t now_ms, struct fleet_view *ret, struct err *e);
void fleet_view_done(struct fleet_view *f);
/* {schema: "driftop.ls.v1", at, deployments: [...]} as the section 7 says. */
struct json *fleet_view_json(const struct fleet_view *f);

#endif
