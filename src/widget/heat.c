/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A level is a glyph and a colour at once. Where the glyphs of two levels are the same their
 * colours differ, and without colours five steps are as many as one can tell apart anyway.
 */
#include "driftop/widget/heat.h"

#include <math.h>
#include <stdint.h>

#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"

#define CELL_MIN 2
#define CELL_MAX 8

int heat_level(double value, double threshold)
{
    if (isnan(value))
        return HEAT_UNKNOWN;
    if (!(value > 0))
        return 0;
    if (!(threshold > 0))
        return 9;
    /* Half of the scale is below the threshold: what comes near it should be seen coming. */
    if (value < threshold)
        return (int)(value / threshold * 5);
    if (value >= 4 * threshold)
        return 9;
    return 5 + (int)((value / threshold - 1) / 3 * 4);
}

void heat_mark(struct canvas *c, int x, int y, int level)
{
    if (level == HEAT_UNKNOWN)
        canvas_text(c, x, y, ROLE_UNKNOWN, "?");
    else if (level < 0)
        canvas_text(c, x, y, ROLE_TEXT, " ");
    else {
        level = level > 9 ? 9 : level;
        canvas_text(c, x, y, (unsigned)ROLE_HEAT0 + (unsigned)level, canvas_glyphs(c)->heat[level]);
    }
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static void draw_row(struct canvas *c, struct rect line, const struct heat *h, int row, int width)
{
    struct rect cells = line;
    struct rect label = rect_cut_left(&cells, h->label_width);
    int first = h->first_column > 0 ? h->first_column : 0;

    canvas_field(c, label.x, label.y, label.columns, ALIGN_LEFT,
                 row == h->selected_row ? ROLE_FOCUS : ROLE_TEXT, h->row_label(h->context, row));
    for (int column = first; column < h->n_columns && cells.columns >= width; column++) {
        struct rect cell = rect_cut_left(&cells, width);
        int x = cell.x + width / 2;
        heat_mark(c, x, cell.y, h->level(h->context, row, column));
        if (row == h->selected_row && column == h->selected_column)
            canvas_restyle(c, (struct rect){x, cell.y, 1, 1}, ROLE_FOCUS);
    }
}

static void draw_head(struct canvas *c, struct rect line, const struct heat *h, int width)
{
    int first = h->first_column > 0 ? h->first_column : 0;

    rect_cut_left(&line, h->label_width);
    for (int column = first; column < h->n_columns && line.columns >= width; column++) {
        struct rect cell = rect_cut_left(&line, width);
        canvas_field(c, cell.x + 1, cell.y, width - 1, ALIGN_CENTER,
                     column == h->selected_column ? ROLE_FOCUS : ROLE_MUTED,
                     h->column_label(h->context, column));
    }
}

void heat_draw(struct canvas *c, struct rect r, const struct heat *h)
{
    int width = clamp(h->cell_width, CELL_MIN, CELL_MAX);
    int row = h->first_row > 0 ? h->first_row : 0;
    struct rect saved = canvas_clip(c, r);

    /* What is outside needs no asking for its level. */
    r = rect_intersect(canvas_area(c), r);
    canvas_fill(c, r, ROLE_TEXT);
    struct rect head = rect_cut_top(&r, 1);
    if (!rect_empty(head))
        draw_head(c, head, h, width);
    for (; row < h->n_rows && r.rows > 0; row++)
        draw_row(c, rect_cut_top(&r, 1), h, row, width);
    canvas_unclip(c, saved);
}
