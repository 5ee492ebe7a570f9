/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rectangles of character cells. A rectangle with no columns or no rows is empty, which is a good
 * value: every widget draws nothing into it. Sizes never come out negative, whatever is cut.
 */
#ifndef DRIFTOP_TERM_RECT_H
#define DRIFTOP_TERM_RECT_H

#include <stdbool.h>

struct rect {
    int x, y;          /* upper left, from 0 */
    int columns, rows; /* 0 or more */
};

bool rect_empty(struct rect r);
bool rect_contains(struct rect r, int x, int y);
struct rect rect_intersect(struct rect a, struct rect b);
/* Smaller by `columns` on the left and the right and by `rows` at the top and the bottom. */
struct rect rect_inset(struct rect r, int columns, int rows);

/* Cut a strip off *rest and return it; a strip larger than *rest takes it all. This is how a view
 * lays itself out: struct rect head = rect_cut_top(&area, 2); */
struct rect rect_cut_top(struct rect *rest, int rows);
struct rect rect_cut_bottom(struct rect *rest, int rows);
struct rect rect_cut_left(struct rect *rest, int columns);
struct rect rect_cut_right(struct rect *rest, int columns);

#endif
