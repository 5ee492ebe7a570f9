/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driftop/base/str.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"

static void assert_rows(const struct canvas *c, const char *expected)
{
    struct str text;

    str_init(&text, 0);
    assert_int_equal(canvas_all_text(c, &text), 0);
    assert_string_equal(text.data, expected);
    str_done(&text);
}

static struct canvas *new_canvas(int columns, int rows, const char *glyphs)
{
    struct canvas *c = canvas_new(columns, rows, glyphs_find(glyphs));

    assert_non_null(c);
    return c;
}

static void text_is_clipped_at_every_edge(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(5, 2, "utf8-block");

    assert_int_equal(canvas_text(c, -2, 0, ROLE_TEXT, "abcdefghi"), 9);
    assert_int_equal(canvas_text(c, 3, 1, ROLE_TEXT, "xyz"), 3);
    canvas_text(c, 0, 2, ROLE_TEXT, "below");
    canvas_text(c, 0, -1, ROLE_TEXT, "above");
    canvas_text(c, INT_MAX, 0, ROLE_TEXT, "far");
    canvas_text(c, INT_MIN, 0, ROLE_TEXT, "far");
    assert_rows(c, "cdefg\n   xy\n");
    canvas_free(c);
}

static void wide_characters_are_never_halved(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(4, 1, "utf8-block");

    assert_int_equal(canvas_text(c, 0, 0, ROLE_TEXT, "a日本"), 5);
    assert_rows(c, "a日\n"); /* the second has only one column: a blank */
    assert_int_equal(canvas_row(c, 0)[1].width, 2);
    assert_int_equal(canvas_row(c, 0)[2].width, 0);
    canvas_text(c, 2, 0, ROLE_TEXT, "x"); /* over its right half */
    assert_rows(c, "a x\n");
    canvas_text(c, 0, 0, ROLE_TEXT, "日本");
    canvas_text(c, 1, 0, ROLE_TEXT, "日"); /* over a right and a left half */
    assert_rows(c, " 日\n");
    canvas_clear(c);
    canvas_text(c, -1, 0, ROLE_TEXT, "日b");
    assert_rows(c, " b\n");
    canvas_free(c);
}

static void combining_marks_stay_with_their_base(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(4, 1, "utf8-block");

    /* A mark without a base goes, e with one stays, and no number of marks overflows a cell. */
    assert_int_equal(canvas_text(c, 0, 0, ROLE_TEXT, "\u0301e\u0301x"), 2);
    assert_rows(c, "e\u0301x\n");
    canvas_clear(c);
    char many[1 + 2 * 50 + 1] = "e";
    for (int i = 0; i < 50; i++)
        memcpy(many + 1 + 2 * i, "\u0301", 2);
    many[101] = '\0';
    assert_int_equal(canvas_text(c, 0, 0, ROLE_TEXT, many), 1);
    assert_rows(c, "e\u0301\u0301\u0301\u0301\n");
    canvas_free(c);
}

static void bytes_that_steer_a_terminal_do_not_pass(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(12, 1, "utf8-block");

    canvas_text(c, 0, 0, ROLE_TEXT, "a\033[31mb\tc\n\x9b\xff");
    assert_rows(c, "a?[31mb c ??\n");
    canvas_free(c);
}

static void ascii_sets_let_no_other_byte_out(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(8, 1, "ascii");
    struct str text;

    assert_int_equal(canvas_text(c, 0, 0, ROLE_TEXT, "é日e\u0301.▁"), 6);
    assert_rows(c, "???e.?\n");
    for (int g = 0; g < GLYPH_COUNT; g++) {
        canvas_glyph(c, 0, 0, ROLE_TEXT, (enum glyph)g);
        str_init(&text, 0);
        canvas_row_text(c, 0, &text);
        for (size_t i = 0; i < text.length; i++)
            assert_true((unsigned char)text.data[i] < 0x80);
        str_done(&text);
    }
    canvas_free(c);
}

static void clips_nest_and_come_back(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(6, 3, "ascii");
    struct rect outer = canvas_clip(c, (struct rect){1, 1, 4, 2});
    struct rect inner = canvas_clip(c, (struct rect){-5, 0, 8, 9});

    canvas_fill(c, (struct rect){INT_MIN, INT_MIN, INT_MAX, INT_MAX}, ROLE_PAGE);
    canvas_text(c, 0, 1, ROLE_TEXT, "abcdef");
    canvas_unclip(c, inner);
    canvas_text(c, 0, 2, ROLE_TEXT, "ghijkl");
    canvas_unclip(c, outer);
    canvas_text(c, 0, 0, ROLE_TEXT, "mnopqr");
    assert_rows(c, "mnopqr\n bc\n hijk\n");
    canvas_free(c);
}

static void boxes_and_fields(void **state)
{
    (void)state;
    struct canvas *c = new_canvas(9, 4, "ascii");

    canvas_box(c, (struct rect){0, 0, 9, 4}, ROLE_BORDER);
    canvas_field(c, 1, 1, 7, ALIGN_RIGHT, ROLE_TEXT, "12");
    canvas_field(c, 1, 2, 7, ALIGN_LEFT, ROLE_TEXT, "too long a text");
    assert_rows(c, "+-------+\n|     12|\n|too lo+|\n+-------+\n");
    canvas_clear(c);
    canvas_box(c, (struct rect){2, -1, INT_MAX, INT_MAX}, ROLE_BORDER);
    canvas_field(c, 3, 0, 5, ALIGN_CENTER, ROLE_TEXT, "m");
    assert_rows(c, "  |  m\n  |\n  |\n  |\n");
    canvas_free(c);
}

static void any_size_is_safe(void **state)
{
    (void)state;
    for (int columns = 0; columns < 4; columns++) {
        for (int rows = 0; rows < 4; rows++) {
            struct canvas *c = new_canvas(columns, rows, "utf8-braille");
            canvas_box(c, canvas_area(c), ROLE_BORDER);
            canvas_text(c, 0, 0, ROLE_TEXT, "日本");
            canvas_field(c, 0, 0, columns, ALIGN_CENTER, ROLE_TEXT, "日本語");
            canvas_restyle(c, (struct rect){-1, -1, 9, 9}, ROLE_FOCUS);
            canvas_set_cursor(c, columns, rows);
            int x, y;
            assert_false(canvas_cursor(c, &x, &y));
            assert_null(canvas_row(c, rows));
            assert_int_equal(canvas_resize(c, rows, columns), 0);
            canvas_free(c);
        }
    }
    struct canvas *c = new_canvas(-1, INT_MAX, "ascii");
    assert_int_equal(canvas_area(c).columns, 0);
    assert_int_equal(canvas_area(c).rows, CANVAS_MAX);
    canvas_free(c);
}

static void differences_are_named(void **state)
{
    (void)state;
    struct canvas *a = new_canvas(4, 3, "ascii"), *b = new_canvas(1, 1, "ascii");
    struct str text;

    str_init(&text, 0);
    canvas_text(a, 0, 0, ROLE_TEXT, "one");
    canvas_text(a, 0, 1, ROLE_TEXT, "two");
    assert_int_equal(canvas_copy(b, a), 0);
    assert_int_equal(canvas_diff(a, b, &text), 0);
    canvas_text(b, 0, 0, ROLE_TEXT, "1");
    canvas_restyle(b, (struct rect){0, 1, 1, 1}, ROLE_PAGE);
    assert_int_equal(canvas_diff(a, b, &text), 2);
    assert_string_equal(text.data, "-one\n+1ne\n~1\n");
    str_done(&text);
    canvas_free(a);
    canvas_free(b);
}

/* Random drawing into a clip leaves every cell outside of it alone, halves included when what lies
 * there is narrow. */
static void nothing_is_drawn_outside_of_the_clip(void **state)
{
    (void)state;
    static const char *const texts[] = {"日本語", "abc", "e\u0301\u0301", "\033[2J", "a日", ""};
    unsigned random = 7;

    for (int round = 0; round < 3000; round++) {
        struct canvas *c = new_canvas(12, 6, "utf8-braille");
        canvas_hline(c, 0, 0, 12, ROLE_KEY, GLYPH_SELECTED);
        struct canvas *before = new_canvas(0, 0, "ascii");
        canvas_copy(before, c);
        int r[5];
        for (int i = 0; i < 5; i++) {
            random = random * 1103515245u + 12345u;
            r[i] = (int)(random >> 16) % 16 - 2;
        }
        struct rect clip = {r[0], r[1], r[2], r[3]};
        canvas_clip(c, clip);
        canvas_text(c, r[4], r[1], ROLE_PAGE, texts[round % 6]);
        canvas_box(c, (struct rect){r[4], r[3], r[1], r[2]}, ROLE_PAGE);
        canvas_field(c, r[2], r[0], r[4], ALIGN_RIGHT, ROLE_PAGE, texts[round % 5]);
        for (int y = 0; y < 6; y++)
            for (int x = 0; x < 12; x++)
                if (!rect_contains(clip, x, y))
                    assert_memory_equal(&canvas_row(c, y)[x], &canvas_row(before, y)[x],
                                        sizeof(struct canvas_cell));
        canvas_free(before);
        canvas_free(c);
    }
}

static void rectangles_are_cut_up(void **state)
{
    (void)state;
    struct rect rest = {2, 3, 10, 5};
    struct rect top = rect_cut_top(&rest, 2), right = rect_cut_right(&rest, 4);

    assert_int_equal(top.y, 3);
    assert_int_equal(top.rows, 2);
    assert_int_equal(right.x, 8);
    assert_int_equal(rest.columns, 6);
    assert_int_equal(rest.y, 5);
    assert_int_equal(rect_cut_bottom(&rest, 99).rows, 3);
    assert_true(rect_empty(rest));
    assert_int_equal(rect_cut_left(&rest, -4).columns, 0);
    assert_true(rect_empty(rect_inset((struct rect){0, 0, 3, 3}, 2, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_clipped_at_every_edge),
        cmocka_unit_test(wide_characters_are_never_halved),
        cmocka_unit_test(combining_marks_stay_with_their_base),
        cmocka_unit_test(bytes_that_steer_a_terminal_do_not_pass),
        cmocka_unit_test(ascii_sets_let_no_other_byte_out),
        cmocka_unit_test(clips_nest_and_come_back),
        cmocka_unit_test(boxes_and_fields),
        cmocka_unit_test(any_size_is_safe),
        cmocka_unit_test(differences_are_named),
        cmocka_unit_test(nothing_is_drawn_outside_of_the_clip),
        cmocka_unit_test(rectangles_are_cut_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
