/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct value read_text(const char *text)
{
    return value_from_text(text, strlen(text));
}

/* Compared as bits: -0 is not 0, and no bit may differ. */
static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void expect_as_strtod(const char *text)
{
    struct value v = read_text(text);

    if (v.kind != VALUE_NUMBER || !same(v.number, strtod(text, NULL)))
        fail_msg("%s gives %d, %.17g", text, (int)v.kind, v.number);
    assert_ptr_equal(v.text, text);
    assert_int_equal(v.length, strlen(text));
}

static void test_numbers(void **state)
{
    static const char *const numbers[] = {
        "0",
        "-0",
        "+0",
        "0.0",
        "00",
        "007",
        "1",
        "+1",
        "-1",
        "1.",
        ".5",
        "-.5e1",
        "1e5",
        "1E+5",
        "1e-5",
        "0.1",
        "0.3",
        "3.14159",
        "123456789012345678",
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740993.0000000000000000000000001",
        "18446744073709551616",
        "18446744073709551615e-19",
        "9999999999999999999e19",
        "1e22",
        "1e23",
        "8.5e22",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "2e308",
        "-1e400",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "1e-400",
        "0e999999999999999999999",
        "1e999999999999999999999",
        "1e-999999999999999999999",
        "0.000000000000000000000000000000000001",
        "100000000000000000000000000000000000000",
        "6.02214076e23",
        "0.83238749128374610",
        "1000000000000008.0",
        "5e-324",
        "0.500000000000000166533453693773481063544750213623046875",
    };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        expect_as_strtod(numbers[i]);
}

static void test_infinities(void **state)
{
    (void)state;
    assert_true(same(read_text("inf").number, INFINITY));
    assert_true(same(read_text("+Inf").number, INFINITY));
    assert_true(same(read_text("-INF").number, -INFINITY));
    assert_int_equal(read_text("-inf").kind, VALUE_NUMBER);
}

static void test_missing(void **state)
{
    static const char *const missing[] = {"", "nan", "NaN", "NAN", "null", "NULL", "NA"};

    (void)state;
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        assert_int_equal(read_text(missing[i]).kind, VALUE_MISSING);
        assert_null(read_text(missing[i]).text);
    }
    assert_int_equal(value_from_text(NULL, 0).kind, VALUE_MISSING);
}

static void test_texts(void **state)
{
    static const char *const texts[] = {
        "0x10", "1_000",    "1 2", " 1",    "1 ",    "1\n",  "1e",   "1e+",      "e5",    ".",
        "-",    "+",        "-.",  "1.2.3", "--1",   "+-1",  "1,5",  "infinity", "in",    "inff",
        "1f",   "1d",       "na",  "nul",   "nano",  "none", "true", "0b1",      "1e5.0", "1e5e5",
        "abc",  "\xd9\xa1", "5%",  "-nan",  "+null", "e",    "E1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct value v = read_text(texts[i]);

        if (v.kind != VALUE_TEXT)
            fail_msg("\"%s\" is no text", texts[i]);
        assert_ptr_equal(v.text, texts[i]);
        assert_int_equal(v.length, strlen(texts[i]));
    }
    assert_int_equal(value_from_text("1\0", 2).kind, VALUE_TEXT);
}

/* The length rules, not a NUL: fields lie one behind the other in a line. */
static void test_reads_no_further_than_told(void **state)
{
    (void)state;
    assert_true(same(value_from_text("12345", 2).number, 12));
    assert_true(same(value_from_text("1.5e3", 3).number, 1.5));
    assert_int_equal(value_from_text("nanx", 3).kind, VALUE_MISSING);
    assert_int_equal(value_from_text("infx", 3).kind, VALUE_NUMBER);
}

/* Far more digits than a double has, with the deciding one at the very end. */
static void test_endless_digits(void **state)
{
    char text[20000];
    struct value v;

    (void)state;
    memset(text, '0', sizeof text);
    memcpy(text, "9007199254740993.", 17); /* halfway between two doubles */
    v = value_from_text(text, sizeof text);
    assert_true(same(v.number, 9007199254740992.0));
    text[sizeof text - 1] = '1';
    v = value_from_text(text, sizeof text);
    assert_true(same(v.number, 9007199254740994.0));
    memset(text, '1', sizeof text);
    assert_true(same(value_from_text(text, sizeof text).number, INFINITY));
    /* 0.000...07e19992: the digit stands 19992 places behind the point */
    memset(text, '0', sizeof text);
    text[1] = '.';
    memcpy(text + sizeof text - 7, "7e19992", 7);
    assert_true(same(value_from_text(text, sizeof text).number, 7));
}

/* Small and reproducible; any good spread of bits will do. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void test_random_doubles_read_back(void **state)
{
    uint64_t seed = 0x9e3779b97f4a7c15;
    char text[64];

    (void)state;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = next_random(&seed);
        double number;

        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        snprintf(text, sizeof text, "%.*g", 1 + (int)(next_random(&seed) % 20), number);
        expect_as_strtod(text);
    }
}

static void test_random_decimals(void **state)
{
    uint64_t seed = 42;
    char text[64];

    (void)state;
    for (int i = 0; i < 300000; i++) {
        uint64_t digits = next_random(&seed) >> (next_random(&seed) % 64);
        int exponent = (int)(next_random(&seed) % 60) - 30;

        snprintf(text, sizeof text, "%s%llue%d", next_random(&seed) % 2 ? "-" : "",
                 (unsigned long long)digits, exponent);
        expect_as_strtod(text);
        snprintf(text, sizeof text, "%llu.%0*llu",
                 (unsigned long long)(digits >> (next_random(&seed) % 64)),
                 (int)(next_random(&seed) % 18), (unsigned long long)(digits % 100000));
        expect_as_strtod(text);
    }
}

/* With 19 decimals the quotient is short, and one in a thousand looks like a halfway case that only the
 * remainder decides. */
static void test_nineteen_decimals(void **state)
{
    uint64_t seed = 7;
    char text[64];

    (void)state;
    for (int i = 0; i < 200000; i++) {
        snprintf(text, sizeof text, "0.%019llu",
                 (unsigned long long)(next_random(&seed) % 10000000000000000000u));
        expect_as_strtod(text);
    }
}

static void test_from_number(void **state)
{
    struct value v = value_from_number(-2.5);

    (void)state;
    assert_int_equal(v.kind, VALUE_NUMBER);
    assert_true(same(v.number, -2.5));
    assert_null(v.text);
    assert_int_equal(value_from_number(NAN).kind, VALUE_MISSING);
    assert_int_equal(value_from_number(INFINITY).kind, VALUE_NUMBER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_infinities),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_reads_no_further_than_told),
        cmocka_unit_test(test_endless_digits),
        cmocka_unit_test(test_random_doubles_read_back),
        cmocka_unit_test(test_random_decimals),
        cmocka_unit_test(test_nineteen_decimals),
        cmocka_unit_test(test_from_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
