/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift_private.h"

#include "driftop/stats/verdict.h"

int summaries_load(struct store *s, int64_t version_id, enum window_span span,
                   const struct status *st, int64_t now_ms, struct summaries *ret, struct err *e)
{
    struct drift_summaries all;
    int which = span == DRIFT_ANY_SPAN ? -1 : (int)span;

    *ret = (struct summaries){0};
    int rc = store_summaries(s, version_id, which, VERDICT_MIN_ROWS, &all, e);
    if (rc < 0)
        return rc;
    *ret = (struct summaries){.items = all.items,
                              .n_items = all.n,
                              .at_ms = all.at_ms,
                              .span = all.span,
                              .rows = all.rows,
                              .old = st->quiet || now_ms - all.at_ms > SUMMARIES_OLD_MS};
    return 0;
}

const struct drift_summary *summaries_find(const struct summaries *all, uint32_t feature)
{
    /* The recorder writes them feature by feature; others may come. */
    if (feature < all->n_items && all->items[feature].feature == feature)
        return &all->items[feature];
    for (size_t i = 0; i < all->n_items; i++)
        if (all->items[i].feature == feature)
            return &all->items[i];
    return NULL;
}

enum severity summaries_severity(const struct summaries *all, const struct drift_summary *d)
{
    switch (drift_worst(d)) {
    case VERDICT_PAGE: return d->reason & DRIFT_NO_PAGE ? SEVERITY_TICKET : SEVERITY_PAGE;
    case VERDICT_WARN: return SEVERITY_TICKET;
    case VERDICT_OK: return all->old ? SEVERITY_STALE : SEVERITY_OK;
    default: return SEVERITY_UNKNOWN;
    }
}
