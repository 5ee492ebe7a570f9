/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stack's inside: stack.c opens, loads and draws, stack_key.c answers keys.
 */
#ifndef DRIFTOP_VIEW_STACK_PRIVATE_H
#define DRIFTOP_VIEW_STACK_PRIVATE_H

#include "driftop/view/stack.h"
#include "layout_private.h"
#include "view_private.h"

#define STACK_DEPTH 16

/* An open view: its own state and what it was opened on. */
struct instance {
    const struct view *view;
    void *state;
    struct view_target target;
    bool loaded;
    char absent[384]; /* what it is about does not exist (any more) */
};

struct view_stack {
    struct instance open[STACK_DEPTH]; /* [0] is the view of a digit, dialogs are on top */
    int n;
    struct instance side[PLACES];
    struct view_frame frame;
    char filter[128], message[512];
    char copied[512];
    bool wants_load;
    const struct view *last; /* where "-" leads */
    struct view_target last_target;
};

/* The topmost view that is no dialog. */
struct instance *stack_base(struct view_stack *s);

/* frame.c: what surrounds the views. Returns the rectangle that is left for them. */
struct rect frame_draw(struct canvas *c, const struct view *view, const struct view_frame *frame);

/* Close what `i` holds and clear it. */
void instance_close(struct instance *i);

#endif
