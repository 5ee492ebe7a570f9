/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/json_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

/* Drops the value. */
static void expect_text(struct json *value, const char *wanted)
{
    struct str s;

    str_init(&s, 0);
    assert_int_equal(json_write(value, 0, &s), 0);
    assert_string_equal(s.data, wanted);
    str_done(&s);
    json_drop(value);
}

static void test_scalars(void **state)
{
    (void)state;
    expect_text(json_new_text("a\"b\n"), "\"a\\\"b\\n\"");
    expect_text(json_new_text(NULL), "null");
    expect_text(json_new_null(), "null");
    expect_text(json_new_bool(true), "true");
    expect_text(json_new_bool(false), "false");
    expect_text(json_new_int(INT64_MIN), "-9223372036854775808");
    expect_text(json_new_real(0.1), "0.10000000000000001");
    expect_text(json_new_real(1), "1.0");
    expect_text(json_new_real(NAN), "null");
    expect_text(json_new_real(INFINITY), "null");
    expect_text(json_new_real(-INFINITY), "null");
}

static void test_members_keep_their_order(void **state)
{
    struct json *root = json_new_object(), *list = json_new_array();

    (void)state;
    json_append(list, json_new_int(1));
    json_append(list, json_new_text("x"));
    json_put(root, "z", json_new_int(1));
    json_put(root, "a", list);
    json_put(root, "m", json_new_object());
    json_put(root, "z", json_new_int(2));
    expect_text(root, "{\"z\":2,\"a\":[1,\"x\"],\"m\":{}}");
}

static void test_broken_utf8_is_cleaned(void **state)
{
    struct json *root = json_new_object();

    (void)state;
    json_put(root, "k\xff", json_new_text("caf\xe9 \xc3\xa9"));
    expect_text(root, "{\"k?\":\"caf? \xc3\xa9\"}");
}

/* As after a failure of memory: nothing crashes and, under the sanitizer, nothing leaks. */
static void test_null_is_accepted_everywhere(void **state)
{
    struct json *root = json_new_object();
    struct str s;

    (void)state;
    json_put(NULL, "a", json_new_text("x"));
    json_put(root, "a", NULL);
    json_put(root, NULL, json_new_text("x"));
    json_append(NULL, json_new_text("x"));
    json_append(root, json_new_text("x"));
    assert_null(json_keep(NULL));
    str_init(&s, 0);
    assert_int_equal(json_write(NULL, 0, &s), ERR_NOMEM);
    assert_int_equal(json_length(root), 0);
    str_done(&s);
    json_drop(root);
}

static void test_two_trees_may_share_a_value(void **state)
{
    struct json *shared = json_new_text("s"), *a = json_new_array(), *b = json_new_array();

    (void)state;
    json_append(a, json_keep(shared));
    json_append(b, shared);
    expect_text(a, "[\"s\"]");
    expect_text(b, "[\"s\"]");
}

static void test_write_appends_indents_and_respects_the_limit(void **state)
{
    struct json *root = json_new_object();
    struct str s;

    (void)state;
    json_put(root, "a", json_new_int(1));
    str_init(&s, 16);
    str_add(&s, "> ");
    assert_int_equal(json_write(root, 2, &s), 0);
    assert_string_equal(s.data, "> {\n  \"a\": 1\n}");
    assert_int_equal(json_write(root, 0, &s), ERR_LIMIT);
    assert_string_equal(s.data, "> {\n  \"a\": 1\n}");
    str_done(&s);
    json_drop(root);
}

static void test_reals_read_back(void **state)
{
    static const double numbers[] = {0.1, 1.0 / 3, 1e-300, 123456789.123456789, 5e-324, 1e22};

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct json *value = json_new_real(numbers[i]), *back = NULL;
        struct str s;
        double number = 0;

        str_init(&s, 0);
        assert_int_equal(json_write(value, 0, &s), 0);
        assert_int_equal(json_parse(s.data, s.length, &back, NULL), 0);
        assert_true(json_number(back, &number));
        assert_memory_equal(&number, &numbers[i], sizeof number);
        str_done(&s);
        json_drop(value);
        json_drop(back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_members_keep_their_order),
        cmocka_unit_test(test_broken_utf8_is_cleaned),
        cmocka_unit_test(test_null_is_accepted_everywhere),
        cmocka_unit_test(test_two_trees_may_share_a_value),
        cmocka_unit_test(test_write_appends_indents_and_respects_the_limit),
        cmocka_unit_test(test_reals_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
