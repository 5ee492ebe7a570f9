/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layout_private.h"

#define TWO_COLUMNS  120
#define WALL_COLUMNS 160
#define WALL_ROWS    45
#define HIGH_ROWS    30
#define MAIN_COLUMNS 80 /* what a view is drawn for */

const struct view *layout_side(const struct view *view, enum layout_place place)
{
    const char *name = place == PLACE_BELOW   ? view->below
                       : place == PLACE_RIGHT ? view->right
                                              : view->right_below;
    return name ? view_find(name) : NULL;
}

struct layout_places layout_of(struct rect screen, struct rect body, const struct view *view,
                               bool wide)
{
    struct layout_places p = {.main = body};
    bool wall = screen.columns >= WALL_COLUMNS && screen.rows >= WALL_ROWS;

    if (wide || screen.columns < TWO_COLUMNS || !view->right)
        return p;
    int left = screen.columns * 11 / 20;
    if (left < MAIN_COLUMNS)
        left = MAIN_COLUMNS;
    struct rect right = p.main;
    p.main = rect_cut_left(&right, left);
    p.divider_x = p.main.x + p.main.columns;
    rect_cut_left(&right, 1);
    if (wall && view->below)
        p.side[PLACE_BELOW] = rect_cut_bottom(&p.main, body.rows * 2 / 5);
    if (screen.rows >= HIGH_ROWS && view->right_below)
        p.side[PLACE_RIGHT_BELOW] = rect_cut_bottom(&right, body.rows * 2 / 5);
    p.side[PLACE_RIGHT] = right;
    return p;
}
