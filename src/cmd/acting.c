/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "acting_private.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/act/act.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/config/load.h"
#include "driftop/loop/loop.h"
#include "driftop/net/send.h"
#include "driftop/store/read.h"

static bool is_armed(void *ctx)
{
    const struct acting *a = ctx;
    return a->armed;
}

static void on_changed(void *ctx, struct act *act, enum act_phase phase, const char *line)
{
    struct acting *a = ctx;

    a->act = act;
    if (!act_ended(act)) {
        if (!a->json)
            fprintf(a->c->out, "%-9s %s\n", act_phase_name(phase), line);
        fflush(a->c->out);
        return;
    }
    if (a->json)
        acting_print(a, acting_act_json(a, phase, line));
    else
        fprintf(a->c->out, "%-9s %s\nact %s, audit head %s\n", act_phase_name(phase), line,
                a->plan.id, act_head(act));
    a->status = act_exit_status(phase);
    loop_stop(a->env.loop);
}

static void commit(struct acting *a)
{
    struct err e = {0};
    a->armed = true;
    int code =
        act_commit(&a->env, &a->plan, a->c->options[ACTING_REASON], on_changed, a, &a->act, &e);
    if (code < 0) {
        a->status = command_fail(a->c, &e);
        loop_stop(a->env.loop);
    }
}

static void on_planned(void *ctx, int code, struct plan *plan, const struct err *e)
{
    struct acting *a = ctx;
    struct str text;

    a->planning = NULL;
    a->plan = *plan;
    a->has_plan = true;
    if (code == 0 && !a->keep_plan) {
        commit(a);
        return;
    }
    if (code == 0 || plan->n_checks) {
        str_init(&text, 0);
        plan_text(plan, 78, &text);
        if (a->json)
            acting_print(a, plan_json(plan));
        else
            fputs(text.data, a->c->out);
        str_done(&text);
    }
    if (code == 0)
        acting_keep_plan(a);
    a->status = code < 0 ? command_fail(a->c, e) : 0;
    loop_stop(a->env.loop);
}

static int begin(struct acting *a, const char *deployment, const struct plan_wish *wish,
                 struct err *e)
{
    const char *apply = a->c->options[ACTING_APPLY];
    a->keep_plan = !a->c->options[ACTING_YES];
    if (!apply)
        return act_plan(&a->env, deployment, wish, on_planned, a, &a->planning, e);
    int code = acting_load_plan(a, apply, deployment, wish, e);
    if (code == 0)
        commit(a);
    return code;
}

static int open_all(struct acting *a, struct err *e)
{
    struct config_errors errors = {0};
    struct net_options net = {.armed = is_armed, .armed_ctx = a};

    if (config_load_credentials(a->c->config, &errors) < 0) {
        *e = errors.n_errors ? errors.errors[0] : *e;
        config_errors_done(&errors);
        return ERR_CONFIG;
    }
    config_errors_done(&errors);
    /* Acting works without a store: the recorder may never have run. */
    if (store_open(a->c->config->store_path, STORE_READ, &a->env.store, NULL) < 0)
        a->env.store = NULL;
    a->env.loop = loop_new(a->c->clock);
    if (!a->env.loop)
        return err_set(e, ERR_NOMEM, "no memory for the event loop");
    a->env.config = a->c->config;
    a->env.store_path = a->c->config->store_path;
    a->env.by = act_by(a->by, sizeof a->by);
    return net_new(a->env.loop, &net, &a->env.net, e);
}

int acting_run(struct command_context *c, const char *deployment, const struct plan_wish *wish)
{
    struct acting a = {.c = c, .json = c->options[ACTING_JSON] != NULL};
    struct err e = {0};
    bool plan = c->options[ACTING_PLAN], apply = c->options[ACTING_APPLY];
    bool yes = c->options[ACTING_YES], writes = yes || apply;

    if (plan + apply + yes > 1) {
        err_set(&e, ERR_USAGE, "one of --plan, --apply and --yes is allowed, not several");
        return command_fail(c, &e);
    }
    if (writes && (c->read_only || c->config->read_only)) {
        err_set(&e, ERR_REFUSED, "read-only: nothing is written");
        return command_fail(c, &e);
    }
    int code = open_all(&a, &e);
    if (code == 0)
        code = begin(&a, deployment, wish, &e);
    if (code == 0)
        loop_run(a.env.loop);
    else
        a.status = command_fail(c, &e);
    act_plan_cancel(a.planning);
    act_free(a.act);
    if (a.has_plan)
        plan_done(&a.plan);
    net_free(a.env.net);
    loop_free(a.env.loop);
    store_close(a.env.store);
    return a.status;
}
