/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift_private.h"

#include "driftop/stats/verdict.h"

int summaries_load(struct store *s, int64_t version_id, const struct status *st, int64_t now_ms,
                   struct summaries *ret, struct err *e)
{
    uint32_t rows[WINDOW_LEVELS] = {0};

    *ret = (struct summaries){0};
    int rc = store_summaries(s, version_id, &ret->items, &ret->n_items, &ret->at_ms, e);
    if (rc < 0)
        return rc;
    /* Every feature has seen every row of its window: the first one tells. */
    for (size_t i = 0; i < ret->n_items; i++)
        if (ret->items[i].span < WINDOW_LEVELS && ret->items[i].rows > rows[ret->items[i].span])
            rows[ret->items[i].span] = ret->items[i].rows;
    ret->span = WINDOW_15M;
    while (ret->span < WINDOW_24H && rows[ret->span] < VERDICT_MIN_ROWS)
        ret->span++;
    ret->rows = rows[ret->span];
    ret->old = st->quiet || now_ms - ret->at_ms > SUMMARIES_OLD_MS;
    return 0;
}

const struct drift_summary *summaries_find(const struct summaries *all, uint32_t feature,
                                           enum window_span span)
{
    /* The recorder writes them feature by feature, span by span; others may come. */
    size_t guess = (size_t)feature * WINDOW_LEVELS + (size_t)span;
    if (guess < all->n_items && all->items[guess].feature == feature &&
        all->items[guess].span == (uint8_t)span)
        return &all->items[guess];
    for (size_t i = 0; i < all->n_items; i++)
        if (all->items[i].feature == feature && all->items[i].span == (uint8_t)span)
            return &all->items[i];
    return NULL;
}

enum severity summaries_severity(const struct summaries *all, const struct drift_summary *d)
{
    switch (drift_worst(d)) {
    case VERDICT_PAGE: return SEVERITY_PAGE;
    case VERDICT_WARN: return SEVERITY_TICKET;
    case VERDICT_OK: return all->old ? SEVERITY_STALE : SEVERITY_OK;
    default: return SEVERITY_UNKNOWN;
    }
}
