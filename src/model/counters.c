/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "counters_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"

#define METRICS_HAS (HAS_REQUESTS | HAS_ERRORS | HAS_LATENCY_SUM | HAS_LATENCY_BUCKETS)

/* Readings closer together than this replace each other in the ring, so that it spans the window at
 * any interval. */
#define RING_STEP_MS 4000

void counters_done(struct counters *c)
{
    free(c->last);
    *c = (struct counters){0};
}

/* A counter that is not a number says nothing: its field is treated as absent. */
static unsigned usable(unsigned has, const struct observed_metrics *m)
{
    has &= METRICS_HAS;
    if (!isfinite(m->requests_total))
        has &= ~(unsigned)HAS_REQUESTS;
    if (!isfinite(m->errors_total))
        has &= ~(unsigned)HAS_ERRORS;
    if (!isfinite(m->latency_sum_s) || !isfinite(m->latency_count))
        has &= ~(unsigned)HAS_LATENCY_SUM;
    if (m->n_buckets == 0 || m->n_buckets > MODEL_LATENCY_MAX)
        has &= ~(unsigned)HAS_LATENCY_BUCKETS;
    for (size_t i = 0; (has & HAS_LATENCY_BUCKETS) && i < m->n_buckets; i++)
        if (!isfinite(m->bucket_count[i]))
            has &= ~(unsigned)HAS_LATENCY_BUCKETS;
    return has;
}

static bool same_shape(const struct counters *c, unsigned has, size_t n_buckets, const double *le_s)
{
    return c->n > 0 && c->has == has && c->n_values == COUNTER_BUCKETS + n_buckets &&
           memcmp(c->le_s, le_s, n_buckets * sizeof *le_s) == 0;
}

static int restart(struct counters *c, unsigned has, size_t n_buckets, const double *le_s)
{
    size_t n_values = COUNTER_BUCKETS + n_buckets;
    double *memory = calloc((2 + COUNTERS_RING) * n_values, sizeof *memory);

    if (!memory)
        return ERR_NOMEM;
    counters_done(c);
    c->has = has;
    c->n_values = n_values;
    memcpy(c->le_s, le_s, n_buckets * sizeof *le_s);
    c->last = memory;
    c->total = memory + n_values;
    c->ring = memory + 2 * n_values;
    return 0;
}

static void remember(struct counters *c, int64_t mono_ms)
{
    unsigned newest = (c->head + COUNTERS_RING - 1) % COUNTERS_RING;

    if (c->n > 0 && mono_ms - c->ring_ms[newest] < RING_STEP_MS)
        return;
    memcpy(c->ring + c->head * c->n_values, c->total, c->n_values * sizeof *c->total);
    c->ring_ms[c->head] = mono_ms;
    c->head = (c->head + 1) % COUNTERS_RING;
    if (c->n < COUNTERS_RING)
        c->n++;
}

/* Numbers of one histogram went back together or not at all: a slow bucket may have grown past its
 * old count while the others start from nothing. */
static void grow(struct counters *c, const double *now, size_t first, size_t end)
{
    bool reset = false;

    for (size_t i = first; i < end; i++)
        reset = reset || now[i] < c->last[i];
    for (size_t i = first; i < end; i++)
        c->total[i] += reset ? now[i] : now[i] - c->last[i];
}

int counters_add(struct counters *c, unsigned has, const struct observed_metrics *m,
                 int64_t mono_ms)
{
    double now[COUNTER_BUCKETS + MODEL_LATENCY_MAX] = {0};
    size_t n_buckets;

    has = usable(has, m);
    n_buckets = (has & HAS_LATENCY_BUCKETS) ? m->n_buckets : 0;
    now[COUNTER_REQUESTS] = (has & HAS_REQUESTS) ? m->requests_total : 0;
    now[COUNTER_ERRORS] = (has & HAS_ERRORS) ? m->errors_total : 0;
    now[COUNTER_LATENCY_SUM] = (has & HAS_LATENCY_SUM) ? m->latency_sum_s : 0;
    now[COUNTER_LATENCY_COUNT] = (has & HAS_LATENCY_SUM) ? m->latency_count : 0;
    memcpy(now + COUNTER_BUCKETS, m->bucket_count, n_buckets * sizeof *now);

    if (same_shape(c, has, n_buckets, m->bucket_le_s) && mono_ms >= c->last_ms) {
        grow(c, now, COUNTER_REQUESTS, COUNTER_ERRORS);
        grow(c, now, COUNTER_ERRORS, COUNTER_LATENCY_SUM);
        grow(c, now, COUNTER_LATENCY_SUM, c->n_values);
    } else if (restart(c, has, n_buckets, m->bucket_le_s) < 0) {
        return ERR_NOMEM;
    }
    memcpy(c->last, now, c->n_values * sizeof *now);
    c->last_ms = mono_ms;
    remember(c, mono_ms);
    return 0;
}

int64_t counters_window(const struct counters *c, int64_t window_ms, double *ret)
{
    const double *base = NULL;
    int64_t base_ms = 0;

    /* The newest one that is a whole window old, else the oldest there is. */
    for (unsigned i = 1; i <= c->n; i++) {
        unsigned at = (c->head + COUNTERS_RING - i) % COUNTERS_RING;
        base = c->ring + at * c->n_values;
        base_ms = c->ring_ms[at];
        if (c->last_ms - base_ms >= window_ms)
            break;
    }
    if (!base || base_ms >= c->last_ms)
        return 0;
    for (size_t i = 0; i < c->n_values; i++)
        ret[i] = c->total[i] - base[i];
    return c->last_ms - base_ms;
}
