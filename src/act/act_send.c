/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sending: one step after the other, each once, each read back before the next. An outcome that is
 * unknown is found out by reading, never by sending again.
 */
#include <stdio.h>
#include <string.h>

#include "act_private.h"
#include "driftop/base/clock.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"

static size_t n_steps(const struct act *a)
{
    return a->live.traffic.n_items + a->live.registry.n_items;
}

static bool is_traffic(const struct act *a)
{
    return a->step < a->live.traffic.n_items;
}

static const struct control_step *current(const struct act *a)
{
    return is_traffic(a) ? &a->live.traffic.items[a->step]
                         : &a->live.registry.items[a->step - a->live.traffic.n_items];
}

static const struct controller *controller_of(const struct act *a)
{
    const struct adapter *adapter = is_traffic(a)
                                        ? adapt_find(adapt_traffic, a->d->traffic->type)
                                        : adapt_find(adapt_registries, a->d->registry->type);
    return adapter->controller;
}

/* Where it stops when a step did not come off: nothing done, or half done. */
static void stop(struct act *a, enum act_phase first, const char *why)
{
    char line[512];
    if (a->step == 0) {
        bool sure = first != ACT_UNKNOWN && first != ACT_STALLED && first != ACT_DIVERGED;
        snprintf(line, sizeof line, "%.400s%s", why, sure ? "; nothing was changed" : "");
        act_end(a, first, line);
        return;
    }
    snprintf(line, sizeof line, "%zu of %zu steps done, then: %.300s; finish it or undo it",
             a->step, n_steps(a), why);
    act_end(a, ACT_PARTIAL, line);
}

static void send_step(struct act *a);
static void read_back(struct loop *loop, struct loop_id id, void *ctx);

static void next_step(struct act *a)
{
    char line[320];
    snprintf(line, sizeof line, "done and read back: %.256s", current(a)->text);
    a->step++;
    act_tell(a, ACT_SENT, line);
    if (a->step < n_steps(a))
        send_step(a);
    else
        act_watch(a);
}

static enum control_truth judge_step(const struct act *a, const struct world *world)
{
    const struct observation_list *list = is_traffic(a) ? &world->traffic : &world->registry;
    struct control_snapshot now = {list->items, list->n_items};
    return controller_of(a)->step_done(current(a), &now);
}

static void on_read_back(void *ctx, int code, struct world *world, const struct err *e)
{
    struct act *a = ctx;
    char why[256] = "it did not take effect";

    enum control_truth truth = CONTROL_NOT_YET;

    a->reading = NULL;
    /* A registry that is away is no error of the reading as a whole, but it is one of this step. */
    bool blind = code < 0 || (!is_traffic(a) && !world->has_registry);
    if (blind)
        snprintf(why, sizeof why, "cannot be read back: %.200s",
                 code < 0 ? e->text : world->registry_fault);
    else
        truth = judge_step(a, world);
    if (truth == CONTROL_YES) {
        next_step(a);
        return;
    }
    if (loop_now_ms(a->env.loop) < a->deadline_ms) {
        a->timer = timer_once(a->env.loop, READ_BACK_MS, read_back, a);
        return;
    }
    if (truth == CONTROL_NO)
        stop(a, ACT_DIVERGED, "somebody else has set another value");
    else if (blind && a->doubtful)
        act_end(a, ACT_UNKNOWN, "outcome unknown: no answer, and it cannot be read; verify later");
    else if (a->doubtful)
        stop(a, ACT_FAILED, "no answer came, and reading shows that it was not done");
    else
        stop(a, blind ? ACT_UNKNOWN : ACT_STALLED, why);
}

static void read_back(struct loop *loop, struct loop_id id, void *ctx)
{
    struct act *a = ctx;
    struct err e = {0};
    (void)loop;
    (void)id;

    a->timer = (struct loop_id){0};
    int code = world_read(a->env.loop, a->env.net, a->env.config, a->d, NULL, on_read_back, a,
                          &a->reading, &e);
    if (code < 0)
        act_end(a, ACT_UNKNOWN, "outcome unknown: it cannot be read back; verify later");
}

static void on_reply(struct loop_id id, struct net_reply *reply, void *ctx)
{
    struct act *a = ctx;
    struct err e = {0};
    char why[400];
    (void)id;

    a->call = (struct loop_id){0};
    if (reply->outcome == NET_BEFORE_SEND) {
        snprintf(why, sizeof why, "cannot connect: %.300s", reply->err.text);
        stop(a, ACT_FAILED, why);
        return;
    }
    a->doubtful = reply->outcome == NET_UNKNOWN;
    int code = a->doubtful ? ERR_UNKNOWN : controller_of(a)->accepted(current(a), reply, &e);
    if (code == ERR_UNKNOWN) {
        a->doubtful = true;
        act_tell(a, ACT_SENT, "no answer: reading whether it was done");
    } else if (code < 0) {
        snprintf(why, sizeof why, "rejected: %.300s", e.text);
        stop(a, code == ERR_CONFLICT ? ACT_CONFLICT : ACT_REJECTED, why);
        return;
    }
    a->deadline_ms = loop_now_ms(a->env.loop) + READ_BACK_FOR_MS;
    read_back(a->env.loop, a->timer, a);
}

static void send_step(struct act *a)
{
    struct err e = {0};
    char line[320];
    const struct access *access = is_traffic(a) ? &a->traffic_access : &a->registry_access;
    struct net_access writing = access->net;

    /* Writes get the longer time-outs of net/send.h. */
    writing.connect_timeout_ms = writing.timeout_ms = 0;
    int code = net_send(a->env.net, &current(a)->request, &writing, on_reply, a, &a->call, &e);
    if (code < 0) {
        stop(a, ACT_REFUSED, e.text);
        return;
    }
    snprintf(line, sizeof line, "sent: %.256s", current(a)->text);
    act_tell(a, ACT_SENT, line);
}

void act_send_steps(struct act *a)
{
    a->step = 0;
    if (n_steps(a) == 0)
        act_watch(a); /* it is so already: verified by looking */
    else
        send_step(a);
}
