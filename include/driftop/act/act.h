/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Carrying a plan out, in the process of the engineer who commits it: lock, re-read, refuse when the
 * world moved, write the audit event, send each step once, read back, verify. One struct act is one
 * attempt; it lives on the loop, and tells its owner each change of state. Nothing is ever sent
 * before audit_append() returned 0.
 */
#ifndef DRIFTOP_ACT_ACT_H
#define DRIFTOP_ACT_ACT_H

#include "driftop/act/plan.h"

struct err;
struct loop;
struct net;

/* The states of DESIGN 4, everywhere the same words. */
#define ACT_STATES(X)                                                                              \
    X(ACT_PLANNED, "planned")                                                                      \
    X(ACT_REFUSED, "refused")                                                                      \
    X(ACT_SENT, "sent")                                                                            \
    X(ACT_ACCEPTED, "accepted")                                                                    \
    X(ACT_PARTIAL, "partial")                                                                      \
    X(ACT_REJECTED, "rejected")                                                                    \
    X(ACT_CONFLICT, "conflict")                                                                    \
    X(ACT_UNKNOWN, "unknown")                                                                      \
    X(ACT_VERIFIED, "verified")                                                                    \
    X(ACT_DIVERGED, "diverged")                                                                    \
    X(ACT_STALLED, "stalled")                                                                      \
    X(ACT_FAILED, "failed")                                                                        \
    X(ACT_UNDONE, "undone")

enum act_phase {
#define X(id, name) id,
    ACT_STATES(X)
#undef X
};
const char *act_phase_name(enum act_phase phase);
bool act_phase_final(enum act_phase phase);
/* The exit status of a command that ends in this state. */
int act_exit_status(enum act_phase phase);

struct act_environment {
    struct loop *loop;
    struct net *net; /* created for writing: its gate asks the dashboard whether A is on */
    const struct config *config;
    const char *store_path; /* for the lock and the audit file */
    const char *by;         /* act_by() */
};

struct act;

/* Told after every change and at least once a second while verifying; `line` is for people. */
typedef void act_changed_fn(void *ctx, struct act *act, enum act_phase phase, const char *line);

/* Reads the world live and makes the plan; done is called once with the plan (owned by the caller
 * from then on) or an error. */
typedef void act_planned_fn(void *ctx, int code, struct plan *plan, const struct err *e);
int act_plan(const struct act_environment *env, const char *deployment,
             const struct plan_wish *wish, act_planned_fn *done, void *ctx, struct err *e);

/* Commits: everything from the lock to the verdict. The plan is copied. */
int act_commit(const struct act_environment *env, const struct plan *plan, const char *reason,
               act_changed_fn *changed, void *ctx, struct act **ret, struct err *e);
void act_free(struct act *act); /* stops watching; what was sent stays sent and is in the audit */
const char *act_id(const struct act *act);

/* Takes up an act that a vanished process left (sent, accepted, unknown): reads and verifies, never
 * sends. */
int act_resume(const struct act_environment *env, const char *act_id, act_changed_fn *changed,
               void *ctx, struct act **ret, struct err *e);

/* "ann (claimed)" with SUDO_USER and SSH_CONNECTION where set. Returns buf. */
char *act_by(char *buf, size_t size);

#endif
