/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The summaries of one version as several queries need them.
 */
#ifndef DRIFTOP_QUERY_DRIFT_PRIVATE_H
#define DRIFTOP_QUERY_DRIFT_PRIVATE_H

#include "driftop/query/drift.h"
#include "driftop/store/read_drift.h"

/* The recorder judges at least once a minute; older than this is not now. */
#define SUMMARIES_OLD_MS 180000

/* The summaries of a version on one span; init with {0}, items freed with free(). */
struct summaries {
    struct drift_summary *items;
    size_t n_items;
    int64_t at_ms;
    enum window_span span;
    uint32_t rows; /* of that span */
    bool old;
};

/* DRIFT_ANY_SPAN: what alerts judge, the shortest with enough rows. */
int summaries_load(struct store *s, int64_t version_id, enum window_span span,
                   const struct status *st, int64_t now_ms, struct summaries *ret, struct err *e);
/* NULL when the feature has none. */
const struct drift_summary *summaries_find(const struct summaries *all, uint32_t feature);
/* PAGE, unless the rule makes it a ticket; TICKET for warn; OK counts only while it is not old. */
enum severity summaries_severity(const struct summaries *all, const struct drift_summary *d);

#endif
