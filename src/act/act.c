/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/loop/loop.h"
#include "driftop/store/db.h"
#include "driftop/store/read.h"

struct act_planning {
    struct act_environment env;
    const struct config_deployment *d;
    struct plan_wish wish;
    struct world_reading *reading;
    act_planned_fn *done;
    void *ctx;
};

/* What the recorder knows against a version that is to get more. Without a store there is nobody who
 * could know. */
static void warn_of_pages(struct store *store, struct plan *p)
{
    struct alert_state *alerts = NULL;
    size_t n = 0;

    if (!store || store_alerts(store, p->deployment, INT64_MAX, &alerts, &n, NULL) < 0)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct alert_state *a = &alerts[i];
        const struct world_share *is = world_share(&p->before, a->version);
        const struct world_share *to_be = world_share(&p->after, a->version);
        if (a->phase == ALERT_FIRING && a->severity == ALERT_PAGE && is && to_be &&
            to_be->desired_ratio > is->desired_ratio)
            plan_check_add(p, CHECK_WARN, "v%.32s pages itself: %.40s%s%.90s", a->version,
                           a->feature, a->feature[0] ? " " : "", a->summary);
    }
    free(alerts);
}

static void on_world(void *ctx, int code, struct world *world, const struct err *e)
{
    struct act_planning *p = ctx;
    struct plan plan = {0};
    struct err why = *e;

    p->reading = NULL;
    if (code == 0)
        code = plan_make(p->env.config, p->d, world, &p->wish, clock_wall(loop_clock(p->env.loop)),
                         &plan, &why);
    if (code == 0)
        warn_of_pages(p->env.store, &plan);
    act_planned_fn *done = p->done;
    void *done_ctx = p->ctx;
    free(p);
    done(done_ctx, code, &plan, &why);
}

int act_plan(const struct act_environment *env, const char *deployment,
             const struct plan_wish *wish, act_planned_fn *done, void *ctx,
             struct act_planning **ret, struct err *e)
{
    const struct config_deployment *d = config_deployment(env->config, deployment);
    if (!d)
        return err_set(e, ERR_ABSENT, "no deployment is called %s", deployment);
    struct act_planning *p = calloc(1, sizeof *p);
    if (!p)
        return err_set(e, ERR_NOMEM, "no memory for a plan");
    *p = (struct act_planning){.env = *env, .d = d, .wish = *wish, .done = done, .ctx = ctx};
    const char *version = wish->version[0] ? wish->version : NULL;
    int code =
        world_read(env->loop, env->net, env->config, d, version, on_world, p, &p->reading, e);
    if (code < 0) {
        free(p);
        return code;
    }
    *ret = p;
    return 0;
}

void act_plan_cancel(struct act_planning *p)
{
    if (!p)
        return;
    world_read_cancel(p->reading);
    free(p);
}

struct act *act_new(const struct act_environment *env, const struct config_deployment *d,
                    act_changed_fn *changed, void *ctx, struct err *e)
{
    struct act *a = calloc(1, sizeof *a);
    if (!a) {
        err_set(e, ERR_NOMEM, "no memory for an act");
        return NULL;
    }
    a->env = *env;
    a->d = d;
    a->changed = changed;
    a->ctx = ctx;
    return a;
}

void act_free(struct act *a)
{
    if (!a)
        return;
    if (a->in_callback) {
        a->free_me = true;
        return;
    }
    loop_cancel(a->env.loop, a->timer);
    net_cancel(a->env.net, a->call);
    world_read_cancel(a->reading);
    access_close(&a->traffic_access);
    access_close(&a->registry_access);
    lease_drop(a->lease);
    plan_done(&a->plan);
    if (a->has_live)
        plan_done(&a->live);
    free(a);
}

const char *act_id(const struct act *a)
{
    return a->plan.id;
}

size_t act_steps_done(const struct act *a)
{
    return a->step;
}

const char *act_head(const struct act *a)
{
    return a->head;
}

bool act_ended(const struct act *a)
{
    return a->ended;
}

void act_tell(struct act *a, enum act_phase phase, const char *line)
{
    a->phase = phase;
    if (!a->changed)
        return;
    a->in_callback = true;
    a->changed(a->ctx, a, phase, line);
    a->in_callback = false;
    if (a->free_me) {
        a->free_me = false;
        act_free(a);
    }
}

void act_end(struct act *a, enum act_phase phase, const char *line)
{
    struct err e = {0};
    char told[512];

    a->ended = true;
    lease_drop(a->lease);
    a->lease = NULL;
    if (act_audit_event(a, phase, line, false, &e) < 0)
        snprintf(told, sizeof told, "%.300s (not in the audit: %.150s)", line, e.text);
    else
        str_copy(told, sizeof told, line);
    /* Too little traffic to tell is no doubt about what was set. */
    if ((phase == ACT_VERIFIED || phase == ACT_ACCEPTED) && a->plan.wish.undo_of[0])
        act_audit_undone(a, a->plan.wish.undo_of);
    act_tell(a, phase, told);
}

/* Who and when, where the audit knows it. */
static void end_conflict(struct act *a, const char *what)
{
    char other[256], line[512];
    act_audit_other(a, other, sizeof other);
    snprintf(line, sizeof line, "%.200s%s%.200s", what, other[0] ? "; " : "",
             other[0] ? other : "; nobody did that through driftop here");
    act_end(a, ACT_CONFLICT, line);
}

static int open_accesses(struct act *a, struct err *e)
{
    int code = 0;
    if (a->d->traffic)
        code = access_open(a->env.config, &a->d->traffic->options, NULL, &a->traffic_access, e);
    if (code == 0 && a->d->registry)
        code = access_open(a->env.config, &a->d->registry->options,
                           config_credentials(a->env.config, a->d->registry->name),
                           &a->registry_access, e);
    return code;
}

/* The steps are made anew from the world, and must lead to what was shown. */
static int remake_plan(struct act *a, struct world *world, struct err *e)
{
    int64_t now_ms = clock_wall(loop_clock(a->env.loop));

    if (!a->plan.before.has_registry)
        world->has_registry = false; /* the plan said that the alias stays */
    a->has_live = true;
    int code = plan_make(a->env.config, a->d, world, &a->plan.wish, now_ms, &a->live, e);
    if (code < 0)
        return code;
    if (world_compare(&a->plan.after, &a->live.after, NULL) < 0)
        return err_set(e, ERR_REFUSED, "the same wish leads elsewhere now: make a new plan");
    return open_accesses(a, e);
}

/* The check: the world is as the plan had read it, and gives the same steps. */
static void on_recheck(void *ctx, int code, struct world *world, const struct err *e)
{
    struct act *a = ctx;
    struct err why = *e;
    char line[512];

    a->reading = NULL;
    if (code == 0 && a->plan.before.has_registry && !world->has_registry)
        code = err_set(&why, ERR_REFUSED, "the registry: %s", world->registry_fault);
    if (code < 0) {
        snprintf(line, sizeof line, "cannot read before acting, nothing was sent: %.300s",
                 why.text);
        act_end(a, ACT_FAILED, line);
        return;
    }
    if (world_compare(&a->plan.before, world, &why) < 0) {
        end_conflict(a, why.text);
        return;
    }
    code = remake_plan(a, world, &why);
    if (code < 0) {
        snprintf(line, sizeof line, "refused: %.300s", why.text);
        act_end(a, ACT_REFUSED, line);
        return;
    }
    str_copy(a->live.id, sizeof a->live.id, a->plan.id);
    if (act_audit_event(a, ACT_SENT, "about to send", true, &why) < 0) {
        a->ended = true;
        lease_drop(a->lease);
        a->lease = NULL;
        snprintf(line, sizeof line, "refused, the audit cannot be written: %.300s", why.text);
        act_tell(a, ACT_REFUSED, line);
        return;
    }
    act_send_steps(a);
}

/* What can be said without looking at the world. */
static int check_plan(const struct act_environment *env, const struct plan *plan, struct err *e)
{
    char hash[HASH_HEX_SIZE];
    int64_t now_ms = clock_wall(loop_clock(env->loop));

    if (now_ms > plan->expires_ms)
        return err_set(e, ERR_REFUSED, "the plan has expired: make a new one");
    if (strcmp(plan->environment, env->config->environment) != 0)
        return err_set(e, ERR_REFUSED, "the plan is for %s, this is %s", plan->environment,
                       env->config->environment);
    for (size_t i = 0; i < plan->n_checks; i++)
        if (plan->checks[i].result == CHECK_STOP)
            return err_set(e, ERR_REFUSED, "%s", plan->checks[i].text);
    if (env->store && store_meta(env->store, "endpoints_hash", hash, sizeof hash) == 0 &&
        strcmp(hash, env->config->endpoints_hash) != 0)
        return err_set(e, ERR_REFUSED,
                       "the store was recorded with other endpoints than this configuration names");
    return 0;
}

/* A plan is carried out once: its id is the act's, and the audit would tell two stories. */
static int check_unused(const struct act_environment *env, const char *id, struct err *e)
{
    enum act_phase phase = ACT_PLANNED;
    struct plan former;

    if (act_audit_find(env->store_path, id, &phase, &former, NULL, 0, NULL) < 0)
        return 0;
    plan_done(&former);
    return err_set(e, ERR_REFUSED, "the plan was used already (%s): make a new one",
                   act_phase_name(phase));
}

/* A deep copy of what must outlive the caller's plan; its steps are made anew. */
static int copy_plan(const struct plan *plan, struct plan *ret, struct err *e)
{
    struct json *json = plan_json(plan);
    int code = plan_from_json(json, ret, e);
    json_drop(json);
    return code;
}

int act_commit(const struct act_environment *env, const struct plan *plan, const char *reason,
               act_changed_fn *changed, void *ctx, struct act **ret, struct err *e)
{
    const struct config_deployment *d = config_deployment(env->config, plan->deployment);
    char name[MODEL_NAME_SIZE + 8];

    if (!d)
        return err_set(e, ERR_ABSENT, "no deployment is called %s", plan->deployment);
    int code = check_plan(env, plan, e);
    if (code == 0)
        code = check_unused(env, plan->id, e);
    if (code < 0)
        return code;
    struct act *a = act_new(env, d, changed, ctx, e);
    if (!a)
        return ERR_NOMEM;
    str_copy(a->reason, sizeof a->reason, reason ? reason : "");
    if ((code = copy_plan(plan, &a->plan, e)) < 0)
        goto out;
    snprintf(name, sizeof name, "act-%s", d->name);
    code = lease_take(env->store_path, name, env->by, &a->lease, e);
    if (code == ERR_BUSY) {
        struct err holder = *e;
        code =
            err_set(e, ERR_CONFLICT, "somebody is driving %s right now: %s", d->name, holder.text);
    }
    if (code < 0)
        goto out;
    const char *version = plan->wish.version[0] ? a->plan.wish.version : NULL;
    code = world_read(env->loop, env->net, env->config, d, version, on_recheck, a, &a->reading, e);
    if (code < 0)
        goto out;
    *ret = a;
    return 0;
out:
    act_free(a);
    return code;
}
