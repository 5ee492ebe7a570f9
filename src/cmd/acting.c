/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "acting.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/act/act.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/config/load.h"
#include "driftop/loop/loop.h"
#include "driftop/net/send.h"
#include "driftop/store/read.h"

struct acting {
    struct command_context *c;
    struct act_environment env;
    char by[256];
    bool json, armed, keep_plan;
    struct act_planning *planning;
    struct act *act;
    struct plan plan;
    bool has_plan;
    int status;
};

static bool is_armed(void *ctx)
{
    const struct acting *a = ctx;
    return a->armed;
}

static void print_json(struct acting *a, struct json *value)
{
    struct str text;
    str_init(&text, 0);
    if (json_write(value, 2, &text) == 0)
        fprintf(a->c->out, "%s\n", text.data);
    str_done(&text);
    json_drop(value);
}

/* The act as `audit --json` lists it. */
static struct json *act_json(const struct acting *a, enum act_phase phase, const char *line)
{
    struct json *o = json_new_object();
    char at[CLOCK_TEXT_SIZE];
    const struct plan *p = &a->plan;
    const char *reason = a->c->options[ACTING_REASON];

    json_put(o, "schema", json_new_text("driftop.act.v1"));
    json_put(o, "id", json_new_text(p->id));
    json_put(o, "deployment", json_new_text(p->deployment));
    json_put(o, "intent", json_new_text(plan_intent_name(p->wish.intent)));
    json_put(o, "state", json_new_text(act_phase_name(phase)));
    json_put(o, "text", json_new_text(line));
    json_put(o, "before", world_json(&p->before));
    json_put(o, "after", world_json(&p->after));
    json_put(o, "by", json_new_text(a->by));
    json_put(o, "reason", json_new_text(reason ? reason : ""));
    json_put(o, "at", json_new_text(clock_format_ms(clock_wall(a->c->clock), at)));
    json_put(o, "hash", json_new_text(a->act ? act_head(a->act) : NULL));
    return o;
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
        print_json(a, act_json(a, phase, line));
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

/* Kept so that --apply commits what was shown; a store that cannot take it does not hide the plan. */
static void keep_plan(struct acting *a)
{
    struct str text;
    struct err e = {0};
    struct json *json = plan_json(&a->plan);

    str_init(&text, 0);
    int code = json_write(json, 0, &text);
    if (code == 0 && a->env.store)
        code = store_put_plan(a->env.store, a->plan.id, text.data, a->plan.expires_ms, &e);
    if (code < 0 || !a->env.store)
        fprintf(a->c->err, "driftop: the plan cannot be kept for --apply: %s\n",
                e.text[0] ? e.text : "there is no store");
    str_done(&text);
    json_drop(json);
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
            print_json(a, plan_json(plan));
        else
            fputs(text.data, a->c->out);
        str_done(&text);
    }
    if (code == 0)
        keep_plan(a);
    a->status = code < 0 ? command_fail(a->c, e) : 0;
    loop_stop(a->env.loop);
}

static int load_plan(struct acting *a, const char *id, struct err *e)
{
    char *text = NULL;
    int64_t expires_ms;
    struct json *json = NULL;

    if (!a->env.store)
        return err_set(e, ERR_ABSENT, "there is no store that could hold plan %s", id);
    int code = store_plan(a->env.store, id, &text, &expires_ms, e);
    if (code == ERR_ABSENT)
        return err_set(e, ERR_ABSENT, "there is no plan %s, or it has expired", id);
    if (code == 0)
        code = json_parse(text, strlen(text), &json, e);
    if (code == 0) {
        code = plan_from_json(json, &a->plan, e);
        a->has_plan = true;
    }
    json_drop(json);
    free(text);
    return code;
}

static int begin(struct acting *a, const char *deployment, const struct plan_wish *wish,
                 struct err *e)
{
    const char *apply = a->c->options[ACTING_APPLY];
    a->keep_plan = !a->c->options[ACTING_YES];
    if (!apply)
        return act_plan(&a->env, deployment, wish, on_planned, a, &a->planning, e);
    int code = load_plan(a, apply, e);
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
    bool writes = c->options[ACTING_YES] || c->options[ACTING_APPLY];

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
