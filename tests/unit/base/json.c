/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"

static struct json *parsed(const char *text)
{
    struct json *value = NULL;
    struct err e;

    if (json_parse(text, strlen(text), &value, &e) != 0)
        fail_msg("%s: %s", text, e.text);
    return value;
}

static void test_reads_a_document(void **state)
{
    struct json *root = parsed("{\"a\": [1, 2.5, \"x\", true, false, null], \"b\": {\"c\": -7}}");
    struct json *a = json_get(root, "a");
    double number;
    int64_t integer;

    (void)state;
    assert_int_equal(json_kind(root), JSON_OBJECT);
    assert_int_equal(json_length(root), 2);
    assert_int_equal(json_kind(a), JSON_ARRAY);
    assert_int_equal(json_length(a), 6);
    assert_true(json_int(json_at(a, 0), &integer) && integer == 1);
    assert_true(json_number(json_at(a, 0), &number) && number > 0.99 && number < 1.01);
    assert_true(json_number(json_at(a, 1), &number) && number > 2.49 && number < 2.51);
    assert_false(json_int(json_at(a, 1), &integer));
    assert_string_equal(json_text(json_at(a, 2), NULL), "x");
    assert_true(json_bool(json_at(a, 3), false));
    assert_false(json_bool(json_at(a, 4), true));
    assert_int_equal(json_kind(json_at(a, 3)), JSON_BOOL);
    assert_int_equal(json_kind(json_at(a, 5)), JSON_NULL);
    assert_true(json_int(json_get(json_get(root, "b"), "c"), &integer) && integer == -7);
    json_drop(root);
}

static void test_any_value_at_the_top(void **state)
{
    static const struct {
        const char *text;
        enum json_kind kind;
    } rows[] = {{"1", JSON_NUMBER},  {"\"x\"", JSON_STRING}, {" null ", JSON_NULL},
                {"true", JSON_BOOL}, {"[]", JSON_ARRAY},     {"{}", JSON_OBJECT}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json *value = parsed(rows[i].text);

        assert_int_equal(json_kind(value), rows[i].kind);
        json_drop(value);
    }
}

static void test_what_is_not_there_is_absent(void **state)
{
    struct json *root = parsed("{\"a\": 1}"), *value;
    const char *key;
    void *it = NULL;
    double number;
    int64_t integer;
    size_t length;

    (void)state;
    assert_null(json_get(root, "b"));
    assert_null(json_get(json_get(root, "a"), "b"));
    assert_null(json_get(NULL, "a"));
    assert_null(json_at(root, 0));
    assert_null(json_at(NULL, 0));
    assert_int_equal(json_length(NULL), 0);
    assert_int_equal(json_length(json_get(root, "a")), 0);
    assert_null(json_text(NULL, NULL));
    assert_null(json_text(root, &length));
    assert_false(json_number(NULL, &number));
    assert_false(json_number(root, &number));
    assert_false(json_int(NULL, &integer));
    assert_false(json_int(root, &integer));
    assert_true(json_bool(NULL, true));
    assert_false(json_bool(root, false));
    assert_int_equal(json_kind(NULL), JSON_NULL);
    assert_false(json_next(NULL, &it, &key, &value));
    assert_false(json_next(json_get(root, "a"), &it, &key, &value));
    json_drop(root);
    json_drop(NULL);
}

static void test_integers(void **state)
{
    static const struct {
        const char *text;
        bool taken;
        int64_t value;
    } rows[] = {
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"\"9223372036854775807\"", true, INT64_MAX},
        {"\"-5\"", true, -5},
        {"3.0", true, 3},
        {"3.5", false, 0},
        {"1e300", false, 0},
        {"\"9223372036854775808\"", false, 0},
        {"\"\"", false, 0},
        {"\" 5\"", false, 0},
        {"\"+5\"", false, 0},
        {"\"5x\"", false, 0},
        {"\"-\"", false, 0},
        {"\"0x10\"", false, 0},
        {"true", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json *value = parsed(rows[i].text);
        int64_t got = 0;

        if (json_int(value, &got) != rows[i].taken || got != rows[i].value)
            fail_msg("%s gives %lld", rows[i].text, (long long)got);
        json_drop(value);
    }
}

/* One id of 20 digits must not cost the other fields. */
static void test_large_integer_spoils_nothing(void **state)
{
    struct json *root = parsed("{\"id\": 18446744073709551615, \"n\": 3}");
    double number;
    int64_t n;

    (void)state;
    assert_true(json_number(json_get(root, "id"), &number) && number > 1.8e19);
    assert_true(json_int(json_get(root, "n"), &n) && n == 3);
    json_drop(root);
}

static void test_nul_in_a_string_needs_its_length(void **state)
{
    struct json *value = parsed("\"a\\u0000b\"");
    size_t length;

    (void)state;
    assert_null(json_text(value, NULL));
    assert_memory_equal(json_text(value, &length), "a\0b", 4);
    assert_int_equal(length, 3);
    json_drop(value);
}

static void test_last_of_equal_keys_counts(void **state)
{
    struct json *root = parsed("{\"a\": 1, \"b\": 2, \"a\": 3}");
    int64_t n;

    (void)state;
    assert_int_equal(json_length(root), 2);
    assert_true(json_int(json_get(root, "a"), &n) && n == 3);
    json_drop(root);
}

static void test_walk_keeps_the_order(void **state)
{
    struct json *root = parsed("{\"z\": 0, \"a\": 1, \"m\": 2, \"b\": 3}"), *value;
    static const char *const keys[] = {"z", "a", "m", "b"};
    const char *key;
    void *it = NULL;
    int64_t n, seen = 0;

    (void)state;
    while (json_next(root, &it, &key, &value)) {
        assert_string_equal(key, keys[seen]);
        assert_true(json_int(value, &n) && n == seen);
        seen++;
    }
    assert_int_equal(seen, 4);
    json_drop(root);
}

static void test_refuses_with_a_position(void **state)
{
    static const char *const wrong[] = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\"}",
        "{a: 1}",
        "[1] x",
        "1 2",
        "nul",
        "'x'",
        "\"",
        "[1}",
        "\"\x01\"",
        "\"\xff\"",
        "NaN",
        "Infinity",
        "1e999",
        "01",
        "\"\\ud800\"",
        "]",
        "[]]",
        "{\"a\\u0000\": 1}",
    };
    struct json *value = NULL;
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (json_parse(wrong[i], strlen(wrong[i]), &value, &e) != ERR_DATA)
            fail_msg("%s is taken", wrong[i]);
        assert_true(e.line >= 1);
        assert_null(value);
    }
    assert_int_equal(json_parse("{\n \"a\": x}", 10, &value, &e), ERR_DATA);
    assert_int_equal(e.line, 2);
    assert_int_equal(json_parse("[", 1, &value, NULL), ERR_DATA);
    assert_int_equal(json_parse(NULL, 0, &value, &e), ERR_DATA);
    assert_int_equal(json_parse("1\0", 2, &value, &e), ERR_DATA);
}

/* n brackets, with others inside a string that must not count. */
static char *nested(int n, char open, char close, size_t *ret_length)
{
    size_t length = 2 * (size_t)n + 8;
    char *text = malloc(length);

    assert_non_null(text);
    memset(text, open, (size_t)n);
    memcpy(text + n, "\"[[\\\"{[\"", 8);
    memset(text + n + 8, close, (size_t)n);
    *ret_length = length;
    return text;
}

static void test_depth_is_bounded(void **state)
{
    struct json *value = NULL;
    struct err e;
    size_t length;
    char *text = nested(JSON_DEPTH, '[', ']', &length);

    (void)state;
    assert_int_equal(json_parse(text, length, &value, &e), 0);
    json_drop(value);
    free(text);
    text = nested(JSON_DEPTH + 1, '[', ']', &length);
    assert_int_equal(json_parse(text, length, &value, &e), ERR_DATA);
    assert_int_equal(e.line, 1);
    assert_int_equal(e.column, JSON_DEPTH + 1);
    free(text);
    text = nested(1000000, '{', '}', &length);
    assert_int_equal(json_parse(text, length, &value, &e), ERR_DATA);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_a_document),
        cmocka_unit_test(test_any_value_at_the_top),
        cmocka_unit_test(test_what_is_not_there_is_absent),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_large_integer_spoils_nothing),
        cmocka_unit_test(test_nul_in_a_string_needs_its_length),
        cmocka_unit_test(test_last_of_equal_keys_counts),
        cmocka_unit_test(test_walk_keeps_the_order),
        cmocka_unit_test(test_refuses_with_a_position),
        cmocka_unit_test(test_depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
