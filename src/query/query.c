/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/query.h"

#include "snapshot_private.h"

#define ROWS_RECENT_MS (15 * 60000)

const char *severity_word(enum severity s)
{
    switch (s) {
    case SEVERITY_OK: return "ok";
    case SEVERITY_UNKNOWN: return "unknown";
    case SEVERITY_STALE: return "stale";
    case SEVERITY_TICKET: return "ticket";
    case SEVERITY_PAGE: return "page";
    }
    return "unknown";
}

int severity_exit(enum severity s)
{
    switch (s) {
    case SEVERITY_OK: return 0;
    case SEVERITY_TICKET: return 1;
    case SEVERITY_PAGE: return 2;
    case SEVERITY_UNKNOWN:
    case SEVERITY_STALE: break;
    }
    return 3;
}

enum severity source_severity(const struct source_state *source, const struct status *st,
                              int64_t now_ms)
{
    if (st->quiet || source_stale(source, now_ms))
        return SEVERITY_STALE;
    switch (source->health) {
    case SOURCE_OK: return SEVERITY_OK;
    case SOURCE_FAILING:
    case SOURCE_AUTH:
    case SOURCE_WRONG:
    case SOURCE_SECRET: return SEVERITY_STALE;
    case SOURCE_UNKNOWN: break;
    }
    /* Nobody had to be notified yet: there is nothing to know. */
    return source->kind == SOURCE_NOTIFY ? SEVERITY_OK : SEVERITY_UNKNOWN;
}

bool version_in_service(const struct version_state *v, int64_t now_ms)
{
    const unsigned shares = VERSION_DESIRED | VERSION_EFFECTIVE | VERSION_OBSERVED;
    if (v->has & shares)
        return ((v->has & VERSION_DESIRED) && v->desired_ratio > 0) ||
               ((v->has & VERSION_EFFECTIVE) && v->effective_ratio > 0) ||
               ((v->has & VERSION_OBSERVED) && v->observed_ratio > 0);
    if (v->has & VERSION_RATE)
        return v->request_rate > 0;
    return v->rows_at_ms && now_ms - v->rows_at_ms <= ROWS_RECENT_MS;
}

int status_load(struct store *s, int64_t now_ms, struct status *ret, struct err *e)
{
    struct snapshot sn;
    int rc = snapshot_load(s, INT64_MAX, now_ms, &sn, e);
    *ret = sn.status;
    snapshot_done(&sn);
    return rc;
}

enum severity status_severity(const struct status *st)
{
    return st->quiet || st->n_sources_ok < st->n_sources ? SEVERITY_STALE : SEVERITY_OK;
}
