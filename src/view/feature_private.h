/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 5's state, shared by its drawing (feature.c) and its words (feature_words.c).
 */
#ifndef DRIFTOP_VIEW_FEATURE_PRIVATE_H
#define DRIFTOP_VIEW_FEATURE_PRIVATE_H

#include "driftop/query/feature.h"
#include "view_private.h"

struct rect;

struct feature_state {
    char deployment[MODEL_NAME_SIZE], version[MODEL_NAME_SIZE], feature[MODEL_NAME_SIZE];
    enum window_span span;
    struct feature_view data;
    bool has_data;
    int first, shown;
    int step; /* n and N: lines to go in the order of Drift at the next load */
};

/* The side on the screen; NULL when there are no rows at all. */
const struct feature_side *feature_shown(const struct feature_state *f);
void feature_say(const void *state, const struct view_frame *frame, bool selected_only,
                 struct str *ret);
void feature_detail(const void *state, const struct view_frame *frame, struct str *ret);

/* feature_meaning.c: what the numbers mean, at the top of *area, which shrinks. */
void feature_draw_meaning(const struct feature_state *f, struct canvas *c, struct rect *area);
void feature_draw_sides(const struct feature_state *f, struct canvas *c, struct rect *area);
/* How many lines the comparisons get of so many, and drawing them. */
int feature_against_rows(const struct feature_state *f, int rows);
void feature_draw_against(const struct feature_state *f, struct canvas *c, struct rect *area);

#endif
