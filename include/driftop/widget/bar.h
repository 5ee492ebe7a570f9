/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bars: a share of a whole, "#####...............", and a whole in two parts. A share that is not 0
 * shows at least the smallest piece, one that is not all leaves at least one free.
 */
#ifndef DRIFTOP_WIDGET_BAR_H
#define DRIFTOP_WIDGET_BAR_H

#include <stdbool.h>

struct canvas;

/* NaN draws an empty bar in ROLE_UNKNOWN. Below 0 is 0, above 1 is 1. */
void bar_draw(struct canvas *c, int x, int y, int columns, unsigned style, double ratio);
/* The same without anything where it is empty: for histograms. */
void bar_draw_open(struct canvas *c, int x, int y, int columns, unsigned style, double ratio);
/* first_ratio of the whole in one style, second_ratio in the other, the rest empty. */
void bar_draw_two(struct canvas *c, int x, int y, int columns, unsigned first_style,
                  double first_ratio, unsigned second_style, double second_ratio);
/* Pure: whole cells and eighths of one more for a ratio. eighths is 0 without has_eighths. */
void bar_measure(int columns, double ratio, bool has_eighths, int *ret_cells, int *ret_eighths);

#endif
