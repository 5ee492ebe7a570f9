/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stack of views: what is open, what lies beside it on a large terminal, the filter, the message
 * line, and the keys that mean the same everywhere. It owns the views' states and nothing else: it
 * draws on any canvas and reads any store, so `driftop screen`, the tests and the dashboard share
 * it. What a key asks of the world comes back as a VIEW_COMMAND.
 */
#ifndef DRIFTOP_VIEW_STACK_H
#define DRIFTOP_VIEW_STACK_H

#include "driftop/view/view.h"

struct view_stack;

/* Empty; opens `name` on the target (which may be NULL). NULL when out of memory or there is no
 * such view. */
struct view_stack *view_stack_new(const char *name, const struct view_target *target);
void view_stack_free(struct view_stack *stack);

/* What surrounds the views. The caller sets time, arming, status and fault before drawing; filter,
 * message, wide and frozen are the stack's own. */
struct view_frame *view_stack_frame(struct view_stack *stack);
/* What a key has led to: NOW, something that was never read or belongs to another row; LATER, a view
 * that was read some time ago and can be drawn first. */
enum view_wants { VIEW_WANTS_NOTHING, VIEW_WANTS_LATER, VIEW_WANTS_NOW };
enum view_wants view_stack_wants(const struct view_stack *stack);
/* Read what is in sight, which `size` tells: everything again, or (not `all`) what is wanted. The
 * first error is returned (and drawn by the frame as long as it stays in `fault`). While frozen
 * nothing is read again. */
int view_stack_load(struct view_stack *stack, struct store *store, struct rect size, bool all,
                    struct err *e);
/* The whole screen. */
void view_stack_draw(struct view_stack *stack, struct canvas *c);
/* The base view as sentences, for `--linear`; its drawing where it has none. */
struct str;
void view_stack_say_all(struct view_stack *stack, struct str *ret);
/* VIEW_COMMAND is the caller's to do, all else was done. */
struct view_result view_stack_key(struct view_stack *stack, const struct key *key);

/* On top of what is open. ERR_ABSENT, ERR_NOMEM. */
int view_stack_open(struct view_stack *stack, const char *name, const struct view_target *target);
void view_stack_close_top(struct view_stack *stack);
/* The top's own struct: only for those who know what it is (dialogs). */
void *view_stack_top_state(struct view_stack *stack);
/* Stays on the bottom line until the next key; cut to fit. */
void view_stack_say(struct view_stack *stack, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
