/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow.h"

#include <math.h>
#include <stdlib.h>

#include "driftop/stats/window_buckets.h"

#define BUCKETS      12 /* of five minutes: the last one is still filling, the one before it is "now" */
#define BEFORE_LEAST 3
#define VOLUME_TIMES 2
#define VOLUME_SD    5
#define NORMAL_MAD   1.4826 /* a normal's standard deviation over the median of its deviations */
#define QUIET_TIMES  10
#define QUIET_MS     60000
#define LEAST_ROWS   60 /* an hour: below that no number of rows is usual */

struct flow {
    double rows[BUCKETS], all;
    size_t first, with_rows; /* the first bucket with rows, and how many there are */
    int64_t newest_ms;
};

static struct flow flow_of(const struct ingest_deployment *d, int64_t now_ms)
{
    int64_t width_ms = window_bucket_ms(WINDOW_1H);
    struct flow f = {.first = BUCKETS};

    for (size_t i = 0; i < BUCKETS; i++) {
        int64_t at_ms = now_ms - (int64_t)(BUCKETS - 1 - i) * width_ms;
        for (size_t k = 0; k < d->n_versions; k++) {
            uint64_t rows = 0;
            if (d->versions[k]->window)
                window_bucket_counts(d->versions[k]->window, WINDOW_1H, at_ms, 0, 0, NULL, &rows);
            f.rows[i] += (double)rows;
        }
        f.all += f.rows[i];
        f.with_rows += f.rows[i] > 0;
        if (f.rows[i] > 0 && f.first == BUCKETS)
            f.first = i;
    }
    for (size_t k = 0; k < d->n_versions; k++)
        if (d->versions[k]->rows_at_ms > f.newest_ms)
            f.newest_ms = d->versions[k]->rows_at_ms;
    return f;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, compare);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Medians: the buckets since the change, and the one in which it came, do not hide it at once. */
static bool volume_changed(const struct flow *f)
{
    size_t from = f->first + 1, to = BUCKETS - 2; /* rows began somewhere within the first */
    double before[BUCKETS], off[BUCKETS], now = f->rows[to];
    size_t n = 0;

    if (from + BEFORE_LEAST > to)
        return false;
    for (size_t i = from; i < to; i++)
        before[n++] = f->rows[i];
    double usual = median(before, n);
    for (size_t i = 0; i < n; i++)
        off[i] = fabs(before[i] - usual);
    double sd = fmax(NORMAL_MAD * median(off, n), sqrt(usual));
    double times = now > usual ? now / usual : usual / fmax(now, 1e-9);
    return usual * BUCKETS >= LEAST_ROWS && times >= VOLUME_TIMES &&
           fabs(now - usual) >= VOLUME_SD * sd;
}

static bool went_quiet(const struct flow *f, int64_t now_ms)
{
    double usual_ms = (double)f->with_rows * (double)window_bucket_ms(WINDOW_1H) / f->all;
    int64_t quiet_ms = now_ms - f->newest_ms;
    return f->all >= LEAST_ROWS && quiet_ms >= QUIET_MS &&
           (double)quiet_ms >= QUIET_TIMES * usual_ms;
}

uint16_t flow_marks(const struct ingest_deployment *d, int64_t now_ms)
{
    const struct flow f = flow_of(d, now_ms);
    return (uint16_t)((volume_changed(&f) ? DRIFT_VOLUME : 0) |
                      (went_quiet(&f, now_ms) ? DRIFT_FRESHNESS : 0));
}
