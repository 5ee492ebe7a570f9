/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A heat map: rows with labels, columns with short titles, a level in each cell. Level 0 to 9 is
 * told by colour and by glyph ('.' to '@'), so that it reads without colours; -1 is unknown ('?'),
 * -2 means there is no such cell (blank).
 */
#ifndef DRIFTOP_WIDGET_HEAT_H
#define DRIFTOP_WIDGET_HEAT_H

#include "driftop/term/rect.h"

#define HEAT_UNKNOWN (-1)
#define HEAT_NONE    (-2)

struct canvas;

struct heat {
    int n_rows, n_columns;
    int first_row, first_column;       /* scrolled */
    int selected_row, selected_column; /* -1: none */
    int label_width;                   /* columns of the row labels */
    int cell_width;                    /* columns of a cell with its blank: 2 to 8 */
    const char *(*row_label)(const void *context, int row);
    const char *(*column_label)(const void *context, int column);
    int (*level)(const void *context, int row, int column);
    const void *context;
};

/* The level of a value on a scale where `threshold` is level 5: linear below, and 9 at four times
 * it. NaN is HEAT_UNKNOWN. */
int heat_level(double value, double threshold);
/* One mark: a level's glyph in its colour. */
void heat_mark(struct canvas *c, int x, int y, int level);
/* A title line and as many rows as fit. */
void heat_draw(struct canvas *c, struct rect r, const struct heat *h);

#endif
