/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rows_per_s: JSON lines with 20 features of six digits, from the log to the store, through the
 * recorder's own code.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/config/load.h"
#include "driftop/loop/loop.h"
#include "driftop/record/recorder.h"
#include "driftop/store/read.h"
#include "driftop/store/read_drift.h"

#define FEATURES       20
#define REFERENCE_ROWS 2000
#define ROWS           600000
#define SPREAD_MS      600000 /* the rows' own times: the last ten minutes */

static void add_reference(uint64_t *state, struct str *s)
{
    for (int i = 0; i < FEATURES; i++)
        str_addf(s, "f%02d%c", i, i + 1 < FEATURES ? ',' : '\n');
    for (int row = 0; row < REFERENCE_ROWS; row++)
        for (int i = 0; i < FEATURES; i++)
            str_addf(s, "%.6f%c", bench_uniform(state), i + 1 < FEATURES ? ',' : '\n');
}

static void add_rows(uint64_t *state, size_t n, int64_t now_ms, struct str *s)
{
    char at[CLOCK_TEXT_SIZE];

    for (size_t row = 0; row < n; row++) {
        int64_t at_ms = now_ms - SPREAD_MS + (int64_t)(row * SPREAD_MS / n);
        str_addf(s, "{\"ts\":\"%s\",\"version\":\"%d\"", clock_format_ms(at_ms, at),
                 41 + (int)(row & 1));
        for (int i = 0; i < FEATURES; i++)
            str_addf(s, ",\"f%02d\":%.6f", i, bench_uniform(state));
        str_add(s, "}\n");
    }
}

static struct config *make_world(struct bench *b, size_t n, const struct clock *clock)
{
    uint64_t state = b->seed;
    char path[512], yaml[2048];
    struct str text;

    str_init(&text, (size_t)1 << 30);
    add_reference(&state, &text);
    bench_write(bench_path(b, "reference.csv", path, sizeof path), &text);
    str_clear(&text);
    add_rows(&state, n, clock_wall(clock), &text);
    bench_write(bench_path(b, "rows.jsonl", path, sizeof path), &text);
    str_done(&text);
    snprintf(yaml, sizeof yaml,
             "environment: bench\nstore: {path: \"%s/rows.db\"}\ndeployments:\n"
             "  - name: bench\n"
             "    features: {type: jsonl, path: \"%s/rows.jsonl\"}\n"
             "    reference: {type: csv, path: \"%s/reference.csv\"}\n",
             b->folder, b->folder, b->folder);
    return bench_config(yaml);
}

/* What was counted, whatever minutes it fell into: the cells of both versions over all hours. */
static uint64_t sum_of(struct store *store, int64_t now_ms, uint64_t *ret_rows)
{
    struct deployment_state *d;
    struct version_state *versions;
    struct layout *layout;
    size_t n_deployments, n;
    uint64_t sum = 0;

    if (store_deployments(store, "bench", &d, &n_deployments, NULL) < 0 || n_deployments != 1 ||
        store_versions(store, d->id, &versions, &n, NULL) < 0 ||
        store_layout(store, d->id, &layout, NULL) < 0)
        bench_die("the store does not hold what was recorded");
    uint32_t *counts = calloc(layout->n_cells, sizeof *counts);
    *ret_rows = 0;
    for (size_t i = 0; i < n && counts; i++) {
        uint64_t rows;
        if (store_sum_counts(store, versions[i].id, layout, WINDOW_24H, now_ms, counts, &rows,
                             NULL) < 0)
            bench_die("the store's counts cannot be read");
        sum = bench_mix(sum, counts, layout->n_cells * sizeof *counts);
        *ret_rows += rows;
    }
    free(counts);
    layout_free(layout);
    free(versions);
    free(d);
    return sum;
}

static void run(struct bench *b)
{
    size_t n = b->quick ? ROWS / 100 : ROWS;
    struct clock clock = clock_system();
    struct config *config = make_world(b, n, &clock);
    struct loop *loop = loop_new(&clock);
    struct recorder *recorder;
    struct err e = {0};
    uint64_t rows;

    if (!loop || recorder_new(loop, config, &recorder, &e) < 0)
        bench_die("no recorder: %s", e.text);
    double wall_s = bench_wall_s(), cpu_s = bench_cpu_s();
    if (recorder_settle(recorder, &e) < 0)
        bench_die("cannot record: %s", e.text);
    wall_s = bench_wall_s() - wall_s;
    cpu_s = bench_cpu_s() - cpu_s;
    uint64_t sum = sum_of(recorder_store(recorder), clock_wall(&clock), &rows);
    if (rows != n)
        bench_die("%zu rows were written, %llu counted", n, (unsigned long long)rows);
    bench_figure(b, "rows_per_s", (double)n / wall_s);
    bench_detail(b, "rows_per_cpu_s", (double)n / cpu_s);
    bench_checksum(b, "rows_per_s", sum);
    recorder_free(recorder);
    loop_free(loop);
    config_free(config);
}

const struct bench_case bench_rows = {
    .name = "rows_per_s",
    .help = "rows a second from a JSON log to the store, 20 features",
    .run = run,
};
