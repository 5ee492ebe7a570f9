/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/act/plan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/act/phase.h"
#include "driftop/base/str.h"

#define SUM_TOLERANCE 0.005

const char *plan_intent_name(enum plan_intent intent)
{
    switch (intent) {
    case PLAN_ROLLBACK: return "rollback";
    case PLAN_TRAFFIC: return "traffic";
    case PLAN_UNDO: return "undo";
    }
    return "?";
}

void plan_done(struct plan *p)
{
    world_done(&p->before);
    world_done(&p->after);
    control_steps_done(&p->traffic);
    control_steps_done(&p->registry);
}

bool plan_empty(const struct plan *p)
{
    return p->traffic.n_items == 0 && p->registry.n_items == 0;
}

void plan_check_add(struct plan *p, enum check_result result, const char *format, ...)
{
    if (p->n_checks >= sizeof p->checks / sizeof *p->checks)
        return;
    struct plan_check *check = &p->checks[p->n_checks++];
    va_list ap;
    va_start(ap, format);
    vsnprintf(check->text, sizeof check->text, format, ap);
    va_end(ap);
    check->result = result;
}

static struct adapt_scope scope_of(const struct config_deployment *d,
                                   const struct config_adapter *entry)
{
    const char *model = option_text(&entry->options, "model");
    return (struct adapt_scope){
        .options = &entry->options,
        .deployment = d->name,
        .version = "",
        .model = model ? model : d->registry_model,
        .alias = d->champion_alias,
    };
}

/* The wish as one ratio per target of the splitter: what is not named gets nothing. */
static int fill_shares(const struct plan *p, struct control_share *shares, size_t *ret_n,
                       struct err *e)
{
    const struct world *w = &p->before;
    const struct plan_wish *wish = &p->wish;
    double sum = 0;

    for (size_t i = 0; i < wish->n_shares; i++) {
        if (!world_share(w, wish->shares[i].version))
            return err_set(e, ERR_ABSENT, "there is no v%s in the splitter",
                           wish->shares[i].version);
        if (!(wish->shares[i].ratio >= 0) || wish->shares[i].ratio > 1)
            return err_set(e, ERR_REFUSED, "v%s: a share lies between 0 and 100 %%",
                           wish->shares[i].version);
        sum += wish->shares[i].ratio;
    }
    if (fabs(sum - 1) > SUM_TOLERANCE)
        return err_set(e, ERR_REFUSED, "the shares add up to %.4g %%, not 100 %%", sum * 100);
    *ret_n = 0;
    for (size_t i = 0; i < w->n_shares && *ret_n < PLAN_SHARES_MAX; i++) {
        struct control_share *share = &shares[(*ret_n)++];
        memset(share, 0, sizeof *share);
        str_copy(share->version, sizeof share->version, w->shares[i].version);
        str_copy(share->target, sizeof share->target, w->shares[i].target);
        for (size_t k = 0; k < wish->n_shares; k++)
            if (strcmp(wish->shares[k].version, share->version) == 0)
                share->ratio += wish->shares[k].ratio / sum;
    }
    return 0;
}

/* A rollback is the shares {version: 1} and the alias. */
static int spell_out(struct plan *p, struct err *e)
{
    struct plan_wish *wish = &p->wish;
    if (wish->intent != PLAN_ROLLBACK)
        return 0;
    if (!wish->version[0])
        return err_set(e, ERR_USAGE, "to which version?");
    wish->n_shares = 1;
    str_copy(wish->shares[0].version, sizeof wish->shares[0].version, wish->version);
    wish->shares[0].ratio = 1;
    if (p->before.has_registry)
        str_copy(wish->alias_version, sizeof wish->alias_version, wish->version);
    return 0;
}

static int copy_world(struct world *to, const struct world *from)
{
    world_init(to);
    to->has_traffic = from->has_traffic;
    to->has_registry = from->has_registry;
    to->at_ms = from->at_ms;
    str_copy(to->champion, sizeof to->champion, from->champion);
    to->shares = calloc(from->n_shares + 1, sizeof *to->shares);
    if (!to->shares)
        return ERR_NOMEM;
    if (from->n_shares)
        memcpy(to->shares, from->shares, from->n_shares * sizeof *to->shares);
    to->n_shares = from->n_shares;
    return 0;
}

static bool moves_alias(const struct plan *p)
{
    return p->wish.alias_version[0] || p->wish.alias_delete;
}

/* What the steps really lead to: their weights in the place of those that were read. */
static int obtain_after(struct plan *p, const struct config_deployment *d)
{
    struct world w = p->before;
    struct observation *items;

    items = calloc(w.traffic.n_items + 1, sizeof *items);
    if (!items)
        return ERR_NOMEM;
    if (w.traffic.n_items)
        memcpy(items, w.traffic.items, w.traffic.n_items * sizeof *items);
    for (size_t i = 0; i < p->traffic.n_items; i++)
        for (size_t k = 0; k < w.traffic.n_items; k++) {
            const struct control_step *s = &p->traffic.items[i];
            struct observation *o = &items[k];
            if (o->kind != OBSERVATION_TARGET || o->endpoint != s->endpoint_index ||
                strcmp(o->target.target, s->expect.target) != 0)
                continue;
            if (s->after_state[0]) {
                o->target.up = strcmp(s->after_state, "ready") == 0;
                o->target.effective_weight = o->target.desired_weight;
                continue;
            }
            o->target.desired_weight = o->target.effective_weight = s->after_weight;
            o->has |= HAS_DESIRED | HAS_EFFECTIVE;
        }
    w.traffic.items = items;
    w.shares = NULL;
    w.n_shares = 0;
    int r = world_settle(&w, d);
    if (r == 0)
        r = copy_world(&p->after, &w);
    free(w.shares);
    free(items);
    if (moves_alias(p) && p->before.has_registry)
        str_copy(p->after.champion, sizeof p->after.champion, p->wish.alias_version);
    else
        str_copy(p->after.champion, sizeof p->after.champion, p->before.champion);
    return r;
}

static int plan_traffic(struct plan *p, const struct config_deployment *d, struct err *e)
{
    struct control_share shares[PLAN_SHARES_MAX];
    struct control_traits traits = {0};
    struct control_snapshot snapshot = {p->before.traffic.items, p->before.traffic.n_items};
    struct control_intent intent = {.kind = CONTROL_WEIGHT, .shares = shares};
    const struct adapter *adapter = adapt_find(adapt_traffic, d->traffic->type);
    struct adapt_scope scope = scope_of(d, d->traffic);

    int r = fill_shares(p, shares, &intent.n_shares, e);
    if (r < 0)
        return r;
    if (!adapter->controller)
        return err_set(e, ERR_REFUSED, "%s can only be watched", adapter->name);
    adapter->controller->describe(&scope, &traits);
    if (traits.warning)
        plan_check_add(p, CHECK_WARN, "%s", traits.warning);
    return adapter->controller->plan(&scope, &snapshot, &intent, &p->traffic, e);
}

static int plan_alias(struct plan *p, const struct config_deployment *d, struct err *e)
{
    struct control_traits traits = {0};
    struct control_snapshot snapshot = {p->before.registry.items, p->before.registry.n_items};
    struct control_intent intent = {.kind = CONTROL_POINTER, .version = p->wish.alias_version};
    const struct adapter *adapter = adapt_find(adapt_registries, d->registry->type);
    struct adapt_scope scope = scope_of(d, d->registry);

    if (!adapter->controller)
        return err_set(e, ERR_REFUSED, "%s can only be watched", adapter->name);
    adapter->controller->describe(&scope, &traits);
    if (!p->before.has_traffic)
        plan_check_add(p, CHECK_WARN, "an alias moves no traffic by itself");
    else if (traits.warning)
        plan_check_add(p, CHECK_WARN, "%s", traits.warning);
    return adapter->controller->plan(&scope, &snapshot, &intent, &p->registry, e);
}

/* Each version that is to get more must be up, or requests would go nowhere. */
static void check_receivers(struct plan *p)
{
    for (size_t i = 0; i < p->wish.n_shares; i++) {
        const struct control_share *want = &p->wish.shares[i];
        const struct world_share *is = world_share(&p->before, want->version);
        if (!is || want->ratio <= is->desired_ratio + 1e-9)
            continue;
        if (is->up)
            plan_check_add(p, CHECK_OK, "v%s is up in the splitter", want->version);
        else
            plan_check_add(p, CHECK_STOP, "v%s is not up in the splitter", want->version);
    }
    if (p->before.target_asked && p->before.target_ready)
        plan_check_add(p, CHECK_OK, "v%s says it is ready", p->wish.version);
    else if (p->before.target_asked)
        plan_check_add(p, CHECK_WARN, "v%s does not say it is ready: %.100s", p->wish.version,
                       p->before.target_state);
    if (p->before.registry_fault[0])
        plan_check_add(p, CHECK_WARN, "registry cannot be read, the alias stays: %.100s",
                       p->before.registry_fault);
}

static int make_steps(struct plan *p, const struct config_deployment *d, struct err *e)
{
    int r = spell_out(p, e);
    if (r < 0)
        return r;
    if (!p->before.has_traffic && !p->before.has_registry)
        return err_set(e, ERR_REFUSED, "%s has neither a splitter nor a registry to act on",
                       d->name);
    if (p->before.has_traffic) {
        check_receivers(p);
        r = plan_traffic(p, d, e);
    }
    if (r == 0 && p->before.has_registry && moves_alias(p) &&
        strcmp(p->wish.alias_version, p->before.champion) != 0)
        r = plan_alias(p, d, e);
    return r;
}

int plan_make(const struct config *config, const struct config_deployment *d, struct world *world,
              const struct plan_wish *wish, int64_t now_ms, struct plan *ret, struct err *e)
{
    struct err why = {0};

    memset(ret, 0, sizeof *ret);
    world_init(&ret->after);
    control_steps_init(&ret->traffic);
    control_steps_init(&ret->registry);
    ret->before = *world;
    world_init(world);
    ret->wish = *wish;
    ret->made_ms = now_ms;
    ret->expires_ms = now_ms + PLAN_VALID_MS;
    act_new_id(now_ms, ret->id, sizeof ret->id);
    str_copy(ret->deployment, sizeof ret->deployment, d->name);
    str_copy(ret->environment, sizeof ret->environment, config->environment);
    int r = make_steps(ret, d, &why);
    if (r < 0) {
        plan_check_add(ret, CHECK_STOP, "%.180s", why.text);
        if (ret->after.n_shares == 0)
            (void)copy_world(&ret->after, &ret->before);
        return err_set(e, r, "%s", why.text);
    }
    if (obtain_after(ret, d) < 0)
        return err_set(e, ERR_NOMEM, "no memory for a plan");
    for (size_t i = 0; i < ret->n_checks; i++)
        if (ret->checks[i].result == CHECK_STOP)
            return err_set(e, ERR_REFUSED, "%s", ret->checks[i].text);
    return 0;
}
