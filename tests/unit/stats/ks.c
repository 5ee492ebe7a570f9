/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * D and its laws against published answers: scipy's own tests, brute force over all orders where
 * values tie, and each asymptotic law against another one where both hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "columns.h"
#include "driftop/stats/ks.h"
#include "driftop/stats/ks_law.h"

#define N_OF(a) (sizeof(a) / sizeof *(a))

static void check_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g, expected %.17g", got, want);
}

static int compare_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double *line(double from, double to, size_t n, double shift)
{
    double *values = calloc(n, sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < n; i++)
        values[i] = from + (to - from) * (double)i / (double)(n - 1) + shift;
    return values;
}

static void check_exact(const double *x, size_t n, const double *y, size_t w, uint64_t gap,
                        double p)
{
    struct ks_gap got = ks_gap_sorted(x, n, y, w);
    double got_p, log10_p;
    assert_int_equal(got.gap, gap);
    assert_int_equal(ks_law_exact(x, n, y, w, got.gap, &got_p, &log10_p), 0);
    check_close(got_p, p, 1e-12);
    check_close(pow(10, log10_p), p, 1e-12);
}

static void lines_of_scipy(void **state)
{
    (void)state;
    double *x = line(1, 100, 100, 0);
    double *higher = line(1, 100, 110, 20.1), *lower = line(1, 100, 110, 19.9);
    double *close = line(1, 100, 100, 2.1);
    check_exact(x, 100, higher, 110, 232 * 10, 0.015739183865607353);
    check_exact(x, 100, lower, 110, 229 * 10, 0.017803803861026313);
    check_exact(x, 100, close, 100, 300, 0.999999999996206);
    free(x);
    free(higher);
    free(lower);
    free(close);
}

static void small_samples(void **state)
{
    (void)state;
    static const double x[] = {1.01, 2.01}, y[] = {1, 2, 3}, below[] = {0.99, 1.99},
                        four[] = {1, 2, 3, 4};
    check_exact(x, 2, y, 3, 2, 1.0);
    check_exact(below, 2, y, 3, 4, 0.6);
    check_exact(below, 2, four, 4, 6, 6 / 15.0);
}

/* p as the share of all orders of the pooled values, ties kept together. */
static void ties_by_brute_force(void **state)
{
    (void)state;
    static const double a[] = {1, 1.01, 3, 4}, b[] = {.25, .5, 1.01};
    static const double c[] = {1, 3, 6, 8, 8}, d[] = {2, 3, 4, 6};
    static const double e[] = {1, 2, 2, 3, 3}, f[] = {1, 2, 3, 3, 4, 5};
    check_exact(a, 4, b, 3, 8, 12 / 35.0);
    check_exact(c, 5, d, 4, 8, 47 / 63.0);
    check_exact(e, 5, f, 6, 10, 57 / 77.0);
}

/* How many of the 2^total ways to call n of the pooled values the reference have a gap this wide. */
static double share_of_orders(const double *pooled, size_t total, size_t n, uint64_t gap)
{
    double all = 0, wide = 0, x[16], y[16];
    for (uint32_t set = 0; set < 1u << total; set++) {
        size_t i = 0, j = 0;
        if ((size_t)__builtin_popcount(set) != n)
            continue;
        for (size_t k = 0; k < total; k++)
            *(set >> k & 1 ? &x[i++] : &y[j++]) = pooled[k];
        all++;
        wide += ks_gap_sorted(x, i, y, j).gap >= gap;
    }
    return wide / all;
}

static void random_ties_by_brute_force(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (int run = 0; run < 120; run++) {
        size_t n = 1 + random_next(&random) % 6, w = 1 + random_next(&random) % 6, total = n + w;
        double pooled[16], x[16], y[16];
        size_t i = 0, j = 0;
        double kinds = 1 + floor(random_unit(&random) * 9);
        for (size_t k = 0; k < total; k++)
            pooled[k] = floor(random_unit(&random) * kinds);
        qsort(pooled, total, sizeof *pooled, compare_doubles);
        for (size_t k = 0; k < total; k++)
            *(j == w || (i < n && random_next(&random) % 2) ? &x[i++] : &y[j++]) = pooled[k];
        uint64_t gap = ks_gap_sorted(x, n, y, w).gap;
        double p, log10_p;
        assert_int_equal(ks_law_exact(x, n, y, w, gap, &p, &log10_p), 0);
        check_close(p, share_of_orders(pooled, total, n, gap), 1e-12);
    }
}

static size_t repeat(double *to, size_t at, double value, size_t times)
{
    while (times-- > 0)
        to[at++] = value;
    return at;
}

/* scipy's samples of repeated values. Its p ignores the ties (.4263 and .0919). */
static void repeated_values_of_scipy(void **state)
{
    (void)state;
    double x[40], y[40];
    size_t n = repeat(x, repeat(x, repeat(x, repeat(x, 0, 2, 3), 3, 4), 5, 5), 6, 4);
    size_t w = repeat(y, repeat(y, repeat(y, repeat(y, 0, 3, 3), 4, 4), 6, 5), 7, 4);
    check_exact(x, n, y, w, 16 * 5, 0.1982098833735035);
    n = repeat(x, repeat(x, repeat(x, repeat(x, 0, 2, 3), 3, 4), 5, 10), 6, 4);
    w = repeat(y, repeat(y, repeat(y, repeat(y, 0, 3, 10), 4, 2), 6, 10), 7, 4);
    check_exact(x, n, y, w, 190, 0.03521772711683934);
}

static void ties_of_scipy(void **state)
{
    (void)state;
    static const double x2[] = {2, 2, 2, 3, 3}, x[] = {2, 2, 3, 3}, y[] = {3, 3, 4, 4};
    double p, log10_p;
    struct ks_gap gap = ks_gap_sorted(x, 4, y, 4);
    assert_int_equal(gap.gap, 8);
    assert_int_equal(gap.direction, KS_HIGHER);
    assert_true(gap.location >= 2 && gap.location <= 2);
    /* D = 0 on equal samples, and every order attains it */
    gap = ks_gap_sorted(x2, N_OF(x2), x2, N_OF(x2));
    assert_int_equal(gap.gap, 0);
    assert_int_equal(gap.direction, KS_NONE);
    assert_int_equal(ks_law_exact(x2, 5, x2, 5, 0, &p, &log10_p), 0);
    check_close(p, 1, 0);
}

/* The exact answer counts paths in integers of any size; scipy's 4.2e-15 for it is 19 times its
 * machine's epsilon, what an older recursion left of 1 - p. */
static void large_sizes(void **state)
{
    (void)state;
    double p, log10_p;
    double *x = line(1, 100, 10000, 0), *y = line(1, 100, 110, 0);
    assert_int_equal(ks_law_exact(x, 10000, y, 110, 55275 * 10, &p, &log10_p), 0);
    check_close(p, 6.263465662260852e-26, 1e-10);
    free(x);
    free(y);
    x = line(0, 1, 10000, 0);
    y = line(0, 1, 11000, 0.5e-7);
    assert_int_equal(ks_law_exact(x, 10000, y, 11000, 563 * 1000, &p, &log10_p), 0);
    check_close(p, 0.9990456491488628, 1e-11);
    free(x);
    free(y);
    ks_law_asymptotic(563 / 110000.0, 10000, 11000, &p, &log10_p);
    check_close(p, 0.9990660108966576, 1e-12);
}

/* p underflows, its logarithm is that of 2 / C(4000, 2000). */
static void logarithm_does_not_underflow(void **state)
{
    (void)state;
    double p, log10_p;
    double *x = line(0, 1, 2000, 0), *y = line(0, 1, 2000, 5);
    struct ks_gap gap = ks_gap_sorted(x, 2000, y, 2000);
    assert_int_equal(gap.gap, 4000000);
    assert_int_equal(ks_law_exact(x, 2000, y, 2000, gap.gap, &p, &log10_p), 0);
    double want = (log(2) + 2 * lgamma(2001) - lgamma(4001)) / log(10);
    check_close(log10_p, want, 1e-12);
    assert_true(p >= 0 && p <= 0);
    ks_law_asymptotic(1, 100000, 1000, &p, &log10_p);
    assert_true(isfinite(log10_p) && log10_p < -2000);
    free(x);
    free(y);
}

static void one_sample_exactly_known(void **state)
{
    (void)state;
    double p, log10_p;
    /* n = 1: P(D >= d) = 2 (1 - d); n = 2, d = 1/2: 1/2 */
    ks_law_one_sample(0.6, 1, &p, &log10_p);
    check_close(p, 0.8, 1e-14);
    ks_law_one_sample(0.5, 2, &p, &log10_p);
    check_close(p, 0.5, 1e-14);
    /* d >= 1 - 1/n: 2 (1 - d)^n */
    ks_law_one_sample(0.95, 10, &p, &log10_p);
    check_close(p, 2 * pow(0.05, 10), 1e-12);
    ks_law_one_sample(0.01, 10, &p, &log10_p);
    check_close(p, 1, 0);
}

/* From Durbin's matrix in 40 digits: where p is nearly 1, its logarithm is what is left to see. */
static void one_sample_near_one(void **state)
{
    (void)state;
    double p, log10_p;
    ks_law_one_sample(0.0135, 700, &p, &log10_p);
    check_close(log10_p, -2.603063026815346e-4, 1e-9);
    ks_law_one_sample(0.0077, 1962, &p, &log10_p);
    check_close(log10_p, -9.793054230057895e-5, 1e-9);
    ks_law_one_sample(0.00058, 100000, &p, &log10_p);
    assert_true(log10_p > -2e-15 && log10_p < 0);
}

/* Equal sizes take the limit itself, scipy's kolmogorov(); the one-sample law is up to 5 % off here. */
static void equal_sizes_take_the_limit(void **state)
{
    (void)state;
    static const double known[][2] = {
        {.01, 0.9639452436648751}, {.03, 0.022217962616525127}, {.06, 3.045995948942526e-08}};
    double p, log10_p;
    for (size_t i = 0; i < N_OF(known); i++) {
        ks_law_asymptotic(known[i][0], 5000, 5000, &p, &log10_p);
        check_close(p, known[i][1], 1e-9);
    }
}

/* The laws meet where one takes over from another: at n = 500, and at both tails. */
static void one_sample_has_no_steps(void **state)
{
    (void)state;
    double below, above, log10_p;
    for (double z = 0.5; z < 1.7; z += 0.1) {
        ks_law_one_sample(z / sqrt(500), 500, &below, &log10_p);
        ks_law_one_sample(z / sqrt(501), 501, &above, &log10_p);
        check_close(above, below, 3e-4);
    }
    static const uint64_t sizes[] = {50, 500, 501, 5000, 500000};
    for (size_t i = 0; i < N_OF(sizes); i++) {
        for (double zz = 2.2; zz < 3.5; zz += 0.8) {
            double d = sqrt(zz / (double)sizes[i]);
            ks_law_one_sample(d * (1 - 1e-9), sizes[i], &below, &log10_p);
            ks_law_one_sample(d * (1 + 1e-9), sizes[i], &above, &log10_p);
            check_close(above, below, 5e-6);
        }
    }
    /* and in the limit they are the limit */
    ks_law_one_sample(1.5 / sqrt(4e9), 4000000000, &below, &log10_p);
    ks_law_limit(1.5, &above, &log10_p);
    check_close(below, above, 1e-4);
}

/* Exact and asymptotic laws of the same D, unequal sizes without ties. */
static void asymptotic_near_exact(void **state)
{
    (void)state;
    double exact, asymptotic, log10_p;
    double *x = line(0, 1, 20000, 0), *y = line(0, 1, 997, 0.04);
    struct ks_gap gap = ks_gap_sorted(x, 20000, y, 997);
    assert_int_equal(ks_law_exact(x, 20000, y, 997, gap.gap, &exact, &log10_p), 0);
    ks_law_asymptotic((double)gap.gap / (20000.0 * 997), 20000, 997, &asymptotic, &log10_p);
    check_close(asymptotic, exact, 0.02);
    /* equal sizes: the limit, from common to rare */
    double *z = line(0, 1, 4000, 0);
    for (double shift = 0.01; shift < 0.06; shift += 0.015) {
        double *moved = line(0, 1, 4000, shift);
        gap = ks_gap_sorted(z, 4000, moved, 4000);
        assert_int_equal(ks_law_exact(z, 4000, moved, 4000, gap.gap, &exact, &log10_p), 0);
        ks_law_asymptotic((double)gap.gap / 16e6, 4000, 4000, &asymptotic, &log10_p);
        check_close(asymptotic, exact, 0.06);
        free(moved);
    }
    free(z);
    free(x);
    free(y);
}

/* One value between the cuts 1 and 3 on each side: nobody knows which is first. */
static void bracket_of_one_cell(void **state)
{
    (void)state;
    static const double cuts[] = {1, 3};
    static const uint32_t reference[] = {1, 1, 0}, current[] = {1, 1, 0}, moved[] = {0, 1, 1};
    struct ks ks;
    ks_from_counts(cuts, 2, reference, current, 0.001, &ks);
    check_close(ks.bracket_high, 0.5, 1e-15);
    assert_true(ks.bracket_low >= 0 && ks.bracket_low <= 0);
    assert_int_equal(ks.direction, KS_NONE);
    ks_from_counts(cuts, 2, reference, moved, 0.001, &ks);
    check_close(ks.bracket_low, 0.5, 1e-15);
    check_close(ks.bracket_high, 1, 1e-15);
    assert_int_equal(ks.direction, KS_HIGHER);
    check_close(ks.location, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_scipy),
        cmocka_unit_test(small_samples),
        cmocka_unit_test(ties_by_brute_force),
        cmocka_unit_test(random_ties_by_brute_force),
        cmocka_unit_test(repeated_values_of_scipy),
        cmocka_unit_test(ties_of_scipy),
        cmocka_unit_test(large_sizes),
        cmocka_unit_test(logarithm_does_not_underflow),
        cmocka_unit_test(one_sample_exactly_known),
        cmocka_unit_test(one_sample_near_one),
        cmocka_unit_test(equal_sizes_take_the_limit),
        cmocka_unit_test(one_sample_has_no_steps),
        cmocka_unit_test(asymptotic_near_exact),
        cmocka_unit_test(bracket_of_one_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
