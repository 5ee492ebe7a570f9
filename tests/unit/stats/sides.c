/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sides taken apart by the caller give what feature_judge_columns() gives, to the last bit, on every
 * column of the vectors; and the words about them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "driftop/stats/ks.h"
#include "driftop/stats/quantile.h"
#include "driftop/stats/sides.h"

/* The caller frees ret->sorted. */
static void take_apart(const struct value *values, size_t n, struct side_numbers *ret)
{
    double *scratch = calloc(n + 1, sizeof *scratch);
    *ret = (struct side_numbers){.rows = n, .mean = NAN, .sd = NAN};
    ret->sorted = calloc(n + 1, sizeof *ret->sorted);
    assert_true(scratch && ret->sorted);
    for (size_t i = 0; i < n; i++) {
        const struct value *v = &values[i];
        if (v->kind == VALUE_MISSING)
            ret->missing++;
        else if (v->kind == VALUE_TEXT)
            ret->invalid++;
        else if (isfinite(v->number))
            ret->sorted[ret->finite++] = v->number;
        else if (v->number > 0)
            ret->positive++;
        else
            ret->negative++;
    }
    if (ret->finite > 0)
        quantile_moments(ret->sorted, ret->finite, &ret->mean, &ret->sd);
    quantile_sort(ret->sorted, scratch, ret->finite);
    free(scratch);
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void check_same(const struct feature_result *a, const struct feature_result *b)
{
    assert_int_equal(a->verdict, b->verdict);
    assert_string_equal(a->reason, b->reason);
    assert_true(same(a->cells.psi.value, b->cells.psi.value));
    assert_true(same(a->cells.chi2.p, b->cells.chi2.p));
    assert_true(same(a->ks.d, b->ks.d));
    assert_true(same(a->ks.p, b->ks.p));
    assert_true(same(a->rank.w1.per_sd, b->rank.w1.per_sd));
    assert_true(same(a->rank.ad, b->rank.ad));
    for (int i = 0; i < 3; i++) {
        assert_true(same(a->reference_quantiles[i], b->reference_quantiles[i]));
        assert_true(same(a->current_quantiles[i], b->current_quantiles[i]));
    }
    for (int i = 0; i < RATE_KINDS; i++) {
        assert_int_equal(a->rates[i].present, b->rates[i].present);
        assert_true(same(a->rates[i].high, b->rates[i].high));
    }
}

static void numbers_agree(void **state)
{
    struct columns reference, current;
    struct judge_options o = {.n_judged = 24};
    (void)state;
    columns_load(&reference, "vectors/pair-2/reference.csv");
    columns_load(&current, "vectors/pair-2/current.csv");
    size_t checked = 0;
    for (size_t i = 0; i < reference.n_columns; i++) {
        struct feature_result want;
        struct side_report got;
        struct side_numbers x, y;
        const struct value *a = columns_at(&reference, i), *b = columns_at(&current, i);
        assert_int_equal(
            feature_judge_columns(a, reference.n_rows, b, current.n_rows, false, &o, &want, NULL),
            0);
        if (want.kind != CODEBOOK_NUMERIC)
            continue;
        take_apart(a, reference.n_rows, &x);
        take_apart(b, current.n_rows, &y);
        assert_int_equal(side_judge_numbers(&x, &y, &o, &got, NULL), 0);
        check_same(&got.result, &want);
        uint64_t rows = 0;
        for (size_t k = 0; k < got.n_folded; k++)
            rows += got.folded[k];
        assert_int_equal(rows, current.n_rows);
        free(x.sorted);
        free(y.sorted);
        checked++;
    }
    assert_true(checked > 10);
    columns_done(&reference);
    columns_done(&current);
}

static void categories_agree(void **state)
{
    struct value x[30], y[20];
    struct feature_result want;
    struct side_report got;
    (void)state;
    for (size_t i = 0; i < 30; i++)
        x[i] = value_from_text(&"aabc"[i % 4], i % 10 == 9 ? 0 : 1);
    for (size_t i = 0; i < 20; i++)
        y[i] = value_from_text(&"abbd"[i % 4], 1);
    assert_int_equal(feature_judge_columns(x, 30, y, 20, true, NULL, &want, NULL), 0);
    struct side_categories sides = {.n_named = 3, .missing_reference = 3};
    static const char *const names[] = {"a", "b", "c"};
    for (size_t k = 0; k < 3; k++) {
        sides.named[k] = (struct side_category){.bytes = names[k], .length = 1};
        for (size_t i = 0; i < 30; i++)
            sides.named[k].reference += x[i].length == 1 && x[i].text[0] == names[k][0];
        for (size_t i = 0; i < 20; i++)
            sides.named[k].current += y[i].text[0] == names[k][0];
    }
    sides.unseen = 5;
    side_judge_categories(&sides, NULL, &got);
    check_same(&got.result, &want);
    assert_int_equal(got.n_cells, 5);
    assert_string_equal(got.cells[3].label, "new value");
    assert_string_equal(got.cells[4].label, "missing");
}

/* A few -999 do not move D, but they are what left the range. */
static void sentinel_is_named(void **state)
{
    enum { N = 1000 };
    static double a[N], b[N], scratch[N];
    struct side_numbers x = {.sorted = a, .finite = N, .rows = N, .mean = 0.5, .sd = 0.29};
    struct side_numbers y = x;
    struct side_report got;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        a[i] = (double)i / N;
        b[i] = i < 60 ? -999 : a[i];
    }
    y.sorted = b;
    assert_int_equal(side_judge_numbers(&x, &y, NULL, &got, NULL), 0);
    side_explain(&x, &y, NULL, scratch, &got);
    assert_int_equal(got.result.verdict, VERDICT_PAGE);
    assert_int_equal(got.shape.kind, SHAPE_SENTINEL);
    assert_true(got.shape.by < -998);
    assert_string_equal(got.sentence,
                        "6 % of current is outside the reference's range, reference 0 %");
}

static int compare_doubles(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    if (x < y || x > y)
        return x < y ? -1 : 1;
    return (signbit(y) != 0) - (signbit(x) != 0);
}

/* Laws on which a sort by leading bits could go wrong. */
static double nasty(uint64_t *random, int law)
{
    double u = random_unit(random);
    switch (law) {
    case 0: return u - 0.5;
    case 1: return 1e15 + floor(100 * u);
    case 2: return floor(3 * u) - 1;
    case 3: return u < 0.5 ? 0.0 : -0.0;
    case 4: return ldexp(u, (int)(2000 * u) - 1000) * (u < 0.3 ? -1 : 1);
    case 5: return u < 0.01 ? -1e308 : 7 + u * 1e-14;
    default: return u * 1e-310;
    }
}

static void sorts_anything(void **state)
{
    enum { MOST = 5000 };
    static double values[MOST], wanted[MOST], scratch[MOST];
    static const size_t lengths[] = {0, 1, 3, 63, 64, 65, 1000, MOST};
    uint64_t random = 11;
    (void)state;
    for (int law = 0; law < 7; law++) {
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            size_t n = lengths[k];
            for (size_t i = 0; i < n; i++)
                values[i] = wanted[i] = nasty(&random, law);
            qsort(wanted, n, sizeof *wanted, compare_doubles);
            quantile_sort(values, scratch, n);
            assert_memory_equal(values, wanted, n * sizeof *values);
        }
    }
}

/* 1, 2, 4, 5 times a power of two: the mean is 3 and the variance 5/2 of it, also where squares
 * leave the range of doubles. */
static void moments_at_both_ends(void **state)
{
    (void)state;
    static const int exponents[] = {-1074, -1060, -600, -500, 0, 500, 600, 1020, 1021};
    static const double shape[] = {1, 2, 4, 5};
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        double values[4], mean, sd;
        for (size_t j = 0; j < 4; j++)
            values[j] = ldexp(shape[j], exponents[i]);
        quantile_moments(values, 4, &mean, &sd);
        assert_true(same(mean, ldexp(3, exponents[i])));
        assert_true(same(sd, ldexp(sqrt(2.5), exponents[i])));
    }
}

/* A width that no double holds is not known; it is not a division by infinity, which says 0. */
static void width_beyond_doubles(void **state)
{
    (void)state;
    static const double x[] = {-1.7e308, -1.7e308, 1.7e308, 1.7e308},
                        y[] = {-1.7e308, 0, 0, 1.7e308};
    struct rank r;
    double w1;
    ks_w1_sorted(x, 4, y, 4, &w1);
    rank_of(x, 4, y, 4, 1.7e308, w1, &r);
    assert_true(r.w1.value > 1e307 && isnan(r.w1.per_iqr));
    assert_true(r.w1.per_sd > 0.4 && r.w1.per_sd < 0.6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_agree),        cmocka_unit_test(categories_agree),
        cmocka_unit_test(sentinel_is_named),    cmocka_unit_test(sorts_anything),
        cmocka_unit_test(moments_at_both_ends), cmocka_unit_test(width_beyond_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
