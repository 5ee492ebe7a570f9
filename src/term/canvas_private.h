/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of a canvas, shared by the files that draw on it and read it.
 */
#ifndef DRIFTOP_TERM_CANVAS_PRIVATE_H
#define DRIFTOP_TERM_CANVAS_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/term/canvas.h"
#include "driftop/term/canvas_read.h"

struct canvas {
    int columns, rows;
    struct rect clip; /* never reaches beyond the grid */
    const struct glyphs *glyphs;
    struct canvas_cell *cells; /* rows * columns */
    bool cursor_shown;
    int cursor_x, cursor_y;
};

/* NULL outside of the clip. */
struct canvas_cell *canvas_cell_at(struct canvas *c, int x, int y);
/* Put a character of width 1 or 2, clean already; the one way by which text comes into cells. */
void canvas_put(struct canvas *c, int x, int y, unsigned style, const char *text, size_t length,
                int width);

#endif
