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
#include "driftop/widget/table.h"

static const struct table_column columns[] = {
    {"SEV", 10, 3, 3, ALIGN_LEFT, false, true},     {"MODEL", 9, 6, 13, ALIGN_LEFT, false, true},
    {"SYMPTOM", 8, 8, 20, ALIGN_LEFT, true, false}, {"SINCE", 3, 5, 5, ALIGN_RIGHT, false, false},
    {"TRAF", 4, 4, 4, ALIGN_RIGHT, false, false},   {"SURFACE", 2, 7, 7, ALIGN_LEFT, false, false},
};

#define N_COLUMNS 6

static void cell_text(const void *context, int row, int column, struct table_cell *ret)
{
    static const char *const texts[] = {"T2", "model-%d", "psi .41 on %d", "%dm", "%d%%", "DATA"};

    (void)context;
    snprintf(ret->text, sizeof ret->text, "%s", texts[column]);
    char *number = strstr(ret->text, "%d");
    if (number) {
        char rest[64];
        snprintf(rest, sizeof rest, "%d%s", row, strcmp(number, "%d%%") == 0 ? "%" : number + 2);
        snprintf(number, sizeof ret->text - (size_t)(number - ret->text), "%s", rest);
    }
}

static struct table make_table(int n_rows)
{
    return (struct table){.columns = columns,
                          .n_columns = N_COLUMNS,
                          .n_rows = n_rows,
                          .sort_column = -1,
                          .empty_text = "nothing to see",
                          .cell = cell_text};
}

static void assert_drawn(const struct table *t, struct table_state *s, int width, int rows,
                         const char *expected)
{
    struct canvas *c = canvas_new(width, rows, glyphs_find("ascii"));
    struct str text;

    table_draw(c, canvas_area(c), t, s);
    str_init(&text, 0);
    canvas_all_text(c, &text);
    assert_string_equal(text.data, expected);
    str_done(&text);
    canvas_free(c);
}

static void there_is_room_for_all(void **state)
{
    (void)state;
    struct table t = make_table(2);
    struct table_state s = {.selected = 1};

    t.sort_column = 3;
    t.sort_descending = true;
    /* The mark never costs a letter of the title. */
    assert_drawn(&t, &s, 60, 4,
                 " SEV MODEL         SYMPTOM               vSINCE TRAF SURFACE\n"
                 " T2  model-0       psi .41 on 0              0m   0% DATA\n"
                 ">T2  model-1       psi .41 on 1              1m   1% DATA\n"
                 "\n");
}

static void the_lightest_leave_and_are_reached_by_shifting(void **state)
{
    (void)state;
    struct table t = make_table(1);
    struct table_state s = {.selected = -1};

    assert_drawn(&t, &s, 36, 2,
                 " SEV MODEL    SYMPTOM  SINCE TRAF 1>\n"
                 " T2  model-0  psi .41+    0m   0%\n");
    s.column_shift = 1;
    assert_drawn(&t, &s, 36, 2,
                 " SEV MODEL     SINCE TRAF SURFACE <1\n"
                 " T2  model-0      0m   0% DATA\n");
    s.column_shift = 9; /* back into range: there is nothing more to see */
    assert_drawn(&t, &s, 36, 2,
                 " SEV MODEL     SINCE TRAF SURFACE <1\n"
                 " T2  model-0      0m   0% DATA\n");
    assert_int_equal(s.column_shift, 1);
    s.column_shift = 0;
    assert_drawn(&t, &s, 25, 2, " SEV MODEL    SYMPTOM  3>\n T2  model-0  psi .41+\n");
}

static void every_column_can_be_reached(void **state)
{
    (void)state;
    for (int width = 1; width < 80; width++) {
        bool seen[N_COLUMNS] = {false};
        struct table_layout l = table_layout(columns, N_COLUMNS, width, 0);
        for (int shift = 0; shift <= l.max_shift; shift++) {
            l = table_layout(columns, N_COLUMNS, width, shift);
            assert_true(l.n_visible > 0);
            for (int i = 0; i < l.n_visible; i++) {
                seen[l.visible[i].column] = true;
                assert_true(l.visible[i].width >= 1);
                assert_true(l.visible[i].x + l.visible[i].width <= width);
                if (i > 0)
                    assert_true(l.visible[i].x > l.visible[i - 1].x + l.visible[i - 1].width);
            }
            assert_int_equal(l.n_visible + l.hidden_left + l.hidden_right, N_COLUMNS);
        }
        assert_int_equal(l.hidden_right, 0);
        for (int i = 0; i < N_COLUMNS; i++)
            assert_true(seen[i]);
    }
}

static void odd_layouts(void **state)
{
    (void)state;
    assert_int_equal(table_layout(columns, N_COLUMNS, 0, 0).n_visible, 0);
    assert_int_equal(table_layout(columns, N_COLUMNS, -5, 3).n_visible, 0);
    assert_int_equal(table_layout(columns, 0, 50, 0).n_visible, 0);
    struct table_layout l = table_layout(columns, N_COLUMNS, 20, 999);
    assert_int_equal(l.hidden_left, l.max_shift);
    assert_true(table_layout(columns, N_COLUMNS, 20, -4).n_visible > 0);
}

static void flexible_columns_share_the_rest(void **state)
{
    (void)state;
    static const struct table_column two[] = {{"A", 1, 2, 4, ALIGN_LEFT, true, false},
                                              {"B", 2, 2, 4, ALIGN_LEFT, true, false},
                                              {"C", 3, 2, 4, ALIGN_LEFT, false, false}};
    struct table_layout l = table_layout(two, 3, 25, 0);

    assert_int_equal(l.visible[0].width + l.visible[1].width + l.visible[2].width + 2, 25);
    assert_int_equal(l.visible[0].width, 10);
    assert_int_equal(l.visible[1].width, 9);
    assert_int_equal(l.visible[2].width, 4);
    /* With less than the ideals ask for the heaviest are served first. */
    l = table_layout(two, 3, 10, 0);
    assert_int_equal(l.visible[2].width, 4);
    assert_int_equal(l.visible[0].width, 2);
}

static void press(const struct table *t, struct table_state *s, const char *names)
{
    for (; *names; names += strspn(names, " ")) {
        char name[KEY_NAME_SIZE];
        struct key k;
        size_t length = strcspn(names, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        names += length;
        assert_int_equal(key_parse(name, &k), 0);
        assert_true(table_key(t, s, &k));
    }
}

static void the_selection_stays_in_sight(void **state)
{
    (void)state;
    struct table t = make_table(100);
    struct table_state s = {0};
    struct canvas *c = canvas_new(40, 11, glyphs_find("ascii"));

    table_draw(c, canvas_area(c), &t, &s);
    assert_int_equal(s.page_rows, 10);
    press(&t, &s, "Up");
    assert_int_equal(s.selected, 0);
    press(&t, &s, "PgDn PgDn Down");
    assert_int_equal(s.selected, 19);
    table_draw(c, canvas_area(c), &t, &s);
    assert_int_equal(s.first_row, 10);
    press(&t, &s, "End Down");
    table_draw(c, canvas_area(c), &t, &s);
    assert_int_equal(s.selected, 99);
    assert_int_equal(s.first_row, 90);
    /* Rows vanish below it. */
    t.n_rows = 5;
    table_draw(c, canvas_area(c), &t, &s);
    assert_int_equal(s.selected, 4);
    assert_int_equal(s.first_row, 0);
    press(&t, &s, "Home > > < Right Left");
    assert_int_equal(s.selected, 0);
    assert_int_equal(s.column_shift, 1);
    struct key other = KEY_OF('j'), alt = {.code = KEY_UP, .modifiers = KEY_ALT};
    assert_false(table_key(&t, &s, &other));
    assert_false(table_key(&t, &s, &alt));
    canvas_free(c);
}

static void an_empty_table_says_so(void **state)
{
    (void)state;
    struct table t = make_table(0);
    struct table_state s = {0};

    assert_drawn(&t, &s, 60, 2,
                 " SEV MODEL         SYMPTOM                SINCE TRAF SURFACE\n nothing to see\n");
    struct key down = {.code = KEY_DOWN};
    assert_true(table_key(&t, &s, &down));
    assert_int_equal(s.selected, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_room_for_all),
        cmocka_unit_test(the_lightest_leave_and_are_reached_by_shifting),
        cmocka_unit_test(every_column_can_be_reached),
        cmocka_unit_test(odd_layouts),
        cmocka_unit_test(flexible_columns_share_the_rest),
        cmocka_unit_test(the_selection_stays_in_sight),
        cmocka_unit_test(an_empty_table_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
