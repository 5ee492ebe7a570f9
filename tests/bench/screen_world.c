/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/verdict.h"
#include "driftop/stats/window_pack.h"
#include "driftop/store/db.h"
#include "driftop/store/write.h"
#include "driftop/store/write_counts.h"

#define MINUTE_MS 60000
#define HOUR_MS   3600000
#define WEEK_MS   (7 * 24 * (int64_t)HOUR_MS)
#define BATCH     2000 /* buckets in a transaction */

static int64_t now_ms(void)
{
    struct clock clock = clock_system();
    return clock_wall(&clock);
}

static void must(int code, const struct err *e)
{
    if (code < 0)
        bench_die("the store: %s", e->text);
}

static void begin(struct world *w)
{
    struct err e = {0};
    must(store_begin(w->store, &e), &e);
}

static void end(struct world *w)
{
    struct err e = {0};
    must(store_end(w->store, true, &e), &e);
}

/* Nothing listens on port 1: the network is down. */
static void write_config(struct world *w)
{
    struct str s;

    str_init(&s, 0);
    str_addf(&s, "environment: bench\nstore: {path: \"%s\"}\ndeployments:\n", w->path);
    for (size_t i = 0; i < w->n_deployments; i++)
        str_addf(&s,
                 "  - name: model-%03zu\n    owner: team-%zu\n    versions:\n"
                 "      \"41\": {servers: {type: open-inference, url: \"http://127.0.0.1:1\"}}\n"
                 "      \"42\": {servers: {type: open-inference, url: \"http://127.0.0.1:1\"}}\n",
                 i, i % 7);
    bench_write(w->config, &s);
    str_done(&s);
}

/* One bucket's worth of rows, used for all. */
static void make_bucket(struct world *w, struct str *ret)
{
    uint32_t *counts = calloc(w->layout->n_cells, sizeof *counts);

    for (size_t row = 0; counts && row < 200; row++)
        for (size_t i = 0; i < WORLD_FEATURES; i++) {
            const struct layout_feature *f = &w->layout->features[i];
            struct value v = value_from_number(bench_normal(&w->state));
            counts[f->first_cell + codebook_cell(f->codebook, &v)]++;
        }
    if (!counts || window_pack_counts(counts, w->layout->n_cells, 200, ret) < 0)
        bench_die("no bucket");
    free(counts);
}

static void make_summaries(struct world *w)
{
    for (uint32_t i = 0; i < WORLD_SUMMARIES; i++) {
        struct drift_summary *d = &w->summaries[i];
        double x = bench_uniform(&w->state);
        *d = (struct drift_summary){
            .feature = i / WINDOW_LEVELS, .span = (uint8_t)(i % WINDOW_LEVELS), .rows = 3000};
        d->verdict = (uint8_t)(x < 0.02 ? VERDICT_PAGE : x < 0.05 ? VERDICT_WARN : VERDICT_OK);
        d->ks_low = (float)(x * 0.1);
        d->ks_high = d->ks_low + 0.02F;
        d->psi_excess = (float)(x * 0.2);
        d->js_excess = (float)(x * 0.02);
    }
}

static void add_versions(struct world *w, size_t at)
{
    struct deployment_state *d = &w->deployments[at];
    struct err e = {0};

    for (int k = 0; k < WORLD_VERSIONS; k++) {
        struct version_state *v = &w->versions[at * WORLD_VERSIONS + (size_t)k];
        *v = (struct version_state){.deployment_id = d->id, .ready = true, .up = true};
        v->has = VERSION_READY | VERSION_DESIRED | VERSION_EFFECTIVE | VERSION_OBSERVED |
                 VERSION_RATE | VERSION_ERRORS | VERSION_P50 | VERSION_P99;
        snprintf(v->version, sizeof v->version, "%d", 41 + k);
        snprintf(v->target, sizeof v->target, "v%d", 41 + k);
        str_copy(v->state, sizeof v->state, "ready");
        v->desired_ratio = v->effective_ratio = v->observed_ratio = k ? 0.25 : 0.75;
        must(store_put_version(w->store, v, &e), &e);
    }
}

static void add_alert(struct world *w, size_t at)
{
    struct alert_state a = {.rule = ALERT_DRIFT, .phase = ALERT_FIRING};
    struct err e = {0};

    str_copy(a.deployment, sizeof a.deployment, w->deployments[at].name);
    str_copy(a.version, sizeof a.version, "42");
    str_copy(a.feature, sizeof a.feature, "f07");
    str_copy(a.summary, sizeof a.summary, "f07 PSI 0.41");
    a.severity = at % 20 ? ALERT_TICKET : ALERT_PAGE;
    a.value = 0.41;
    a.threshold = 0.25;
    a.since_ms = a.fired_ms = a.changed_ms = now_ms() - 300000;
    must(store_put_alert(w->store, &a, &e), &e);
}

static void add_deployment(struct world *w, size_t at)
{
    struct deployment_state *d = &w->deployments[at];
    struct source_state s = {.kind = SOURCE_SERVER, .health = SOURCE_OK, .interval_ms = 5000};
    struct err e = {0};

    *d = (struct deployment_state){.has_traffic = true, .has_features = true};
    d->n_features = WORLD_FEATURES;
    snprintf(d->name, sizeof d->name, "model-%03zu", at);
    snprintf(d->owner, sizeof d->owner, "team-%zu", at % 7);
    str_copy(d->champion, sizeof d->champion, "41");
    must(store_put_deployment(w->store, d, &e), &e);
    w->layout->id = 0;
    w->layout->deployment_id = d->id;
    must(store_put_layout(w->store, w->layout, &e), &e);
    add_versions(w, at);
    snprintf(s.name, sizeof s.name, "%s/41 open-inference", d->name);
    str_copy(s.deployment, sizeof s.deployment, d->name);
    s.tried_ms = s.ok_ms = now_ms();
    must(store_put_source(w->store, &s, &e), &e);
    if (at % 5 == 0)
        add_alert(w, at);
}

/* Buckets of one level, `reach_ms` back from now. */
static void add_counts(struct world *w, const struct version_state *v, enum window_span level,
                       int64_t reach_ms, const struct str *bucket)
{
    int64_t step_ms = window_bucket_ms(level), now = now_ms();
    struct counts_key key = {v->id, w->layout->id, (int)level, 0};
    struct err e = {0};

    for (int64_t at = (now - reach_ms) / step_ms * step_ms; at < now; at += step_ms) {
        key.start_ms = at;
        must(store_put_counts(w->store, &key, 200, bucket->data, bucket->length, &e), &e);
    }
}

static void add_metrics(struct world *w, const struct version_state *v)
{
    int64_t now = now_ms();
    struct err e = {0};

    for (int metric = 0; metric < METRICS; metric++) {
        for (int64_t at = now - WEEK_MS; at < now - HOUR_MS; at += 10 * MINUTE_MS)
            must(store_put_metric(w->store, v->id, (enum metric)metric, at, 0.5, &e), &e);
        for (int64_t at = now - HOUR_MS; at < now; at += 10000)
            must(store_put_metric(w->store, v->id, (enum metric)metric, at, 0.5, &e), &e);
    }
}

static void add_history(struct world *w, size_t at, const struct str *bucket)
{
    struct err e = {0};

    begin(w);
    for (int k = 0; k < WORLD_VERSIONS; k++) {
        const struct version_state *v = &w->versions[at * WORLD_VERSIONS + (size_t)k];
        add_counts(w, v, WINDOW_15M, HOUR_MS, bucket);
        add_counts(w, v, WINDOW_1H, 24 * (int64_t)HOUR_MS, bucket);
        add_counts(w, v, WINDOW_24H, WEEK_MS, bucket);
        add_metrics(w, v);
        must(store_put_summaries(w->store, v->id, w->layout->id, now_ms(), w->summaries,
                                 WORLD_SUMMARIES, &e),
             &e);
    }
    end(w);
}

void world_make(struct bench *b, struct world *w)
{
    struct err e = {0};
    struct str bucket;

    memset(w, 0, sizeof *w);
    w->bench = b;
    w->state = b->seed;
    w->n_deployments = b->quick ? WORLD_DEPLOYMENTS / 20 : WORLD_DEPLOYMENTS;
    bench_path(b, "driftop.yaml", w->config, sizeof w->config);
    bench_path(b, "bench.db", w->path, sizeof w->path);
    write_config(w);
    must(store_open(w->path, STORE_RECORD, &w->store, &e), &e);
    w->layout = bench_layout(&w->state, WORLD_FEATURES);
    str_copy(w->layout->prediction, sizeof w->layout->prediction, "f00");
    make_summaries(w);
    str_init(&bucket, 0);
    make_bucket(w, &bucket);
    begin(w);
    must(store_put_meta(w->store, "environment", "bench", &e), &e);
    for (size_t i = 0; i < w->n_deployments; i++)
        add_deployment(w, i);
    end(w);
    for (size_t i = 0; i < w->n_deployments; i++)
        add_history(w, i, &bucket);
    str_done(&bucket);
    world_write(w, 0);
    must(store_checkpoint(w->store, &e), &e);
}

void world_write(struct world *w, unsigned round)
{
    size_t n = w->n_deployments * WORLD_VERSIONS;
    int64_t now = now_ms();
    char at[CLOCK_TEXT_SIZE];
    struct err e = {0};

    begin(w);
    for (size_t i = 0; i < n; i++) {
        struct version_state *v = &w->versions[i];
        v->request_rate = 100 + 10 * bench_uniform(&w->state);
        v->error_ratio = 0.01 * bench_uniform(&w->state);
        v->latency_p50_s = 0.020 + 0.001 * bench_uniform(&w->state);
        v->latency_p99_s = 0.090 + 0.010 * bench_uniform(&w->state);
        v->ready_at_ms = v->traffic_at_ms = v->metrics_at_ms = v->rows_at_ms = now;
        v->rows_total += 100;
        must(store_put_version(w->store, v, &e), &e);
    }
    must(store_put_meta(w->store, "written_at", clock_format_ms(now, at), &e), &e);
    end(w);
    begin(w);
    for (size_t i = 0; i < n && round % 5 == 0; i++)
        must(store_put_summaries(w->store, w->versions[i].id, w->layout->id, now, w->summaries,
                                 WORLD_SUMMARIES, &e),
             &e);
    end(w);
}

void bench_world_done(struct world *w)
{
    store_close(w->store);
    layout_free(w->layout);
}
