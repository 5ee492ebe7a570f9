/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"

static void test_empty_needs_no_memory(void **state)
{
    struct str s;

    (void)state;
    str_init(&s, 0);
    assert_string_equal(s.data, "");
    assert_int_equal(s.capacity, 0);
    assert_int_equal(s.limit, STR_LIMIT_DEFAULT);
    assert_int_equal(str_add(&s, ""), 0);
    str_clear(&s);
    str_consume(&s, 5);
    assert_string_equal(s.data, "");
    str_done(&s);
    str_done(&s);
}

static void test_pieces_of_every_kind(void **state)
{
    struct str s;

    (void)state;
    str_init(&s, 0);
    str_add(&s, "ab");
    str_add_char(&s, 'c');
    str_add_bytes(&s, "\0d", 2);
    str_addf(&s, "%d", 42);
    assert_int_equal(s.length, 7);
    assert_memory_equal(s.data, "abc\0d42", 8);
    str_done(&s);
}

static void test_limit_is_exact_and_keeps_the_content(void **state)
{
    struct str s;

    (void)state;
    str_init(&s, 10);
    assert_int_equal(str_add(&s, "0123456789"), 0);
    assert_false(s.failed);
    assert_int_equal(str_add_char(&s, 'x'), ERR_LIMIT);
    assert_int_equal(str_addf(&s, "%s", "y"), ERR_LIMIT);
    assert_int_equal(str_add_bytes(&s, "z", SIZE_MAX), ERR_LIMIT);
    assert_string_equal(s.data, "0123456789");
    assert_true(s.failed);
    str_consume(&s, 1);
    assert_true(s.failed);
    assert_int_equal(str_add(&s, "x"), 0);
    assert_true(s.failed);
    str_clear(&s);
    assert_false(s.failed);
    assert_string_equal(s.data, "");
    str_done(&s);
}

static void test_largest_limit(void **state)
{
    struct str s;

    (void)state;
    str_init(&s, SIZE_MAX);
    assert_int_equal(str_add(&s, "x"), 0);
    assert_int_equal(str_add_bytes(&s, "z", SIZE_MAX - 1), ERR_LIMIT);
    assert_string_equal(s.data, "x");
    str_done(&s);
}

static void test_growth_by_single_bytes(void **state)
{
    struct str s;

    (void)state;
    str_init(&s, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(str_add_char(&s, (char)('a' + i % 26)), 0);
    assert_int_equal(str_add_char(&s, '!'), ERR_LIMIT);
    assert_int_equal(s.length, 100000);
    assert_true(s.capacity <= s.limit + 1);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(s.data[i], 'a' + i % 26);
    str_done(&s);
}

/* Around the size of the buffer in which short pieces are formatted. */
static void test_formatted_pieces_of_every_length(void **state)
{
    struct str s;
    char text[600];

    (void)state;
    str_init(&s, 0);
    for (size_t n = 0; n < sizeof text - 1; n++) {
        memset(text, 'a' + (int)(n % 26), n);
        text[n] = '\0';
        str_clear(&s);
        assert_int_equal(str_addf(&s, "<%s>", text), 0);
        assert_int_equal(s.length, n + 2);
        assert_memory_equal(s.data + 1, text, n);
        assert_string_equal(s.data + n + 1, ">");
    }
    str_done(&s);
}

static void test_consume(void **state)
{
    struct str s;

    (void)state;
    str_init(&s, 0);
    str_add(&s, "hello world");
    str_consume(&s, 6);
    assert_string_equal(s.data, "world");
    str_consume(&s, 0);
    assert_string_equal(s.data, "world");
    str_consume(&s, 99);
    assert_string_equal(s.data, "");
    assert_int_equal(s.length, 0);
    str_done(&s);
}

static void test_take(void **state)
{
    struct str s;
    char *taken;

    (void)state;
    str_init(&s, 7);
    taken = str_take(&s);
    assert_string_equal(taken, "");
    free(taken);
    str_add(&s, "mine");
    taken = str_take(&s);
    assert_string_equal(taken, "mine");
    free(taken);
    assert_int_equal(s.length, 0);
    assert_string_equal(s.data, "");
    assert_int_equal(s.limit, 7);
    str_done(&s);
}

static void test_copy_cuts_on_a_character(void **state)
{
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"; /* 1, 2, 3, 4, 1 bytes */
    static const size_t kept[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    char buf[32];

    (void)state;
    for (size_t size = 1; size < sizeof kept / sizeof kept[0]; size++) {
        memset(buf, '#', sizeof buf);
        assert_ptr_equal(str_copy(buf, size, text), buf);
        assert_int_equal(strlen(buf), kept[size]);
        assert_memory_equal(buf, text, kept[size]);
        assert_int_equal(buf[size], '#');
    }
    buf[0] = '#';
    str_copy(buf, 0, text);
    assert_int_equal(buf[0], '#');
    str_copy(buf, 4, "\x80\x80\x80\x80\x80"); /* broken anyhow: nothing to protect */
    assert_int_equal(strlen(buf), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_needs_no_memory),
        cmocka_unit_test(test_pieces_of_every_kind),
        cmocka_unit_test(test_limit_is_exact_and_keeps_the_content),
        cmocka_unit_test(test_largest_limit),
        cmocka_unit_test(test_growth_by_single_bytes),
        cmocka_unit_test(test_formatted_pieces_of_every_length),
        cmocka_unit_test(test_consume),
        cmocka_unit_test(test_take),
        cmocka_unit_test(test_copy_cuts_on_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
