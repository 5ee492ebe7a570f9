/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "driftop/base/str.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"
#include "driftop/term/key.h"
#include "driftop/widget/line.h"
#include "driftop/widget/menu.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/prompt.h"
#include "driftop/widget/text.h"

static struct canvas *new_canvas(int columns, int rows)
{
    return canvas_new(columns, rows, glyphs_find("ascii"));
}

/* Compares and frees. */
static void assert_canvas(struct canvas *c, const char *expected)
{
    struct str text;

    str_init(&text, 0);
    canvas_all_text(c, &text);
    assert_string_equal(text.data, expected);
    str_done(&text);
    canvas_free(c);
}

static void parts_leave_by_priority(void **state)
{
    (void)state;
    static const struct line_part parts[] = {
        {"prod-eu", ROLE_ENVIRONMENT, 9, false, 0},
        {"[RO]", ROLE_OK, 8, false, 0},
        {"page 2 ticket 4", ROLE_PAGE, 7, false, 2},
        {"src 11/12", ROLE_OK, 3, false, 2},
        {"LIVE", ROLE_OK, 6, true, 0},
        {"03:07:41Z", ROLE_TEXT, 5, true, 0},
        {"0.4kB/s", ROLE_MUTED, 1, true, 2},
    };
    static const struct {
        int columns;
        const char *expected;
    } cases[] = {
        {65, "prod-eu [RO]  page 2 ticket 4  src 11/12  LIVE 03:07:41Z  0.4kB/s\n"},
        {80, "prod-eu [RO]  page 2 ticket 4  src 11/12                 LIVE 03:07:41Z  0.4kB/s\n"},
        {60, "prod-eu [RO]  page 2 ticket 4  src 11/12      LIVE 03:07:41Z\n"},
        {50, "prod-eu [RO]  page 2 ticket 4       LIVE 03:07:41Z\n"},
        {40, "prod-eu [RO]  page 2 ticket 4       LIVE\n"},
        {14, "prod-eu [RO]\n"},
        {7, "prod-eu\n"},
        {4, "pro+\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct canvas *c = new_canvas(cases[i].columns, 1);
        line_draw(c, 0, 0, cases[i].columns, ROLE_TITLE, parts, 7);
        assert_canvas(c, cases[i].expected);
    }
}

static void among_equals_the_last_leaves_first(void **state)
{
    (void)state;
    static const struct line_part parts[] = {{"one", ROLE_TEXT, 1, false, 0},
                                             {"two", ROLE_TEXT, 1, false, 0},
                                             {"three", ROLE_TEXT, 1, true, 0}};
    struct canvas *c = new_canvas(9, 1);

    line_draw(c, 0, 0, 9, ROLE_TITLE, parts, 3);
    assert_canvas(c, "one two\n");
}

static void paragraphs_are_wrapped(void **state)
{
    (void)state;
    static const char text[] = "roll back v42 to v41\n\nverylongword and more";
    struct canvas *c = new_canvas(9, 8);

    assert_int_equal(text_rows(text, 9), 6 + 1);
    assert_int_equal(text_draw(c, canvas_area(c), ROLE_TEXT, text, 0), 7);
    assert_canvas(c, "roll back\nv42 to\nv41\n\nverylongw\nord and\nmore\n\n");
    c = new_canvas(9, 2);
    assert_int_equal(text_draw(c, canvas_area(c), ROLE_TEXT, text, 1), 2);
    assert_canvas(c, "v42 to\nv41     +\n");
    assert_int_equal(text_rows("", 9), 0);
    assert_int_equal(text_rows("日本語", 1), 3); /* goes on though nothing fits */
    assert_int_equal(text_rows("a\n", 0), 1);
}

static void boxes_and_rules(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(30, 6);
    struct rect rest = {0, 3, 30, 3};
    struct rect inside = panel_box(c, (struct rect){0, 0, 30, 3}, ROLE_BORDER, "PLAN", "dry run");

    assert_int_equal(inside.x, 2);
    assert_int_equal(inside.columns, 26);
    assert_int_equal(inside.rows, 1);
    panel_rule(c, &rest, ROLE_BORDER, "WHY");
    assert_int_equal(rest.y, 4);
    assert_canvas(c, "+-- PLAN ---------- dry run -+\n"
                     "|                            |\n"
                     "+----------------------------+\n"
                     "-WHY--------------------------\n\n\n");
    struct rect middle = panel_center((struct rect){0, 0, 80, 24}, 60, 100);
    assert_int_equal(middle.x, 10);
    assert_int_equal(middle.rows, 24);
}

static enum prompt_result type(struct prompt *p, const char *keys)
{
    enum prompt_result result = PROMPT_IGNORED;

    for (; *keys; keys += strspn(keys, " ")) {
        char name[KEY_NAME_SIZE];
        struct key k;
        size_t length = strcspn(keys, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, keys);
        keys += length;
        assert_int_equal(key_parse(name, &k), 0);
        result = prompt_key(p, &k);
    }
    return result;
}

static void prompts_edit(void **state)
{
    (void)state;
    struct prompt p = {0};

    assert_int_equal(type(&p, "4 1 é"), PROMPT_CHANGED);
    assert_string_equal(p.text, "41é");
    type(&p, "Left Left x Home y End z");
    assert_string_equal(p.text, "y4x1éz");
    type(&p, "Left Backspace Delete");
    assert_string_equal(p.text, "y4x1");
    type(&p, "Space a b C-w");
    assert_string_equal(p.text, "y4x1 ");
    type(&p, "C-a Right C-u");
    assert_string_equal(p.text, "4x1 ");
    assert_int_equal(type(&p, "M-R"), PROMPT_IGNORED);
    assert_int_equal(type(&p, "Up"), PROMPT_IGNORED);
    assert_int_equal(type(&p, "Enter"), PROMPT_ENTER);
    assert_int_equal(type(&p, "Esc"), PROMPT_CANCEL);
    assert_string_equal(p.text, "4x1 ");
    prompt_clear(&p);
    assert_int_equal(type(&p, "Backspace"), PROMPT_MOVED);
}

static void prompts_refuse(void **state)
{
    (void)state;
    struct prompt p = {.max_chars = 3, .accept = prompt_accept_version, .no_paste = true};
    struct key paste = {.code = KEY_PASTE, .paste = "R41\nrest", .paste_length = 8};

    assert_int_equal(prompt_key(&p, &paste), PROMPT_IGNORED);
    assert_int_equal(type(&p, "! é Space"), PROMPT_MOVED);
    type(&p, "v 4 2 0");
    assert_string_equal(p.text, "v42");
    p.closed = true;
    assert_int_equal(type(&p, "Backspace"), PROMPT_IGNORED);
    assert_int_equal(type(&p, "Enter"), PROMPT_IGNORED);
    assert_int_equal(type(&p, "Esc"), PROMPT_CANCEL);
    p = (struct prompt){0};
    assert_int_equal(prompt_key(&p, &paste), PROMPT_CHANGED);
    assert_string_equal(p.text, "R41"); /* its first line only, and never Enter */
    p = (struct prompt){.accept = prompt_accept_shares};
    type(&p, "4 1 = 7 5 % x ,");
    assert_string_equal(p.text, "41=75%,");
    prompt_clear(&p);
    p.accept = NULL;
    struct key many = KEY_OF('m');
    for (int i = 0; i < 2 * PROMPT_SIZE; i++)
        prompt_key(&p, &many);
    assert_int_equal(p.length, PROMPT_SIZE - 1);
    prompt_set(&p, "a\033b");
    assert_string_equal(p.text, "a?b");
}

static void prompts_scroll_to_their_cursor(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(6, 1);
    struct prompt p = {0};
    int x, y;

    prompt_set(&p, "abcdefgh");
    prompt_draw(c, 1, 0, 5, ROLE_INPUT, &p, true);
    assert_true(canvas_cursor(c, &x, &y));
    assert_int_equal(x, 5);
    assert_canvas(c, " efgh\n");
    c = new_canvas(6, 1);
    type(&p, "Home");
    p.closed = true;
    prompt_draw(c, 1, 0, 5, ROLE_INPUT, &p, true);
    assert_false(canvas_cursor(c, &x, &y));
    assert_canvas(c, " abcde\n");
}

static const struct menu_item items[] = {
    {"R", "plan a rollback", "Acting", NULL},
    {"T", "plan traffic", "Acting", "nothing to split"},
    {"Enter", "open", "Moving", NULL},
    {"q", "back", "Moving", NULL},
};

static void menus_are_searched(void **state)
{
    (void)state;
    struct menu m = {.items = items, .n_items = 4, .selected = 2};
    struct canvas *c = new_canvas(40, 6);

    menu_draw(c, canvas_area(c), &m);
    assert_canvas(c, " Acting\n"
                     " R      plan a rollback\n"
                     " T      plan traffic (nothing to split)\n"
                     " Moving\n"
                     ">Enter  open\n"
                     " q      back\n");
    m.filter = "PLAN !traf";
    c = new_canvas(40, 3);
    assert_int_equal(menu_count(&m), 1);
    menu_draw(c, canvas_area(c), &m);
    assert_int_equal(m.selected, 0);
    assert_canvas(c, " Acting\n>R      plan a rollback\n\n");
    assert_true(menu_match("Fraud-Score", "score fraud"));
    assert_true(menu_match("x", "  "));
    assert_true(menu_match("a!", "!"));
    assert_false(menu_match("", "x"));
}

static void menus_scroll(void **state)
{
    (void)state;
    struct menu m = {.items = items, .n_items = 4};
    struct key down = {.code = KEY_DOWN}, home = {.code = KEY_HOME}, end = {.code = KEY_END};
    struct canvas *c = new_canvas(20, 2);

    for (int i = 0; i < 9; i++)
        assert_true(menu_key(&m, &down));
    assert_int_equal(m.selected, 3);
    menu_draw(c, canvas_area(c), &m);
    assert_canvas(c, " Enter  open\n>q      back\n");
    menu_key(&m, &home);
    c = new_canvas(20, 2);
    menu_draw(c, canvas_area(c), &m);
    assert_canvas(c, " Acting\n>R      plan a rollb\n");
    m.filter = "plan";
    menu_key(&m, &end);
    assert_int_equal(m.selected, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_leave_by_priority),
        cmocka_unit_test(among_equals_the_last_leaves_first),
        cmocka_unit_test(paragraphs_are_wrapped),
        cmocka_unit_test(boxes_and_rules),
        cmocka_unit_test(prompts_edit),
        cmocka_unit_test(prompts_refuse),
        cmocka_unit_test(prompts_scroll_to_their_cursor),
        cmocka_unit_test(menus_are_searched),
        cmocka_unit_test(menus_scroll),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
