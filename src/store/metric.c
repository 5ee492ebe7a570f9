/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Metric history. Points arrive every few seconds for every version, so they are first kept as rows
 * (a small write); an hour that has ended is packed once, at both resolutions, and the finer one
 * is dropped a day later.
 */
#include <math.h>
#include <stdlib.h>

#include "blob_private.h"
#include "driftop/base/err.h"
#include "driftop/store/read_drift.h"
#include "history_private.h"
#include "sql_private.h"

static const char *const put_texts[METRICS] = {
    [METRIC_RATE] = "INSERT INTO metric_recent (version_id, slot, rate) VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET rate = excluded.rate",
    [METRIC_ERRORS] = "INSERT INTO metric_recent (version_id, slot, errors) VALUES (?, ?, ?)"
                      " ON CONFLICT DO UPDATE SET errors = excluded.errors",
    [METRIC_P50] = "INSERT INTO metric_recent (version_id, slot, p50) VALUES (?, ?, ?)"
                   " ON CONFLICT DO UPDATE SET p50 = excluded.p50",
    [METRIC_P99] = "INSERT INTO metric_recent (version_id, slot, p99) VALUES (?, ?, ?)"
                   " ON CONFLICT DO UPDATE SET p99 = excluded.p99",
    [METRIC_SHARE] = "INSERT INTO metric_recent (version_id, slot, share) VALUES (?, ?, ?)"
                     " ON CONFLICT DO UPDATE SET share = excluded.share",
};

static const char *const recent_texts[METRICS] = {
    [METRIC_RATE] = "SELECT slot, rate FROM metric_recent"
                    " WHERE version_id = ? AND slot >= ? AND slot < ?",
    [METRIC_ERRORS] = "SELECT slot, errors FROM metric_recent"
                      " WHERE version_id = ? AND slot >= ? AND slot < ?",
    [METRIC_P50] = "SELECT slot, p50 FROM metric_recent"
                   " WHERE version_id = ? AND slot >= ? AND slot < ?",
    [METRIC_P99] = "SELECT slot, p99 FROM metric_recent"
                   " WHERE version_id = ? AND slot >= ? AND slot < ?",
    [METRIC_SHARE] = "SELECT slot, share FROM metric_recent"
                     " WHERE version_id = ? AND slot >= ? AND slot < ?",
};

int store_put_metric(struct store *s, int64_t version_id, enum metric metric, int64_t at_ms,
                     double value, struct err *e)
{
    struct sql q;
    if ((unsigned)metric >= METRICS || at_ms < 0)
        return err_set(e, ERR_INVALID, "metric %d at %lld ms", (int)metric, (long long)at_ms);
    if (isnan(value))
        return 0;
    sql_open(&q, s, put_texts[metric]);
    sql_put_int(&q, version_id);
    sql_put_int(&q, at_ms / SLOT_MS);
    sql_put_real(&q, value);
    return sql_run(&q, e);
}

/* One hour of one version on its way into blobs. */
struct packing {
    int64_t hour;
    bool any[METRICS];
    float points[METRICS][HOUR_SLOTS];
};

static int load_hour(struct store *s, int64_t version_id, struct packing *p, struct err *e)
{
    struct sql q;
    int rc;
    for (int m = 0; m < METRICS; m++) {
        p->any[m] = false;
        for (int i = 0; i < HOUR_SLOTS; i++)
            p->points[m][i] = NAN;
    }
    sql_open(&q, s,
             "SELECT slot, rate, errors, p50, p99, share FROM metric_recent"
             " WHERE version_id = ? AND slot >= ? AND slot < ?");
    sql_put_int(&q, version_id);
    sql_put_int(&q, p->hour * HOUR_SLOTS);
    sql_put_int(&q, (p->hour + 1) * HOUR_SLOTS);
    while ((rc = sql_step(&q, e)) > 0) {
        int64_t slot = sql_get_int(&q) - p->hour * HOUR_SLOTS;
        for (int m = 0; m < METRICS; m++) {
            p->points[m][slot] = (float)sql_get_real(&q);
            p->any[m] = p->any[m] || !isnan(p->points[m][slot]);
        }
    }
    return rc;
}

static int put_hour(struct store *s, const char *text, int64_t key, const float *points, size_t n,
                    struct err *e)
{
    unsigned char blob[4 * HOUR_SLOTS];
    struct sql q;
    for (size_t i = 0; i < n; i++)
        blob_put_float(blob + 4 * i, points[i]);
    sql_open(&q, s, text);
    sql_put_int(&q, key);
    sql_put_bytes(&q, blob, 4 * n);
    return sql_run(&q, e);
}

static void thin(const float points[HOUR_SLOTS], float ret[HOUR_MINUTES])
{
    for (int minute = 0; minute < HOUR_MINUTES; minute++) {
        double sum = 0;
        int n = 0;
        for (int i = minute * MINUTE_SLOTS; i < (minute + 1) * MINUTE_SLOTS; i++) {
            if (!isnan(points[i])) {
                sum += (double)points[i];
                n++;
            }
        }
        ret[minute] = n ? (float)(sum / n) : NAN;
    }
}

static int store_hour(struct store *s, int64_t version_id, const struct packing *p, struct err *e)
{
    float minutes[HOUR_MINUTES];
    struct sql q;
    int rc = 0;
    for (int m = 0; m < METRICS && rc == 0; m++) {
        int64_t key = metric_key(version_id, m, p->hour);
        if (!p->any[m])
            continue;
        /* An hour that is packed stays as it is, whatever a clock that jumped back adds to it. */
        thin(p->points[m], minutes);
        rc = put_hour(s, "INSERT OR IGNORE INTO metric_fine (key, points) VALUES (?, ?)", key,
                      p->points[m], HOUR_SLOTS, e);
        if (rc == 0)
            rc = put_hour(s, "INSERT OR IGNORE INTO metric_hour (key, points) VALUES (?, ?)", key,
                          minutes, HOUR_MINUTES, e);
    }
    if (rc < 0)
        return rc;
    sql_open(&q, s, "DELETE FROM metric_recent WHERE version_id = ? AND slot < ?");
    sql_put_int(&q, version_id);
    sql_put_int(&q, (p->hour + 1) * HOUR_SLOTS);
    return sql_run(&q, e);
}

int metric_pack_hour(struct store *s, int64_t version_id, int64_t now_ms, struct err *e)
{
    int64_t slot = INT64_MAX;
    struct sql q;
    sql_open(&q, s, "SELECT slot FROM metric_recent WHERE version_id = ? ORDER BY slot LIMIT 1");
    sql_put_int(&q, version_id);
    int rc = sql_step(&q, e);
    if (rc > 0)
        slot = sql_get_int(&q);
    sql_end(&q);
    /* A minute of grace for points that are written late. */
    if (rc <= 0 || slot / HOUR_SLOTS >= (now_ms - 60000) / HOUR_MS)
        return rc < 0 ? rc : 0;
    struct packing *p = malloc(sizeof *p);
    if (!p)
        return err_set(e, ERR_NOMEM, "packing an hour of metrics");
    p->hour = slot / HOUR_SLOTS;
    rc = load_hour(s, version_id, p, e);
    if (rc == 0)
        rc = store_hour(s, version_id, p, e);
    free(p);
    return rc < 0 ? rc : 1;
}

static int drop_range(struct store *s, const char *text, int64_t from, int64_t to, struct err *e)
{
    struct sql q;
    sql_open(&q, s, text);
    sql_put_int(&q, from);
    sql_put_int(&q, to);
    return sql_run(&q, e);
}

int metric_drop(struct store *s, int64_t version_id, int64_t now_ms, struct err *e)
{
    int64_t fine = (now_ms - DAY_MS) / HOUR_MS, coarse = (now_ms - 30 * DAY_MS) / HOUR_MS;
    int rc = 0;
    for (int m = 0; m < METRICS && rc == 0; m++) {
        int64_t start = metric_key(version_id, m, 0);
        rc = drop_range(s, "DELETE FROM metric_fine WHERE key >= ? AND key < ?", start,
                        start + (fine > 0 ? fine : 0), e);
        if (rc == 0)
            rc = drop_range(s, "DELETE FROM metric_hour WHERE key >= ? AND key < ?", start,
                            start + (coarse > 0 ? coarse : 0), e);
    }
    return rc;
}

/* The steps of one answer, as sums until the end. */
struct steps {
    int64_t from_ms, step_ms;
    double *sums;
    uint32_t *weights;
    size_t n;
};

static void add_slot(struct steps *t, int64_t slot, double value)
{
    int64_t at = slot * SLOT_MS - t->from_ms;
    if (at < 0 || isnan(value) || (size_t)(at / t->step_ms) >= t->n)
        return;
    t->sums[at / t->step_ms] += value;
    t->weights[at / t->step_ms]++;
}

/* Hours that are held at 10 s, then those held at a minute only: each value then stands for its six
 * slots. */
static int add_hours(struct store *s, const char *text, int64_t from_key, int64_t to_key,
                     struct steps *t, struct err *e)
{
    struct sql q;
    int rc;
    sql_open(&q, s, text);
    sql_put_int(&q, from_key);
    sql_put_int(&q, to_key);
    while ((rc = sql_step(&q, e)) > 0) {
        int64_t hour = sql_get_int(&q) & ((INT64_C(1) << HOUR_BITS) - 1);
        size_t length;
        const unsigned char *blob = sql_get_bytes(&q, &length);
        size_t n = length / 4;
        if (n != HOUR_SLOTS && n != HOUR_MINUTES)
            continue;
        for (int64_t i = 0; i < HOUR_SLOTS; i++) {
            size_t at = n == HOUR_SLOTS ? (size_t)i : (size_t)i / MINUTE_SLOTS;
            add_slot(t, hour * HOUR_SLOTS + i, (double)blob_get_float(blob + 4 * at));
        }
    }
    return rc;
}

static int add_recent(struct store *s, int64_t version_id, enum metric metric, int64_t to_ms,
                      struct steps *t, struct err *e)
{
    struct sql q;
    int rc;
    sql_open(&q, s, recent_texts[metric]);
    sql_put_int(&q, version_id);
    sql_put_int(&q, t->from_ms / SLOT_MS);
    sql_put_int(&q, (to_ms + SLOT_MS - 1) / SLOT_MS);
    while ((rc = sql_step(&q, e)) > 0) {
        int64_t slot = sql_get_int(&q);
        add_slot(t, slot, sql_get_real(&q));
    }
    return rc;
}

int store_metric(struct store *s, int64_t version_id, enum metric metric, int64_t to_ms,
                 int64_t step_ms, double *points, size_t n, struct err *e)
{
    int64_t span_ms;
    if ((unsigned)metric >= METRICS || step_ms <= 0 || to_ms < 0 || n > 1000000 ||
        __builtin_mul_overflow(step_ms, (int64_t)n, &span_ms) || span_ms > to_ms)
        return err_set(e, ERR_INVALID, "%zu points of metric %d", n, (int)metric);
    struct steps t = {.from_ms = to_ms - span_ms, .step_ms = step_ms, .sums = points, .n = n};
    t.weights = calloc(n + 1, sizeof *t.weights);
    if (!t.weights)
        return err_set(e, ERR_NOMEM, "%zu points", n);
    for (size_t i = 0; i < n; i++)
        points[i] = 0;
    int64_t first = metric_key(version_id, metric, t.from_ms / HOUR_MS);
    int64_t last = metric_key(version_id, metric, to_ms / HOUR_MS);
    int rc = add_hours(s, "SELECT key, points FROM metric_fine WHERE key >= ? AND key <= ?", first,
                       last, &t, e);
    if (rc == 0)
        rc = add_hours(s,
                       "SELECT key, points FROM metric_hour AS h WHERE key >= ? AND key <= ?"
                       " AND NOT EXISTS (SELECT 1 FROM metric_fine AS f WHERE f.key = h.key)",
                       first, last, &t, e);
    if (rc == 0)
        rc = add_recent(s, version_id, metric, to_ms, &t, e);
    for (size_t i = 0; i < n; i++)
        points[i] = t.weights[i] ? points[i] / t.weights[i] : NAN;
    free(t.weights);
    return rc;
}
