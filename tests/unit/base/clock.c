/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "driftop/base/err.h"

#define NOV_21 1795230461250 /* 2026-11-21T03:07:41.250Z */

static void test_fake_stands_still(void **state)
{
    struct clock c = clock_fake(1000, 5);

    (void)state;
    assert_int_equal(clock_wall(&c), 1000);
    assert_int_equal(clock_mono(&c), 5);
    c.fake_wall_ms = -7;
    c.fake_mono_ms++;
    assert_int_equal(clock_wall(&c), -7);
    assert_int_equal(clock_mono(&c), 6);
}

static void test_system_runs(void **state)
{
    struct clock c = clock_system();
    int64_t before = clock_mono(&c), seconds = (int64_t)time(NULL);

    (void)state;
    assert_true(clock_mono(&c) >= before);
    assert_true(llabs(clock_wall(&c) / 1000 - seconds) <= 2);
}

static void test_format(void **state)
{
    char buf[CLOCK_TEXT_SIZE];

    (void)state;
    assert_string_equal(clock_format_ms(NOV_21, buf), "2026-11-21T03:07:41.250Z");
    assert_string_equal(clock_format_s(NOV_21, buf), "2026-11-21T03:07:41Z");
    assert_string_equal(clock_format_hms(NOV_21, buf), "03:07:41Z");
    assert_string_equal(clock_format_ms(-1, buf), "1969-12-31T23:59:59.999Z");
    assert_string_equal(clock_format_ms(-62167219200000, buf), "0000-01-01T00:00:00.000Z");
    assert_string_equal(clock_format_ms(253402300799999, buf), "9999-12-31T23:59:59.999Z");
    assert_string_equal(clock_format_ms(253402300800000, buf), "-");
    assert_string_equal(clock_format_s(CLOCK_NEVER, buf), "-");
    assert_string_equal(clock_format_hms(INT64_MAX, buf), "-");
}

static void expect_time(const char *text, int64_t wanted)
{
    int64_t got = 0;

    if (clock_parse(text, strlen(text), &got) != 0 || got != wanted)
        fail_msg("%s gives %lld", text, (long long)got);
}

static void test_parse_rfc3339(void **state)
{
    (void)state;
    expect_time("2026-11-21T03:07:41.250Z", NOV_21);
    expect_time("2026-11-21t03:07:41.25z", NOV_21);
    expect_time("2026-11-21 03:07:41.250999999999", NOV_21);
    expect_time("2026-11-21T03:07:41", NOV_21 - 250);
    expect_time("2026-11-21T05:07:41.250+02:00", NOV_21);
    expect_time("2026-11-20T21:37:41.250-05:30", NOV_21);
    expect_time("2026-11-21T05:07:41.25+0200", NOV_21);
    expect_time("2026-11-21T05:07:41.25+02", NOV_21);
    expect_time("2026-11-21T03:07:41.25-00:00", NOV_21);
    expect_time("1969-12-31T23:59:59.999Z", -1);
    expect_time("2024-02-29T00:00:00Z", 1709164800000);
    expect_time("2000-02-29T00:00:00Z", 951782400000);
    expect_time("2016-12-31T23:59:60Z", 1483228800000);
    expect_time("0000-01-01T00:00:00Z", -62167219200000);
}

static void test_parse_epochs(void **state)
{
    (void)state;
    expect_time("1795230461", NOV_21 - 250);
    expect_time("1795230461.25", NOV_21);
    expect_time("1795230461250", NOV_21);
    expect_time("1795230461250000", NOV_21);
    expect_time("1795230461250000000", NOV_21);
    expect_time("1.795230461e9", NOV_21 - 250);
    expect_time("0", 0);
    expect_time("-1", -1000);
    expect_time("100000000000", 100000000000000);
    expect_time("100000000001", 100000000001);
}

static void test_parse_refuses(void **state)
{
    static const char *const wrong[] = {
        "",
        "x",
        "nan",
        "inf",
        "-inf",
        "null",
        "2026-11-21",
        "2026-11-21T",
        "1e300",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-11-31T00:00:00Z",
        "2026-11-00T00:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T00:60:00Z",
        "2026-11-21T00:00:61Z",
        "2026-11-21T00:00Z",
        "2026-11-21T00:00:00.Z",
        "2026-11-21T00:00:00+",
        "2026-11-21T00:00:00Zx",
        "2026-11-21T00:00:00+24:00",
        "2026-11-21T00:00:00+02:60",
        "2026-11-21T00:00:00+02:",
        "2026-11-21T00:00:00 Z",
        " 2026-11-21T00:00:00Z",
        "2026-1-21T00:00:00Z",
        "20261-11-21T00:00:00Z",
        "2026/11/21T00:00:00Z",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0x10",
        "12 34",
    };
    int64_t got = 77;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (clock_parse(wrong[i], strlen(wrong[i]), &got) != ERR_DATA)
            fail_msg("\"%s\" is taken as %lld", wrong[i], (long long)got);
        assert_int_equal(got, 77);
    }
    assert_int_equal(clock_parse("2026-11-21T03:07:41\0Z", 21, &got), ERR_DATA);
}

static void test_from_number(void **state)
{
    int64_t got = 77;

    (void)state;
    assert_int_equal(clock_from_number(NAN, &got), ERR_DATA);
    assert_int_equal(clock_from_number(INFINITY, &got), ERR_DATA);
    assert_int_equal(clock_from_number(1e22, &got), ERR_DATA);
    assert_int_equal(clock_from_number(-1e99, &got), ERR_DATA);
    assert_int_equal(got, 77);
    assert_int_equal(clock_from_number(1795230461.25, &got), 0);
    assert_int_equal(got, NOV_21);
}

/* Any millisecond in four centuries, in and out. */
static void test_format_and_parse_agree(void **state)
{
    char buf[CLOCK_TEXT_SIZE];

    (void)state;
    for (int64_t ms = -6000000000000; ms < 6000000000000; ms += 1234567891)
        expect_time(clock_format_ms(ms, buf), ms);
}

static void test_durations(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } right[] = {{"5s", 5000},
                 {"1m30s", 90000},
                 {"250ms", 250},
                 {"2h", 7200000},
                 {"7d", 604800000},
                 {"0s", 0},
                 {"1d2h3m4s5ms", 93784005},
                 {"1m5ms", 60005}};
    static const char *const wrong[] = {
        "",
        "5",
        "s",
        "5 s",
        "-5s",
        "+5s",
        "1.5s",
        "5s1m",
        "5s5s",
        "5x",
        "5sec",
        "ms",
        "1h30",
        "99999999999999999999s",
        "9223372036854775807d",
        "106751991168d",
        " 5s",
        "5s ",
        "5S",
    };
    int64_t got = 77;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (clock_parse_duration(wrong[i], &got) != ERR_DATA)
            fail_msg("\"%s\" is taken as %lld", wrong[i], (long long)got);
        assert_int_equal(got, 77);
    }
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_int_equal(clock_parse_duration(right[i].text, &got), 0);
        assert_int_equal(got, right[i].ms);
    }
}

static void test_ages(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "0s"},           {999, "0s"},           {59999, "59s"},      {60000, "1m"},
        {3599999, "59m"},    {3600000, "1h"},       {86399999, "23h"},   {86400000, "1d"},
        {1209600000, "14d"}, {31535999999, "364d"}, {31536000000, "1y"}, {94608000000, "3y"},
        {-1, "-"},           {INT64_MAX, "999y"},   {CLOCK_NEVER, "-"}};
    char buf[CLOCK_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(clock_format_age(rows[i].ms, buf), rows[i].text);
        assert_true(strlen(buf) <= 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fake_stands_still),
        cmocka_unit_test(test_system_runs),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_parse_rfc3339),
        cmocka_unit_test(test_parse_epochs),
        cmocka_unit_test(test_parse_refuses),
        cmocka_unit_test(test_from_number),
        cmocka_unit_test(test_format_and_parse_agree),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_ages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
