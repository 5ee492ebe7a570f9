/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store that the screens of these tests show: a small fleet at a time that stands still, in
 * which fraud-score has a bad version, pay-risk a feature in another unit, and eta-eu a dead server.
 */
#ifndef DRIFTOP_TESTS_SCREEN_FIXTURE_H
#define DRIFTOP_TESTS_SCREEN_FIXTURE_H

#include "../unit/query/world.h"
#include "driftop/view/stack.h"

struct canvas;

/* Fills the world; without it a world is a store in which nothing was recorded yet. */
void fixture_fill(struct world *w);

/* How the screens of one state are set up. */
enum fixture_state {
    FIXTURE_NORMAL,    /* armed, recording */
    FIXTURE_EMPTY,     /* a store without a deployment */
    FIXTURE_STALE,     /* the recorder is gone for 90 s */
    FIXTURE_ERROR,     /* the store cannot be read any more, and the disk was full before */
    FIXTURE_READ_ONLY, /* --read-only */
    FIXTURE_STATES,
};
const char *fixture_state_name(enum fixture_state state);
/* A stack with this view, loaded and drawn on the canvas. The caller frees it. */
struct view_stack *fixture_screen(struct world *w, enum fixture_state state, const char *view,
                                  struct canvas *c);
/* Load and draw it again, at another size perhaps. */
void fixture_draw(struct world *w, enum fixture_state state, struct view_stack *stack,
                  struct canvas *c);

#endif
