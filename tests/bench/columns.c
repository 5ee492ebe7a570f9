/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * compare_rows_per_s: two CSV files with 20 columns, from the files to the report.
 * exact_refresh_ms: D of 500 features on the exact tier, 10,000 different reference values, 10,000 rows.
 * Neither waits (the files are in memory), so the processor's time is what they take.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/compare/compare.h"
#include "driftop/stats/ks.h"

#define COLUMNS  20
#define CSV_ROWS 300000 /* of each file */

static void write_csv(const char *path, size_t rows, uint64_t *state)
{
    static const char *const devices[] = {"ios", "android", "web"};
    struct str text;
    str_init(&text, (size_t)1 << 30);
    for (int i = 0; i < COLUMNS - 1; i++)
        str_addf(&text, "f%02d,", i);
    str_add(&text, "device\n");
    for (size_t row = 0; row < rows; row++) {
        for (int i = 0; i < COLUMNS - 1; i++)
            str_addf(&text, "%.6f,", bench_normal(state));
        str_addf(&text, "%s\n", devices[bench_random(state) % 3]);
    }
    bench_write(path, &text);
    str_done(&text);
}

static void run_compare(struct bench *b)
{
    size_t rows = b->quick ? CSV_ROWS / 100 : CSV_ROWS;
    uint64_t state = b->seed, sum = 0;
    struct compare_options options = {.columns = NULL};
    struct compare_report report;
    char reference[512], current[512];
    struct err e;

    write_csv(bench_path(b, "reference.csv", reference, sizeof reference), rows, &state);
    write_csv(bench_path(b, "current.csv", current, sizeof current), rows, &state);
    double cpu_s = bench_cpu_s();
    if (compare_run(reference, current, &options, &report, &e) < 0)
        bench_die("%s", e.text);
    cpu_s = bench_cpu_s() - cpu_s;
    for (size_t i = 0; i < report.n_features; i++) {
        const struct feature_result *r = &report.groups[0].features[i].result;
        double numbers[] = {r->ks.d, r->cells.psi.value, r->rank.w1.value};
        sum = bench_mix(sum, numbers, sizeof numbers);
    }
    bench_figure(b, "compare_rows_per_s", 2 * (double)rows / cpu_s);
    bench_checksum(b, "compare_rows_per_s", sum);
    compare_done(&report);
}

const struct bench_case bench_compare = {
    .name = "compare_rows_per_s",
    .help = "driftop compare on CSV with 20 columns, rows of both files",
    .run = run_compare,
};

#define FEATURES 500
#define U        10000
#define W        10000

static void run_exact(struct bench *b)
{
    size_t features = b->quick ? FEATURES / 100 : FEATURES, cells = 2 * U + 1;
    uint64_t state = b->seed, sum = 0;
    double *cuts = calloc(2 * U, sizeof *cuts);
    uint32_t *counts = calloc(2 * cells * features, sizeof *counts);

    if (!counts || !cuts)
        bench_die("no memory for counts");
    /* as a codebook cuts: just below each value, and at it */
    for (size_t i = 0; i < U; i++) {
        cuts[2 * i] = nextafter((double)i, -1);
        cuts[2 * i + 1] = (double)i;
    }
    for (size_t i = 0; i < features; i++) {
        uint32_t *reference = counts + 2 * cells * i, *current = reference + cells;
        for (size_t k = 0; k < W; k++) {
            reference[2 * k + 1] = 1;
            current[bench_random(&state) % cells]++;
        }
    }
    double cpu_s = bench_cpu_s();
    for (size_t i = 0; i < features; i++) {
        const uint32_t *reference = counts + 2 * cells * i;
        struct ks_bracket d = ks_bracket_counts(cuts, 2 * U, reference, reference + cells);
        sum = bench_mix(sum, &d, sizeof d);
    }
    cpu_s = bench_cpu_s() - cpu_s;
    bench_figure(b, "exact_refresh_ms", cpu_s * 1e3);
    bench_checksum(b, "exact_refresh_ms", sum);
    free(counts);
    free(cuts);
}

const struct bench_case bench_exact = {
    .name = "exact_refresh_ms",
    .help = "D of 500 features on 20,001 exact cells",
    .run = run_exact,
};
