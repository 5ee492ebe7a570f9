/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of an act share: act.c (from commit to check), act_send.c (steps), act_watch.c
 * (verification and taking up), act_audit.c (events).
 */
#ifndef DRIFTOP_ACT_ACT_PRIVATE_H
#define DRIFTOP_ACT_ACT_PRIVATE_H

#include "driftop/act/access.h"
#include "driftop/act/act.h"
#include "driftop/act/verify.h"
#include "driftop/base/hash.h"
#include "driftop/loop/id.h"
#include "driftop/net/send.h"
#include "driftop/store/lease.h"

#define ACT_REASON_SIZE  512
#define READ_BACK_MS     200
#define READ_BACK_FOR_MS 5000
#define VERIFY_EVERY_MS  1000

struct act {
    struct act_environment env;
    const struct config_deployment *d;
    char reason[ACT_REASON_SIZE];
    struct plan plan; /* what was committed: id, wish, before, after */
    struct plan live; /* made anew from the world at commit: the steps that are sent */
    bool has_live;
    struct lease *lease;
    act_changed_fn *changed;
    void *ctx;
    enum act_phase phase;
    bool ended, in_callback, free_me;

    struct world_reading *reading;
    struct loop_id timer, call;
    struct access traffic_access, registry_access;
    size_t step;   /* over traffic, then registry */
    bool doubtful; /* the step's outcome is unknown until it is read */
    int64_t deadline_ms;
    struct verify verify;
    char head[HASH_HEX_SIZE];
};

/* act.c */
struct act *act_new(const struct act_environment *env, const struct config_deployment *d,
                    act_changed_fn *changed, void *ctx, struct err *e);
/* Tells the owner. */
void act_tell(struct act *a, enum act_phase phase, const char *line);
/* The last phase: written to the audit with its line, told, and nothing more is done. */
void act_end(struct act *a, enum act_phase phase, const char *line);

/* act_send.c: sends the first step; the rest follows by itself. */
void act_send_steps(struct act *a);

/* act_watch.c: reads and verifies until there is a verdict; meanwhile it holds this lease. */
void act_watch(struct act *a);
char *act_verifying_lease(const char *deployment, char *buf, size_t size);

/* act_audit.c: an event of this act. `line` and the plan (when with_plan) are its body. */
int act_audit_event(struct act *a, enum act_phase phase, const char *line, bool with_plan,
                    struct err *e);
/* Who acted last on this deployment since then, in words; "" nobody that is in the audit. */
char *act_audit_other(const struct act *a, char *buf, size_t size);
/* The act's events folded: its last phase, before and after as it was sent, and the reason (unless
 * NULL). The caller ends *ret with plan_done(). ERR_ABSENT. */
int act_audit_find(const char *store_path, const char *id, enum act_phase *ret_phase,
                   struct plan *ret, char *reason, size_t size, struct err *e);
/* An event that another act was undone. */
void act_audit_undone(struct act *a, const char *id);

#endif
