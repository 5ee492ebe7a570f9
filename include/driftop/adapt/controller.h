/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The acting half of an adapter (DESIGN 4). A controller never sends anything: it says what it can,
 * turns a wish into ordered steps with the inverse of each, and judges from a snapshot whether a
 * step has come true. Reading goes through the same requests and decode as watching.
 */
#ifndef DRIFTOP_ADAPT_CONTROLLER_H
#define DRIFTOP_ADAPT_CONTROLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/adapt/adapter.h"

/* The four things that are called rollback, kept apart. */
enum control_kind { CONTROL_POINTER, CONTROL_WEIGHT, CONTROL_TRANSITION, CONTROL_SPEC };
const char *control_kind_name(enum control_kind kind); /* "pointer", "weight", ... */

struct control_traits {
    enum control_kind kind;
    bool moves_traffic;
    double weight_min, weight_max;
    bool has_compare_and_swap, reversible;
    int64_t settle_soft_ms, settle_hard_ms; /* expected and longest time to take effect */
    const char *warning;                    /* always shown in a plan; NULL: none */
};

/* What was read: the observations of one complete poll of this controller, per endpoint where it
 * has several. */
struct control_snapshot {
    const struct observation *items;
    size_t n_items;
};

/* The wish. WEIGHT: shares of the named targets, summing to 1. POINTER: the alias's version. */
struct control_share {
    char target[MODEL_NAME_SIZE];
    char version[MODEL_NAME_SIZE];
    double ratio;
};
struct control_intent {
    enum control_kind kind;
    const struct control_share *shares;
    size_t n_shares;
    const char *version; /* CONTROL_POINTER; "" takes the alias away */
};

/* One request that changes something, and how to take it back. After each step the controller is
 * read again and `expect` must hold before the next one is sent. */
struct control_step {
    char text[512]; /* "set weight fraud-score/v41 256 on admin.sock" */
    char endpoint[MODEL_TEXT_SIZE];
    unsigned endpoint_index;    /* of the observations it is judged by */
    struct net_request request; /* flagged NET_MUTATING */
    struct net_request inverse;
    char inverse_text[512];
    struct control_share expect; /* the target (or version) this step sets, and its new weight */
    double before_weight, after_weight;     /* WEIGHT */
    char before_state[32], after_state[32]; /* WEIGHT: not "" when the state is set instead */
    char before_version[MODEL_NAME_SIZE];   /* POINTER */
};

struct control_steps {
    struct control_step *items;
    size_t n_items, items_capacity;
};
void control_steps_init(struct control_steps *steps);
void control_steps_done(struct control_steps *steps);
struct control_step *control_steps_add(struct control_steps *steps);

enum control_truth { CONTROL_NO, CONTROL_YES, CONTROL_NOT_YET };

struct controller {
    void (*describe)(const struct adapt_scope *scope, struct control_traits *ret);
    /* Ordered so that the receiving target is raised before the other is lowered. ERR_REFUSED with
     * the reason when it cannot be done (unknown target, receiving target not up, read-only access,
     * a static balancing algorithm). No steps: nothing to change. */
    int (*plan)(const struct adapt_scope *scope, const struct control_snapshot *before,
                const struct control_intent *intent, struct control_steps *ret, struct err *e);
    /* Did the reply accept the step? 0, ERR_REJECTED, ERR_DENIED, ERR_CONFLICT, ERR_UNKNOWN. */
    int (*accepted)(const struct control_step *step, const struct net_reply *reply, struct err *e);
    /* Is this step's expectation true in this snapshot? */
    enum control_truth (*step_done)(const struct control_step *step,
                                    const struct control_snapshot *now);
    /* Is the whole wish true (effective shares, or the alias)? */
    enum control_truth (*verified)(const struct control_intent *intent,
                                   const struct control_snapshot *now);
};

#endif
