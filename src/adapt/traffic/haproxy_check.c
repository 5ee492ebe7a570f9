/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What must be true before HAProxy's weights are touched. Refusing here is better than being
 * refused half-way.
 */
#include <math.h>
#include <string.h>

#include "../weights_private.h"
#include "driftop/base/err.h"
#include "driftop/wire/haproxy_command.h"
#include "haproxy_private.h"

const struct observation *haproxy_find_target(const struct control_snapshot *s, unsigned endpoint,
                                              const char *target)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].kind == OBSERVATION_TARGET && s->items[i].endpoint == endpoint &&
            strcmp(s->items[i].target.target, target) == 0)
            return &s->items[i];
    return NULL;
}

bool haproxy_out_of_service(const struct observation *o)
{
    return strcmp(o->target.state, HAPROXY_WORD_MAINT) == 0 ||
           strcmp(o->target.state, HAPROXY_WORD_DRAIN) == 0;
}

const struct control_share *haproxy_find_share(const struct control_intent *intent,
                                               const char *target)
{
    for (size_t i = 0; i < intent->n_shares; i++)
        if (strcmp(intent->shares[i].target, target) == 0)
            return &intent->shares[i];
    return NULL;
}

/* Facts that forbid acting at all. */
static int check_facts(const struct adapt_scope *scope, const struct control_snapshot *before,
                       struct err *e)
{
    for (size_t i = 0; i < before->n_items; i++) {
        const struct observation *o = &before->items[i];
        const char *socket = haproxy_socket(scope, o->endpoint);
        if (o->kind != OBSERVATION_CONTROL)
            continue;
        if ((o->has & HAS_WRITABLE) && !o->writable)
            return err_set(e, ERR_REFUSED, "%s only reads (%s): a socket of level admin is needed",
                           socket ? socket : "the socket", o->text);
        if (strcmp(o->text, HAPROXY_FACT_BALANCE "static-rr") == 0 ||
            strcmp(o->text, HAPROXY_FACT_BALANCE "first") == 0)
            return err_set(e, ERR_REFUSED, "%s: weights cannot be changed with that algorithm",
                           o->text);
    }
    return 0;
}

/* Every share on one socket: its target is there, and it is up if it is to get anything. */
static int check_targets(const struct adapt_scope *scope, const struct control_snapshot *before,
                         const struct control_intent *intent, unsigned endpoint, struct err *e)
{
    const char *socket = haproxy_socket(scope, endpoint);

    for (size_t i = 0; i < intent->n_shares; i++) {
        const struct control_share *s = &intent->shares[i];
        const struct observation *o = haproxy_find_target(before, endpoint, s->target);
        if (!haproxy_name_valid(s->target))
            return err_set(e, ERR_INVALID, "a target's name is not one HAProxy could have");
        if (!o || !(o->has & HAS_DESIRED))
            return err_set(e, ERR_REFUSED, "%s could not be read on %s", s->target, socket);
        if (s->ratio > 0 && !o->target.up && !haproxy_out_of_service(o))
            return err_set(e, ERR_REFUSED, "%s is %s on %s: it cannot take traffic", s->target,
                           o->target.state, socket);
    }
    return 0;
}

/* A target that nobody named would keep its traffic and bend all shares. */
static int check_others(const struct control_snapshot *before, const struct control_intent *intent,
                        struct err *e)
{
    for (size_t i = 0; i < before->n_items; i++) {
        const struct observation *o = &before->items[i];
        if (o->kind == OBSERVATION_TARGET && o->target.desired_weight > 0 && o->target.up &&
            !haproxy_out_of_service(o) && !haproxy_find_share(intent, o->target.target))
            return err_set(e, ERR_REFUSED, "%s has weight %.0f and is not in the plan",
                           o->target.target, o->target.desired_weight);
    }
    return 0;
}

static int check_intent(const struct control_intent *intent, struct err *e)
{
    double sum = 0;

    if (intent->kind != CONTROL_WEIGHT || intent->n_shares == 0 || intent->n_shares > WEIGHTS_MAX)
        return err_set(e, ERR_INVALID, "HAProxy sets the shares of up to %d targets", WEIGHTS_MAX);
    for (size_t i = 0; i < intent->n_shares; i++) {
        if (!(intent->shares[i].ratio >= 0 && intent->shares[i].ratio <= 1))
            return err_set(e, ERR_INVALID, "a share is between 0 and 100 %%");
        sum += intent->shares[i].ratio;
    }
    if (fabs(sum - 1) > 1e-6)
        return err_set(e, ERR_INVALID, "the shares sum to %.4g %%, not 100", sum * 100);
    return 0;
}

int haproxy_check(const struct adapt_scope *scope, const struct control_snapshot *before,
                  const struct control_intent *intent, struct err *e)
{
    int result = check_intent(intent, e);

    if (result == 0)
        result = check_facts(scope, before, e);
    for (unsigned i = 0; result == 0 && haproxy_socket(scope, i); i++)
        result = check_targets(scope, before, intent, i, e);
    return result < 0 ? result : check_others(before, intent, e);
}
