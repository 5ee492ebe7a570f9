/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A bar is read at a glance, so its ends must not lie: a piece for the smallest share, a gap for
 * the smallest that is missing. In between it is rounded to the nearest eighth, or cell.
 */
#include "driftop/widget/bar.h"

#include <math.h>
#include <string.h>

#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"

void bar_measure(int columns, double ratio, bool has_eighths, int *ret_cells, int *ret_eighths)
{
    int pieces = has_eighths ? 8 : 1;
    int all = columns > 0 && columns <= CANVAS_MAX ? columns * pieces : 0;
    int filled = 0;

    if (ratio >= 1)
        filled = all;
    else if (ratio > 0) /* false for NaN */
        filled = (int)lround(ratio * all);
    if (ratio > 0 && filled == 0 && all > 0)
        filled = 1;
    else if (ratio < 1 && filled == all && all > 1)
        filled = all - 1;
    *ret_cells = filled / pieces;
    *ret_eighths = filled % pieces;
}

/* Returns the cells used. */
static int draw_filled(struct canvas *c, int x, int y, int columns, unsigned style, double ratio)
{
    const char *const *eighth = canvas_glyphs(c)->eighth;
    int cells, eighths;

    bar_measure(columns, ratio, eighth[1] != NULL, &cells, &eighths);
    canvas_hline(c, x, y, cells, style, GLYPH_BAR_FULL);
    if (eighths == 0)
        return cells;
    canvas_text(c, x + cells, y, style, eighth[eighths]);
    return cells + 1;
}

void bar_draw(struct canvas *c, int x, int y, int columns, unsigned style, double ratio)
{
    if (isnan(ratio))
        style = ROLE_UNKNOWN;
    int used = draw_filled(c, x, y, columns, style, ratio);
    canvas_hline(c, x + used, y, columns - used, isnan(ratio) ? ROLE_UNKNOWN : ROLE_MUTED,
                 GLYPH_BAR_EMPTY);
}

void bar_draw_open(struct canvas *c, int x, int y, int columns, unsigned style, double ratio)
{
    int used = draw_filled(c, x, y, columns, style, ratio);

    canvas_fill(c, (struct rect){x + used, y, columns - used, 1}, ROLE_TEXT);
}

void bar_draw_two(struct canvas *c, int x, int y, int columns, unsigned first_style,
                  double first_ratio, unsigned second_style, double second_ratio)
{
    int first, second, none;

    /* Whole cells only: two eighths cannot share one. */
    bar_measure(columns, first_ratio, false, &first, &none);
    bar_measure(columns, second_ratio, false, &second, &none);
    /* A whole has no gap between its parts, whatever rounding says. */
    if (first_ratio + second_ratio >= 0.9995)
        second = columns - first;
    /* Both parts are there, so both are seen. */
    if (second_ratio > 0 && first == columns && columns > 1)
        first--;
    if (first + second > columns)
        second = columns - first;
    canvas_hline(c, x, y, first, first_style, GLYPH_BAR_FULL);
    canvas_hline(c, x + first, y, second, second_style, GLYPH_BAR_OTHER);
    canvas_hline(c, x + first + second, y, columns - first - second, ROLE_MUTED, GLYPH_BAR_EMPTY);
}
