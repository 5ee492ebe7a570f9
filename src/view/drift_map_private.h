/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The heat map below Drift: deployments by worst verdict, features by how many they reach.
 */
#ifndef DRIFTOP_VIEW_DRIFT_MAP_PRIVATE_H
#define DRIFTOP_VIEW_DRIFT_MAP_PRIVATE_H

#include "driftop/query/drift.h"
#include "driftop/term/rect.h"

struct canvas;

#define MAP_ROWS    64
#define MAP_COLUMNS 64

/* Made once when the lines are read, because they are many; borrows their names. */
struct drift_map {
    const char *rows[MAP_ROWS], *columns[MAP_COLUMNS];
    char titles[MAP_COLUMNS][8]; /* three letters of each column's name */
    int n_rows, n_columns;
    int level[MAP_ROWS][MAP_COLUMNS]; /* the worst of the versions */
};

/* Names in the order of the lines, which is that of the trouble. */
void drift_map_fill(const struct drift_view *d, struct drift_map *ret);
/* Rows it wants with its rule and title, `most` at most. */
int drift_map_rows(const struct drift_view *d, int most);
void drift_map_draw(const struct drift_map *map, struct canvas *c, struct rect area);

#endif
