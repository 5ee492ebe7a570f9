/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Carrying a plan out, in the process of the engineer who commits it: lock, re-read, refuse when the
 * world moved, write the audit event, send each step once and read it back, verify. One struct act
 * is one attempt; it lives on the loop and tells its owner each change. Nothing is ever sent before
 * the audit event is on disk, and nothing is ever sent twice.
 */
#ifndef DRIFTOP_ACT_ACT_H
#define DRIFTOP_ACT_ACT_H

#include "driftop/act/phase.h"
#include "driftop/act/plan.h"

struct store;

/* All borrowed. */
struct act_environment {
    struct loop *loop;
    struct net *net; /* its gate asks whether writes are armed */
    const struct config *config;
    struct store *store;    /* for what it knows beside the live world; may be NULL */
    const char *store_path; /* locks and audit file lie beside it */
    const char *by;         /* act_by() */
};

/* Reads the world live and makes the plan. done comes once, never from inside the call; the plan is
 * the callback's to end, also with ERR_REFUSED (then it shows why). */
typedef void act_planned_fn(void *ctx, int code, struct plan *plan, const struct err *e);
struct act_planning;
int act_plan(const struct act_environment *env, const char *deployment,
             const struct plan_wish *wish, act_planned_fn *done, void *ctx,
             struct act_planning **ret, struct err *e);
void act_plan_cancel(struct act_planning *planning);

/* The wish that takes back what act `id` did, from the audit log. ERR_ABSENT, ERR_REFUSED (it
 * changed nothing, or was undone). */
int act_undo_wish(const char *store_path, const char *id, char *deployment, size_t size,
                  struct plan_wish *ret, struct err *e);

struct act;
/* Told after each change and once a second while verifying; `line` is for people. After a final
 * phase it is not called again; act_free() may be called from inside it then. */
typedef void act_changed_fn(void *ctx, struct act *act, enum act_phase phase, const char *line);

/* Commits the plan (copied as far as needed; one without steps is verified by looking). ERR_REFUSED
 * when it has expired, was committed before, has a check that stops it, or the store was made for
 * other endpoints; ERR_CONFLICT when somebody else is driving: nothing of these is in the audit. */
int act_commit(const struct act_environment *env, const struct plan *plan, const char *reason,
               act_changed_fn *changed, void *ctx, struct act **ret, struct err *e);
/* An act that a vanished process left: reads and verifies, never sends. ERR_ABSENT; ERR_REFUSED when
 * it is settled; ERR_BUSY when its process still lives. */
int act_resume(const struct act_environment *env, const char *id, act_changed_fn *changed,
               void *ctx, struct act **ret, struct err *e);
/* Stops watching. What was sent stays sent, and is in the audit. */
void act_free(struct act *act);
/* Nothing more will come: an act may also end as accepted (too little traffic to tell). */
bool act_ended(const struct act *act);
const char *act_id(const struct act *act);
size_t act_steps_done(const struct act *act); /* sent and read back */
const char *act_head(const struct act *act);  /* the audit's hash after the last event */

#endif
