/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "driftop/base/str.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"
#include "driftop/widget/bar.h"
#include "driftop/widget/heat.h"
#include "driftop/widget/histogram.h"
#include "driftop/widget/sparkline.h"

static struct canvas *new_canvas(int columns, int rows, const char *glyphs)
{
    return canvas_new(columns, rows, glyphs_find(glyphs));
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

static void assert_spark(const char *glyphs, int columns, int rows, const double *values, int n,
                         const char *expected)
{
    struct canvas *c = new_canvas(columns, rows, glyphs);
    struct sparkline s = {values, n, NAN, NAN, NAN, ROLE_OK, ROLE_PAGE};

    sparkline_draw(c, canvas_area(c), &s);
    assert_canvas(c, expected);
}

static void sparklines_rise_and_keep_gaps(void **state)
{
    (void)state;
    static const double rising[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const double gap[] = {1, NAN, 1, 4, NAN};
    static const double flat[] = {5, 5, 5}, zero[] = {0, 0, 0}, none[] = {NAN, NAN};

    assert_spark("ascii", 8, 1, rising, 8, "_.-:=+*#\n");
    assert_spark("utf8-block", 8, 1, rising, 8, "▁▂▃▄▅▆▇█\n");
    assert_spark("utf8-block", 10, 1, rising, 8, "  ▁▂▃▄▅▆▇█\n"); /* newest at the right */
    assert_spark("utf8-block", 5, 1, gap, 5, "▃ ▃█\n");
    assert_spark("utf8-block", 3, 1, flat, 3, "███\n");
    assert_spark("utf8-block", 3, 1, zero, 3, "▁▁▁\n"); /* there, and nothing: not a gap */
    assert_spark("utf8-block", 3, 1, none, 2, "\n");
    assert_spark("utf8-braille", 4, 1, rising, 8, "⣀⣤⣶⣿\n");
}

static void sparklines_merge_by_the_largest(void **state)
{
    (void)state;
    double values[64] = {0};

    values[10] = 8; /* one peak among many must stay to be seen */
    assert_spark("utf8-block", 8, 1, values, 64, "▁█▁▁▁▁▁▁\n");
    assert_spark("utf8-block", 8, 1, values, 13, "▁▁▁▁▁▁█▁\n"); /* no column stays unused */
}

static void sparklines_have_rows_and_alarms(void **state)
{
    (void)state;
    static const double values[] = {0, 4, 8};
    struct canvas *c = new_canvas(3, 2, "utf8-block");
    struct sparkline s = {values, 3, 0, 8, 6, ROLE_OK, ROLE_PAGE};

    sparkline_draw(c, canvas_area(c), &s);
    assert_int_equal(STYLE_ROLE(canvas_row(c, 1)[1].style), ROLE_OK);
    assert_int_equal(STYLE_ROLE(canvas_row(c, 1)[2].style), ROLE_PAGE);
    assert_canvas(c, " ▁█\n▁██\n");
    c = new_canvas(4, 1, "utf8-braille");
    assert_int_equal(sparkline_capacity(c, 4), 8);
    assert_int_equal(sparkline_capacity(c, -4), 0);
    canvas_free(c);
}

static void bars_tell_little_from_nothing(void **state)
{
    (void)state;
    static const struct {
        double ratio;
        const char *ascii, *block;
    } cases[] = {
        {0, "....\n", "····\n"},     {0.001, "#...\n", "▏···\n"}, {0.5, "##..\n", "██··\n"},
        {0.999, "###.\n", "███▉\n"}, {1, "####\n", "████\n"},     {2, "####\n", "████\n"},
        {-1, "....\n", "····\n"},    {NAN, "....\n", "····\n"},   {0.4, "##..\n", "█▋··\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct canvas *c = new_canvas(4, 1, "ascii");
        bar_draw(c, 0, 0, 4, ROLE_OK, cases[i].ratio);
        assert_canvas(c, cases[i].ascii);
        c = new_canvas(4, 1, "utf8-block");
        bar_draw(c, 0, 0, 4, ROLE_OK, cases[i].ratio);
        assert_canvas(c, cases[i].block);
    }
}

static void bars_of_two_parts(void **state)
{
    (void)state;
    static const struct {
        double first, second;
        const char *expected;
    } cases[] = {
        {0.75, 0.25, "######==\n"}, {1, 0, "########\n"},       {0, 1, "========\n"},
        {0.99, 0.01, "#######=\n"}, {0.01, 0.99, "#=======\n"}, {0.5, 0.25, "####==..\n"},
        {NAN, 0.5, "====....\n"},   {0, 0, "........\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct canvas *c = new_canvas(8, 1, "ascii");
        bar_draw_two(c, 0, 0, 8, ROLE_CHAMPION, cases[i].first, ROLE_CHALLENGER, cases[i].second);
        assert_canvas(c, cases[i].expected);
    }
}

static const struct histogram_cell cells[] = {
    {"0-10", 0.31, 0.002, "psi 1.77"},
    {"10-50", 0.44, 0.01, "psi 1.63"},
    {"50-200", 0.21, 0.06, NULL},
    {">200", 0.04, 0.928, "psi 2.80"},
};

static void histograms_compare(void **state)
{
    (void)state;
    struct histogram h = {"TRAIN", "NOW", cells, 4, 0, 0.1};
    struct canvas *c = new_canvas(60, 8, "ascii");

    assert_int_equal(histogram_rows(&h), 8);
    assert_int_equal(histogram_draw(c, canvas_area(c), &h), 4);
    assert_canvas(c, "TRAIN 0-10   |########                    31%\n"
                     "NOW          |#                          0.2%   -31 psi 1.77\n"
                     "TRAIN 10-50  |############                44%\n"
                     "NOW          |#                            1%   -43 psi 1.63\n"
                     "TRAIN 50-200 |######                      21%\n"
                     "NOW          |##                           6%   -15\n"
                     "TRAIN >200   |#                            4%\n"
                     "NOW          |######################### 92.8%   +89 psi 2.80\n");
}

static void histograms_in_small_rooms(void **state)
{
    (void)state;
    struct histogram h = {"TRAIN", "NOW", cells, 4, 0, 0.1};
    struct canvas *c = new_canvas(60, 4, "ascii");

    assert_int_equal(histogram_draw(c, canvas_area(c), &h), 4);
    assert_canvas(c, "0-10   |####          31% |#            0.2%   -31 psi 1.77\n"
                     "10-50  |#####         44% |#              1%   -43 psi 1.63\n"
                     "50-200 |##            21% |#              6%   -15\n"
                     ">200   |#              4% |########### 92.8%   +89 psi 2.80\n");
    c = new_canvas(20, 3, "ascii");
    assert_int_equal(histogram_draw(c, canvas_area(c), &h), 2);
    assert_canvas(c, "0-10   |##    |#\n10-50  |##    |#\n... 2 more\n");
}

static const char *row_label(const void *context, int row)
{
    static const char *const labels[] = {"pay-risk", "churn-b2c"};
    (void)context;
    return labels[row];
}

static const char *column_label(const void *context, int column)
{
    static const char *const labels[] = {"device_os", "hour", "amount"};
    (void)context;
    return labels[column];
}

static int level(const void *context, int row, int column)
{
    static const int levels[2][3] = {{0, 2, 9}, {5, HEAT_UNKNOWN, HEAT_NONE}};
    (void)context;
    return levels[row][column];
}

static void heat_maps(void **state)
{
    (void)state;
    struct heat h = {.n_rows = 2,
                     .n_columns = 3,
                     .selected_row = -1,
                     .selected_column = -1,
                     .label_width = 9,
                     .cell_width = 4,
                     .row_label = row_label,
                     .column_label = column_label,
                     .level = level};
    struct canvas *c = new_canvas(22, 4, "ascii");

    heat_draw(c, canvas_area(c), &h);
    assert_int_equal(STYLE_ROLE(canvas_row(c, 1)[19].style), ROLE_HEAT9);
    assert_canvas(c, "          de+ ho+ am+\n"
                     "pay-risk   .   :   @\n"
                     "churn-b2c  +   ?\n"
                     "\n");
    assert_int_equal(heat_level(NAN, 0.2), HEAT_UNKNOWN);
    assert_int_equal(heat_level(0, 0.2), 0);
    assert_int_equal(heat_level(-1, 0.2), 0);
    assert_int_equal(heat_level(0.19999, 0.2), 4);
    assert_int_equal(heat_level(0.2, 0.2), 5);
    assert_int_equal(heat_level(0.8, 0.2), 9);
    assert_int_equal(heat_level(INFINITY, 0.2), 9);
    assert_int_equal(heat_level(0.1, 0), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sparklines_rise_and_keep_gaps),
        cmocka_unit_test(sparklines_merge_by_the_largest),
        cmocka_unit_test(sparklines_have_rows_and_alarms),
        cmocka_unit_test(bars_tell_little_from_nothing),
        cmocka_unit_test(bars_of_two_parts),
        cmocka_unit_test(histograms_compare),
        cmocka_unit_test(histograms_in_small_rooms),
        cmocka_unit_test(heat_maps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
