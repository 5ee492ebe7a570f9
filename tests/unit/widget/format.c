/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "driftop/widget/format.h"

static char buf[FORMAT_SIZE];

static void shares(void **state)
{
    (void)state;
    assert_string_equal(format_share(0.75, buf), "75%");
    assert_string_equal(format_share(0.248, buf), "24.8%");
    assert_string_equal(format_share(0, buf), "0%");
    assert_string_equal(format_share(1, buf), "100%");
    assert_string_equal(format_share(0.00001, buf), "<0.1%");
    assert_string_equal(format_share(0.0005, buf), "0.1%");
    assert_string_equal(format_share(0.99999, buf), ">99%");
    assert_string_equal(format_share(0.9994, buf), "99.9%");
    assert_string_equal(format_share(0.2, buf), "20%");
    assert_string_equal(format_share(0.003, buf), "0.3%");
    assert_string_equal(format_share(NAN, buf), "-");
    assert_string_equal(format_share(-0.1, buf), "-");
}

static void error_ratios(void **state)
{
    (void)state;
    assert_string_equal(format_percent(0.0012, buf), "0.12%");
    assert_string_equal(format_percent(0.041, buf), "4.10%");
    assert_string_equal(format_percent(0.09999, buf), "10.0%");
    assert_string_equal(format_percent(0.123, buf), "12.3%");
    assert_string_equal(format_percent(1, buf), "100%");
    assert_string_equal(format_percent(0.9999, buf), ">99.9%");
    assert_string_equal(format_percent(1e-9, buf), "<0.01%");
    assert_string_equal(format_percent(0, buf), "0%");
    assert_string_equal(format_percent(NAN, buf), "-");
}

static void points(void **state)
{
    (void)state;
    assert_string_equal(format_points(0.89, buf), "+89");
    assert_string_equal(format_points(-0.042, buf), "-4.2");
    assert_string_equal(format_points(0, buf), "0");
    assert_string_equal(format_points(0.0001, buf), "+0");
    assert_string_equal(format_points(-0.0001, buf), "-0");
    assert_string_equal(format_points(-1, buf), "-100");
    assert_string_equal(format_points(NAN, buf), "-");
}

static void rates_and_counts(void **state)
{
    (void)state;
    assert_string_equal(format_rate(412, buf), "412");
    assert_string_equal(format_rate(2100, buf), "2.1k");
    assert_string_equal(format_rate(999.6, buf), "1.0k");
    assert_string_equal(format_rate(0.4, buf), "0.4");
    assert_string_equal(format_rate(3, buf), "3");
    assert_string_equal(format_rate(0.001, buf), "<.1");
    assert_string_equal(format_rate(0, buf), "0");
    assert_string_equal(format_rate(1e30, buf), ">1P");
    assert_string_equal(format_rate(NAN, buf), "-");
    assert_string_equal(format_count(8912004, buf), "8.9M");
    assert_string_equal(format_count(999, buf), "999");
    assert_string_equal(format_count(-1, buf), "-");
    assert_string_equal(format_count_long(8912004, buf), "8,912,004");
    assert_string_equal(format_count_long(0, buf), "0");
    assert_string_equal(format_count_long(INT64_MAX, buf), "9,223,372,036,854,775,807");
    assert_string_equal(format_bytes(412, buf), "412 B");
    assert_string_equal(format_bytes(5300, buf), "5.3 kB");
    assert_string_equal(format_bytes(999999, buf), "1.0 MB");
}

static void latencies(void **state)
{
    (void)state;
    assert_string_equal(format_latency(0.39, buf), "390 ms");
    assert_string_equal(format_latency(1.2, buf), "1.2 s");
    assert_string_equal(format_latency(0.000085, buf), "85 us");
    assert_string_equal(format_latency(0.0042, buf), "4.2 ms");
    assert_string_equal(format_latency(12.3, buf), "12 s");
    assert_string_equal(format_latency(180, buf), "3 min");
    assert_string_equal(format_latency(7200, buf), "2 h");
    assert_string_equal(format_latency(0.9999, buf), "1.0 s");
    assert_string_equal(format_latency(0, buf), "0 s");
    assert_string_equal(format_latency(NAN, buf), "-");
    assert_string_equal(format_latency(INFINITY, buf), "inf");
}

static void distances_and_values(void **state)
{
    (void)state;
    assert_string_equal(format_distance(0.41, buf), ".41");
    assert_string_equal(format_distance(6.38, buf), "6.38");
    assert_string_equal(format_distance(99.2, buf), "99.2");
    assert_string_equal(format_distance(1234, buf), "1.2k");
    assert_string_equal(format_distance(0.0041, buf), ".004");
    assert_string_equal(format_distance(0.00001, buf), "<.001");
    assert_string_equal(format_distance(0.9999, buf), "1.00");
    assert_string_equal(format_distance(-0.017, buf), "-.017");
    assert_string_equal(format_distance(0, buf), "0");
    assert_string_equal(format_number(53, buf), "53");
    assert_string_equal(format_number(5258, buf), "5,258");
    assert_string_equal(format_number(0.0312, buf), "0.0312");
    assert_string_equal(format_number(-1.23e9, buf), "-1.2e+09");
    assert_string_equal(format_number(-4.5, buf), "-4.500");
    assert_string_equal(format_number(999999.7, buf), "1.0e+06");
    assert_string_equal(format_number(0, buf), "0");
    assert_string_equal(format_number(NAN, buf), "-");
    assert_string_equal(format_age(-1, buf), "-");
    assert_string_equal(format_age(12 * 60000, buf), "12m");
}

static void assert_width(const char *text, int columns, double value)
{
    if ((int)strlen(text) > columns)
        fail_msg("\"%s\" for %.17g is wider than %d", text, value, columns);
}

static void all_at(double v)
{
    int64_t count = v > 9e18 ? INT64_MAX : (int64_t)v;

    assert_width(format_share(v, buf), FORMAT_SHARE_COLUMNS, v);
    assert_width(format_percent(v, buf), FORMAT_PERCENT_COLUMNS, v);
    assert_width(format_points(v, buf), FORMAT_POINTS_COLUMNS, v);
    assert_width(format_points(-v, buf), FORMAT_POINTS_COLUMNS, v);
    assert_width(format_rate(v, buf), FORMAT_RATE_COLUMNS, v);
    assert_width(format_latency(v, buf), FORMAT_LATENCY_COLUMNS, v);
    assert_width(format_count(count, buf), FORMAT_COUNT_COLUMNS, v);
    assert_width(format_distance(v, buf), FORMAT_DISTANCE_COLUMNS, v);
    assert_width(format_distance(-v, buf), FORMAT_DISTANCE_COLUMNS, v);
    assert_width(format_number(v, buf), FORMAT_NUMBER_COLUMNS, v);
    assert_width(format_number(-v, buf), FORMAT_NUMBER_COLUMNS, v);
    assert_width(format_age(count, buf), FORMAT_AGE_COLUMNS, v);
    assert_width(format_bytes(count, buf), FORMAT_BYTES_COLUMNS, v);
}

/* Around every power of ten and through the ranges between, and at the ends of double. */
static void no_number_is_wider_than_its_column(void **state)
{
    (void)state;
    for (double v = 1e-12; v < 1e21; v *= 1.00137)
        all_at(v);
    for (int e = -12; e < 21; e++)
        for (int k = 1; k < 10; k++)
            for (double epsilon = 0; epsilon < 0.07; epsilon += 0.0004999)
                all_at(k * pow(10, e) * (1 - epsilon));
    static const double ends[] = {0, 5e-324, 1e-300, 1e99, 9.99e99, 1e100, 1.7e308, INFINITY};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        all_at(ends[i]);
    all_at(-1.0);
}

static void nothing_small_becomes_nothing(void **state)
{
    (void)state;
    for (double v = 1e-9; v < 1; v *= 1.01) {
        assert_string_not_equal(format_share(v, buf), "0%");
        assert_string_not_equal(format_share(v, buf), "100%");
        assert_string_not_equal(format_percent(v, buf), "0%");
        assert_string_not_equal(format_percent(v, buf), "100%");
        assert_string_not_equal(format_percent(v, buf), "0.00%");
        assert_string_not_equal(format_rate(v, buf), "0");
        assert_string_not_equal(format_distance(v, buf), "0");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares),
        cmocka_unit_test(error_ratios),
        cmocka_unit_test(points),
        cmocka_unit_test(rates_and_counts),
        cmocka_unit_test(latencies),
        cmocka_unit_test(distances_and_values),
        cmocka_unit_test(no_number_is_wider_than_its_column),
        cmocka_unit_test(nothing_small_becomes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
