/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The acting half of the HAProxy adapter: shares to weights, in an order in which nobody is sent to
 * a server that cannot answer. First the weights of receiving servers that are out of service
 * (which moves nothing yet), then those servers are made ready, then receivers are raised, and
 * only then the others lowered; on all sockets in step, so that whatever fails fails before
 * anything was taken away. Setters answer nothing on success, so each step is read back.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reply_private.h"
#include "../weights_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/wire/haproxy.h"
#include "driftop/wire/haproxy_answer.h"
#include "driftop/wire/haproxy_command.h"
#include "haproxy_private.h"

#define SHARE_TOLERANCE 0.005

static void describe(const struct adapt_scope *scope, struct control_traits *ret)
{
    (void)scope;
    *ret = (struct control_traits){
        .kind = CONTROL_WEIGHT,
        .moves_traffic = true,
        .weight_min = 0,
        .weight_max = HAPROXY_WEIGHT_MAX,
        .reversible = true,
        .settle_soft_ms = 10000,
        .settle_hard_ms = 60000,
        .warning = "Weights are lost when HAProxy reloads, unless its configuration says the same.",
    };
}

/* What is planned for one target on one socket. */
struct change {
    unsigned endpoint;
    const struct observation *now;
    int weight;
    double ratio; /* really obtained */
    bool receives;
};

/* When a change is due; see the top of the file. -1: never. */
static int weight_phase(const struct change *c)
{
    int before = (int)c->now->target.desired_weight;

    if (c->weight == before)
        return -1;
    if (haproxy_out_of_service(c->now))
        return 0;
    if (c->weight > before)
        return 2;
    return c->receives ? 4 : 3;
}

static int state_phase(const struct change *c)
{
    return c->ratio > 0 && haproxy_out_of_service(c->now) ? 1 : -1;
}

static struct control_step *add_step(const struct adapt_scope *scope, const struct change *c,
                                     struct control_steps *ret)
{
    const char *socket = haproxy_socket(scope, c->endpoint);
    struct control_step *s = control_steps_add(ret);

    if (!s)
        return NULL;
    s->endpoint_index = c->endpoint;
    str_copy(s->endpoint, sizeof s->endpoint, socket);
    str_copy(s->expect.target, sizeof s->expect.target, c->now->target.target);
    s->expect.ratio = c->ratio;
    s->before_weight = c->now->target.desired_weight;
    s->request.transport = s->inverse.transport = NET_STREAM;
    s->request.flags |= NET_MUTATING;
    s->inverse.flags |= NET_MUTATING;
    net_request_address(&s->request, "%s", socket);
    net_request_address(&s->inverse, "%s", socket);
    return s;
}

/* The end of a long path tells sockets apart well enough; the step's endpoint has all of it. */
static const char *shown(const struct control_step *s)
{
    const char *last = strrchr(s->endpoint, '/'), *at = last;
    while (at && at > s->endpoint && at[-1] != '/')
        at--;
    return last && at > s->endpoint ? at : s->endpoint;
}

static int add_weight(const struct adapt_scope *scope, const struct change *c,
                      struct control_steps *ret, struct err *e)
{
    struct control_step *s = add_step(scope, c, ret);
    const char *backend = haproxy_backend(scope), *target = c->now->target.target;
    int before = (int)c->now->target.desired_weight;
    int result;

    if (!s)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    s->after_weight = c->weight;
    snprintf(s->text, sizeof s->text, "set weight %s/%s %d on %.110s (was %d; %.4g %%)", backend,
             target, c->weight, shown(s), before, c->ratio * 100);
    snprintf(s->inverse_text, sizeof s->inverse_text, "set weight %s/%s %d on %.110s", backend,
             target, before, shown(s));
    result = haproxy_set_weight(&s->request.body, backend, target, c->weight, e);
    return result < 0 ? result : haproxy_set_weight(&s->inverse.body, backend, target, before, e);
}

static int add_state(const struct adapt_scope *scope, const struct change *c,
                     struct control_steps *ret, struct err *e)
{
    struct control_step *s = add_step(scope, c, ret);
    const char *backend = haproxy_backend(scope), *target = c->now->target.target;
    bool maint = strcmp(c->now->target.state, HAPROXY_WORD_MAINT) == 0;
    int result;

    if (!s)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    s->after_weight = c->weight;
    str_copy(s->before_state, sizeof s->before_state, c->now->target.state);
    str_copy(s->after_state, sizeof s->after_state, "ready");
    snprintf(s->text, sizeof s->text, "set server %s/%s state ready on %.110s (was %s)", backend,
             target, shown(s), c->now->target.state);
    snprintf(s->inverse_text, sizeof s->inverse_text, "set server %s/%s state %s on %.110s",
             backend, target, c->now->target.state, shown(s));
    result = haproxy_set_state(&s->request.body, backend, target, HAPROXY_STATE_READY, e);
    return result < 0 ? result
                      : haproxy_set_state(&s->inverse.body, backend, target,
                                          maint ? HAPROXY_STATE_MAINT : HAPROXY_STATE_DRAIN, e);
}

/* One socket's changes. None where its shares are right already, whatever the weights. */
static size_t find_changes(const struct control_snapshot *before,
                           const struct control_intent *intent, unsigned endpoint,
                           struct change *ret)
{
    double ratio[WEIGHTS_MAX] = {0}, weight_before[WEIGHTS_MAX] = {0}, sum_before = 0, off = 0,
           error;
    int weight[WEIGHTS_MAX], sum = 0;
    bool ready = true;

    for (size_t i = 0; i < intent->n_shares; i++) {
        const struct observation *o =
            haproxy_find_target(before, endpoint, intent->shares[i].target);
        ratio[i] = intent->shares[i].ratio;
        weight_before[i] = o->target.desired_weight;
        sum_before += weight_before[i];
        ret[i] = (struct change){.endpoint = endpoint, .now = o};
        ready = ready && !(ratio[i] > 0 && haproxy_out_of_service(o));
    }
    error = weights_choose(ratio, weight_before, intent->n_shares, HAPROXY_WEIGHT_MAX, weight);
    for (size_t i = 0; i < intent->n_shares; i++) {
        double share = sum_before > 0 ? weight_before[i] / sum_before : 0;
        off = fmax(off, fabs(share - ratio[i]));
        sum += weight[i];
        ret[i].receives = ratio[i] > share;
    }
    if (ready && sum_before > 0 && off <= error + 1e-9)
        return 0;
    for (size_t i = 0; i < intent->n_shares; i++) {
        ret[i].weight = weight[i];
        ret[i].ratio = (double)weight[i] / sum;
    }
    return intent->n_shares;
}

static int plan(const struct adapt_scope *scope, const struct control_snapshot *before,
                const struct control_intent *intent, struct control_steps *ret, struct err *e)
{
    struct change *changes = NULL;
    size_t n = 0, n_endpoints = 0;
    int result = haproxy_check(scope, before, intent, e);

    if (result < 0)
        return result;
    while (haproxy_socket(scope, (unsigned)n_endpoints))
        n_endpoints++;
    changes = calloc(n_endpoints * intent->n_shares + 1, sizeof *changes);
    if (!changes)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    for (unsigned i = 0; i < n_endpoints; i++)
        n += find_changes(before, intent, i, changes + n);
    for (int phase = 0; phase <= 4; phase++)
        for (size_t i = 0; result == 0 && i < n; i++) {
            if (weight_phase(&changes[i]) == phase)
                result = add_weight(scope, &changes[i], ret, e);
            else if (state_phase(&changes[i]) == phase)
                result = add_state(scope, &changes[i], ret, e);
        }
    free(changes);
    return result;
}

static int accepted(const struct control_step *step, const struct net_reply *reply, struct err *e)
{
    int result = reply_sent(reply, e);

    (void)step;
    if (result < 0)
        return result;
    result = haproxy_parse_setter(reply->body.data, reply->body.length, e);
    return result == 0 || result == ERR_DENIED ? result : ERR_REJECTED;
}

static enum control_truth step_done(const struct control_step *step,
                                    const struct control_snapshot *now)
{
    const struct observation *o =
        haproxy_find_target(now, step->endpoint_index, step->expect.target);

    if (!o)
        return CONTROL_NOT_YET;
    if (step->after_state[0])
        return !haproxy_out_of_service(o) && o->target.up ? CONTROL_YES : CONTROL_NOT_YET;
    if (lround(o->target.desired_weight) == lround(step->after_weight))
        return CONTROL_YES;
    return lround(o->target.desired_weight) == lround(step->before_weight) ? CONTROL_NOT_YET
                                                                           : CONTROL_NO;
}

/* Judged over the targets of the plan; others take part only where they really get something. */
static enum control_truth endpoint_verified(const struct control_intent *intent,
                                            const struct control_snapshot *now, unsigned endpoint)
{
    double desired = 0, effective = 0;
    enum control_truth truth = CONTROL_YES;

    for (size_t i = 0; i < now->n_items; i++) {
        const struct observation *o = &now->items[i];
        if (o->kind != OBSERVATION_TARGET || o->endpoint != endpoint)
            continue;
        desired += haproxy_find_share(intent, o->target.target) ? o->target.desired_weight : 0;
        effective += o->target.up ? o->target.effective_weight : 0;
    }
    for (size_t i = 0; i < intent->n_shares; i++) {
        const struct control_share *s = &intent->shares[i];
        const struct observation *o = haproxy_find_target(now, endpoint, s->target);
        double weight = o && o->target.up ? o->target.effective_weight : 0;
        if (!o || desired <= 0 ||
            fabs(o->target.desired_weight / desired - s->ratio) > SHARE_TOLERANCE)
            return CONTROL_NO;
        if (effective <= 0 || fabs(weight / effective - s->ratio) > SHARE_TOLERANCE)
            truth = CONTROL_NOT_YET;
    }
    return truth;
}

static enum control_truth verified(const struct control_intent *intent,
                                   const struct control_snapshot *now)
{
    bool any = false, waiting = false;
    unsigned last = 0;

    for (size_t i = 0; i < now->n_items; i++)
        if (now->items[i].endpoint > last)
            last = now->items[i].endpoint;
    for (unsigned endpoint = 0; endpoint <= last; endpoint++) {
        enum control_truth one;
        if (intent->n_shares == 0 || !haproxy_find_target(now, endpoint, intent->shares[0].target))
            continue;
        one = endpoint_verified(intent, now, endpoint);
        if (one == CONTROL_NO)
            return CONTROL_NO;
        any = true;
        waiting = waiting || one == CONTROL_NOT_YET;
    }
    return any && !waiting ? CONTROL_YES : CONTROL_NOT_YET;
}

const struct controller haproxy_controller = {
    .describe = describe,
    .plan = plan,
    .accepted = accepted,
    .step_done = step_done,
    .verified = verified,
};
