/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What frames a part of a screen: a box with a title in its border, or a rule with a title.
 */
#ifndef DRIFTOP_WIDGET_PANEL_H
#define DRIFTOP_WIDGET_PANEL_H

#include "driftop/term/rect.h"

struct canvas;

/* "+-- TITLE ------- right -+". Blanks the inside and returns it, with one blank column at either
 * side where there is room. Titles may be NULL. */
struct rect panel_box(struct canvas *c, struct rect r, unsigned style, const char *title,
                      const char *right);
/* "-TITLE-------------------" on the first row of *rest, which is cut off. */
void panel_rule(struct canvas *c, struct rect *rest, unsigned style, const char *title);
/* A rectangle of this size, or what there is room for, in the middle of `area`. */
struct rect panel_center(struct rect area, int columns, int rows);

#endif
