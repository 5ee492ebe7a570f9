/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * After sending: reading until there is a verdict; and taking up what a vanished process left.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "act_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/str.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"

static void look_again(struct loop *loop, struct loop_id id, void *ctx);

static void judge(struct act *a, enum verify_result result)
{
    char line[320];
    switch (result) {
    case VERIFY_PENDING:
        snprintf(line, sizeof line, "%s", a->verify.text);
        a->timer = timer_once(a->env.loop, VERIFY_EVERY_MS, look_again, a);
        act_tell(a, ACT_ACCEPTED, line);
        return;
    case VERIFY_DONE: act_end(a, ACT_VERIFIED, a->verify.text); return;
    case VERIFY_NOT_OBSERVED: act_end(a, ACT_ACCEPTED, a->verify.text); return;
    case VERIFY_DIVERGED: act_end(a, ACT_DIVERGED, a->verify.text); return;
    case VERIFY_STALLED: act_end(a, ACT_STALLED, a->verify.text); return;
    case VERIFY_FAILED: act_end(a, ACT_FAILED, a->verify.text); return;
    }
}

static void on_world(void *ctx, int code, struct world *world, const struct err *e)
{
    struct act *a = ctx;
    int64_t now_ms = loop_now_ms(a->env.loop);

    a->reading = NULL;
    judge(a, code < 0 ? verify_blind(&a->verify, e->text, now_ms)
                      : verify_look(&a->verify, world, now_ms));
}

static void look_again(struct loop *loop, struct loop_id id, void *ctx)
{
    struct act *a = ctx;
    struct err e = {0};
    (void)id;

    a->timer = (struct loop_id){0};
    int code =
        world_read(loop, a->env.net, a->env.config, a->d, NULL, on_world, a, &a->reading, &e);
    if (code < 0)
        judge(a, verify_blind(&a->verify, e.text, loop_now_ms(loop)));
}

void act_watch(struct act *a)
{
    char name[MODEL_NAME_SIZE + 8];
    struct err e = {0};

    /* Sending is over: others may drive again. That this process verifies can still be seen. */
    lease_drop(a->lease);
    a->lease = NULL;
    (void)lease_take(a->env.store_path, act_verifying_lease(a->d->name, name, sizeof name),
                     a->env.by, &a->lease, NULL);
    (void)act_audit_event(a, ACT_ACCEPTED, "every step done and read back", false, &e);
    verify_init(&a->verify, &a->plan.before, &a->plan.after, loop_now_ms(a->env.loop));
    a->timer = timer_once(a->env.loop, 0, look_again, a);
    act_tell(a, ACT_ACCEPTED, "every step done and read back, verifying");
}

/* Some steps of several stand: every share lies between what was and what was planned. */
static bool half_done(const struct plan *p, const struct world *now)
{
    bool alias = !now->has_registry || strcmp(now->champion, p->before.champion) == 0 ||
                 strcmp(now->champion, p->after.champion) == 0;
    for (size_t i = 0; i < now->n_shares; i++) {
        const struct world_share *is = &now->shares[i];
        const struct world_share *was = world_share(&p->before, is->version);
        const struct world_share *to_be = world_share(&p->after, is->version);
        if (!was || !to_be)
            return false;
        double low = fmin(was->desired_ratio, to_be->desired_ratio) - 1e-6;
        double high = fmax(was->desired_ratio, to_be->desired_ratio) + 1e-6;
        if (is->desired_ratio < low || is->desired_ratio > high)
            return false;
    }
    return alias;
}

/* The first look at an act that was left: done, not done, or half done. */
static void on_left_world(void *ctx, int code, struct world *world, const struct err *e)
{
    struct act *a = ctx;
    char line[400];
    struct err difference = {0};

    a->reading = NULL;
    if (code < 0) {
        snprintf(line, sizeof line, "still unknown, it cannot be read: %.300s", e->text);
        act_end(a, ACT_UNKNOWN, line);
    } else if (world_compare(&a->plan.after, world, &difference) == 0) {
        act_watch(a);
    } else if (world_compare(&a->plan.before, world, NULL) == 0) {
        act_end(a, ACT_FAILED, "nothing of it was done: everything is as it was before");
    } else if (half_done(&a->plan, world)) {
        snprintf(line, sizeof line, "half done: %.300s; finish it or undo it", difference.text);
        act_end(a, ACT_PARTIAL, line);
    } else {
        snprintf(line, sizeof line, "something else was set since: %.300s", difference.text);
        act_end(a, ACT_DIVERGED, line);
    }
}

char *act_verifying_lease(const char *deployment, char *buf, size_t size)
{
    snprintf(buf, size, "verify-%s", deployment);
    return buf;
}

/* Its process drives or verifies still, or somebody else does. */
static int take_over(struct act *a, struct err *e)
{
    char name[MODEL_NAME_SIZE + 8], holder[256];

    if (lease_held(a->env.store_path, act_verifying_lease(a->d->name, name, sizeof name), holder,
                   sizeof holder))
        return err_set(e, ERR_BUSY, "%s is being verified by %s", a->d->name, holder);
    snprintf(name, sizeof name, "act-%s", a->d->name);
    return lease_take(a->env.store_path, name, a->env.by, &a->lease, e);
}

int act_resume(const struct act_environment *env, const char *id, act_changed_fn *changed,
               void *ctx, struct act **ret, struct err *e)
{
    enum act_phase phase;
    struct plan plan;
    char reason[ACT_REASON_SIZE] = "";
    struct act *a = NULL;

    int code = act_audit_find(env->store_path, id, &phase, &plan, reason, sizeof reason, e);
    if (code < 0)
        return code;
    const struct config_deployment *d = config_deployment(env->config, plan.deployment);
    if (!d)
        code = err_set(e, ERR_ABSENT, "no deployment is called %s", plan.deployment);
    else if (act_phase_final(phase) && phase != ACT_UNKNOWN)
        code = err_set(e, ERR_REFUSED, "act %s is settled: %s", id, act_phase_name(phase));
    else if (!(a = act_new(env, d, changed, ctx, e)))
        code = ERR_NOMEM;
    if (code < 0) {
        plan_done(&plan);
        return code;
    }
    a->plan = plan;
    str_copy(a->reason, sizeof a->reason, reason);
    code = take_over(a, e);
    if (code == 0)
        code =
            world_read(env->loop, env->net, env->config, d, NULL, on_left_world, a, &a->reading, e);
    if (code < 0) {
        act_free(a);
        return code;
    }
    *ret = a;
    return 0;
}
