/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static void test_null_is_accepted(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, ERR_DATA, "%d", 1), ERR_DATA);
    assert_int_equal(err_set_at(NULL, ERR_CONFIG, "f", 1, 2, "x"), ERR_CONFIG);
    assert_int_equal(err_set_errno(NULL, ENOMEM, "x"), ERR_NOMEM);
}

static void test_set_fills_everything(void **state)
{
    struct err e;
    char buf[600];

    (void)state;
    memset(&e, 0x55, sizeof e);
    assert_int_equal(err_set(&e, ERR_DATA, "row %d", 7), ERR_DATA);
    assert_int_equal(e.code, ERR_DATA);
    assert_int_equal(e.line, 0);
    assert_int_equal(e.column, 0);
    assert_string_equal(e.where, "");
    assert_string_equal(err_format(&e, buf, sizeof buf), "row 7");
}

static void test_format_leaves_out_what_is_unknown(void **state)
{
    struct err e;
    char buf[600];

    (void)state;
    err_set_at(&e, ERR_CONFIG, "a.yaml", 3, 9, "bad");
    assert_string_equal(err_format(&e, buf, sizeof buf), "a.yaml:3:9: bad");
    err_set_at(&e, ERR_CONFIG, "a.yaml", 3, 0, "bad");
    assert_string_equal(err_format(&e, buf, sizeof buf), "a.yaml:3: bad");
    err_set_at(&e, ERR_CONFIG, "a.yaml", 0, 0, "bad");
    assert_string_equal(err_format(&e, buf, sizeof buf), "a.yaml: bad");
    err_set_at(&e, ERR_CONFIG, NULL, 3, 9, "bad");
    assert_string_equal(err_format(&e, buf, sizeof buf), "line 3, column 9: bad");
    err_set(&e, ERR_TIMEOUT, "%s", "");
    assert_string_equal(err_format(&e, buf, sizeof buf), "timed out");
}

static void test_nothing_steers_a_terminal(void **state)
{
    struct err e;
    char buf[600];

    (void)state;
    err_set_at(&e, ERR_DATA, "a\x1b[2Jb.csv", 1, 5,
               "two columns are called \"x\x1b]0;y\a\xff\nz\"");
    assert_string_equal(err_format(&e, buf, sizeof buf),
                        "a?[2Jb.csv:1:5: two columns are called \"x?]0;y?? z\"");
}

static void test_context_may_quote_the_same_error(void **state)
{
    struct err e;

    (void)state;
    err_set_at(&e, ERR_DATA, "page", 2, 1, "not a number");
    err_set_at(&e, e.code, e.where, e.line, e.column, "metric up: %s", e.text);
    assert_string_equal(e.text, "metric up: not a number");
    assert_string_equal(e.where, "page");
}

/* A text of two-byte characters must be cut between two of them, wherever the buffer ends. */
static void test_long_text_is_cut_on_a_character(void **state)
{
    char text[1000] = "", buf[64];
    struct err e;

    (void)state;
    for (size_t shift = 0; shift < 2; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 2 < sizeof text; i += 2)
            memcpy(text + i, "\xc3\xa9", 3);
        err_set_at(&e, ERR_DATA, text, 1, 1, "%s", text);
        assert_in_range(strlen(e.text), sizeof e.text - 3, sizeof e.text - 1);
        assert_int_equal((strlen(e.text) - shift) % 2, 0);
        assert_int_equal((strlen(e.where) - shift) % 2, 0);
        err_set(&e, ERR_DATA, "%s", text);
        err_format(&e, buf, sizeof buf);
        assert_int_equal((strlen(buf) - shift) % 2, 0);
        assert_in_range(strlen(buf), sizeof buf - 3, sizeof buf - 1);
    }
}

static void test_errno_is_mapped_and_named(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(err_set_errno(&e, ENOENT, "open %s", "f"), ERR_ABSENT);
    assert_string_equal(e.text, "open f: No such file or directory");
    assert_int_equal(err_set_errno(&e, EACCES, "x"), ERR_DENIED);
    assert_int_equal(err_set_errno(&e, ENOSPC, "x"), ERR_FULL);
    assert_int_equal(err_set_errno(&e, EFBIG, "x"), ERR_FULL);
    assert_int_equal(err_set_errno(&e, ETIMEDOUT, "x"), ERR_TIMEOUT);
    assert_int_equal(err_set_errno(&e, ECONNREFUSED, "x"), ERR_CONNECT);
    assert_int_equal(err_set_errno(&e, 99999, "x"), ERR_IO);
    assert_non_null(strstr(e.text, "x: "));
    err_set_errno(&e, EIO, "%s", "");
    assert_string_equal(e.text, "Input/output error");
}

static void test_table(void **state)
{
    (void)state;
    assert_string_equal(err_name(ERR_OK), "ok");
    assert_int_equal(err_exit_status(ERR_OK), 0);
    assert_string_equal(err_name(ERR_NOT_VERIFIED), "not_verified");
    assert_string_equal(err_message(ERR_CHAIN), "audit chain broken");
    assert_int_equal(err_exit_status(ERR_CONFIG), 78);
    assert_true(err_retryable(ERR_TIMEOUT));
    assert_false(err_retryable(ERR_UNKNOWN));
    assert_string_equal(err_name(-9999), "internal");
    assert_int_equal(err_exit_status(12345), 70);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_null_is_accepted),
        cmocka_unit_test(test_set_fills_everything),
        cmocka_unit_test(test_format_leaves_out_what_is_unknown),
        cmocka_unit_test(test_nothing_steers_a_terminal),
        cmocka_unit_test(test_context_may_quote_the_same_error),
        cmocka_unit_test(test_long_text_is_cut_on_a_character),
        cmocka_unit_test(test_errno_is_mapped_and_named),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
