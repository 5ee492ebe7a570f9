/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/term/backend.h"
#include "driftop/term/backend_text.h"
#include "driftop/term/canvas.h"
#include "driftop/term/glyph.h"
#include "driftop/term/key.h"
#include "driftop/term/theme.h"

static void the_compiled_in_themes_are_whole(void **state)
{
    (void)state;
    struct theme theme;

    assert_true(theme_builtin("default", &theme));
    assert_string_equal(theme.name, "default");
    assert_true(theme.looks[ROLE_PAGE].fg != theme.looks[ROLE_OK].fg);
    assert_true(theme.looks[ROLE_FOCUS].attributes & STYLE_REVERSE);
    assert_true(theme_builtin("mono", &theme));
    for (int i = 0; i < ROLE_COUNT; i++) {
        assert_int_equal(theme.looks[i].fg, THEME_DEFAULT_COLOR);
        assert_int_equal(theme.looks[i].bg, THEME_DEFAULT_COLOR);
    }
    /* Severities must be told apart without colours. */
    assert_int_not_equal(theme.looks[ROLE_PAGE].attributes, theme.looks[ROLE_TICKET].attributes);
    assert_int_not_equal(theme.looks[ROLE_OK].attributes, theme.looks[ROLE_UNKNOWN].attributes);
    assert_false(theme_builtin("nosuch", &theme));
}

static int parse(const char *text, struct theme *ret, struct err *e)
{
    return theme_parse(text, strlen(text), "x/mine.yaml", ret, e);
}

static void a_theme_changes_what_it_names(void **state)
{
    (void)state;
    struct theme theme, base;

    theme_builtin("default", &base);
    assert_int_equal(parse("page: bright-red on 236 bold underline\nok: on white\n", &theme, NULL),
                     0);
    assert_string_equal(theme.name, "mine");
    assert_int_equal(theme.looks[ROLE_PAGE].fg, 9);
    assert_int_equal(theme.looks[ROLE_PAGE].bg, 236);
    assert_int_equal(theme.looks[ROLE_PAGE].attributes, STYLE_BOLD | STYLE_UNDERLINE);
    assert_int_equal(theme.looks[ROLE_OK].fg, THEME_DEFAULT_COLOR);
    assert_int_equal(theme.looks[ROLE_OK].bg, 7);
    assert_memory_equal(&theme.looks[ROLE_TICKET], &base.looks[ROLE_TICKET], sizeof base.looks[0]);
    assert_int_equal(parse("", &theme, NULL), 0);
}

static void mistakes_have_a_place_and_a_hint(void **state)
{
    (void)state;
    struct theme theme;
    struct err e;

    assert_int_equal(parse("ok: cyan\ntickets: yellow\n", &theme, &e), ERR_CONFIG);
    assert_int_equal(e.line, 2);
    assert_int_equal(e.column, 1);
    assert_string_equal(e.where, "x/mine.yaml");
    assert_non_null(strstr(e.text, "did you mean 'ticket'?"));
    assert_int_equal(parse("ok: pink\n", &theme, &e), ERR_CONFIG);
    assert_int_equal(e.column, 5);
    assert_non_null(strstr(e.text, "'pink'"));
    assert_int_equal(parse("ok: red on\n", &theme, &e), ERR_CONFIG);
    assert_int_equal(parse("ok: 256\n", &theme, &e), ERR_CONFIG);
    assert_int_equal(parse("ok: [red]\n", &theme, &e), ERR_CONFIG);
    assert_int_equal(parse("- ok\n", &theme, &e), ERR_CONFIG);
    assert_int_equal(parse("nothing-like-it: red\n", &theme, &e), ERR_CONFIG);
    assert_null(strstr(e.text, "did you mean"));
}

static void files_are_found_by_name(void **state)
{
    (void)state;
    char folder[] = "/tmp/driftop-theme-XXXXXX", path[128];
    struct theme theme;
    struct err e;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/driftop/themes/mine.yaml", folder);
    assert_int_equal(path_make_parent(path, NULL), 0);
    assert_int_equal(path_write(path, "page: blue\n", 11, 0600, NULL), 0);
    setenv("XDG_CONFIG_HOME", folder, 1);
    assert_int_equal(theme_load("mine", &theme, &e), 0);
    assert_int_equal(theme.looks[ROLE_PAGE].fg, 4);
    assert_int_equal(theme_load(path, &theme, &e), 0);
    assert_int_equal(theme_load("default", &theme, &e), 0);
    assert_string_equal(theme.name, "default");
    assert_int_equal(theme_load("nosuch", &theme, &e), ERR_ABSENT);
    path_remove_tree(folder, NULL);
}

static void a_theme_fits_its_terminal(void **state)
{
    (void)state;
    struct theme theme;

    parse("page: 196\nok: bright-black\nticket: bright-yellow on 21\n", &theme, NULL);
    struct theme small = theme, tiny = theme, none = theme;
    theme_adapt(&theme, 256);
    assert_int_equal(theme.looks[ROLE_PAGE].fg, 196);
    theme_adapt(&small, 16);
    assert_int_equal(small.looks[ROLE_PAGE].fg, 9);
    assert_int_equal(small.looks[ROLE_TICKET].fg, 11);
    theme_adapt(&tiny, 8);
    assert_int_equal(tiny.looks[ROLE_PAGE].fg, 1);
    assert_true(tiny.looks[ROLE_PAGE].attributes & STYLE_BOLD);
    assert_int_equal(tiny.looks[ROLE_OK].fg, THEME_DEFAULT_COLOR);
    assert_in_range(tiny.looks[ROLE_TICKET].bg, 0, 7);
    theme_adapt(&none, 0);
    assert_string_equal(none.name, "mono");
    assert_true(theme_wants_mono("1", "xterm"));
    assert_true(theme_wants_mono(NULL, "dumb"));
    assert_false(theme_wants_mono("", "xterm"));
}

static void glyphs_follow_the_locale(void **state)
{
    (void)state;
    assert_string_equal(glyphs_choose("UTF-8", "xterm-256color", true)->name, "utf8-braille");
    assert_string_equal(glyphs_choose("UTF-8", "screen", true)->name, "utf8-block");
    assert_string_equal(glyphs_choose("UTF-8", "linux", true)->name, "acs");
    assert_string_equal(glyphs_choose("UTF-8", "vt100", true)->name, "acs");
    assert_string_equal(glyphs_choose("UTF-8", "vt52", false)->name, "utf8-braille");
    assert_string_equal(glyphs_choose("ISO-8859-1", "xterm", true)->name, "acs");
    assert_string_equal(glyphs_choose("ISO-8859-1", "xterm", false)->name, "ascii");
    assert_string_equal(glyphs_choose("ANSI_X3.4-1968", "xterm", true)->name, "ascii");
    assert_string_equal(glyphs_choose("UTF-8", NULL, false)->name, "utf8-braille");
    for (const char *const *name = glyphs_names() + 1; *name; name++)
        assert_string_equal(glyphs_find(*name)->name, *name);
    assert_null(glyphs_find("auto"));
}

static void text_frames_may_have_colours(void **state)
{
    (void)state;
    struct canvas *c = canvas_new(8, 2, glyphs_find("ascii"));
    struct theme theme;
    struct str text;

    parse("page: bright-red on 236 bold\n", &theme, NULL);
    str_init(&text, 0);
    canvas_text(c, 1, 0, ROLE_PAGE, "P1!");
    canvas_text(c, 4, 0, ROLE_TEXT, " x");
    canvas_print(c, &theme, &text);
    assert_string_equal(text.data, " \033[0;1;91;48;5;236mP1!\033[0m x\n\n");
    str_clear(&text);
    canvas_print(c, NULL, &text);
    assert_string_equal(text.data, " P1! x\n\n");
    str_done(&text);
    canvas_free(c);
}

static void the_text_backend_types_and_shows(void **state)
{
    (void)state;
    struct backend *b = backend_text_new(10, 2, glyphs_find("ascii"));
    struct canvas *c = canvas_new(10, 2, b->glyphs);
    struct key k;
    int columns, rows;

    assert_null(backend_text_frame(b));
    backend_text_type(b, "R\033", 2);
    assert_int_equal(backend_read_key(b, 0, &k, NULL), 1);
    assert_true(key_is(&k, 'R'));
    assert_int_equal(backend_read_key(b, 0, &k, NULL), 1);
    assert_int_equal(k.code, KEY_ESC);
    assert_int_equal(backend_read_key(b, 0, &k, NULL), 0);
    assert_int_equal(backend_present(b, c, NULL), 0);
    assert_non_null(backend_text_frame(b));
    backend_text_resize(b, 0, 100000);
    backend_size(b, &columns, &rows);
    assert_int_equal(columns, 1);
    assert_int_equal(rows, CANVAS_MAX);
    canvas_free(c);
    backend_free(b);
    backend_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_compiled_in_themes_are_whole),
        cmocka_unit_test(a_theme_changes_what_it_names),
        cmocka_unit_test(mistakes_have_a_place_and_a_hint),
        cmocka_unit_test(files_are_found_by_name),
        cmocka_unit_test(a_theme_fits_its_terminal),
        cmocka_unit_test(glyphs_follow_the_locale),
        cmocka_unit_test(text_frames_may_have_colours),
        cmocka_unit_test(the_text_backend_types_and_shows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
