/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A status line: parts that stand on the left, parts that stand on the right, and a rule for who
 * leaves when there is no room: the lowest priority first, among equals the last. Parts that stay
 * are never cut, except the one that is left alone.
 */
#ifndef DRIFTOP_WIDGET_LINE_H
#define DRIFTOP_WIDGET_LINE_H

#include <stdbool.h>

#define LINE_PARTS_MAX 24

struct canvas;

struct line_part {
    const char *text; /* NULL or "" is no part */
    unsigned style;
    int priority;
    bool right;
    int gap; /* blanks before it; 0 stands for 1, negative for none. None before the first */
};

/* Which parts stay within `columns`: keep[i] for the first LINE_PARTS_MAX parts. Pure. */
void line_layout(const struct line_part *parts, int n_parts, int columns, bool *ret_keep);
/* Blanks in `style` where no part stands. */
void line_draw(struct canvas *c, int x, int y, int columns, unsigned style,
               const struct line_part *parts, int n_parts);

#endif
