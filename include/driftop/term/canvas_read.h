/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a canvas back: for backends, golden texts and tests.
 */
#ifndef DRIFTOP_TERM_CANVAS_READ_H
#define DRIFTOP_TERM_CANVAS_READ_H

#include <stdbool.h>
#include <stdint.h>

#define CANVAS_CELL_BYTES 20 /* a base character and up to four combining marks, and the NUL */

struct canvas;
struct str;

/* width 1 or 2; a cell of width 0 is the right half of the wide character before it and has no
 * text. A blank is " ". */
struct canvas_cell {
    char text[CANVAS_CELL_BYTES + 1];
    uint8_t width;
    uint16_t style;
};

/* A row's cells, as many as there are columns; borrowed until the canvas changes. NULL outside. */
const struct canvas_cell *canvas_row(const struct canvas *c, int y);
/* Append row y as UTF-8 without trailing blanks and without a newline. */
int canvas_row_text(const struct canvas *c, int y, struct str *ret);
/* Append all rows, each with a newline: a golden text. */
int canvas_all_text(const struct canvas *c, struct str *ret);
/* False when the cursor is hidden. */
bool canvas_cursor(const struct canvas *c, int *ret_x, int *ret_y);

bool canvas_same_row(const struct canvas *a, const struct canvas *b, int y);
/* Append a readable list of differing rows, "-old" and "+new", and rows that differ in style only
 * as "~ROW"; nothing when both are the same. Returns the number of rows that differ. */
int canvas_diff(const struct canvas *a, const struct canvas *b, struct str *ret);
/* Make `to` the same as `from`, its size too. ERR_NOMEM leaves it as it was. */
int canvas_copy(struct canvas *to, const struct canvas *from);

#endif
