/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../../../src/base/utf8_private.h"

/* Every character there is, out and back. */
static void test_every_character_survives(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        char buf[4];
        uint32_t back;
        size_t n;

        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        n = utf8_encode(c, buf);
        if (utf8_decode(buf, n, &back) != n || back != c)
            fail_msg("U+%04X comes back as U+%04X", c, back);
        if (n > 1 && (utf8_decode(buf, n - 1, &back) != 1 || back != UTF8_REPLACEMENT))
            fail_msg("half of U+%04X is taken", c);
    }
}

static void test_broken_sequences(void **state)
{
    static const char *const broken[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xff",
        "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xc3(",
        "\xe2\x82(",
        "\xfe",
    };
    uint32_t c;

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_int_equal(utf8_decode(broken[i], strlen(broken[i]), &c), 1);
        assert_int_equal(c, UTF8_REPLACEMENT);
    }
}

static void test_encode_refuses_what_is_no_character(void **state)
{
    char buf[4];

    (void)state;
    assert_int_equal(utf8_encode(0xd800, buf), 3);
    assert_memory_equal(buf, "\xef\xbf\xbd", 3);
    assert_int_equal(utf8_encode(0x110000, buf), 3);
    assert_memory_equal(buf, "\xef\xbf\xbd", 3);
}

static void test_widths(void **state)
{
    static const struct {
        uint32_t c;
        int width;
    } rows[] = {{'a', 1},     {0x1b, 1},     {0x7f, 1},   {0xe9, 1},    {0xad, 1},
                {0x301, 0},   {0x20d0, 0},   {0x200b, 0}, {0x200d, 0},  {0xfe0f, 0},
                {0x4e2d, 2},  {0x3042, 2},   {0xac00, 2}, {0x1160, 0},  {0xff21, 2},
                {0xff71, 1},  {0x1f600, 2},  {0x2588, 1}, {0x2800, 1},  {0x2014, 1},
                {0x20000, 2}, {0x10ffff, 1}, {0x303f, 1}, {0x1f1e6, 1}, {0x110000, 1}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (utf8_width(rows[i].c) != rows[i].width)
            fail_msg("U+%04X is %d wide", rows[i].c, utf8_width(rows[i].c));
    }
}

static void test_columns_and_fit(void **state)
{
    static const char text[] = "a\xe4\xb8\xad"
                               "e\xcc\x81z"; /* a, a wide one, e with an accent, z */
    static const size_t fitting[] = {0, 1, 1, 4, 7, 8, 8};
    static const int columns[] = {0, 1, 1, 3, 4, 5, 5};
    int taken;

    (void)state;
    assert_int_equal(utf8_columns(text), 5);
    assert_int_equal(utf8_columns(""), 0);
    for (int room = 0; room < 7; room++) {
        assert_int_equal(utf8_fit(text, room, &taken), fitting[room]);
        assert_int_equal(taken, columns[room]);
    }
    assert_int_equal(utf8_fit(text, 4, NULL), 7);
    assert_int_equal(utf8_fit("\xff\xff", 1, &taken), 1);
}

static void expect_clean(const char *bytes, size_t length, const char *wanted)
{
    char buf[64];

    assert_string_equal(utf8_clean(buf, sizeof buf, bytes, length), wanted);
}

static void test_clean_disarms(void **state)
{
    (void)state;
    expect_clean("plain \xc3\xa9", 8, "plain \xc3\xa9");
    expect_clean("\x1b[31mred\x1b[0m", 12, "?[31mred?[0m");
    expect_clean("a\tb\nc\rd", 7, "a b c d");
    expect_clean("a\0b\x7f", 4, "a?b?");
    expect_clean("\xc2\x9b"
                 "31m",
                 5, "?31m");                             /* C1: CSI in one character */
    expect_clean("\xe2\x80\xaegpj.exe", 10, "?gpj.exe"); /* right-to-left override */
    expect_clean("\xe2\x81\xa6x", 4, "?x");
    expect_clean("\xff\xc3", 2, "??");
    expect_clean("\xe2\x80\xa8x", 4, " x"); /* line separator */
    expect_clean("\xef\xbf\xbd", 3, "\xef\xbf\xbd");
    expect_clean(NULL, 0, "");
}

static void test_clean_cuts_on_a_character(void **state)
{
    char buf[8];

    (void)state;
    for (size_t size = 1; size < sizeof buf; size++) {
        memset(buf, '#', sizeof buf);
        utf8_clean(buf, size, "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 9);
        assert_int_equal(strlen(buf), (size - 1) / 3 * 3);
        assert_int_equal(buf[size], '#');
    }
    utf8_clean(buf, 0, "abc", 3);
}

static void test_clean_in_place(void **state)
{
    char text[] = "\xe2\x80\xae\x1b[m\xc3\xa9\n";

    (void)state;
    utf8_clean(text, sizeof text, text, strlen(text));
    assert_string_equal(text, "??[m\xc3\xa9 ");
}

static void test_cut(void **state)
{
    (void)state;
    assert_int_equal(utf8_cut("", 0), 0);
    assert_int_equal(utf8_cut("ab", 2), 2);
    assert_int_equal(utf8_cut("a\xf0\x9f\x98\x80", 5), 5);
    for (size_t length = 2; length < 5; length++)
        assert_int_equal(utf8_cut("a\xf0\x9f\x98\x80", length), 1);
    assert_int_equal(utf8_cut("\x80\x80", 2), 2);
    assert_int_equal(utf8_cut("a\x80\x80\x80\x80", 5), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_character_survives),
        cmocka_unit_test(test_broken_sequences),
        cmocka_unit_test(test_encode_refuses_what_is_no_character),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_columns_and_fit),
        cmocka_unit_test(test_clean_disarms),
        cmocka_unit_test(test_clean_cuts_on_a_character),
        cmocka_unit_test(test_clean_in_place),
        cmocka_unit_test(test_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
