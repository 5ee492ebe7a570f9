/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What holds for every widget, at every size from nothing on, in every glyph set: it ends, it
 * crashes nowhere, and no cell outside of its rectangle changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"
#include "driftop/term/key.h"
#include "driftop/widget/bar.h"
#include "driftop/widget/heat.h"
#include "driftop/widget/histogram.h"
#include "driftop/widget/line.h"
#include "driftop/widget/menu.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/prompt.h"
#include "driftop/widget/sparkline.h"
#include "driftop/widget/table.h"
#include "driftop/widget/text.h"

#define COLUMNS 34
#define ROWS    14

static void cell_text(const void *context, int row, int column, struct table_cell *ret)
{
    (void)context;
    snprintf(ret->text, sizeof ret->text, "%s%d", column == 1 ? "日本" : "r", row * 10 + column);
    ret->style = ROLE_PAGE;
}

static void draw_table(struct canvas *c, struct rect r)
{
    static const struct table_column columns[] = {
        {"SEV", 9, 3, 4, ALIGN_LEFT, false, true},
        {"MODEL", 8, 6, 14, ALIGN_LEFT, true, true},
        {"SYMPTOM", 7, 8, 30, ALIGN_LEFT, true, false},
        {"SINCE", 5, 5, 5, ALIGN_RIGHT, false, false},
        {"TRAF", 4, 4, 5, ALIGN_RIGHT, false, false},
    };
    struct table t = {.columns = columns,
                      .n_columns = 5,
                      .n_rows = 20,
                      .sort_column = 3,
                      .empty_text = "nothing",
                      .cell = cell_text};

    for (int shift = 0; shift < 5; shift++) {
        struct table_state state = {.selected = 19 - shift, .column_shift = shift};
        table_draw(c, r, &t, &state);
    }
    t.n_rows = 0;
    table_draw(c, r, &t, &(struct table_state){.selected = 3, .first_row = 7});
}

static void draw_sparkline(struct canvas *c, struct rect r)
{
    double values[100];

    for (int i = 0; i < 100; i++)
        values[i] = i % 7 == 0 ? NAN : i % 11 == 0 ? INFINITY : sin(i) * 1e300;
    sparkline_draw(c, r, &(struct sparkline){values, 100, NAN, NAN, 0.5, ROLE_OK, ROLE_PAGE});
    sparkline_draw(c, r, &(struct sparkline){values, 3, 0, 0, NAN, ROLE_OK, ROLE_PAGE});
    sparkline_draw(c, r, &(struct sparkline){values, 0, 1, 0, NAN, ROLE_OK, ROLE_PAGE});
}

static void draw_bars(struct canvas *c, struct rect r)
{
    static const double ratios[] = {-1, 0, 0.001, 0.5, 0.999, 1, 7, NAN, INFINITY};

    for (size_t i = 0; r.rows > 0 && i < sizeof ratios / sizeof *ratios; i++) {
        bar_draw(c, r.x, r.y, r.columns, ROLE_OK, ratios[i]);
        bar_draw_open(c, r.x, r.y, r.columns, ROLE_OK, ratios[i]);
        bar_draw_two(c, r.x, r.y, r.columns, ROLE_OK, ratios[i], ROLE_PAGE, ratios[8 - i]);
    }
}

static void draw_histogram(struct canvas *c, struct rect r)
{
    static const struct histogram_cell cells[] = {
        {"0-10", 0.31, 0.0001, "psi 1.77"},
        {"10-50 and more of it", 0.44, 0.01, NULL},
        {NULL, NAN, 0.06, "日本"},
        {">200", 0.04, 0.93, "psi 2.80"},
    };
    struct histogram h = {"TRAIN", "NOW", cells, 4, 0, 0.1};

    for (h.first = -1; h.first < 6; h.first++)
        histogram_draw(c, r, &h);
    h.n_cells = 0;
    histogram_draw(c, r, &h);
}

static const char *label(const void *context, int i)
{
    static const char *const labels[] = {"pay-risk", "日本", "x", ""};
    (void)context;
    return labels[i % 4];
}

static int level(const void *context, int row, int column)
{
    (void)context;
    return (row * 5 + column) % 14 - 3;
}

static void draw_heat(struct canvas *c, struct rect r)
{
    struct heat h = {.n_rows = 30,
                     .n_columns = 40,
                     .selected_row = 2,
                     .selected_column = 1,
                     .label_width = 9,
                     .cell_width = 4,
                     .row_label = label,
                     .column_label = label,
                     .level = level};

    heat_draw(c, r, &h);
    h.first_row = 28;
    h.first_column = 39;
    h.label_width = -3;
    h.cell_width = 0;
    heat_draw(c, r, &h);
}

static void draw_line(struct canvas *c, struct rect r)
{
    const struct line_part parts[] = {
        {"prod-eu", ROLE_ENVIRONMENT, 9, false, 0},
        {"[RO]", ROLE_OK, 8, false, 0},
        {"日本語", ROLE_TEXT, 2, false, 2},
        {"src 11/12", ROLE_TEXT, 3, true, 0},
        {NULL, ROLE_TEXT, 9, true, 0},
        {"03:07:41Z", ROLE_TEXT, 7, true, -1},
    };

    if (r.rows > 0)
        line_draw(c, r.x, r.y, r.columns, ROLE_TITLE, parts, 6);
}

static void draw_text(struct canvas *c, struct rect r)
{
    for (int first = 0; first < 4; first++)
        text_draw(c, r, ROLE_TEXT, "one two  three\n\n日本語日本語 e\u0301 Donaudampfschifffahrt",
                  first);
}

static void draw_prompt(struct canvas *c, struct rect r)
{
    struct prompt p = {0};

    prompt_set(&p, "quality 日本 burn 15x");
    for (int i = 0; r.rows > 0 && i < 20; i++) {
        prompt_draw(c, r.x, r.y, r.columns, ROLE_INPUT, &p, true);
        prompt_key(&p, &(struct key){.code = KEY_LEFT});
    }
}

static void draw_panel(struct canvas *c, struct rect r)
{
    struct rect inside = panel_box(c, r, ROLE_BORDER, "PLAN 1184: roll back", "dry run");

    assert_true(inside.columns >= 0 && inside.rows >= 0);
    canvas_fill(c, inside, ROLE_PAGE);
    struct rect rest = r;
    panel_rule(c, &rest, ROLE_BORDER, "日本 WHY");
    struct rect middle = panel_center(r, 20, 5);
    assert_true(middle.columns >= 0 && middle.rows >= 0);
    canvas_fill(c, middle, ROLE_PAGE);
}

static void draw_menu(struct canvas *c, struct rect r)
{
    static const struct menu_item items[] = {
        {"R", "plan a rollback", "Acting", NULL},
        {"T", "plan traffic", "Acting", "read-only"},
        {"Enter", "open", "Moving", NULL},
        {NULL, "日本語日本語日本語日本語", "Moving", NULL},
        {"?", "help", NULL, NULL},
    };
    static const char *const filters[] = {NULL, "plan", "!plan", "nosuch"};

    for (int i = 0; i < 4; i++) {
        struct menu m = {items, 5, filters[i], 4, 9};
        menu_draw(c, r, &m);
        assert_in_range(m.selected, 0, 4);
    }
}

static void check(void (*draw)(struct canvas *, struct rect), const struct glyphs *glyphs,
                  struct rect r)
{
    struct canvas *c = canvas_new(COLUMNS, ROWS, glyphs), *before = canvas_new(0, 0, glyphs);

    for (int y = 0; y < ROWS; y++)
        canvas_hline(c, 0, y, COLUMNS, ROLE_KEY, GLYPH_SELECTED);
    canvas_copy(before, c);
    draw(c, r);
    for (int y = 0; y < ROWS; y++) {
        for (int x = 0; x < COLUMNS; x++) {
            const struct canvas_cell *cell = &canvas_row(c, y)[x];
            if (!rect_contains(r, x, y))
                assert_memory_equal(cell, &canvas_row(before, y)[x], sizeof *cell);
            if (cell->width == 2) {
                assert_true(x + 1 < COLUMNS);
                assert_int_equal(cell[1].width, 0);
            }
        }
    }
    /* The clip is as before: the last cell can be drawn. */
    canvas_text(c, COLUMNS - 1, ROWS - 1, ROLE_OK, "!");
    assert_string_equal(canvas_row(c, ROWS - 1)[COLUMNS - 1].text, "!");
    canvas_free(c);
    canvas_free(before);
}

static void no_widget_leaves_its_rectangle(void **state)
{
    (void)state;
    void (*const widgets[])(struct canvas *, struct rect) = {
        draw_table, draw_sparkline, draw_bars,   draw_histogram, draw_heat,
        draw_line,  draw_text,      draw_prompt, draw_panel,     draw_menu};
    static const int places[][2] = {{0, 0}, {3, 2}, {-4, -2}, {30, 12}, {1000, 5}};

    for (size_t w = 0; w < sizeof widgets / sizeof *widgets; w++)
        for (const char *const *set = glyphs_names() + 1; *set; set++)
            for (size_t p = 0; p < sizeof places / sizeof *places; p++)
                for (int columns = 0; columns <= 31; columns += columns < 12 ? 1 : 5)
                    for (int rows = 0; rows <= 13; rows += rows < 4 ? 1 : 4)
                        check(widgets[w], glyphs_find(*set),
                              (struct rect){places[p][0], places[p][1], columns, rows});
}

static void negative_and_huge_rectangles_are_nothing_special(void **state)
{
    (void)state;
    void (*const widgets[])(struct canvas *, struct rect) = {
        draw_table, draw_sparkline, draw_histogram, draw_heat, draw_text, draw_panel, draw_menu};
    static const struct rect rects[] = {
        {5, 5, -3, 4}, {5, 5, 4, -3}, {-2, -2, 2000, 2000}, {0, 0, 100000, 100000}};

    for (size_t w = 0; w < sizeof widgets / sizeof *widgets; w++)
        for (size_t i = 0; i < sizeof rects / sizeof *rects; i++)
            check(widgets[w], glyphs_find("utf8-braille"), rects[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_widget_leaves_its_rectangle),
        cmocka_unit_test(negative_and_huge_rectangles_are_nothing_special),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
