/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much of a prediction goes with a feature.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "columns.h"
#include "driftop/stats/association.h"

enum { N = 5000 };

static struct value x[N], y[N];

static double of(size_t n)
{
    struct codebook *feature, *prediction;
    assert_int_equal(codebook_build(x, n, NULL, &feature, NULL), 0);
    assert_int_equal(codebook_build(y, n, NULL, &prediction, NULL), 0);
    double got = association_of(feature, x, prediction, y, n);
    codebook_free(feature);
    codebook_free(prediction);
    return got;
}

static void between(double got, double low, double high)
{
    if (!(got >= low && got <= high))
        fail_msg("%g, expected %g to %g", got, low, high);
}

static void numbers(void **state)
{
    uint64_t random = 5;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        double a = random_unit(&random);
        x[i] = value_from_number(a);
        y[i] = value_from_number(a);
    }
    /* All but what lies within a tenth: 1 - 1/100 of the variance. */
    between(of(N), sqrt(0.988), sqrt(0.992));
    for (size_t i = 0; i < N; i++)
        y[i] =
            value_from_number(pow(x[i].number - 0.5, 2)); /* no correlation, all the dependence */
    between(of(N), 0.9, 1);
    for (size_t i = 0; i < N; i++)
        y[i] = value_from_number(random_unit(&random));
    between(of(N), 0, 0.05);
    /* Half signal, half noise of the same variance: the root of a half. */
    for (size_t i = 0; i < N; i++)
        y[i] = value_from_number(x[i].number + random_unit(&random));
    between(of(N), 0.66, 0.74);
    /* One huge score decides nothing. */
    y[7] = value_from_number(1e300);
    between(of(N), 0.66, 0.74);
    /* Missing predictions say nothing; a feature's missing values are a cell. */
    for (size_t i = 0; i < N; i += 3) {
        y[i] = value_from_number(NAN);
        x[i + 1 < N ? i + 1 : i] = value_from_number(NAN);
    }
    between(of(N), 0.4, 0.74);
}

static void categories(void **state)
{
    static const char *const words[] = {"a", "b", "c"};
    uint64_t random = 6;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        size_t k = (size_t)(3 * random_unit(&random));
        x[i] = value_from_text(words[k], 1);
        y[i] = value_from_text(words[k], 1);
    }
    between(of(N), 1 - 1e-9, 1 + 1e-9);
    for (size_t i = 0; i < N; i++)
        y[i] = value_from_text(words[(size_t)(3 * random_unit(&random))], 1);
    between(of(N), 0, 0.04);
    /* A table by hand: 40 10 / 20 30, chi-square 50/3, n 100: V is sqrt(1/6) before the correction. */
    for (size_t i = 0; i < 100; i++) {
        x[i] = value_from_text(words[i < 50], 1);
        y[i] = value_from_text(words[i < 50 ? i < 40 : i < 70], 1);
    }
    double phi2 = 1 / 6.0 - 1 / 99.0, k = 2 - 1 / 99.0;
    between(of(100), sqrt(phi2 / (k - 1)) - 1e-12, sqrt(phi2 / (k - 1)) + 1e-12);
    /* A numeric prediction by a category. */
    for (size_t i = 0; i < N; i++) {
        size_t group = i % 3;
        x[i] = value_from_text(words[group], 1);
        y[i] = value_from_number((double)group + random_unit(&random) / 1000);
    }
    between(of(N), 0.93, 0.96); /* three steps explain 8/9 of a uniform rank */
}

static void nothing_to_tell(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++) {
        x[i] = value_from_number((double)i);
        y[i] = value_from_number(1);
    }
    assert_true(isnan(of(N)));
    for (size_t i = 0; i < N; i++)
        y[i] = value_from_number((double)i);
    assert_true(isnan(of(30))); /* three rows a cell */
    for (size_t i = 0; i < N; i++)
        x[i] = value_from_number(1);
    assert_true(isnan(of(N)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(categories),
        cmocka_unit_test(nothing_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
