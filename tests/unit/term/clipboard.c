/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "../../../src/term/clipboard_private.h"
#include "driftop/base/str.h"

static void check(const char *text, const char *wanted)
{
    struct str s;

    str_init(&s, 0);
    assert_int_equal(clipboard_sequence(text, &s), 0);
    assert_string_equal(s.data, wanted);
    str_done(&s);
}

static void test_sequence(void **state)
{
    (void)state;
    check("", "\033]52;c;\a");
    check("f", "\033]52;c;Zg==\a");
    check("fo", "\033]52;c;Zm8=\a");
    check("foo", "\033]52;c;Zm9v\a");
    check("\xc3\xbf?>", "\033]52;c;w78/Pg==\a");
    /* What could steer a terminal that pastes it. */
    check("a\033]0;x\ab", "\033]52;c;YT9dMDt4P2I=\a");
}

static void test_bounded(void **state)
{
    char text[3 * CLIPBOARD_BYTES];
    struct str s;
    (void)state;

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    str_init(&s, 0);
    assert_int_equal(clipboard_sequence(text, &s), 0);
    assert_true(s.length < 2 * CLIPBOARD_BYTES);
    str_done(&s);
}

static void test_who_has_one(void **state)
{
    static const char *const yes[] = {
        "xterm",       "xterm-256color", "tmux-256color", "screen", "screen.xterm",
        "st-256color", "rxvt-unicode",   "xterm-kitty",   "foot",   "iterm2"};
    static const char *const no[] = {"vt100", "linux", "dumb",   "ansi",    "",
                                     "sun",   "stv52", "cons25", "xtermite"};
    (void)state;

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(clipboard_speaks(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(clipboard_speaks(no[i]));
    assert_false(clipboard_speaks(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sequence),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_who_has_one),
    };
    return cmocka_run_group_tests_name("term/clipboard", tests, NULL, NULL);
}
