/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawing on a canvas beyond plain text: aligned fields, glyphs of the canvas's set, lines and
 * boxes, and the cursor. All of it clips like canvas_text().
 */
#ifndef DRIFTOP_TERM_CANVAS_DRAW_H
#define DRIFTOP_TERM_CANVAS_DRAW_H

#include "driftop/term/glyph.h"
#include "driftop/term/rect.h"

struct canvas;

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER };

/* A field of exactly `columns` columns: the text aligned in it, the rest blank, all in `style`. A
 * text that is too long ends in GLYPH_CUT. */
void canvas_field(struct canvas *c, int x, int y, int columns, enum align align, unsigned style,
                  const char *text);
/* One glyph. */
void canvas_glyph(struct canvas *c, int x, int y, unsigned style, enum glyph glyph);
/* `length` times the glyph to the right, or downwards. */
void canvas_hline(struct canvas *c, int x, int y, int length, unsigned style, enum glyph glyph);
void canvas_vline(struct canvas *c, int x, int y, int length, unsigned style, enum glyph glyph);
/* The border just inside r. A box of one row or column is a line; the inside stays as it is. */
void canvas_box(struct canvas *c, struct rect r, unsigned style);
/* Give cells another style and leave their characters, as for the selected row. */
void canvas_restyle(struct canvas *c, struct rect r, unsigned style);
/* Show the terminal's cursor here; outside the clip it stays hidden. */
void canvas_set_cursor(struct canvas *c, int x, int y);

#endif
