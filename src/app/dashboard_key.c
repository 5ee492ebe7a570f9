/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the keyboard to the stack, and what the stack hands back.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dashboard_act_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/config/config.h"
#include "driftop/loop/fd.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"
#include "driftop/store/read.h"
#include "driftop/term/backend.h"
#include "driftop/term/key.h"

/* ---- leaving and coming back ---- */

void dashboard_stop(struct dashboard *d, const char *gone)
{
    d->stopping = true;
    d->gone = gone;
    loop_stop(d->loop);
}

/* Without a shell that could bring us back, stopping would be for ever. */
static bool has_shell(void)
{
    return getppid() > 1 && getsid(getppid()) == getsid(0) && getpgid(getppid()) != getpgrp();
}

void dashboard_suspend(struct dashboard *d)
{
    if (!has_shell()) {
        view_stack_say(d->stack, "there is no shell to go to");
        return;
    }
    backend_suspend(d->backend);
    raise(SIGSTOP);
    backend_resume(d->backend);
    dashboard_resize(d);
}

static void quit(struct dashboard *d)
{
    if (dashboard_acting(d) && !d->quit_asked) {
        d->quit_asked = true;
        view_stack_say(d->stack, "an act is not settled yet: once more quits, V looks at it later");
        return;
    }
    dashboard_stop(d, NULL);
}

/* ---- arming ---- */

bool dashboard_armed(const struct dashboard *d)
{
    return d->armed_until_mono > loop_now_ms(d->loop);
}

static void arm(struct dashboard *d)
{
    if (view_stack_frame(d->stack)->read_only) {
        view_stack_say(d->stack, "started with --read-only: nothing can be armed");
        return;
    }
    bool armed = dashboard_armed(d);
    d->armed_until_mono = armed ? 0 : loop_now_ms(d->loop) + ARM_MS;
    view_stack_say(d->stack,
                   armed ? "read-only again" : "writes are armed for 15 minutes: A disarms");
}

/* ---- alerts and rows ---- */

/* All that fire by the same rule on the same version: they were one line. */
static int ack_together(struct dashboard *d, const struct view_target *target, int64_t now_ms,
                        int *ret_n, struct err *e)
{
    struct alert_state *alerts = NULL;
    const struct alert_state *lead = NULL;
    size_t n = 0;

    int code = store_alerts(d->store, target->deployment, INT64_MAX, &alerts, &n, e);
    for (size_t i = 0; i < n && !lead; i++)
        if (alerts[i].id == target->alert_id)
            lead = &alerts[i];
    for (size_t i = 0; i < n && lead && code == 0; i++) {
        const struct alert_state *a = &alerts[i];
        if (a->phase != ALERT_FIRING || a->acked_ms || a->rule != lead->rule ||
            strcmp(a->version, lead->version) != 0)
            continue;
        code = store_add_ack(d->store, a->id, d->by, now_ms, NULL, e);
        *ret_n += code == 0;
    }
    free(alerts);
    return code;
}

static void ack_or_note(struct dashboard *d, const struct view_result *r)
{
    int64_t now_ms = clock_wall(loop_clock(d->loop));
    bool ack = r->command == DO_ACK;
    struct err e = {0};
    int code, n = 0;

    if (r->target.alert_id == 0) {
        view_stack_say(d->stack, "select an alert first");
        return;
    }
    if (!d->store)
        code = err_set(&e, ERR_IO, "the store cannot be reached");
    else if (ack && r->target.together)
        code = ack_together(d, &r->target, now_ms, &n, &e);
    else if (ack)
        code = store_add_ack(d->store, r->target.alert_id, d->by, now_ms, NULL, &e);
    else
        code = store_add_note(d->store, r->target.alert_id, d->by, now_ms, r->text, &e);
    if (code < 0)
        view_stack_say(d->stack, "not kept: %s", e.text);
    else if (n > 1)
        view_stack_say(d->stack, "acknowledged %d alerts of %s v%s", n, r->target.deployment,
                       r->target.version);
    else
        view_stack_say(d->stack, "%s alert %lld of %s", ack ? "acknowledged" : "noted on",
                       (long long)r->target.alert_id, r->target.deployment);
    d->fresh = true;
}

static void show_runbook(struct dashboard *d, const struct view_target *target)
{
    const struct config_deployment *deployment = config_deployment(d->config, target->deployment);

    if (!deployment)
        view_stack_say(d->stack, "select a deployment first");
    else if (!deployment->runbook)
        view_stack_say(d->stack, "%s has no runbook in the configuration", target->deployment);
    else
        view_stack_say(d->stack, "runbook: %s", deployment->runbook);
}

/* Without a clipboard the row itself stays on the bottom line, to be marked with the mouse. */
static void copy_row(struct dashboard *d, const char *text)
{
    if (backend_copy(d->backend, text))
        view_stack_say(d->stack, "copied: %s", text);
}

/* ---- commands ---- */

static void run_command(struct dashboard *d, const struct view_result *r)
{
    switch (r->command) {
    case DO_QUIT: quit(d); break;
    case DO_SUSPEND: dashboard_suspend(d); break;
    case DO_REDRAW: backend_redraw(d->backend); break;
    case DO_ARM: arm(d); break;
    case DO_ACK:
    case DO_NOTE: ack_or_note(d, r); break;
    case DO_COPY: copy_row(d, r->text); break;
    case DO_RUNBOOK: show_runbook(d, &r->target); break;
    case DO_ROLLBACK:
    case DO_TRAFFIC:
    case DO_UNDO:
    case DO_RESUME:
    case DO_COMMIT:
    case DO_BACK: dashboard_act_command(d, r); break;
    default: break;
    }
}

/* What was typed before something opened does not belong to it. */
void dashboard_flush_keys(struct dashboard *d)
{
    struct key key;

    while (backend_read_key(d->backend, loop_now_ms(d->loop), &key, NULL) > 0) {
    }
}

static void read_keys(struct dashboard *d);

static void on_key_time(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop;
    (void)id;
    read_keys(ctx);
}

static void read_keys(struct dashboard *d)
{
    struct key key;
    struct err e = {0};
    int code = 0;

    while (!d->stopping &&
           (code = backend_read_key(d->backend, loop_now_ms(d->loop), &key, &e)) > 0) {
        struct view_result r = view_stack_key(d->stack, &key);
        d->urgent = true;
        if (r.act != VIEW_COMMAND || r.command != DO_QUIT)
            d->quit_asked = false;
        if (r.act == VIEW_COMMAND)
            run_command(d, &r);
    }
    if (code < 0) {
        dashboard_stop(d, "the terminal is gone");
        return;
    }
    int wait_ms = backend_key_wait_ms(d->backend, loop_now_ms(d->loop));
    if (wait_ms >= 0 && !loop_has(d->loop, d->key_timer))
        d->key_timer = timer_once(d->loop, wait_ms, on_key_time, d);
}

void dashboard_input(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx)
{
    struct dashboard *d = ctx;

    if (events & FD_WRITABLE)
        dashboard_writable(loop, id, fd, FD_WRITABLE, d);
    if (events & (FD_READABLE | FD_BROKEN))
        read_keys(d);
}
