/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * memory_bytes: what 10,000 features of two versions take, with a day of rows in every window, each
 * feature's healthy minutes learned from, and one in ten drifting, so that its values are looked at.
 * bytes_per_feature: the same for one feature of one version, its codebook shared by two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "driftop/record/ingest.h"

#define DEPLOYMENTS 200
#define FEATURES    50
#define VERSIONS    2
#define ROWS        2000 /* of each version, over 24 hours */
#define HOUR_MS     3600000

static void count_rows(struct ingest *g, int deployment, uint64_t *state, size_t n)
{
    const struct layout *layout = ingest_get(g, deployment)->layout;
    const int64_t now_ms = (int64_t)100 * 24 * HOUR_MS;
    struct field fields[FEATURES];
    enum source_refusal reason;

    for (int version = 0; version < VERSIONS; version++)
        for (size_t row = 0; row < n; row++) {
            struct feature_row r = {.version = version ? "42" : "41", .version_length = 2};
            /* Half of the rows of the last quarter of an hour, the rest over 23 hours. */
            int64_t reach_ms = row % 2 ? HOUR_MS / 4 : 23 * HOUR_MS;
            r.at_ms = now_ms - reach_ms + (int64_t)(row * (uint64_t)reach_ms / n);
            for (int i = 0; i < FEATURES; i++) {
                fields[i] = (struct field){layout->features[i].name, 3,
                                           value_from_number(bench_normal(state))};
            }
            r.fields = fields;
            r.n_fields = FEATURES;
            if (ingest_row(g, deployment, &r, now_ms, &reason) != 0)
                bench_die("a row was refused");
        }
}

/* What drift is judged with and explained by. */
static void watch(const struct layout *layout, struct ingest_version *v)
{
    for (size_t i = 0; i < layout->n_features; i++) {
        const struct layout_feature *f = &layout->features[i];
        for (int minute = 0; minute < 20; minute++)
            drift_watch_learn(v->watch, i, f->codebook, codebook_counts(f->codebook));
        if (i % 10 == 0 && !drift_watch_note(v->watch, i))
            bench_die("no memory");
    }
}

static void run(struct bench *b)
{
    int n = b->quick ? DEPLOYMENTS / 20 : DEPLOYMENTS;
    uint64_t state = b->seed, sum = 0;
    size_t before = bench_rss_bytes((int)getpid());
    size_t windows = 0;
    struct ingest *g = ingest_new();
    char name[32];

    for (int i = 0; g && i < n; i++) {
        snprintf(name, sizeof name, "deployment-%d", i);
        int deployment = ingest_deployment(g, name);
        if (deployment < 0 ||
            ingest_set_layout(g, deployment, bench_layout(&state, FEATURES), NULL) < 0)
            bench_die("no memory");
        count_rows(g, deployment, &state, b->quick ? ROWS / 10 : ROWS);
        const struct ingest_deployment *d = ingest_get(g, deployment);
        for (size_t k = 0; k < d->n_versions; k++) {
            const struct window *w = d->versions[k]->window;
            watch(d->layout, d->versions[k]);
            windows += window_bytes(w);
            sum = bench_mix(sum, window_totals(w, WINDOW_24H), d->layout->n_cells * 4);
        }
    }
    double bytes = (double)(bench_rss_bytes((int)getpid()) - before);
    bench_figure(b, "memory_bytes", bytes);
    bench_figure(b, "bytes_per_feature", bytes / (double)(n * FEATURES * VERSIONS));
    bench_detail(b, "window_bytes", (double)windows);
    bench_checksum(b, "memory_bytes", sum);
    ingest_free(g);
}

const struct bench_case bench_memory = {
    .name = "memory_bytes bytes_per_feature",
    .help = "memory of 10,000 features x 2 versions, all windows filled; of one of the 20,000",
    .run = run,
};
