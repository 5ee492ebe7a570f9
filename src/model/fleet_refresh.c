/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A version's own numbers from what its sources said. A source that fell a whole window behind the
 * others is left out; the time of a group is that of the oldest source in it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/str.h"
#include "fleet_private.h"
#include "latency_private.h"

#define SERIES_STEP_MS 1000

#define VERSION_METRICS                                                                            \
    (VERSION_RATE | VERSION_ERRORS | VERSION_P50 | VERSION_P99 | VERSION_P99_OVER | VERSION_MEAN | \
     VERSION_QUEUE)

void fleet_refresh_ready(struct version_entry *v)
{
    const char *text = "";
    int64_t newest_ms = INT64_MIN;
    int n = 0, n_ready = 0;

    v->state.has &= ~(unsigned)VERSION_READY;
    for (size_t i = 0; i < v->n_tracks; i++)
        if (v->tracks[i].has_ready && v->tracks[i].ready_mono_ms > newest_ms)
            newest_ms = v->tracks[i].ready_mono_ms;
    for (size_t i = 0; i < v->n_tracks; i++) {
        const struct track *t = &v->tracks[i];
        if (!t->has_ready || newest_ms - t->ready_mono_ms > FLEET_WINDOW_MS)
            continue;
        if (n++ == 0 || t->ready_at_ms < v->state.ready_at_ms)
            v->state.ready_at_ms = t->ready_at_ms;
        n_ready += t->ready;
        if (text[0] == '\0' || !t->ready)
            text = t->text;
    }
    if (n == 0)
        return;
    v->state.has |= VERSION_READY;
    v->state.ready = n_ready == n;
    if (n == 1 || n_ready == n)
        str_copy(v->state.state, sizeof v->state.state, text);
    else
        snprintf(v->state.state, sizeof v->state.state, "%d/%d ready: %.40s", n_ready, n, text);
}

/* What all servers of the version counted over the window. */
struct totals {
    double rate, requests_minute;
    double judged, errors; /* requests of servers that count errors, and those */
    double latency_sum_s, latency_count, queue;
    struct latency latency;
    unsigned has;
    int64_t at_ms;
};

static void add_track(struct totals *sum, const struct track *t)
{
    double delta[COUNTER_BUCKETS + MODEL_LATENCY_MAX];
    const struct counters *c = &t->counters;
    int64_t took_ms = counters_window(c, FLEET_WINDOW_MS, delta);

    if (t->has_queue) {
        sum->queue += t->queue;
        sum->has |= VERSION_QUEUE;
    }
    if (took_ms <= 0)
        return;
    if (c->has & HAS_REQUESTS) {
        double per_minute = delta[COUNTER_REQUESTS] * 60000 / (double)took_ms;
        sum->rate += per_minute / 60;
        /* A shorter time than a minute is not stretched: rules ask how much was really seen. */
        sum->requests_minute += fmin(delta[COUNTER_REQUESTS], per_minute);
        sum->has |= VERSION_RATE;
        if (c->has & HAS_ERRORS) {
            sum->judged += delta[COUNTER_REQUESTS];
            sum->errors += delta[COUNTER_ERRORS];
        }
    }
    if (c->has & HAS_LATENCY_SUM) {
        sum->latency_sum_s += delta[COUNTER_LATENCY_SUM];
        sum->latency_count += delta[COUNTER_LATENCY_COUNT];
    }
    if (c->has & HAS_LATENCY_BUCKETS)
        latency_merge(&sum->latency, c->n_values - COUNTER_BUCKETS, c->le_s,
                      delta + COUNTER_BUCKETS);
}

static void set_latency(struct version_state *s, struct totals *sum)
{
    struct latency_quantile q;

    if (sum->latency_count > 0) {
        s->latency_mean_s = sum->latency_sum_s / sum->latency_count;
        sum->has |= VERSION_MEAN;
    }
    /* A p50 beyond the last bound has no flag to say so: it stays absent. */
    if (latency_quantile(&sum->latency, 0.5, &q) && !q.over) {
        s->latency_p50_s = q.value_s;
        sum->has |= VERSION_P50;
    }
    if (latency_quantile(&sum->latency, 0.99, &q)) {
        s->latency_p99_s = q.value_s;
        s->latency_p99_low_s = q.low_s;
        s->latency_p99_high_s = q.high_s;
        sum->has |= q.over ? VERSION_P99 | VERSION_P99_OVER : VERSION_P99;
    }
}

static void remember(struct version_entry *v, int64_t mono_ms)
{
    const struct version_state *s = &v->state;
    struct series *series = fleet_need_series(v);
    const struct series_point *last;

    if (!series)
        return;
    last = series_at(&series[SERIES_RATE], 0);
    if (last && mono_ms >= last->mono_ms && mono_ms - last->mono_ms < SERIES_STEP_MS)
        return;
    series_add(&series[SERIES_RATE], mono_ms, s->has & VERSION_RATE ? s->request_rate : NAN);
    series_add(&series[SERIES_ERRORS], mono_ms, s->has & VERSION_ERRORS ? s->error_ratio : NAN);
    series_add(&series[SERIES_P50], mono_ms, s->has & VERSION_P50 ? s->latency_p50_s : NAN);
    series_add(&series[SERIES_P99], mono_ms, s->has & VERSION_P99 ? s->latency_p99_s : NAN);
}

void fleet_refresh_metrics(struct version_entry *v, int64_t mono_ms)
{
    struct version_state *s = &v->state;
    struct totals sum = {0};

    s->has &= ~(unsigned)VERSION_METRICS;
    s->requests_minute = 0;
    if (!v->named)
        s->served_total = 0;
    for (size_t i = 0; i < v->n_tracks; i++) {
        const struct track *t = &v->tracks[i];
        if (!t->has_metrics || mono_ms - t->metrics_mono_ms > FLEET_WINDOW_MS)
            continue;
        add_track(&sum, t);
        if (!v->named && t->counters.n_values)
            s->served_total += t->counters.total[COUNTER_REQUESTS];
        if (sum.at_ms == 0 || t->metrics_at_ms < sum.at_ms)
            sum.at_ms = t->metrics_at_ms;
    }
    if (sum.at_ms == 0)
        return;
    s->metrics_at_ms = sum.at_ms;
    s->request_rate = sum.rate;
    s->requests_minute = sum.requests_minute;
    s->queue = sum.queue;
    if (sum.judged > 0) {
        s->error_ratio = fmin(sum.errors / sum.judged, 1);
        sum.has |= VERSION_ERRORS;
    }
    set_latency(s, &sum);
    s->has |= sum.has;
    remember(v, mono_ms);
}
