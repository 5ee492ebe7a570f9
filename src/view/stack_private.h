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
#define VIEWS_KEPT  7

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
    char copied[1024];
    struct instance kept[VIEWS_KEPT]; /* of digits, for coming back at once */
    enum view_wants wants;
    bool follow_only;        /* only another row was selected */
    const struct view *last; /* where "-" leads */
    struct view_target last_target;
};

/* The topmost view that is no dialog. */
struct instance *stack_base(struct view_stack *s);

/* frame.c: what surrounds the views. Returns the rectangle that is left for them. */
struct rect frame_draw(struct canvas *c, const struct view *view, const struct view_frame *frame);

/* Something is to be read: everything in sight, or what follows the selection. */
void stack_want(struct view_stack *s, enum view_wants wants, bool follow_only);
/* Put a view away, and take one out again that can be shown for this target; false: there is
 * none. */
void stack_keep(struct view_stack *s, struct instance *i);
bool stack_take(struct view_stack *s, const struct view *view, const struct view_target *target,
                struct instance *ret);
/* Close what `i` holds and clear it. */
void instance_close(struct instance *i);

#endif
