/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each threshold of the verdict, from a hair below and from a hair above. Results are made up, so
 * that one number alone decides.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "driftop/stats/feature.h"

#define HAIR 1e-9

/* A thousand rows on each side, and nothing that stands out. */
static struct feature_result calm(void)
{
    struct feature_result r = {.reference_rows = 1000, .current_rows = 1000};
    r.ks = (struct ks){.present = true, .n = 1000, .w = 1000};
    r.cells = (struct divergence){.present = true, .chi2 = {.p = 1, .df = 9}};
    return r;
}

static void expect(struct feature_result *r, enum verdict want, const struct judge_options *o)
{
    verdict_judge(r, o);
    if (r->verdict != want)
        fail_msg("%s (%s), expected %s", verdict_name(r->verdict), r->reason, verdict_name(want));
    assert_true((want == VERDICT_OK) == (r->reason[0] == '\0'));
}

static void expect_d(double d, uint64_t n, uint64_t w, enum verdict want,
                     const struct judge_options *o)
{
    struct feature_result r = calm();
    r.ks.n = n;
    r.ks.w = w;
    r.ks.d = r.ks.bracket_low = r.ks.bracket_high = d;
    expect(&r, want, o);
}

/* d - 1.36 sqrt(k) over 0.05 and over 0.10, on many rows, where the band is narrow. */
static void ks_by_effect(void **state)
{
    (void)state;
    double k = 1 / 1e6 + 1 / 2e6, margin = 1.36 * sqrt(k);
    expect_d(margin + 0.05 - HAIR, 1000000, 2000000, VERDICT_OK, NULL);
    expect_d(margin + 0.05 + HAIR, 1000000, 2000000, VERDICT_WARN, NULL);
    expect_d(margin + 0.10 - HAIR, 1000000, 2000000, VERDICT_WARN, NULL);
    expect_d(margin + 0.10 + HAIR, 1000000, 2000000, VERDICT_PAGE, NULL);
}

/* On few rows the effect is large, and the band at alpha over the judged columns decides. */
static void ks_by_band(void **state)
{
    (void)state;
    struct judge_options o = {.alpha = 0.01, .n_judged = 20};
    double band = sqrt(-log(0.01 / 20 / 2) / 2) * sqrt(1 / 300.0 + 1 / 250.0);
    expect_d(band - HAIR, 300, 250, VERDICT_OK, &o);
    expect_d(band + HAIR, 300, 250,
             band - 1.36 * sqrt(1 / 300.0 + 1 / 250.0) > 0.1 ? VERDICT_PAGE : VERDICT_WARN, &o);
}

static void expect_cells(double psi, double js, double chi2, uint64_t rows, enum verdict want,
                         const struct judge_options *o)
{
    struct feature_result r = calm();
    r.current_rows = rows;
    r.cells.psi = (struct psi){.value = psi + 0.018, .floor = 0.018, .excess = psi};
    r.cells.js =
        (struct js){.divergence = js + 0.003, .floor_divergence = 0.003, .excess_divergence = js};
    r.cells.chi2.value = chi2;
    r.cells.chi2.p = divergence_chi2_p(&r.cells.chi2, 1, 0, 1);
    expect(&r, want, o);
}

/* From 0.1 and 0.25, from 0.01 and 0.0225: reaching a threshold is enough. */
static void cells_by_effect(void **state)
{
    (void)state;
    expect_cells(0.1 - HAIR, 0, 500, 1000, VERDICT_OK, NULL);
    expect_cells(0.1 + HAIR, 0, 500, 1000, VERDICT_WARN, NULL);
    expect_cells(0.25 - HAIR, 0, 500, 1000, VERDICT_WARN, NULL);
    expect_cells(0.25 + HAIR, 0, 500, 1000, VERDICT_PAGE, NULL);
    expect_cells(0, 0.01 - HAIR, 500, 1000, VERDICT_OK, NULL);
    expect_cells(0, 0.01 + HAIR, 500, 1000, VERDICT_WARN, NULL);
    expect_cells(0, 0.0225 - HAIR, 500, 1000, VERDICT_WARN, NULL);
    expect_cells(0, 0.0225 + HAIR, 500, 1000, VERDICT_PAGE, NULL);
}

/* With 9 degrees of freedom p is 0.001 at 27.8771648712566, and 5e-5 at 35.5562787... */
static void cells_by_chance(void **state)
{
    (void)state;
    struct judge_options o = {.n_judged = 20};
    expect_cells(1, 1, 27.8771648, 1000, VERDICT_OK, NULL);
    expect_cells(1, 1, 27.8771649, 1000, VERDICT_PAGE, NULL);
    expect_cells(1, 1, 27.8771649, 1000, VERDICT_OK, &o);
    struct chi2 chi2 = {.df = 9, .value = 27.8771648712566};
    while (divergence_chi2_p(&chi2, 1, 0, 1) > 0.001 / 20)
        chi2.value += 1e-4;
    expect_cells(1, 1, chi2.value - 2e-4, 1000, VERDICT_OK, &o);
    expect_cells(1, 1, chi2.value, 1000, VERDICT_PAGE, &o);
}

/* 200 rows on both sides, or what was asked for; below that the cells are not heard. */
static void rows_that_are_enough(void **state)
{
    (void)state;
    struct judge_options o = {.min_rows = 500};
    expect_cells(1, 1, 500, 199, VERDICT_UNKNOWN, NULL);
    expect_cells(1, 1, 500, 200, VERDICT_PAGE, NULL);
    expect_cells(0, 0, 0, 199, VERDICT_UNKNOWN, NULL);
    expect_cells(0, 0, 0, 200, VERDICT_OK, NULL);
    expect_cells(1, 1, 500, 499, VERDICT_UNKNOWN, &o);
    expect_cells(1, 1, 500, 500, VERDICT_PAGE, &o);
}

static void expect_rate(double low, double high, enum verdict want)
{
    for (int i = 0; i < RATE_KINDS; i++) {
        struct feature_result r = calm();
        r.rates[i] = (struct rate){.present = true, .low = low, .high = high};
        expect(&r, want, NULL);
        /* and on few rows: what is sure is said at once */
        r.current_rows = 10;
        expect(&r, want == VERDICT_OK ? VERDICT_UNKNOWN : want, NULL);
    }
}

/* Surely over 0.005 and 0.02, up or down. */
static void rates(void **state)
{
    (void)state;
    expect_rate(0.005, 0.5, VERDICT_OK);
    expect_rate(0.005 + HAIR, 0.5, VERDICT_WARN);
    expect_rate(0.02, 0.5, VERDICT_WARN);
    expect_rate(0.02 + HAIR, 0.5, VERDICT_PAGE);
    expect_rate(-0.5, -0.005, VERDICT_OK);
    expect_rate(-0.5, -0.005 - HAIR, VERDICT_WARN);
    expect_rate(-0.5, -0.02, VERDICT_WARN);
    expect_rate(-0.5, -0.02 - HAIR, VERDICT_PAGE);
    expect_rate(-0.5, 0.5, VERDICT_OK);
}

static void the_worst_is_told(void **state)
{
    (void)state;
    struct feature_result r = calm();
    r.ks.bracket_low = r.ks.d = 0.2;
    r.rates[RATE_MISSING] = (struct rate){.present = true, .low = 0.3, .high = 0.4};
    expect(&r, VERDICT_PAGE, NULL);
    assert_non_null(strstr(r.reason, "ks"));
    r.ks.bracket_low = r.ks.d = 0.13; /* warns only */
    expect(&r, VERDICT_PAGE, NULL);
    assert_non_null(strstr(r.reason, "missing"));
}

/* An alert is held down to 0.7 of its threshold. */
static void released(void **state)
{
    (void)state;
    struct feature_result r = calm();
    double margin = 1.36 * sqrt(2 / 1000.0);
    r.ks.bracket_high = margin + 0.07 + HAIR;
    assert_false(verdict_released(&r, VERDICT_PAGE, NULL));
    r.ks.bracket_high = margin + 0.07 - HAIR;
    assert_true(verdict_released(&r, VERDICT_PAGE, NULL));
    assert_false(verdict_released(&r, VERDICT_WARN, NULL));
    r.ks.bracket_high = margin + 0.035 - HAIR;
    assert_true(verdict_released(&r, VERDICT_WARN, NULL));
    r.rates[RATE_MISSING] = (struct rate){.present = true, .low = 0.014 + HAIR, .high = 0.5};
    assert_false(verdict_released(&r, VERDICT_PAGE, NULL));
    r.rates[RATE_MISSING].low = 0.014 - HAIR;
    assert_true(verdict_released(&r, VERDICT_PAGE, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ks_by_effect),         cmocka_unit_test(ks_by_band),
        cmocka_unit_test(cells_by_effect),      cmocka_unit_test(cells_by_chance),
        cmocka_unit_test(rows_that_are_enough), cmocka_unit_test(rates),
        cmocka_unit_test(the_worst_is_told),    cmocka_unit_test(released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
