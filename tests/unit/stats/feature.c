/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Properties that hold for every pair of columns: counts and columns agree on everything that
 * cells give, the bracket holds D, the order of rows is nothing, one changed count is noticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "driftop/stats/feature.h"

enum { N = 900, W = 700 };

struct pair {
    struct value x[N], y[W];
};

/* A value of one of several nasty laws, moved by `shift`. */
static struct value draw(uint64_t *random, int law, double shift)
{
    double u = random_unit(random), v = random_unit(random);
    if (v < 0.03)
        return value_from_text("", 0);
    if (v < 0.05)
        return value_from_number(u < 0.5 ? INFINITY : -INFINITY);
    if (v < 0.07 && shift > 0)
        return value_from_text("oops", 4);
    switch (law) {
    case 0: return value_from_number(u + shift);
    case 1: return value_from_number(floor(u * 8 + shift));
    case 2: return value_from_number(u < 0.6 ? 0 : 1 / (1 - u) + shift);
    case 3: return value_from_number(7);
    default: return value_from_number(1e15 + floor(40 * u + shift));
    }
}

static void draw_pair(struct pair *p, uint64_t seed, int law, double shift)
{
    for (size_t i = 0; i < N; i++)
        p->x[i] = draw(&seed, law, 0);
    for (size_t i = 0; i < W; i++)
        p->y[i] = draw(&seed, law, shift);
}

static void count(const struct codebook *c, const struct value *v, size_t n, uint32_t *counts)
{
    memset(counts, 0, codebook_cells(c) * sizeof *counts);
    for (size_t i = 0; i < n; i++)
        counts[codebook_cell(c, &v[i])]++;
}

static void judge_both(const struct pair *p, size_t exact_values, struct feature_result *ret_counts,
                       struct feature_result *ret_columns)
{
    static uint32_t counts[4 * N];
    struct codebook *c;
    struct codebook_options o = {.exact_values = exact_values};
    assert_int_equal(codebook_build(p->x, N, &o, &c, NULL), 0);
    count(c, p->y, W, counts);
    feature_judge_counts(c, counts, NULL, ret_counts);
    codebook_free(c);
    assert_int_equal(feature_judge_columns(p->x, N, p->y, W, false, NULL, ret_columns, NULL), 0);
}

/* To the last bit; what stands before the first number is a flag and padding. */
static void assert_same_cells(const struct feature_result *a, const struct feature_result *b)
{
    assert_int_equal(a->cells.present, b->cells.present);
    assert_memory_equal(&a->cells.psi, &b->cells.psi,
                        sizeof a->cells - offsetof(struct divergence, psi));
    for (int i = 0; i < RATE_KINDS; i++) {
        assert_int_equal(a->rates[i].present, b->rates[i].present);
        assert_memory_equal(&a->rates[i].reference, &b->rates[i].reference,
                            sizeof a->rates[i] - offsetof(struct rate, reference));
    }
}

static void counts_equal_columns(void **state)
{
    (void)state;
    static struct pair p;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct feature_result a, b;
        draw_pair(&p, seed, (int)(seed % 5), (double)(seed % 3) * 0.2);
        judge_both(&p, seed % 2 ? 5 : N, &a, &b);
        assert_same_cells(&a, &b);
        assert_int_equal(a.ks.present, b.ks.present);
        assert_true(a.ks.bracket_low <= b.ks.d && b.ks.d <= a.ks.bracket_high);
        assert_true(a.ks.bracket_high - a.ks.bracket_low <= 0.05);
        assert_true(a.verdict <= b.verdict);
    }
}

/* With a cell for each reference value and each gap nothing is lost. */
static void exact_tier_has_no_bracket(void **state)
{
    (void)state;
    static struct pair p;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct feature_result a, b;
        draw_pair(&p, seed, (int)(seed % 5), 0.3);
        judge_both(&p, N, &a, &b);
        assert_true(fabs(a.ks.bracket_low - b.ks.d) <= 0);
        assert_true(fabs(a.ks.bracket_high - b.ks.d) <= 0);
        assert_int_equal(a.ks.direction, b.ks.direction);
        assert_int_equal(a.verdict, b.verdict);
    }
}

static void shuffle(struct value *v, size_t n, uint64_t *random)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = random_next(random) % i;
        struct value keep = v[i - 1];
        v[i - 1] = v[j];
        v[j] = keep;
    }
}

static void order_is_nothing(void **state)
{
    (void)state;
    static struct pair p;
    uint64_t random = 3;
    struct feature_result a, b, counts;
    draw_pair(&p, 5, 2, 0.1);
    judge_both(&p, 10, &counts, &a);
    shuffle(p.x, N, &random);
    shuffle(p.y, W, &random);
    judge_both(&p, 10, &counts, &b);
    assert_same_cells(&a, &b);
    assert_memory_equal(&a.ks.n, &b.ks.n, offsetof(struct ks, direction) - offsetof(struct ks, n));
    assert_true(fabs(a.ks.log10_p - b.ks.log10_p) <= 0);
    assert_int_equal(a.verdict, b.verdict);
}

/* Doubling every value is exact, and no rank statistic may see it. */
static void monotone_maps_leave_ranks_alone(void **state)
{
    (void)state;
    static struct pair p;
    struct feature_result a, b, counts;
    draw_pair(&p, 8, 0, 0.1);
    judge_both(&p, 10, &counts, &a);
    for (size_t i = 0; i < N; i++)
        p.x[i].number *= 2;
    for (size_t i = 0; i < W; i++)
        p.y[i].number *= 2;
    judge_both(&p, 10, &counts, &b);
    assert_true(fabs(a.ks.d - b.ks.d) <= 0);
    assert_true(fabs(a.rank.ad - b.rank.ad) <= 0);
    assert_true(fabs(a.rank.cvm - b.rank.cvm) <= 0);
    assert_true(fabs(2 * a.rank.w1.value - b.rank.w1.value) < 1e-12);
    assert_true(fabs(2 * a.rank.w1.floor - b.rank.w1.floor) < 1e-12);
}

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The place of each number among all different ones, which may make unequal distances equal. */
static void to_ranks(struct pair *p)
{
    static double all[N + W];
    size_t n = 0, different = 0;
    for (size_t i = 0; i < N + W; i++) {
        const struct value *v = i < N ? &p->x[i] : &p->y[i - N];
        if (v->kind == VALUE_NUMBER && isfinite(v->number))
            all[n++] = v->number;
    }
    qsort(all, n, sizeof *all, compare_numbers);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || all[i] > all[different - 1])
            all[different++] = all[i];
    }
    for (size_t i = 0; i < N + W; i++) {
        struct value *v = i < N ? &p->x[i] : &p->y[i - N];
        if (v->kind == VALUE_NUMBER && isfinite(v->number)) {
            const double *at = bsearch(&v->number, all, different, sizeof *all, compare_numbers);
            v->number = (double)(at - all);
        }
    }
}

static void ranks_tell_the_same(void **state)
{
    (void)state;
    static struct pair p;
    for (int law = 0; law < 5; law++) {
        struct feature_result a, b, counts;
        draw_pair(&p, (uint64_t)law + 20, law, 0.1);
        judge_both(&p, 10, &counts, &a);
        to_ranks(&p);
        judge_both(&p, 10, &counts, &b);
        assert_true(fabs(a.ks.d - b.ks.d) <= 0 && fabs(a.ks.log10_p - b.ks.log10_p) <= 0);
        assert_int_equal(a.ks.direction, b.ks.direction);
        assert_true(fabs(a.rank.cvm - b.rank.cvm) <= 0);
        assert_int_equal(a.rank.has_ad, b.rank.has_ad);
        assert_true(!a.rank.has_ad || fabs(a.rank.ad - b.rank.ad) <= 0);
    }
}

static void one_count_is_noticed(void **state)
{
    (void)state;
    static struct pair p;
    static uint32_t counts[4 * N];
    struct codebook *c;
    struct feature_result a, b;
    draw_pair(&p, 9, 0, 0);
    assert_int_equal(codebook_build(p.x, N, NULL, &c, NULL), 0);
    count(c, p.y, W, counts);
    feature_judge_counts(c, counts, NULL, &a);
    counts[codebook_cell(c, &p.y[0])]++;
    feature_judge_counts(c, counts, NULL, &b);
    assert_true(a.current_rows + 1 == b.current_rows);
    assert_true(fabs(a.cells.psi.value - b.cells.psi.value) > 0);
    assert_true(fabs(a.cells.js.divergence - b.cells.js.divergence) > 0);
    assert_true(fabs(a.cells.chi2.value - b.cells.chi2.value) > 0);
    codebook_free(c);
}

static void cells_add_up(void **state)
{
    (void)state;
    static struct pair p;
    static uint32_t counts[4 * N];
    struct codebook *c;
    struct feature_result r;
    struct feature_cell cells[FEATURE_CELLS];
    draw_pair(&p, 10, 0, 0.2);
    assert_int_equal(codebook_build(p.x, N, NULL, &c, NULL), 0);
    count(c, p.y, W, counts);
    feature_judge_counts(c, counts, NULL, &r);
    size_t n = feature_cells(c, codebook_counts(c), counts, cells);
    double psi = 0;
    uint64_t reference = 0, current = 0;
    assert_int_equal(n, r.cells.psi.cells);
    for (size_t i = 0; i < n; i++) {
        psi += cells[i].psi;
        reference += cells[i].reference;
        current += cells[i].current;
        assert_true(cells[i].label[0] != '\0');
    }
    assert_true(fabs(psi - r.cells.psi.value) < 1e-12);
    assert_int_equal(reference, N);
    assert_int_equal(current, W);
    assert_true(isinf(cells[0].low) && isinf(cells[9].high));
    assert_string_equal(cells[n - 1].label, "invalid");
    assert_true(isnan(cells[n - 1].low));
    codebook_free(c);
}

/* Between two cuts a percentile lies where its rank says, not at the upper one: in a tail that is far. */
static void percentiles_of_counts(void **state)
{
    static struct pair p;
    struct feature_result counts, columns;
    uint64_t random = 5;
    (void)state;
    for (size_t i = 0; i < N; i++)
        p.x[i] = value_from_number(-log(1 - random_unit(&random)));
    for (size_t i = 0; i < W; i++)
        p.y[i] = value_from_number(-1.2 * log(1 - random_unit(&random)));
    judge_both(&p, 0, &counts, &columns);
    for (int i = 0; i < 3; i++)
        if (!(fabs(counts.current_quantiles[i] - columns.current_quantiles[i]) < 0.05))
            fail_msg("%g, not %g", counts.current_quantiles[i], columns.current_quantiles[i]);
    /* What fills a cell of its own stays what it is. */
    for (size_t i = 0; i < N; i++)
        p.x[i] = value_from_number((double)(i % 10));
    for (size_t i = 0; i < W; i++)
        p.y[i] = value_from_number((double)(i % 5));
    judge_both(&p, 0, &counts, &columns);
    for (int i = 0; i < 3; i++)
        assert_true(counts.current_quantiles[i] >= columns.current_quantiles[i] &&
                    counts.current_quantiles[i] <= columns.current_quantiles[i]);
    /* Beyond the reference nothing is known but that it is there. */
    for (size_t i = 0; i < W; i++)
        p.y[i] = value_from_number(i % 2 ? -5 : 500);
    judge_both(&p, 0, &counts, &columns);
    assert_int_equal(counts.current_beyond[0], -1);
    assert_int_equal(counts.current_beyond[2], 1);
    assert_true(counts.current_quantiles[2] >= 9 && counts.current_quantiles[2] <= 9);
    assert_int_equal(columns.current_beyond[2], 0);
}

static void few_rows_are_unknown(void **state)
{
    (void)state;
    static struct pair p;
    struct feature_result r;
    draw_pair(&p, 12, 0, 0);
    assert_int_equal(feature_judge_columns(p.x, N, p.y, 189, false, NULL, &r, NULL), 0);
    assert_int_equal(r.verdict, VERDICT_UNKNOWN);
    assert_non_null(strstr(r.reason, "11 of 200 current rows missing"));
    assert_non_null(strstr(r.reason, "could hide"));
    assert_false(verdict_released(&r, VERDICT_PAGE, NULL));
    assert_int_equal(feature_judge_columns(p.x, N, p.y, 0, false, NULL, &r, NULL), 0);
    assert_int_equal(r.verdict, VERDICT_UNKNOWN);
    assert_false(r.ks.present || r.cells.present || r.rank.w1.present || r.rates[0].present);
    assert_int_equal(feature_judge_columns(p.x, 0, p.y, W, false, NULL, &r, NULL), 0);
    assert_int_equal(r.verdict, VERDICT_UNKNOWN);
}

/* What is sure on few rows is said at once. */
static void few_rows_may_still_page(void **state)
{
    (void)state;
    static struct pair p;
    struct feature_result r;
    draw_pair(&p, 14, 0, 0.8);
    assert_int_equal(feature_judge_columns(p.x, N, p.y, 100, false, NULL, &r, NULL), 0);
    assert_int_equal(r.verdict, VERDICT_PAGE);
    assert_non_null(strstr(r.reason, "ks"));
}

/* A drift pages, goes on holding the page while it is half there, and lets go when it is over. */
static void hysteresis(void **state)
{
    (void)state;
    static struct pair p;
    struct feature_result r;
    draw_pair(&p, 13, 0, 0.4);
    assert_int_equal(feature_judge_columns(p.x, N, p.y, W, false, NULL, &r, NULL), 0);
    assert_int_equal(r.verdict, VERDICT_PAGE);
    assert_true(strlen(r.reason) > 0);
    assert_false(verdict_released(&r, VERDICT_PAGE, NULL));
    uint64_t random = 1;
    for (size_t i = 0; i < N; i++)
        p.x[i] = value_from_number(random_unit(&random));
    for (size_t i = 0; i < W; i++)
        p.y[i] = value_from_number(random_unit(&random) + 0.16);
    assert_int_equal(feature_judge_columns(p.x, N, p.y, W, false, NULL, &r, NULL), 0);
    assert_false(verdict_released(&r, VERDICT_PAGE, NULL));
    for (size_t i = 0; i < W; i++)
        p.y[i] = value_from_number(random_unit(&random));
    assert_int_equal(feature_judge_columns(p.x, N, p.y, W, false, NULL, &r, NULL), 0);
    assert_int_equal(r.verdict, VERDICT_OK);
    assert_true(verdict_released(&r, VERDICT_PAGE, NULL));
    assert_true(verdict_released(&r, VERDICT_WARN, NULL));
}

static void identifiers_are_not_judged(void **state)
{
    (void)state;
    enum { ROWS = 300 };
    static char names[2 * ROWS][12];
    static struct value v[2 * ROWS];
    struct feature_result r;
    for (size_t i = 0; i < 2 * ROWS; i++) {
        snprintf(names[i], sizeof names[i], "id-%zu", i);
        v[i] = value_from_text(names[i], strlen(names[i]));
    }
    assert_int_equal(feature_judge_columns(v, ROWS, v + ROWS, ROWS, false, NULL, &r, NULL), 0);
    assert_int_equal(r.status, FEATURE_IDENTIFIER);
    assert_int_equal(r.verdict, VERDICT_OK);
    v[ROWS] = v[ROWS + 1];
    assert_int_equal(feature_judge_columns(v, ROWS, v + ROWS, ROWS, false, NULL, &r, NULL), 0);
    assert_int_equal(r.status, FEATURE_JUDGED);
    assert_int_equal(r.verdict, VERDICT_PAGE);
}

static void verdicts_have_an_order(void **state)
{
    (void)state;
    enum verdict v;
    assert_int_equal(verdict_worse(VERDICT_UNKNOWN, VERDICT_OK), VERDICT_UNKNOWN);
    assert_int_equal(verdict_worse(VERDICT_UNKNOWN, VERDICT_WARN), VERDICT_WARN);
    assert_int_equal(verdict_worse(VERDICT_PAGE, VERDICT_WARN), VERDICT_PAGE);
    assert_true(verdict_from_name("warn", &v));
    assert_int_equal(v, VERDICT_WARN);
    assert_false(verdict_from_name("bad", &v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_equal_columns),
        cmocka_unit_test(exact_tier_has_no_bracket),
        cmocka_unit_test(order_is_nothing),
        cmocka_unit_test(monotone_maps_leave_ranks_alone),
        cmocka_unit_test(ranks_tell_the_same),
        cmocka_unit_test(one_count_is_noticed),
        cmocka_unit_test(cells_add_up),
        cmocka_unit_test(percentiles_of_counts),
        cmocka_unit_test(few_rows_are_unknown),
        cmocka_unit_test(few_rows_may_still_page),
        cmocka_unit_test(hysteresis),
        cmocka_unit_test(identifiers_are_not_judged),
        cmocka_unit_test(verdicts_have_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
