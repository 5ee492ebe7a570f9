/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/term/key.h"

/* The names of all events of these bytes, each with a blank, once all waiting is over. */
static void decode(const char *bytes, size_t length, struct str *ret)
{
    struct key_decoder *d = key_decoder_new();
    struct key k;
    char name[KEY_NAME_SIZE];

    key_decoder_feed(d, bytes, length, 1000);
    while (key_decoder_next(d, 1000, &k) || key_decoder_next(d, 100000, &k))
        str_addf(ret, "%s ", key_format(&k, name));
    key_decoder_free(d);
}

#define assert_keys(bytes, expected)                                                               \
    do {                                                                                           \
        struct str names;                                                                          \
        str_init(&names, 0);                                                                       \
        decode(bytes, sizeof(bytes) - 1, &names);                                                  \
        assert_string_equal(names.data, expected);                                                 \
        str_done(&names);                                                                          \
    } while (0)

static void characters_and_controls(void **state)
{
    (void)state;
    assert_keys("aR/ \xc3\xa9\xe6\x97\xa5", "a R / Space é 日 ");
    assert_keys("\r\n\t\x7f\b\x0c\x1a\x03", "Enter Enter Tab Backspace Backspace C-l C-z C-c ");
    assert_keys("\0", "C-Space ");
    assert_keys("\xff\xc3(\x80x", "( x "); /* what is no UTF-8 is no key */
}

static void sequences_of_many_terminals(void **state)
{
    (void)state;
    assert_keys("\033[A\033OA\033[B\033OD\033[C", "Up Up Down Left Right ");
    assert_keys("\033[H\033OH\033[1~\033[7~\033[F\033[4~\033[8~",
                "Home Home Home Home End End End ");
    assert_keys("\033[5~\033[6~\033[2~\033[3~\033[Z", "PgUp PgDn Insert Delete S-Tab ");
    assert_keys("\033OP\033[11~\033[[A\033[21~\033[24~\033[15~", "F1 F1 F1 F10 F12 F5 ");
    assert_keys("\033[1;5A\033[1;2C\033[5;3~", "C-Up S-Right M-PgUp ");
    assert_keys("\033OM", "Enter ");
}

static void alt_is_no_plain_key(void **state)
{
    (void)state;
    assert_keys("\033R", "M-R ");
    assert_keys("\033\r", "M-Enter ");
    assert_keys("\033\033[A", "Esc Up ");
    assert_keys("\033\xc3\xa9", "M-é ");
}

static void answers_of_the_terminal_are_no_keys(void **state)
{
    (void)state;
    assert_keys("\033[24;80Rx", "x ");
    assert_keys("\033[?1;2cx", "x ");
    assert_keys("\033]11;rgb:0000/0000/0000\033\\x", "x ");
    assert_keys("\033P1$r0m\033\\\033]0;R41\ax", "x ");
    assert_keys("\033[I\033[Ox", "x ");
    assert_keys("\033[M R!\033[<0;10;20Mx", "x ");
    assert_keys("\033[99~\033[123456789;;;;;;9zx", "x ");
}

static void a_lone_escape_waits_its_time(void **state)
{
    (void)state;
    struct key_decoder *d = key_decoder_new();
    struct key k;

    assert_int_equal(key_decoder_wait_ms(d, 0), -1);
    key_decoder_feed(d, "\033", 1, 1000);
    assert_false(key_decoder_next(d, 1010, &k));
    assert_int_equal(key_decoder_wait_ms(d, 1010), 15);
    assert_true(key_decoder_next(d, 1025, &k));
    assert_int_equal(k.code, KEY_ESC);
    /* The rest of a sequence in time, byte by byte. */
    key_decoder_feed(d, "\033", 1, 2000);
    assert_false(key_decoder_next(d, 2001, &k));
    key_decoder_feed(d, "[", 1, 2010);
    assert_false(key_decoder_next(d, 2020, &k));
    key_decoder_feed(d, "A", 1, 2030);
    assert_true(key_decoder_next(d, 2030, &k));
    assert_int_equal(k.code, KEY_UP);
    key_decoder_free(d);
}

static void a_paste_is_one_event(void **state)
{
    (void)state;
    static const char bytes[] = "a\033[200~R41\r\033[Ax\033[20\033[201~b";
    static const char text[] = "R41\r\033[Ax\033[20";
    /* Cut in two at every place, it stays the same. */
    for (size_t cut = 0; cut < sizeof bytes; cut++) {
        struct key_decoder *d = key_decoder_new();
        struct key k;
        int n = 0;
        key_decoder_feed(d, bytes, cut, 1000);
        for (int part = 0; part < 2; part++) {
            while (key_decoder_next(d, 1000, &k)) {
                if (n == 0)
                    assert_true(key_is(&k, 'a'));
                if (n == 1) {
                    assert_int_equal(k.code, KEY_PASTE);
                    assert_int_equal(k.paste_length, sizeof text - 1);
                    assert_memory_equal(k.paste, text, sizeof text - 1);
                }
                if (n == 2)
                    assert_true(key_is(&k, 'b'));
                n++;
            }
            if (part == 0)
                key_decoder_feed(d, bytes + cut, sizeof bytes - 1 - cut, 1000);
        }
        assert_int_equal(n, 3);
        key_decoder_free(d);
    }
}

static void a_paste_without_end_and_one_without_measure(void **state)
{
    (void)state;
    struct key_decoder *d = key_decoder_new();
    struct key k;
    char block[1000];

    memset(block, 'R', sizeof block);
    key_decoder_feed(d, "\033[200~", 6, 0);
    for (int i = 0; i < 200; i++) {
        key_decoder_feed(d, block, sizeof block, 10);
        assert_false(key_decoder_next(d, 10, &k));
    }
    assert_true(key_decoder_wait_ms(d, 10) > 1000);
    assert_false(key_decoder_next(d, 1000, &k)); /* a slow line is no end */
    assert_true(key_decoder_next(d, 10000, &k));
    assert_int_equal(k.code, KEY_PASTE);
    assert_true(k.paste_length <= KEY_PASTE_SIZE);
    assert_false(key_decoder_next(d, 10000, &k));
    key_decoder_free(d);
}

static void terminfo_may_teach(void **state)
{
    (void)state;
    struct key_decoder *d = key_decoder_new();
    struct key up = {.code = KEY_UP}, k;

    key_decoder_learn(d, "\033Kx", &up);
    key_decoder_learn(d, "q", &up); /* a single byte is never taken over */
    key_decoder_feed(d, "\033Kxq", 4, 0);
    assert_true(key_decoder_next(d, 0, &k));
    assert_int_equal(k.code, KEY_UP);
    assert_true(key_decoder_next(d, 0, &k));
    assert_true(key_is(&k, 'q'));
    key_decoder_free(d);
}

static void names_go_both_ways(void **state)
{
    (void)state;
    static const char *const good[] = {"Enter", "A",    "S-Tab", "C-l", "F10",  "F1",
                                       "Space", "é",    "C--",   "-",   "M-x",  "<",
                                       "Up",    "C-Up", "Esc",   "F12", "PgDn", "S-Left"};
    static const char *const bad[] = {"",   "Entre", "F13", "F0",   "F1x",
                                      "C-", "ab",    "S-a", "\x01", "X-a"};
    struct key k;
    char name[KEY_NAME_SIZE];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(key_parse(good[i], &k), 0);
        assert_string_equal(key_format(&k, name), good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(key_parse(bad[i], &k), ERR_INVALID);
    assert_int_equal(key_parse("C-L", &k), 0);
    assert_string_equal(key_format(&k, name), "C-l");
    struct key a = KEY_OF('R'), b = KEY_OF('r');
    assert_false(key_same(&a, &b));
    b = a;
    assert_true(key_same(&a, &b));
    b.modifiers = KEY_ALT;
    assert_false(key_same(&a, &b));
    assert_false(key_is(&b, 'R'));
}

/* Random bytes in random pieces: it ends, and no event is anything but a key with a name. */
static void noise_is_survived(void **state)
{
    (void)state;
    static const char alphabet[] = "\033[O~;0129MAZPR]\\_\a\r\xc3\xa9\xe6\xff<x";
    struct key_decoder *d = key_decoder_new();
    unsigned random = 42;
    int64_t now = 0;
    char name[KEY_NAME_SIZE];

    for (int round = 0; round < 20000; round++) {
        char bytes[40];
        random = random * 1103515245u + 12345u;
        size_t n = (random >> 16) % sizeof bytes;
        for (size_t i = 0; i < n; i++) {
            random = random * 1103515245u + 12345u;
            bytes[i] = alphabet[(random >> 16) % (sizeof alphabet - 1)];
        }
        now += (random >> 8) % 60;
        key_decoder_feed(d, bytes, n, now);
        struct key k;
        while (key_decoder_next(d, now, &k))
            assert_true(key_format(&k, name)[0] != '\0');
    }
    key_decoder_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_and_controls),
        cmocka_unit_test(sequences_of_many_terminals),
        cmocka_unit_test(alt_is_no_plain_key),
        cmocka_unit_test(answers_of_the_terminal_are_no_keys),
        cmocka_unit_test(a_lone_escape_waits_its_time),
        cmocka_unit_test(a_paste_is_one_event),
        cmocka_unit_test(a_paste_without_end_and_one_without_measure),
        cmocka_unit_test(terminfo_may_teach),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(noise_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
