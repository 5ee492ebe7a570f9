/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * W1, Cramer-von Mises and Anderson-Darling: published answers, and the definitions written down
 * plainly, value by value, against the one merge that computes all three.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "columns.h"
#include "driftop/stats/divergence.h"
#include "driftop/stats/ks.h"
#include "driftop/stats/quantile.h"
#include "driftop/stats/rank.h"

enum { MOST = 40 };

static void check_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g, expected %.17g", got, want);
}

static struct rank judge(const double *x, size_t n, const double *y, size_t w)
{
    double mean, sd, w1;
    struct rank r;
    quantile_moments(x, n, &mean, &sd);
    ks_w1_sorted(x, n, y, w, &w1);
    rank_of(x, n, y, w, sd, w1, &r);
    return r;
}

/* Conover, Practical Nonparametric Statistics: T = .262; scipy has 0.26157407. */
static void conover(void **state)
{
    (void)state;
    static const double x[] = {7.6, 8.4, 8.6, 8.7, 9.3, 9.9, 10.1, 10.6, 11.2},
                        y[] = {5.2,  5.7,  5.9,  6.5,  6.8,  8.2,  9.1, 9.8,
                               10.8, 11.3, 11.5, 12.3, 12.5, 13.4, 14.6};
    check_close(judge(x, 9, y, 15).cvm, 0.2615740740740744, 1e-12);
}

/* Two samples of Scholz and Stephens' table, with a tie and without, as scipy normalises them. */
static void scholz_and_stephens(void **state)
{
    (void)state;
    static const double a[] = {38.7, 41.5, 43.8, 44.5, 45.5, 46.0, 47.7, 58.0},
                        b[] = {39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8},
                        c[] = {34.0, 35.0, 39.0, 40.0, 43.0, 43.0, 44.0, 45.0};
    check_close(judge(a, 8, b, 8).ad, 1.7183096744360893, 1e-11);
    check_close(judge(a, 8, c, 8).ad, 1.9909419068355834, 1e-11);
}

static void distances_by_hand(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3, 4, 5}, far[] = {11, 12, 13, 14, 15}, zero[] = {0},
                        one[] = {1};
    check_close(judge(x, 5, far, 5).w1.value, 10, 1e-15);
    check_close(judge(x, 5, far, 5).w1.per_sd, 10 / sqrt(2), 1e-15);
    check_close(judge(x, 5, far, 5).w1.per_iqr, 10 / (2 / QUANTILE_IQR_PER_SD), 1e-15);
    struct rank r = judge(zero, 1, one, 1);
    check_close(r.w1.value, 1, 0);
    assert_true(isnan(r.w1.per_sd) && isnan(r.w1.per_iqr));
    r = judge(x, 5, x, 5);
    assert_true(r.w1.value <= 0 && r.cvm <= 0 && r.has_ad);
    assert_false(judge(one, 1, one, 1).has_ad);
}

/* evidently's six categories, and NannyML's a, b, c against a, b, c, d. */
static void distances_of_counts(void **state)
{
    (void)state;
    static const uint64_t a[] = {16, 18, 16, 14, 12, 12}, b[] = {16, 16, 16, 16, 16, 8},
                          abc[] = {2, 2, 2, 0}, abcd[] = {2, 2, 2, 1}, left[] = {5, 0},
                          right[] = {0, 9};
    struct divergence d;
    divergence_of(a, b, 6, &d);
    check_close(d.hellinger, 0.06812774370983354, 1e-12);
    check_close(d.js.distance, 0.08173421330573756, 1e-12);
    check_close(d.chi2.value, 1.6224089635854342, 1e-12);
    check_close(d.chi2.p, 0.8985262394026607, 1e-12);
    divergence_of(abc, abcd, 4, &d);
    check_close(d.linf, 1.0 / 7, 1e-12);
    divergence_of(left, right, 2, &d);
    check_close(d.js.divergence, 1, 0);
    check_close(d.tv, 1, 0);
    check_close(d.hellinger, 1, 1e-15);
}

static size_t up_to(const double *v, size_t n, double x)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += v[i] <= x;
    return count;
}

static double cvm_plainly(const double *x, size_t n, const double *y, size_t w)
{
    double sum = 0, total = (double)(n + w);
    for (size_t i = 0; i < n + w; i++) {
        double at = i < n ? x[i] : y[i - n];
        double gap = (double)up_to(x, n, at) / (double)n - (double)up_to(y, w, at) / (double)w;
        sum += gap * gap;
    }
    return (double)n * (double)w / (total * total) * sum;
}

/* Their sigma, with the double sum as it is printed. */
static double sigma_plainly(double n, double w)
{
    double total = n + w, big_h = 1 / n + 1 / w, h = 0, g = 0;
    for (double i = 1; i < total; i++)
        h += 1 / i;
    for (double i = 1; i <= total - 2; i++)
        for (double j = i + 1; j <= total - 1; j++)
            g += 1 / ((total - i) * j);
    double a = (4 * g - 6) + (10 - 6 * g) * big_h;
    double b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * big_h - 8 * h + 4 * g - 6;
    double c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * big_h + 4 * h;
    double d = (2 * h + 6) * 4 - 8 * h;
    return sqrt((a * pow(total, 3) + b * total * total + c * total + d) /
                ((total - 1) * (total - 2) * (total - 3)));
}

/* Their equation 7 for one sample v of the two, times its size. */
static double ad_part(const double *v, size_t n, const double *pooled, size_t total)
{
    double sum = 0, all = (double)total, size = (double)n;
    for (size_t i = 0; i < total; i++) {
        double at = pooled[i], below = nextafter(at, -INFINITY);
        double count = (double)(up_to(pooled, total, at) - up_to(pooled, total, below));
        double rank = (double)up_to(pooled, total, below) + count / 2;
        double own = ((double)up_to(v, n, at) + (double)up_to(v, n, below)) / 2;
        double weight = rank * (all - rank) - all * count / 4;
        /* each of `count` equal values comes by here */
        if (weight > 0)
            sum += (all * own - rank * size) * (all * own - rank * size) / weight / all;
    }
    return sum;
}

static double ad_plainly(const double *x, size_t n, const double *y, size_t w)
{
    double pooled[2 * MOST], total = (double)(n + w);
    for (size_t i = 0; i < n + w; i++)
        pooled[i] = i < n ? x[i] : y[i - n];
    double sum =
        ad_part(x, n, pooled, n + w) / (double)n + ad_part(y, w, pooled, n + w) / (double)w;
    return ((total - 1) / total * sum - 1) / sigma_plainly((double)n, (double)w);
}

/* sqrt(2k/pi) times the integral of sqrt(F(1-F)) over the sorted reference; y does not matter. */
static double floor_plainly(const double *x, size_t n, const double *y, size_t w)
{
    double sum = 0;
    (void)y;
    for (size_t i = 0; i + 1 < n; i++) {
        double f = (double)(i + 1) / (double)n;
        sum += sqrt(f * (1 - f)) * (x[i + 1] - x[i]);
    }
    return sqrt(2 * (1 / (double)n + 1 / (double)w) / M_PI) * sum;
}

/* The floor is what W1 is on average when nothing drifts, whatever the law. */
static void floor_is_the_mean(void **state)
{
    (void)state;
    enum { ROWS = 400, RUNS = 300 };
    static double x[ROWS], y[ROWS], scratch[ROWS];
    uint64_t random = 3;
    for (int law = 0; law < 3; law++) {
        double value = 0, expected = 0;
        for (int run = 0; run < RUNS; run++) {
            for (size_t i = 0; i < 2 * ROWS; i++) {
                double u = random_unit(&random);
                u = law == 0 ? u : law == 1 ? -log1p(-u) : floor(6 * u * u);
                *(i < ROWS ? &x[i] : &y[i - ROWS]) = u;
            }
            quantile_sort(x, scratch, ROWS);
            quantile_sort(y, scratch, ROWS / 2);
            struct rank r = judge(x, ROWS, y, ROWS / 2);
            value += r.w1.value;
            expected += r.w1.floor;
        }
        check_close(value, expected, 0.07);
    }
}

static void definitions_agree(void **state)
{
    (void)state;
    double x[MOST], y[MOST], scratch[MOST];
    uint64_t random = 1;
    for (int run = 0; run < 300; run++) {
        size_t n = 2 + random_next(&random) % (MOST - 2), w = 2 + random_next(&random) % (MOST - 2);
        double grain = run % 3 == 0 ? 3 : run % 3 == 1 ? 25 : 1e9;
        for (size_t i = 0; i < n; i++)
            x[i] = floor(random_unit(&random) * grain);
        for (size_t i = 0; i < w; i++)
            y[i] = floor((random_unit(&random) + 0.1 * (run % 4)) * grain);
        y[0] = x[0] + 1; /* never all equal */
        quantile_sort(x, scratch, n);
        quantile_sort(y, scratch, w);
        struct rank r = judge(x, n, y, w);
        check_close(r.cvm, cvm_plainly(x, n, y, w), 1e-12);
        check_close(r.w1.floor, floor_plainly(x, n, y, w), 1e-10);
        assert_true(fabs(r.ad - ad_plainly(x, n, y, w)) < 1e-10 * (1 + fabs(r.ad)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conover),           cmocka_unit_test(scholz_and_stephens),
        cmocka_unit_test(distances_by_hand), cmocka_unit_test(distances_of_counts),
        cmocka_unit_test(definitions_agree), cmocka_unit_test(floor_is_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
