/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The heat map below Drift: deployments by worst verdict, features by how many they reach.
 */
#ifndef DRIFTOP_VIEW_DRIFT_MAP_PRIVATE_H
#define DRIFTOP_VIEW_DRIFT_MAP_PRIVATE_H

#include "driftop/query/drift.h"
#include "driftop/term/rect.h"

struct canvas;

/* Rows it wants with its rule and title, `most` at most. */
int drift_map_rows(const struct drift_view *d, int most);
void drift_map_draw(const struct drift_view *d, struct canvas *c, struct rect area);

#endif
