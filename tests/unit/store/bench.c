/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fills a store as a fleet of 200 deployments x 2 versions x 50 features would in so many days, at
 * one row a second and version, and says in JSON how large it is and how long things take.
 * Usage: store-bench FILE [DAYS [ROWS_PER_SECOND]]. The file is left for a look.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/window_pack.h"
#include "driftop/store/read_drift.h"
#include "driftop/store/write.h"

#define DEPLOYMENTS 200
#define VERSIONS    (2 * DEPLOYMENTS)
#define FEATURES    50
#define BLOBS       8
#define HOUR_MS     INT64_C(3600000)
#define NOW         INT64_C(1795262400000)

struct bench {
    struct store *s;
    struct err e;
    struct layout *layout;
    struct version_state versions[VERSIONS];
    struct str blobs[WINDOW_LEVELS][BLOBS];
    uint64_t random;
};

static void check(struct bench *b, int rc)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "store-bench: %s: %s\n", err_name(rc), b->e.text);
    exit(1);
}

static double normal(struct bench *b)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        b->random = b->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        sum += (double)(b->random >> 11) / 9007199254740992.0;
    }
    return sum;
}

static int64_t mono_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void make_layout(struct bench *b)
{
    enum { REFERENCE = 10000 };
    struct value *values = calloc(REFERENCE, sizeof *values);
    b->layout = calloc(1, sizeof *b->layout);
    b->layout->n_features = FEATURES;
    b->layout->features = calloc(FEATURES, sizeof *b->layout->features);
    for (size_t i = 0; i < FEATURES; i++) {
        struct layout_feature *f = &b->layout->features[i];
        for (size_t k = 0; k < REFERENCE; k++)
            values[k] = value_from_number(normal(b));
        snprintf(f->name, sizeof f->name, "feature_%zu", i);
        check(b, codebook_build(values, REFERENCE, NULL, &f->codebook, &b->e));
    }
    check(b, layout_close(b->layout));
    free(values);
}

/* Real rows on real cells, so that the blobs have the size they will have. */
static void make_blobs(struct bench *b, int rows_per_s)
{
    uint32_t *counts = calloc(b->layout->n_cells, sizeof *counts);
    for (int level = 0; level < WINDOW_LEVELS; level++) {
        uint64_t rows =
            (uint64_t)window_bucket_ms((enum window_span)level) / 1000 * (uint64_t)rows_per_s;
        for (int k = 0; k < BLOBS; k++) {
            memset(counts, 0, b->layout->n_cells * sizeof *counts);
            for (uint64_t row = 0; row < rows * FEATURES; row++) {
                const struct layout_feature *f = &b->layout->features[row % FEATURES];
                struct value v = value_from_number(normal(b));
                counts[f->first_cell + codebook_cell(f->codebook, &v)]++;
            }
            str_init(&b->blobs[level][k], 0);
            check(b, window_pack_counts(counts, b->layout->n_cells, rows, &b->blobs[level][k]));
        }
    }
    free(counts);
}

static void make_fleet(struct bench *b)
{
    check(b, store_begin(b->s, &b->e));
    for (int i = 0; i < DEPLOYMENTS; i++) {
        struct deployment_state d = {.has_traffic = true, .n_features = FEATURES};
        snprintf(d.name, sizeof d.name, "deployment-%03d", i);
        check(b, store_put_deployment(b->s, &d, &b->e));
        b->layout->deployment_id = d.id;
        check(b, store_put_layout(b->s, b->layout, &b->e));
        for (int k = 0; k < 2; k++) {
            struct version_state *v = &b->versions[2 * i + k];
            v->deployment_id = d.id;
            snprintf(v->version, sizeof v->version, "%d", 41 + k);
            check(b, store_put_version(b->s, v, &b->e));
        }
    }
    check(b, store_end(b->s, true, &b->e));
}

static void put_counts(struct bench *b, int level, int64_t start_ms)
{
    for (int i = 0; i < VERSIONS; i++) {
        struct counts_key key = {b->versions[i].id, b->layout->id, level, start_ms};
        const struct str *blob = &b->blobs[level][(i + start_ms / 60000) % BLOBS];
        check(b, store_put_counts(b->s, &key, 60, blob->data, blob->length, &b->e));
    }
}

static void put_metrics(struct bench *b, int64_t at_ms)
{
    for (int i = 0; i < VERSIONS; i++) {
        for (int m = 0; m < METRICS; m++)
            check(b, store_put_metric(b->s, b->versions[i].id, (enum metric)m, at_ms, normal(b),
                                      &b->e));
    }
}

static void prune(struct bench *b, int64_t now_ms, int64_t *ret_max_us)
{
    int rc = 1;
    while (rc > 0) {
        int64_t start = mono_us();
        check(b, store_begin(b->s, &b->e));
        rc = store_prune(b->s, now_ms, &b->e);
        check(b, rc);
        check(b, store_end(b->s, true, &b->e));
        if (mono_us() - start > *ret_max_us)
            *ret_max_us = mono_us() - start;
    }
}

/* Hour by hour as it would have been written, but for what would be dropped again anyway. */
static void make_history(struct bench *b, int days, int64_t *ret_prune_us)
{
    for (int64_t hour = NOW - days * 24 * HOUR_MS; hour < NOW; hour += HOUR_MS) {
        bool day = hour >= NOW - 24 * HOUR_MS, last = hour >= NOW - HOUR_MS;
        check(b, store_begin(b->s, &b->e));
        put_counts(b, WINDOW_24H, hour);
        for (int64_t at = hour; day && at < hour + HOUR_MS; at += HOUR_MS / 12)
            put_counts(b, WINDOW_1H, at);
        for (int64_t at = hour; last && at < hour + HOUR_MS; at += HOUR_MS / 60)
            put_counts(b, WINDOW_15M, at);
        for (int64_t at = hour; at < hour + HOUR_MS; at += day ? 10000 : 60000)
            put_metrics(b, at);
        check(b, store_end(b->s, true, &b->e));
        prune(b, hour + HOUR_MS + 120000, ret_prune_us);
    }
}

/* What a recorder writes in a minute, each kind in a transaction of its own and the checkpoint apart,
 * which is how it keeps below 50 ms. */
enum part { PART_STATES, PART_COUNTS, PART_POINTS, PART_SUMMARIES, PARTS };

static void put_part(struct bench *b, enum part part, int64_t at_ms)
{
    struct drift_summary items[3 * FEATURES] = {{.rows = (uint32_t)(at_ms / 60000)}};
    for (int v = 0; v < VERSIONS && part == PART_STATES; v++) {
        b->versions[v].request_rate = normal(b);
        check(b, store_put_version(b->s, &b->versions[v], &b->e));
    }
    for (int v = 0; v < VERSIONS && part == PART_SUMMARIES; v++)
        check(b, store_put_summaries(b->s, b->versions[v].id, b->layout->id, at_ms, items,
                                     3 * FEATURES, &b->e));
    if (part == PART_COUNTS)
        put_counts(b, WINDOW_15M, at_ms);
    if (part == PART_POINTS)
        put_metrics(b, at_ms);
}

static void time_flush(struct bench *b, int64_t worst_us[PARTS])
{
    for (int i = 0; i < 10; i++) {
        for (int part = 0; part < PARTS; part++) {
            int64_t start = mono_us();
            check(b, store_begin(b->s, &b->e));
            put_part(b, (enum part)part, NOW + i * 60000);
            check(b, store_end(b->s, true, &b->e));
            if (mono_us() - start > worst_us[part])
                worst_us[part] = mono_us() - start;
        }
        check(b, store_checkpoint(b->s, &b->e));
    }
}

static int64_t time_screen(struct bench *b, const char *path)
{
    struct deployment_state *d;
    struct version_state *v;
    struct source_state *sources;
    struct alert_state *alerts;
    struct drift_summaries got;
    size_t n, n_versions;
    int64_t start = mono_us();
    check(b, store_open(path, STORE_READ, &b->s, &b->e));
    check(b, store_deployments(b->s, NULL, &d, &n, &b->e));
    check(b, store_versions(b->s, 0, &v, &n_versions, &b->e));
    check(b, store_sources(b->s, &sources, &n, &b->e));
    check(b, store_alerts(b->s, NULL, NOW, &alerts, &n, &b->e));
    for (size_t i = 0; i < n_versions; i++) {
        check(b, store_summaries(b->s, v[i].id, -1, 200, &got, &b->e));
        free(got.items);
    }
    int64_t took = mono_us() - start;
    free(d);
    free(v);
    free(sources);
    free(alerts);
    return took;
}

static int64_t time_sums(struct bench *b)
{
    uint32_t *counts = calloc(b->layout->n_cells, sizeof *counts);
    uint64_t rows;
    int64_t start = mono_us();
    for (int i = 0; i < 20; i++) {
        for (int span = 0; span < WINDOW_LEVELS; span++)
            check(b, store_sum_counts(b->s, b->versions[i].id, b->layout, (enum window_span)span,
                                      NOW, counts, &rows, &b->e));
    }
    free(counts);
    return (mono_us() - start) / 20;
}

int main(int argc, char **argv)
{
    struct bench *b = calloc(1, sizeof *b);
    int64_t prune_us = 0;
    struct stat st = {0};
    if (argc < 2 || !b)
        return 64;
    int days = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 7;
    int rows_per_s = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;
    b->random = 1;
    unlink(argv[1]);
    check(b, store_open(argv[1], STORE_RECORD, &b->s, &b->e));
    make_layout(b);
    make_blobs(b, rows_per_s);
    make_fleet(b);
    int64_t start = mono_us();
    make_history(b, days, &prune_us);
    int64_t made_us = mono_us() - start, flush_us[PARTS] = {0};
    time_flush(b, flush_us);
    store_close(b->s);
    stat(argv[1], &st);
    int64_t screen_us = time_screen(b, argv[1]), sums_us = time_sums(b);
    printf(
        "{\"days\": %d, \"cells\": %u, \"blob_bytes\": [%zu, %zu, %zu], \"store_bytes\": %lld, "
        "\"fill_ms\": %lld, \"flush_ms_worst\": [%.1f, %.1f, %.1f, %.1f], \"prune_ms_worst\": %.1f, "
        "\"screen_ms\": %.1f, \"sums_us\": %lld}\n",
        days, b->layout->n_cells, b->blobs[0][0].length, b->blobs[1][0].length,
        b->blobs[2][0].length, (long long)st.st_size, (long long)(made_us / 1000),
        (double)flush_us[0] / 1000, (double)flush_us[1] / 1000, (double)flush_us[2] / 1000,
        (double)flush_us[3] / 1000, (double)prune_us / 1000, (double)screen_us / 1000,
        (long long)sums_us);
    store_close(b->s);
    layout_free(b->layout);
    for (int i = 0; i < WINDOW_LEVELS * BLOBS; i++)
        str_done(&b->blobs[i / BLOBS][i % BLOBS]);
    free(b);
    return 0;
}
