/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * window_step_ns: one value in, one out, D current, over a reference of 500 and a window of 500.
 * cells_refresh_ms: every cell statistic of 10,000 features on deciles with its p, and the bracket of
 * KS over 64 cells. Both never wait, so the processor's time is what they take.
 */
#include <math.h>
#include <stdlib.h>

#include "bench.h"
#include "driftop/base/value.h"
#include "driftop/stats/exact.h"
#include "driftop/stats/feature.h"

#define VALUES 500
#define STEPS  5000000

static void run_window(struct bench *b)
{
    size_t steps = b->quick ? STEPS / 100 : STEPS;
    uint64_t state = b->seed, sum = 0;
    double reference[VALUES];
    double *values = calloc(steps, sizeof *values);
    struct exact *x;

    for (size_t i = 0; i < VALUES; i++)
        reference[i] = bench_normal(&state);
    if (!values || exact_new(reference, VALUES, VALUES, &x) < 0)
        bench_die("no memory for a window");
    for (size_t i = 0; i < steps; i++)
        values[i] = bench_normal(&state);
    for (size_t i = 0; i < VALUES; i++)
        exact_push(x, values[i % steps]);
    double cpu_s = bench_cpu_s();
    for (size_t i = 0; i < steps; i++) {
        exact_push(x, values[i]);
        sum += exact_gap(x);
    }
    cpu_s = bench_cpu_s() - cpu_s;
    bench_figure(b, "window_step_ns", cpu_s * 1e9 / (double)steps);
    bench_checksum(b, "window_step_ns", bench_mix(steps, &sum, sizeof sum));
    exact_free(x);
    free(values);
}

const struct bench_case bench_window = {
    .name = "window_step_ns",
    .help = "one value in, one out, exact D, reference 500, window 500",
    .run = run_window,
};

#define FEATURES  10000
#define CODEBOOKS 16 /* different ones; the features share them */
#define ROWS      5000

struct cells {
    struct codebook *codebooks[CODEBOOKS];
    uint32_t *counts[CODEBOOKS];
};

static void make_codebook(uint64_t *state, size_t i, struct cells *ret)
{
    struct value *values = calloc(ROWS, sizeof *values);

    for (size_t k = 0; values && k < ROWS; k++)
        values[k] = value_from_number(bench_normal(state));
    if (!values || codebook_build(values, ROWS, NULL, &ret->codebooks[i], NULL) < 0)
        bench_die("no codebook");
    ret->counts[i] = calloc(codebook_cells(ret->codebooks[i]), sizeof **ret->counts);
    if (!ret->counts[i])
        bench_die("no memory for counts");
    for (size_t k = 0; k < ROWS; k++) {
        struct value v = value_from_number(bench_normal(state) * 1.1);
        ret->counts[i][codebook_cell(ret->codebooks[i], &v)]++;
    }
    free(values);
}

/* D back as the integer that it was. */
static uint64_t gap_of(const struct ks *ks, double d)
{
    return (uint64_t)llround(d * (double)ks->n * (double)ks->w);
}

static void run_cells(struct bench *b)
{
    size_t n = b->quick ? FEATURES / 100 : FEATURES;
    struct judge_options options = {.n_judged = n, .quick = true};
    uint64_t state = b->seed, sum = 0;
    struct cells cells;

    for (size_t i = 0; i < CODEBOOKS; i++)
        make_codebook(&state, i, &cells);
    double cpu_s = bench_cpu_s();
    for (size_t i = 0; i < n; i++) {
        struct feature_result r;
        feature_judge_counts(cells.codebooks[i % CODEBOOKS], cells.counts[i % CODEBOOKS], &options,
                             &r);
        double numbers[] = {r.cells.psi.value, r.cells.psi.p, r.cells.chi2.p};
        uint64_t bracket[] = {gap_of(&r.ks, r.ks.bracket_low), gap_of(&r.ks, r.ks.bracket_high)};
        sum = bench_mix(sum, numbers, sizeof numbers);
        sum = bench_mix(sum, bracket, sizeof bracket);
    }
    cpu_s = bench_cpu_s() - cpu_s;
    bench_figure(b, "cells_refresh_ms", cpu_s * 1e3);
    bench_checksum(b, "cells_refresh_ms", sum);
    for (size_t i = 0; i < CODEBOOKS; i++) {
        codebook_free(cells.codebooks[i]);
        free(cells.counts[i]);
    }
}

const struct bench_case bench_cells = {
    .name = "cells_refresh_ms",
    .help = "all cell statistics of 10,000 features with p and KS bracket",
    .run = run_cells,
};
