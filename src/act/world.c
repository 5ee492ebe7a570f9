/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/act/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"

#define SHARE_EPSILON 1e-6

void world_init(struct world *w)
{
    memset(w, 0, sizeof *w);
    observation_list_init(&w->traffic);
    observation_list_init(&w->registry);
}

void world_done(struct world *w)
{
    free(w->shares);
    observation_list_done(&w->traffic);
    observation_list_done(&w->registry);
    world_init(w);
}

const struct world_share *world_share(const struct world *w, const char *version)
{
    for (size_t i = 0; i < w->n_shares; i++)
        if (strcmp(w->shares[i].version, version) == 0)
            return &w->shares[i];
    return NULL;
}

static int add_share(struct world *w, const char *version, const char *target,
                     struct world_share **ret)
{
    for (size_t i = 0; i < w->n_shares; i++)
        if (strcmp(w->shares[i].version, version) == 0) {
            *ret = &w->shares[i];
            return 0;
        }
    struct world_share *grown = realloc(w->shares, (w->n_shares + 1) * sizeof *w->shares);
    if (!grown)
        return ERR_NOMEM;
    w->shares = grown;
    *ret = &w->shares[w->n_shares++];
    memset(*ret, 0, sizeof **ret);
    str_copy((*ret)->version, sizeof(*ret)->version, version);
    str_copy((*ret)->target, sizeof(*ret)->target, target);
    return 0;
}

struct totals {
    double desired, effective;
};

static double effective_weight(const struct observation *o)
{
    bool down = (o->has & HAS_UP) && !o->target.up;
    return (o->has & HAS_EFFECTIVE) && !down ? fmax(o->target.effective_weight, 0) : 0;
}

static double desired_weight(const struct observation *o)
{
    return o->has & HAS_DESIRED ? fmax(o->target.desired_weight, 0) : 0;
}

static struct totals endpoint_totals(const struct world *w, unsigned endpoint)
{
    struct totals t = {0, 0};
    for (size_t i = 0; i < w->traffic.n_items; i++) {
        const struct observation *o = &w->traffic.items[i];
        if (o->kind != OBSERVATION_TARGET || o->endpoint != endpoint)
            continue;
        t.desired += desired_weight(o);
        t.effective += effective_weight(o);
    }
    return t;
}

static unsigned count_endpoints(const struct world *w)
{
    unsigned n = 0;
    for (size_t i = 0; i < w->traffic.n_items; i++)
        if (w->traffic.items[i].kind == OBSERVATION_TARGET && w->traffic.items[i].endpoint >= n)
            n = w->traffic.items[i].endpoint + 1;
    return n;
}

static int settle_target(struct world *w, const struct config_deployment *d,
                         const struct observation *o, unsigned n_endpoints)
{
    char version[MODEL_NAME_SIZE];
    struct world_share *share;

    if (config_target_version(d, o->target.target, version, sizeof version) < 0)
        return 0; /* a target that is no version of ours keeps its part of the whole */
    int r = add_share(w, version, o->target.target, &share);
    if (r < 0)
        return r;
    struct totals t = endpoint_totals(w, o->endpoint);
    if (t.desired > 0)
        share->desired_ratio += desired_weight(o) / t.desired / n_endpoints;
    if (t.effective > 0)
        share->effective_ratio += effective_weight(o) / t.effective / n_endpoints;
    share->up = share->up || ((o->has & HAS_UP) && o->target.up);
    if (o->has & HAS_SESSIONS)
        share->sessions_total += o->target.sessions_total;
    return 0;
}

static int by_version(const void *a, const void *b)
{
    const struct world_share *x = a, *y = b;
    return strverscmp(x->version, y->version);
}

int world_settle(struct world *w, const struct config_deployment *d)
{
    unsigned n_endpoints = count_endpoints(w);

    free(w->shares);
    w->shares = NULL;
    w->n_shares = 0;
    w->champion[0] = '\0';
    for (size_t i = 0; i < w->traffic.n_items; i++)
        if (w->traffic.items[i].kind == OBSERVATION_TARGET &&
            settle_target(w, d, &w->traffic.items[i], n_endpoints) < 0)
            return ERR_NOMEM;
    if (w->n_shares)
        qsort(w->shares, w->n_shares, sizeof *w->shares, by_version);
    for (size_t i = 0; i < w->registry.n_items; i++)
        if (w->registry.items[i].kind == OBSERVATION_ALIAS)
            str_copy(w->champion, sizeof w->champion, w->registry.items[i].version);
    return 0;
}

static bool same_ratio(double a, double b)
{
    return fabs(a - b) < SHARE_EPSILON;
}

int world_compare(const struct world *then, const struct world *now, struct err *e)
{
    for (size_t i = 0; i < then->n_shares; i++) {
        const struct world_share *a = &then->shares[i], *b = world_share(now, a->version);
        if (!b)
            return err_set(e, ERR_CONFLICT, "v%s is no longer in the splitter", a->version);
        if (!same_ratio(a->desired_ratio, b->desired_ratio))
            return err_set(e, ERR_CONFLICT, "v%s is set to %.4g %% now, the plan had read %.4g %%",
                           a->version, b->desired_ratio * 100, a->desired_ratio * 100);
    }
    if (now->n_shares > then->n_shares)
        return err_set(e, ERR_CONFLICT, "a version has come into the splitter");
    if (then->has_registry && now->has_registry && strcmp(then->champion, now->champion) != 0)
        return err_set(e, ERR_CONFLICT, "the alias names %s now, the plan had read %s",
                       now->champion[0] ? now->champion : "nothing",
                       then->champion[0] ? then->champion : "nothing");
    return 0;
}

char *world_text(const struct world *w, char *buf, size_t size)
{
    struct str text;
    str_init(&text, 4096);
    for (size_t i = 0; i < w->n_shares; i++)
        str_addf(&text, "%sv%s %.4g %%", i ? "  " : "", w->shares[i].version,
                 w->shares[i].desired_ratio * 100);
    if (w->has_registry)
        str_addf(&text, "%schampion %s", text.length ? "  " : "",
                 w->champion[0] ? w->champion : "not set");
    str_copy(buf, size, text.data);
    str_done(&text);
    return buf;
}

struct json *world_json(const struct world *w)
{
    struct json *o = json_new_object(), *shares = json_new_object();
    char at[CLOCK_TEXT_SIZE];

    json_put(o, "at", json_new_text(clock_format_ms(w->at_ms, at)));
    for (size_t i = 0; i < w->n_shares; i++)
        json_put(shares, w->shares[i].version, json_new_real(w->shares[i].desired_ratio));
    json_put(o, "shares", w->has_traffic ? shares : json_new_null());
    if (!w->has_traffic)
        json_drop(shares);
    json_put(o, "champion",
             w->has_registry && w->champion[0] ? json_new_text(w->champion) : json_new_null());
    json_put(o, "has_registry", json_new_bool(w->has_registry));
    return o;
}

int world_from_json(const struct json *value, struct world *ret, struct err *e)
{
    const struct json *shares = json_get(value, "shares");
    const char *champion = json_text(json_get(value, "champion"), NULL);
    const char *at = json_text(json_get(value, "at"), NULL);
    const char *version;
    struct json *ratio;
    void *it = NULL;

    world_init(ret);
    if (json_kind(value) != JSON_OBJECT)
        return err_set(e, ERR_DATA, "no state of a deployment in this JSON");
    if (at)
        clock_parse(at, strlen(at), &ret->at_ms);
    ret->has_traffic = json_kind(shares) == JSON_OBJECT;
    ret->has_registry = json_bool(json_get(value, "has_registry"), false);
    if (champion)
        str_copy(ret->champion, sizeof ret->champion, champion);
    while (shares && json_next(shares, &it, &version, &ratio)) {
        struct world_share *share;
        double number;
        if (!json_number(ratio, &number) || add_share(ret, version, "", &share) < 0)
            return err_set(e, ERR_DATA, "a share in this JSON is no number");
        share->desired_ratio = share->effective_ratio = number;
    }
    if (ret->n_shares)
        qsort(ret->shares, ret->n_shares, sizeof *ret->shares, by_version);
    return 0;
}
