/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driftop/model/series.h"

static struct series fill(size_t n, int64_t step_ms, double value)
{
    struct series s = {0};

    for (size_t i = 0; i < n; i++)
        series_add(&s, (int64_t)i * step_ms, value);
    return s;
}

static void test_ring(void **state)
{
    struct series s = fill(SERIES_POINTS + 10, 5000, 1);

    (void)state;
    assert_int_equal(s.n, SERIES_POINTS);
    assert_int_equal(series_at(&s, 0)->mono_ms, (SERIES_POINTS + 9) * 5000);
    assert_int_equal(series_at(&s, SERIES_POINTS - 1)->mono_ms, 10 * 5000);
    assert_null(series_at(&s, SERIES_POINTS));
}

static void test_held(void **state)
{
    struct series s = fill(13, 5000, 0.2); /* 0 to 60 s */

    (void)state;
    assert_true(series_held_above(&s, 60000, 60000, 15000, 0.1));
    assert_false(series_held_above(&s, 60000, 60000, 15000, 0.2));
    assert_false(series_held_above(&s, 60000, 65000, 15000, 0.1)); /* does not reach back */
    assert_false(series_held_above(&s, 90000, 60000, 15000, 0.1)); /* gone quiet */
    series_add(&s, 65000, NAN);
    assert_false(series_held_above(&s, 65000, 60000, 15000, 0.1));
}

static void test_gap(void **state)
{
    struct series s = {0};

    (void)state;
    series_add(&s, 0, 1);
    series_add(&s, 60000, 1);
    assert_false(series_held_above(&s, 60000, 60000, 15000, 0.1));
    assert_true(series_held_above(&s, 60000, 60000, 60000, 0.1));
}

static void test_mean(void **state)
{
    struct series s = {0};
    double mean;

    (void)state;
    assert_false(series_mean(&s, 0, 1000, &mean));
    series_add(&s, 0, 100);
    series_add(&s, 50000, 1);
    series_add(&s, 55000, NAN);
    series_add(&s, 60000, 3);
    assert_true(series_mean(&s, 60000, 30000, &mean));
    assert_float_equal(mean, 2, 1e-9);
}

static void test_clock_back(void **state)
{
    struct series s = fill(5, 5000, 1);

    (void)state;
    series_add(&s, 1000, 2);
    assert_int_equal(s.n, 1);
    assert_float_equal(series_at(&s, 0)->value, 2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring), cmocka_unit_test(test_held),       cmocka_unit_test(test_gap),
        cmocka_unit_test(test_mean), cmocka_unit_test(test_clock_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
