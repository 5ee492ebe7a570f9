/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pruning goes round the versions, a bounded number of rows a call, so that no call holds the store
 * for long however much there is to drop after a pause.
 */
#include "driftop/store/write_counts.h"

#include "driftop/base/err.h"
#include "history_private.h"
#include "sql_private.h"

#define PRUNE_VERSIONS 64  /* looked at in one call */
#define PRUNE_ROWS     400 /* no further version once so many rows have changed */

int64_t counts_keep_ms(int level)
{
    static const int64_t keep[WINDOW_LEVELS] = {HOUR_MS, DAY_MS, 30 * DAY_MS};
    return keep[level];
}

static int drop_counts(struct store *s, int64_t version_id, int64_t now_ms, struct err *e)
{
    struct sql q, drop;
    int rc;
    sql_open(&q, s, "SELECT id, level FROM series WHERE version_id = ?");
    sql_put_int(&q, version_id);
    while ((rc = sql_step(&q, e)) > 0) {
        int64_t series = sql_get_int(&q), level = sql_get_int(&q);
        if (level < 0 || level >= WINDOW_LEVELS)
            continue;
        sql_open(&drop, s, "DELETE FROM counts WHERE key >= ? AND key < ?");
        sql_put_int(&drop, counts_bound(series, 0));
        sql_put_int(&drop, counts_bound(series, now_ms - counts_keep_ms((int)level)));
        rc = sql_run(&drop, e);
        if (rc < 0)
            break;
    }
    sql_end(&q);
    return rc;
}

static int prune_version(struct store *s, int64_t version_id, int64_t now_ms, struct err *e)
{
    int rc = metric_pack_hour(s, version_id, now_ms, e);
    if (rc >= 0)
        rc = metric_drop(s, version_id, now_ms, e);
    return rc < 0 ? rc : drop_counts(s, version_id, now_ms, e);
}

static int drop_before(struct store *s, const char *text, int64_t bound, struct err *e)
{
    struct sql q;
    sql_open(&q, s, text);
    sql_put_int(&q, bound);
    return sql_run(&q, e);
}

static int prune_small(struct store *s, int64_t now_ms, struct err *e)
{
    int rc = drop_before(s, "DELETE FROM plan WHERE expires_ms < ?", now_ms - DAY_MS, e);
    if (rc == 0)
        rc = drop_before(s,
                         "DELETE FROM mark WHERE alert_id IN"
                         " (SELECT id FROM alert WHERE phase = 2 AND resolved_ms < ?)",
                         now_ms - 30 * DAY_MS, e);
    if (rc == 0)
        rc = drop_before(s, "DELETE FROM alert WHERE phase = 2 AND resolved_ms < ?",
                         now_ms - 30 * DAY_MS, e);
    return rc;
}

/* The next version after the one that was pruned last; 1, or 0 at the end of the round. */
static int next_version(struct store *s, int64_t *ret_id, struct err *e)
{
    struct sql q;
    sql_open(&q, s, "SELECT id FROM version WHERE id > ? ORDER BY id LIMIT 1");
    sql_put_int(&q, s->pruned_version);
    int rc = sql_step(&q, e);
    if (rc > 0)
        *ret_id = sql_get_int(&q);
    sql_end(&q);
    return rc;
}

int store_prune(struct store *s, int64_t now_ms, struct err *e)
{
    int64_t version_id = 0, before = s->db ? sqlite3_total_changes64(s->db) : 0;
    int rc = 1;
    for (int i = 0; i < PRUNE_VERSIONS && rc > 0; i++) {
        rc = next_version(s, &version_id, e);
        if (rc <= 0)
            break;
        int done = prune_version(s, version_id, now_ms, e);
        if (done < 0)
            return done;
        s->pruned_version = version_id;
        if (sqlite3_total_changes64(s->db) - before >= PRUNE_ROWS)
            break;
    }
    if (rc != 0)
        return rc;
    s->pruned_version = 0;
    return prune_small(s, now_ms, e);
}
