/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A canvas: a grid of cells into which everything is drawn, whether it ends on a terminal or in a
 * text file. A cell is one user-perceived character (a base with its combining marks), the columns
 * it takes and a style. Nothing is ever written outside the grid or the clip rectangle, a wide
 * character is never half drawn (what would be a half is a blank), and any coordinate and any size
 * from 0 on is safe. Text may come from outside: control characters, broken UTF-8 and bidi controls
 * are replaced here, the last gate before the terminal.
 *
 * More drawing is in term/canvas_draw.h, reading back in term/canvas_read.h.
 */
#ifndef DRIFTOP_TERM_CANVAS_H
#define DRIFTOP_TERM_CANVAS_H

#include "driftop/term/rect.h"
#include "driftop/term/style.h"

#define CANVAS_MAX 1000 /* columns and rows; more is cut */

struct canvas;
struct glyphs;

/* All blank, in ROLE_TEXT. `glyphs` is borrowed and constant. NULL when out of memory. */
struct canvas *canvas_new(int columns, int rows, const struct glyphs *glyphs);
void canvas_free(struct canvas *c);
/* Blank again at the new size. On ERR_NOMEM the old size stays. */
int canvas_resize(struct canvas *c, int columns, int rows);
/* All blank, no clip, no cursor. */
void canvas_clear(struct canvas *c);

/* The whole grid: {0, 0, columns, rows}. */
struct rect canvas_area(const struct canvas *c);
const struct glyphs *canvas_glyphs(const struct canvas *c);
/* For "ascii" to "utf8-braille" at run time; what is drawn already stays. */
void canvas_set_glyphs(struct canvas *c, const struct glyphs *glyphs);

/* Narrow the clip rectangle to its intersection with r. Returns the one before, to be put back:
 *     struct rect saved = canvas_clip(c, r);
 *     ...
 *     canvas_unclip(c, saved); */
struct rect canvas_clip(struct canvas *c, struct rect r);
void canvas_unclip(struct canvas *c, struct rect saved);

/* One line from x on. Returns the columns that the text takes, clipped or not (bounded by
 * CANVAS_MAX), so that x += canvas_text(...) strings pieces together. */
int canvas_text(struct canvas *c, int x, int y, unsigned style, const char *text);
int canvas_textf(struct canvas *c, int x, int y, unsigned style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Blanks in this style. */
void canvas_fill(struct canvas *c, struct rect r, unsigned style);

#endif
