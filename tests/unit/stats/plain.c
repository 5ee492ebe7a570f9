/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is computed by a short cut, held against its plain definition: to the last bit where the answer
 * is an integer or an order.
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
#include "driftop/stats/divergence.h"
#include "driftop/stats/ks.h"
#include "driftop/stats/quantile.h"

/* ---- sorting ---- */

/* -0 before +0, and equal values are equal to the last bit. */
static int by_order(const void *a, const void *b)
{
    const double *x = a, *y = b;
    if (*x < *y || *x > *y)
        return *x < *y ? -1 : 1;
    return !!signbit(*y) - !!signbit(*x);
}

enum {
    SMALL_INTEGERS,  /* the lowest digit is the same for all */
    POWERS,          /* only exponents differ */
    SIGNS,           /* only the highest digit does */
    NEARLY_EQUAL,    /* all but the last bits are the same for all */
    FEW_AND_CLOSE,   /* groups that agree in the highest 33 bits, beside what is far away */
    OF_ALL_SIZES,    /* subnormal to huge */
    WITH_INFINITIES, /* and zeros of both signs */
    FALLING,
    SORTS,
};

static double draw_for_sort(uint64_t *random, int sort, size_t i)
{
    double x = random_unit(random) - 0.5;
    switch (sort) {
    case SMALL_INTEGERS: return floor(200 * x);
    case POWERS: return ldexp(1, (int)(random_next(random) % 900) - 450);
    case SIGNS: return x < 0 ? -1 : 1;
    case NEARLY_EQUAL: return 1 + floor(x * 1000) * 0x1p-52;
    case FEW_AND_CLOSE:
        return i % 97 == 0 ? x * 1e9 : (double)(random_next(random) % 3) + x * 1e-13;
    case OF_ALL_SIZES: return ldexp(x, (int)(random_next(random) % 2100) - 1070);
    case WITH_INFINITIES:
        return random_next(random) % 3   ? x
               : random_next(random) % 2 ? copysign(0, x)
                                         : x * INFINITY;
    default: return -(double)i;
    }
}

static void sorted_as_qsort_does(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 2, 63, 64, 65, 500, 20000};
    static double v[20000], want[20000], room[20000];
    uint64_t random = 11;
    for (int sort = 0; sort < SORTS; sort++) {
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            size_t n = lengths[l];
            for (size_t i = 0; i < n; i++)
                v[i] = want[i] = draw_for_sort(&random, sort, i);
            qsort(want, n, sizeof *want, by_order);
            quantile_sort(v, room, n);
            assert_memory_equal(v, want, n * sizeof *v);
        }
    }
}

/* ---- two sorted arrays ---- */

static size_t up_to(const double *values, size_t n, double x)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += values[i] <= x;
    return count;
}

static uint64_t difference(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static void check_gap(const struct ks_gap *got, const struct ks_gap *want)
{
    assert_int_equal(got->gap, want->gap);
    assert_true(got->location <= want->location && got->location >= want->location);
    assert_int_equal(got->direction, want->direction);
    assert_int_equal(got->reference_below, want->reference_below);
    assert_int_equal(got->current_below, want->current_below);
}

static void check_pair(const double *x, size_t n, const double *y, size_t w)
{
    double pooled[128], room[128], area = 0, w1;
    memcpy(pooled, x, n * sizeof *x);
    memcpy(pooled + n, y, w * sizeof *y);
    quantile_sort(pooled, room, n + w);
    struct ks_gap want = {.location = pooled[0]};
    want.reference_below = up_to(x, n, pooled[0]);
    want.current_below = up_to(y, w, pooled[0]);
    for (size_t k = 0; k < n + w; k++) {
        size_t i = up_to(x, n, pooled[k]), j = up_to(y, w, pooled[k]);
        uint64_t gap = difference((uint64_t)i * w, (uint64_t)j * n);
        if (gap > want.gap)
            want = (struct ks_gap){gap, pooled[k], i * w < j * n ? KS_LOWER : KS_HIGHER, i, j};
        if (k + 1 < n + w)
            area += (double)gap / (double)(n * w) * (pooled[k + 1] - pooled[k]);
    }
    struct ks_gap got = ks_w1_sorted(x, n, y, w, &w1), alone = ks_gap_sorted(x, n, y, w);
    check_gap(&got, &want);
    check_gap(&alone, &want);
    assert_true(fabs(w1 - area) <= 1e-13 * area);
}

/* On a grid, so that values tie; sorted, with zeros of both signs where it has zeros. */
static size_t draw_side(uint64_t *random, double from, double step, double *ret)
{
    double room[60];
    size_t n = 1 + (size_t)(60 * random_unit(random));
    for (size_t i = 0; i < n; i++) {
        ret[i] = from + floor(random_unit(random) / step) * step;
        if (fabs(ret[i]) <= 0 && random_next(random) % 2)
            ret[i] = -0.0;
    }
    quantile_sort(ret, room, n);
    return n;
}

static void merged_as_defined(void **state)
{
    (void)state;
    static const double steps[] = {1e-6, 0.0625, 0.125, 0.5}, from[] = {1, -0.5, -3};
    uint64_t random = 5;
    for (int round = 0; round < 6000; round++) {
        double x[60], y[60];
        double step = steps[round % 4], start = from[round % 3], shift = round % 5 * 0.25;
        size_t n = draw_side(&random, start, step, x);
        size_t w = draw_side(&random, start + shift, step, y);
        check_pair(x, n, y, w);
    }
}

/* ---- counts on cells ---- */

#define MOST_CELLS 40000

struct counts {
    double cuts[MOST_CELLS];
    uint32_t reference[MOST_CELLS], current[MOST_CELLS];
    size_t cells;
};

/* A cell hides what is between F and G at its ends when both sides have values in it, and more than
 * one double fits into it. */
static bool can_hide(const struct counts *c, size_t i)
{
    if (c->reference[i] == 0 || c->current[i] == 0)
        return false;
    return i == 0 || i + 1 == c->cells || nextafter(c->cuts[i - 1], INFINITY) < c->cuts[i];
}

static struct ks_bracket bracket_as_defined(const struct counts *c)
{
    struct ks_bracket want = {.n = 0};
    for (size_t i = 0; i < c->cells; i++) {
        want.n += c->reference[i];
        want.w += c->current[i];
    }
    uint64_t f = 0, g = 0;
    for (size_t i = 0; i < c->cells; i++) {
        uint64_t f_end = f + c->reference[i] * want.w, g_end = g + c->current[i] * want.n;
        if (difference(f_end, g_end) > want.low) {
            want.low = difference(f_end, g_end);
            want.cut = i;
            want.at_f = f_end;
            want.at_g = g_end;
        }
        if (can_hide(c, i) && f_end > g && f_end - g > want.high)
            want.high = f_end - g;
        if (can_hide(c, i) && g_end > f && g_end - f > want.high)
            want.high = g_end - f;
        f = f_end;
        g = g_end;
    }
    if (want.high < want.low)
        want.high = want.low;
    return want;
}

/* Cuts as a codebook makes them: values and the doubles just below, or values alone. */
static void draw_counts(uint64_t *random, int law, size_t cells, struct counts *ret)
{
    ret->cells = cells;
    for (size_t i = 0; i < cells; i++) {
        double value = (double)(i / 2), tilt = (double)i / (double)cells;
        bool atoms = law % 2 == 0;
        ret->cuts[i] = !atoms ? (double)i : i % 2 ? value : nextafter(value, -1);
        ret->reference[i] = random_unit(random) < 0.4 ? (uint32_t)(3 * random_unit(random)) : 0;
        ret->current[i] = random_unit(random) < 0.4 ? (uint32_t)(3 * random_unit(random)) : 0;
        if (law / 2 == 1) /* the same on both sides */
            ret->current[i] = ret->reference[i];
        else if (law / 2 == 2) /* more and more apart */
            ret->current[i] += random_unit(random) < tilt ? 2 : 0;
        if (law / 2 == 3) { /* the same gap attained again and again */
            ret->reference[i] = 1 + (i % 4 == 0);
            ret->current[i] = 1 + (i % 4 == 2);
        }
    }
    /* as many rows as there may be: n w needs all 64 bits */
    if (law / 2 == 4) {
        ret->reference[cells / 3] += UINT32_C(3900000000);
        ret->current[cells - 1] += UINT32_C(3900000000);
    }
}

static void counted_as_defined(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 15, 16, 17, 33, 65, 78, 1000, 20001, MOST_CELLS};
    static struct counts c;
    uint64_t random = 7;
    for (int round = 0; round < 20; round++) {
        for (int law = 0; law < 10; law++) {
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths - (round > 1 ? 2 : 0); l++) {
                draw_counts(&random, law, lengths[l], &c);
                struct ks_bracket want = bracket_as_defined(&c);
                struct ks_bracket got =
                    ks_bracket_counts(c.cuts, c.cells - 1, c.reference, c.current);
                if (want.n > 0 && want.w > 0)
                    assert_memory_equal(&got, &want, sizeof got);
                assert_true(got.n == want.n && got.w == want.w);
            }
        }
    }
}

/* ---- chi-square ---- */

static void plain_design_changes_nothing(void **state)
{
    (void)state;
    const uint64_t a[] = {100, 120, 90, 110}, b[] = {95, 140, 70, 111};
    struct divergence d;
    divergence_of(a, b, 4, &d);
    struct chi2 chi2 = d.chi2;
    assert_true(chi2.p > 0.1 && chi2.p < 0.4);
    assert_true(fabs(divergence_chi2_p(&chi2, 1, 0, 1) - chi2.p) < 1e-14);
    assert_true(divergence_chi2_p(&chi2, 1.5, 0, 1) > 1.2 * chi2.p);
    assert_true(divergence_chi2_p(&chi2, 1, 0.5, 1) > chi2.p + 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_as_qsort_does),
        cmocka_unit_test(merged_as_defined),
        cmocka_unit_test(counted_as_defined),
        cmocka_unit_test(plain_design_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
