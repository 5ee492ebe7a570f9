/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a view and its companions stand. Pure: sizes in, rectangles out.
 */
#ifndef DRIFTOP_VIEW_LAYOUT_PRIVATE_H
#define DRIFTOP_VIEW_LAYOUT_PRIVATE_H

#include "driftop/view/view.h"

enum layout_place { PLACE_BELOW, PLACE_RIGHT, PLACE_RIGHT_BELOW, PLACES };

struct layout_places {
    struct rect main;
    struct rect side[PLACES]; /* empty: not in sight */
    int divider_x;            /* of the vertical line, 0: none */
};

/* `screen` decides what there is room for, `body` is shared out. Below 120 columns the view has it
 * all; from 120 on there are two columns, from 160x45 on a wall of four. */
struct layout_places layout_of(struct rect screen, struct rect body, const struct view *view,
                               bool wide);
/* The companion's view, NULL when it has none there. */
const struct view *layout_side(const struct view *view, enum layout_place place);

#endif
