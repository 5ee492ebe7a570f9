/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What most queries begin with: the state of the whole fleet, read once, and the status made of it.
 * Versions stand grouped by deployment, deployments in order of their names.
 */
#ifndef DRIFTOP_QUERY_SNAPSHOT_PRIVATE_H
#define DRIFTOP_QUERY_SNAPSHOT_PRIVATE_H

#include "driftop/query/query.h"

struct snapshot {
    int64_t now_ms;
    struct status status;
    struct deployment_state *deployments;
    struct version_state *versions;
    struct source_state *sources;
    struct alert_state *alerts; /* pending, firing, and resolved after the time asked for */
    size_t n_deployments, n_versions, n_sources, n_alerts;
    const struct source_state **sources_of; /* the sources once more, grouped by deployment */
};

int snapshot_load(struct store *s, int64_t resolved_since_ms, int64_t now_ms, struct snapshot *ret,
                  struct err *e);
void snapshot_done(struct snapshot *sn);
/* NULL when there is none of that name. */
const struct deployment_state *snapshot_find(const struct snapshot *sn, const char *name);
/* The same, or ERR_ABSENT with near names. */
int snapshot_need(const struct snapshot *sn, const char *name, const struct deployment_state **ret,
                  struct err *e);
/* The versions of one deployment, borrowed. */
const struct version_state *snapshot_versions(const struct snapshot *sn, int64_t deployment_id,
                                              size_t *ret_n);
/* The sources of one deployment, borrowed. */
const struct source_state *const *snapshot_sources(const struct snapshot *sn,
                                                   const char *deployment, size_t *ret_n);

#endif
