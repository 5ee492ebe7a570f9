/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Alpha from a budget; the design effect of independent rows, of an AR(1) and of copies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "columns.h"
#include "driftop/stats/budget.h"
#include "driftop/stats/design.h"
#include "driftop/stats/feature.h"

static void near(double got, double want, double off)
{
    if (!(fabs(got - want) <= off))
        fail_msg("%.17g, expected %.17g", got, want);
}

static void alpha_of_a_budget(void **state)
{
    struct budget b = {.false_pages = 1, .windows = 2880, .features = 50, .comparators = 2};
    (void)state;
    near(budget_alpha(&b) * 10 * 50 * 2 * 2880, 1, 1e-12);
    b = (struct budget){.false_pages = 1e9};
    near(budget_alpha(&b), 0.05, 0);
    b = (struct budget){.false_pages = 0};
    near(budget_alpha(&b), 1e-15, 0);
    b = (struct budget){.false_pages = NAN};
    near(budget_alpha(&b), 1e-15, 0);
}

#define CELLS   10
#define BUCKETS 2000
#define ROWS    50

/* Cells of an AR(1) with the given correlation, each value `copies` times. */
static struct design effect_of(double rho, size_t copies)
{
    static uint32_t counts[BUCKETS][CELLS];
    uint64_t random = 3;
    double x = 0;
    memset(counts, 0, sizeof counts);
    for (size_t b = 0; b < BUCKETS; b++) {
        for (size_t i = 0; i < ROWS / copies; i++) {
            double normal = -6;
            for (int k = 0; k < 12; k++)
                normal += random_unit(&random);
            x = rho * x + sqrt(1 - rho * rho) * normal;
            size_t cell = (size_t)(CELLS * 0.5 * erfc(-x / sqrt(2)));
            counts[b][cell < CELLS ? cell : CELLS - 1] += (uint32_t)copies;
        }
    }
    struct design d;
    design_of(&counts[0][0], BUCKETS, CELLS, &d);
    return d;
}

static void effects(void **state)
{
    uint32_t few[2 * CELLS] = {1, 2, 3};
    struct design d = effect_of(0, 1);
    (void)state;
    near(d.rank, 1, 0.05);
    near(d.cells, 1, 0.03);
    near(d.spread, 0, 0.02);
    near(d.shape, 1, 0.05);
    d = effect_of(0, 5);
    near(d.rank, 5, 0.25);
    near(d.cells, 5, 0.15);
    near(d.spread, 0, 0.02);
    near(design_rows(500, &d), 100, 5);
    /* The mean of an AR(1) at 0.5 has 3. The share below its median has 1 + 2 sum (2/pi) asin(0.5^k)
     * = 2.27, less for shares farther out and for the ends of a bucket. */
    d = effect_of(0.5, 1);
    near(d.rank, 2.1, 0.1);
    assert_true(d.cells > 1.2 && d.cells < 1.6);
    assert_true(d.spread > 0.1 && d.spread < 0.4);
    design_of(few, 2, CELLS, &d);
    near(d.rank + d.cells + d.spread, 2, 0);
    design_of(few, 0, CELLS, &d);
    near(d.rank + d.cells + d.spread, 2, 0);
}

/* Sums bucket by bucket are the same; what is forgotten tells no more. */
static void sums_of_buckets(void **state)
{
    (void)state;
    uint32_t bucket[CELLS] = {0};
    uint64_t random = 4;
    struct design d;
    struct design_sums *s = design_sums_new(CELLS, 0.05);
    design_sums_effect(NULL, &d);
    near(d.rank, 1, 0);
    assert_int_equal(design_sums_buckets(NULL), 0);
    for (int b = 0; b < 600; b++) {
        size_t copies = b < 300 ? 10 : 1;
        memset(bucket, 0, sizeof bucket);
        design_sums_add(s, bucket); /* an empty one is none */
        for (size_t i = 0; i < 200 / copies; i++)
            bucket[(size_t)(CELLS * random_unit(&random))] += (uint32_t)copies;
        design_sums_add(s, bucket);
        if (b == DESIGN_BUCKETS - 2) {
            design_sums_effect(s, &d);
            near(d.rank, 1, 0);
        }
        if (b == 299) {
            design_sums_effect(s, &d);
            assert_true(d.rank > 6 && d.rank < 15 && d.cells > 7 && d.cells < 13);
        }
    }
    assert_int_equal(design_sums_buckets(s), 600);
    design_sums_effect(s, &d);
    assert_true(d.rank < 1.7 && d.cells < 1.4);
    design_sums_free(s);
    assert_null(design_sums_new(0, 0));
    assert_null(design_sums_new(100000, 0));
}

/* What chance gives to rows that count a third must not page as if they were rows. */
static void verdict_heeds_it(void **state)
{
    uint64_t random = 9;
    struct value x[2000], y[600];
    struct feature_result r;
    (void)state;
    for (size_t i = 0; i < 2000; i++)
        x[i] = value_from_number(random_unit(&random));
    for (size_t i = 0; i < 600; i++)
        y[i] = value_from_number(pow(random_unit(&random), 1.5));
    struct judge_options o = {.alpha = 0.001};
    assert_int_equal(feature_judge_columns(x, 2000, y, 600, false, &o, &r, NULL), 0);
    assert_true(r.verdict >= VERDICT_WARN);
    near(r.n_eff, 600, 0);
    struct feature_result plain = r;
    o.design = (struct design){.rank = 20, .cells = 20};
    assert_int_equal(feature_judge_columns(x, 2000, y, 600, false, &o, &r, NULL), 0);
    assert_int_equal(r.verdict, VERDICT_OK);
    /* k grows from 1/2000 + 1/600 to 1/2000 + 20/600 */
    double wider = (1 / 2000.0 + 20 / 600.0) / (1 / 2000.0 + 1 / 600.0);
    near(r.n_eff, 30, 1e-12);
    near(r.ks.floor / plain.ks.floor, sqrt(wider), 1e-12);
    near((r.ks.d_high - r.ks.d) / (plain.ks.d_high - plain.ks.d), sqrt(wider), 1e-12);
    near(r.cells.psi.floor / plain.cells.psi.floor, wider, 1e-12);
    near(r.cells.js.floor_divergence / plain.cells.js.floor_divergence, wider, 1e-12);
    near(r.cells.hellinger_floor / plain.cells.hellinger_floor, sqrt(wider), 1e-12);
    assert_true(r.cells.psi.p > plain.cells.psi.p && r.cells.chi2.p > plain.cells.chi2.p);
    assert_true(r.rates[RATE_MISSING].high > plain.rates[RATE_MISSING].high);
    assert_true(r.ks.p > 0.01 && plain.ks.p < 1e-6);
    o.design = (struct design){.rank = 1};
    assert_int_equal(feature_judge_columns(x, 2000, y, 600, false, &o, &r, NULL), 0);
    assert_true(r.verdict >= VERDICT_WARN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alpha_of_a_budget),
        cmocka_unit_test(effects),
        cmocka_unit_test(sums_of_buckets),
        cmocka_unit_test(verdict_heeds_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
