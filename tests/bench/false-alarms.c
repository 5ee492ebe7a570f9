/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * false-alarms [--quick]: pages of a deployment that does not drift, and how soon one that does is
 * paged, through the code that judges the fleet. Windows of 500 rows are looked at every 50.
 *
 *   any effect   thresholds 0, budget 100 a month: 70 to 130 pages, rows independent or not
 *   power        at 5 %, 20,000 against 1,000: heavy tails scaled are found in 99 of 100 (KS and deciles)
 *   defaults     budget 1: at most 2 pages, and half of the shifts by 0.5 sd are paged in 400 rows
 *
 * Exits with 1 when one of these is not so. --quick simulates less and allows for it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/value.h"
#include "driftop/model/drift.h"
#include "driftop/stats/budget.h"
#include "driftop/stats/design.h"
#include "driftop/stats/feature.h"
#include "driftop/stats/setup.h"

#define FEATURES  10
#define REFERENCE 20000
#define BUCKET    50
#define BUCKETS   10   /* a window: 500 rows */
#define WINDOWS   2880 /* of 15 minutes in a month */
#define HEALTHY   400  /* buckets from which the design effect is taken */
#define QUIET     3    /* looks until the next page can come */

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double normal(uint64_t *state)
{
    double u = ((double)(next(state) >> 11) + 0.5) * 0x1p-53;
    double v = (double)(next(state) >> 11) * 0x1p-53;
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* One feature: an AR(1) with variance 1, its window and its alert. */
struct feature {
    struct codebook *codebook;
    size_t n_cells;
    uint32_t *buckets, *window; /* BUCKETS of n_cells, and their sum */
    size_t at;
    double x, rho, shift;
    struct design design;
    int quiet; /* looks since it was last bad */
    bool paged;
};

static void *claim(size_t n, size_t size)
{
    void *p = calloc(n, size);
    if (!p)
        exit(70);
    return p;
}

static void feature_init(struct feature *f, double rho, uint64_t *state)
{
    struct value *values = claim(REFERENCE, sizeof *values);
    for (size_t i = 0; i < REFERENCE; i++)
        values[i] = value_from_number(normal(state));
    *f = (struct feature){.rho = rho, .x = normal(state)};
    if (codebook_build(values, REFERENCE, NULL, &f->codebook, NULL) < 0)
        exit(70);
    free(values);
    f->n_cells = codebook_cells(f->codebook);
    f->buckets = claim(BUCKETS * f->n_cells, sizeof *f->buckets);
    f->window = claim(f->n_cells, sizeof *f->window);
}

static void feature_done(struct feature *f)
{
    codebook_free(f->codebook);
    free(f->buckets);
    free(f->window);
}

/* The oldest bucket leaves, BUCKET rows come. */
static const uint32_t *feature_step(struct feature *f, uint64_t *state)
{
    uint32_t *bucket = f->buckets + f->at * f->n_cells;
    for (size_t i = 0; i < f->n_cells; i++)
        f->window[i] -= bucket[i];
    memset(bucket, 0, f->n_cells * sizeof *bucket);
    for (int row = 0; row < BUCKET; row++) {
        f->x = f->rho * f->x + sqrt(1 - f->rho * f->rho) * normal(state);
        struct value v = value_from_number(f->x + f->shift);
        bucket[codebook_cell(f->codebook, &v)]++;
    }
    for (size_t i = 0; i < f->n_cells; i++)
        f->window[i] += bucket[i];
    f->at = (f->at + 1) % BUCKETS;
    return bucket;
}

/* Fill the window, and take the design effect from healthy buckets. */
static void feature_warm(struct feature *f, uint64_t *state)
{
    uint32_t folded[FEATURE_CELLS];
    size_t n = feature_fold(f->codebook, f->window, folded);
    uint32_t *history = claim(HEALTHY * n, sizeof *history);
    for (size_t b = 0; b < HEALTHY; b++) {
        feature_fold(f->codebook, feature_step(f, state), folded);
        memcpy(history + b * n, folded, n * sizeof *history);
    }
    design_of(history, HEALTHY, n, &f->design);
    free(history);
}

/* A look: whether a page goes out. It is back after QUIET looks without one. */
static bool feature_look(struct feature *f, struct judge_options o)
{
    struct feature_result r;
    o.design = f->design;
    feature_judge_counts(f->codebook, f->window, &o, &r);
    bool bad = r.verdict == VERDICT_PAGE, fires = bad && !f->paged;
    f->quiet = bad ? 0 : f->quiet + 1;
    f->paged = bad || (f->paged && f->quiet < QUIET);
    return fires;
}

static struct judge_options options_for(double false_pages, bool any_effect)
{
    return (struct judge_options){.alpha = drift_alpha(false_pages, FEATURES, 1, WINDOW_15M),
                                  .quick = true,
                                  .any_effect = any_effect};
}

/* False pages a month. */
static double false_pages(double budget, bool any_effect, double rho, double months, uint64_t seed)
{
    struct judge_options o = options_for(budget, any_effect);
    double looks = WINDOWS * BUDGET_LOOKS * months;
    uint64_t pages = 0;
    for (uint64_t i = 0; i < FEATURES; i++) {
        struct feature f;
        uint64_t state = seed * 1000 + i;
        feature_init(&f, rho, &state);
        feature_warm(&f, &state);
        for (double look = 0; look < looks; look++) {
            feature_step(&f, &state);
            pages += feature_look(&f, o);
        }
        feature_done(&f);
    }
    return (double)pages / months;
}

static int compare_rows(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The median of the rows after a shift until the page. */
static int median_delay(double shift, int runs, uint64_t seed)
{
    struct judge_options o = options_for(1, false);
    int *rows = claim((size_t)runs, sizeof *rows);
    uint64_t state = seed;
    struct feature f;
    feature_init(&f, 0, &state);
    for (int run = 0; run < runs; run++) {
        f.shift = 0;
        feature_warm(&f, &state);
        f.paged = false;
        f.shift = shift;
        while (rows[run] < 10000) {
            feature_step(&f, &state);
            rows[run] += BUCKET;
            if (feature_look(&f, o))
                break;
        }
    }
    feature_done(&f);
    qsort(rows, (size_t)runs, sizeof *rows, compare_rows);
    int median = rows[runs / 2];
    free(rows);
    return median;
}

enum law { LOGNORMAL, LOGNORMAL_WIDE, PARETO };

static double draw(enum law law, uint64_t *state)
{
    switch (law) {
    case LOGNORMAL: return exp(normal(state));
    case LOGNORMAL_WIDE: return exp(2 * normal(state));
    case PARETO: break;
    }
    double u = ((double)(next(state) >> 11) + 0.5) * 0x1p-53;
    return pow(u, -1 / 1.2);
}

/* Percent of changes by a factor that both KS and chi-square on deciles find at 5 %. */
static double power_of(enum law law, double factor, int runs, uint64_t seed)
{
    enum { N = 20000, W = 1000 };
    struct value *x = claim(N + W, sizeof *x), *y = x + N;
    struct judge_options o = {.quick = true};
    struct feature_result r;
    int found = 0;
    for (int run = 0; run < runs; run++) {
        for (size_t i = 0; i < N; i++)
            x[i] = value_from_number(draw(law, &seed));
        for (size_t i = 0; i < W; i++)
            y[i] = value_from_number(factor * draw(law, &seed));
        if (feature_judge_columns(x, N, y, W, false, &o, &r, NULL) < 0)
            exit(70);
        /* 1.3581: the quantile of the Kolmogorov law at 5 % */
        found += r.ks.d * sqrt((double)N * W / (N + W)) > 1.3581 && r.cells.chi2.p < 0.05;
    }
    free(x);
    return 100.0 * found / runs;
}

static bool told(const char *what, double got, double low, double high)
{
    bool ok = got >= low && got <= high;
    printf("%-44s %7.1f  (%g to %g)%s\n", what, got, low, high, ok ? "" : "  NOT SO");
    fflush(stdout);
    return ok;
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0, ok = true;
    double months = quick ? 0.5 : 5;
    /* one and a half standard deviations of what a shorter simulation shows */
    double slack = quick ? 1.5 * sqrt(100 / months) : 0;
    stats_setup();
    ok &= told("any effect, budget 100, independent rows", false_pages(100, true, 0, months, 1),
               70 - slack, 130 + slack);
    ok &= told("any effect, budget 100, lag-1 correlation 0.5",
               false_pages(100, true, 0.5, months, 2), 70 - slack, 130 + slack);
    ok &= told("defaults, budget 1", false_pages(1, false, 0, months, 3), 0, 2);
    ok &= told("defaults, budget 1, lag-1 correlation 0.5", false_pages(1, false, 0.5, months, 4),
               0, 2);
    ok &= told("rows until a shift of 0.5 sd is paged", median_delay(0.5, quick ? 41 : 401, 5), 50,
               400);
    int runs = quick ? 40 : 1000;
    ok &= told("power: lognormal(0, 1) times 1.3", power_of(LOGNORMAL, 1.3, runs, 6), 99, 100);
    ok &= told("power: lognormal(0, 2) times 1.5", power_of(LOGNORMAL_WIDE, 1.5, runs, 7), 99, 100);
    ok &= told("power: Pareto(1.2) times 1.3", power_of(PARETO, 1.3, runs, 8), 99, 100);
    return ok ? 0 : 1;
}
