/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines and boxes. A length may reach far beyond the canvas, so what is drawn is always the
 * intersection with the clip, and never a loop over the length.
 */
#include "driftop/term/canvas_draw.h"

#include <stdint.h>
#include <string.h>

#include "canvas_private.h"

void canvas_glyph(struct canvas *c, int x, int y, unsigned style, enum glyph glyph)
{
    const char *text = c->glyphs->glyph[glyph];

    /* Not through canvas_text(): the lines of the acs set are no ASCII and are meant to stay. */
    canvas_put(c, x, y, style, text, strlen(text), 1);
}

void canvas_hline(struct canvas *c, int x, int y, int length, unsigned style, enum glyph glyph)
{
    struct rect r = rect_intersect(c->clip, (struct rect){x, y, length, 1});

    if (r.rows > 0)
        for (int i = 0; i < r.columns; i++)
            canvas_glyph(c, r.x + i, y, style, glyph);
}

void canvas_vline(struct canvas *c, int x, int y, int length, unsigned style, enum glyph glyph)
{
    struct rect r = rect_intersect(c->clip, (struct rect){x, y, 1, length});

    if (r.columns > 0)
        for (int i = 0; i < r.rows; i++)
            canvas_glyph(c, x, r.y + i, style, glyph);
}

/* The last column or row of a rectangle, whose two numbers may be anything. */
static int last(int start, int size)
{
    int64_t end = (int64_t)start + size - 1;

    return end > CANVAS_MAX ? CANVAS_MAX : (int)end;
}

void canvas_box(struct canvas *c, struct rect r, unsigned style)
{
    if (rect_empty(r))
        return;
    int right = last(r.x, r.columns), bottom = last(r.y, r.rows);

    canvas_hline(c, r.x, r.y, r.columns, style, GLYPH_HLINE);
    canvas_hline(c, r.x, bottom, r.columns, style, GLYPH_HLINE);
    if (r.rows == 1)
        return;
    canvas_vline(c, r.x, r.y, r.rows, style, GLYPH_VLINE);
    canvas_vline(c, right, r.y, r.rows, style, GLYPH_VLINE);
    if (r.columns == 1)
        return;
    /* The corners last: they replace the ends of the lines. */
    canvas_glyph(c, r.x, r.y, style, GLYPH_TOP_LEFT);
    canvas_glyph(c, right, r.y, style, GLYPH_TOP_RIGHT);
    canvas_glyph(c, r.x, bottom, style, GLYPH_BOTTOM_LEFT);
    canvas_glyph(c, right, bottom, style, GLYPH_BOTTOM_RIGHT);
}

void canvas_restyle(struct canvas *c, struct rect r, unsigned style)
{
    r = rect_intersect(c->clip, r);
    for (int y = r.y; y < r.y + r.rows; y++)
        for (int x = r.x; x < r.x + r.columns; x++)
            /* Inside the clip there is a cell everywhere. */
            canvas_cell_at(c, x, y)->style = (uint16_t)style;
}

void canvas_set_cursor(struct canvas *c, int x, int y)
{
    c->cursor_shown = rect_contains(c->clip, x, y);
    if (c->cursor_shown) {
        c->cursor_x = x;
        c->cursor_y = y;
    }
}
