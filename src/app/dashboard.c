/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/app/dashboard.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dashboard_act_private.h"
#include "driftop/app/screen.h"
#include "driftop/base/err.h"
#include "driftop/cmd/command.h"
#include "driftop/config/config.h"
#include "driftop/loop/fd.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/signal.h"
#include "driftop/loop/timer.h"
#include "driftop/net/send.h"
#include "driftop/store/db.h"
#include "driftop/store/lease.h"
#include "driftop/term/backend.h"
#include "driftop/term/backend_ncurses.h"
#include "driftop/term/canvas.h"
#include "driftop/term/theme.h"

#define STORE_MS  250
#define SECOND_MS 1000
#define LEASE_MS  5000

/* ---- signals and the clock ---- */

static void on_signal(struct loop *loop, int number, void *ctx)
{
    struct dashboard *d = ctx;
    (void)loop;

    switch (number) {
    case SIGWINCH: dashboard_resize(d); break;
    case SIGTSTP: dashboard_suspend(d); break;
    case SIGCONT:
        /* Stopped by somebody else: who knows what the terminal looks like now. */
        backend_redraw(d->backend);
        dashboard_dirty(d);
        break;
    case SIGHUP: dashboard_stop(d, "the terminal is gone"); break;
    default: dashboard_stop(d, NULL); break;
    }
}

static void on_second(struct loop *loop, struct loop_id id, void *ctx)
{
    struct dashboard *d = ctx;
    (void)loop;
    (void)id;

    if (!d->store)
        dashboard_store_open(d);
    if (d->armed_until_mono && !dashboard_armed(d)) {
        d->armed_until_mono = 0;
        view_stack_say(d->stack, "the 15 minutes are over: read-only again");
    }
    dashboard_dirty(d);
}

static void watch_signals(struct dashboard *d)
{
    static const int numbers[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGINT, SIGTERM};
    struct loop_id id;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        signal_watch(d->loop, numbers[i], on_signal, d, &id, NULL);
}

/* The terminal's two ends may be one descriptor, which has one watch. */
static int watch_terminal(struct dashboard *d, struct err *e)
{
    int in = d->backend->input_fd, out = d->backend->output_fd;

    if (in < 0)
        return 0;
    int code = fd_watch(d->loop, in, FD_READABLE, dashboard_input, d, &d->input, e);
    if (code == 0 && out >= 0 && out != in)
        code = fd_watch(d->loop, out, 0, dashboard_writable, d, &d->output, e);
    return code;
}

/* ---- start and end ---- */

/* "@P1-8841" and "@8841" open Triage on that alert. */
static struct view_target first_target(const struct command_context *c)
{
    struct view_target target = {0};
    const char *text = c->n_arguments > 0 ? c->arguments[0] : "";
    size_t digits = strcspn(text, "@") < strlen(text) ? strlen(text) : 0;

    while (digits > 0 && text[digits - 1] >= '0' && text[digits - 1] <= '9')
        digits--;
    if (digits > 0)
        target.alert_id = strtoll(text + digits, NULL, 10);
    return target;
}

static int start(struct dashboard *d, struct err *e)
{
    struct net_options net = {.armed = dashboard_gate, .armed_ctx = d};
    struct view_target target = first_target(d->c);

    d->loop = loop_new(d->c->clock);
    d->stack = view_stack_new("triage", &target);
    d->canvas = canvas_new(80, 24, d->backend->glyphs);
    if (!d->loop || !d->stack || !d->canvas)
        return err_set(e, ERR_NOMEM, "no memory for the dashboard");
    int code = net_new(d->loop, &net, &d->net, e);
    if (code == 0)
        code = watch_terminal(d, e);
    if (code < 0)
        return code;
    screen_prepare_frame(d->c, view_stack_frame(d->stack));
    watch_signals(d);
    dashboard_resize(d);
    dashboard_store_open(d);
    timer_repeat(d->loop, STORE_MS, STORE_MS, dashboard_store_poll, d);
    timer_repeat(d->loop, SECOND_MS, SECOND_MS, on_second, d);
    /* The first frame comes before the recorder is looked for. */
    timer_repeat(d->loop, 50, LEASE_MS, dashboard_leases, d);
    loop_before_sleep(d->loop, dashboard_before_sleep, d);
    return 0;
}

static void finish(struct dashboard *d)
{
    dashboard_act_done(d);
    net_free(d->net);
    view_stack_free(d->stack);
    canvas_free(d->canvas);
    store_close(d->store);
    lease_drop(d->lease);
    loop_free(d->loop);
}

/* A view of a large fleet is some megabytes, read anew every other second: they go back to the system
 * each time instead of staying in the heap. */
static void settle_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
}

int dashboard_run_on(struct command_context *c, struct backend *backend)
{
    struct dashboard d = {.c = c, .config = c->config, .backend = backend};
    struct err e = {0};

    settle_memory();
    act_by(d.by, sizeof d.by);
    int code = start(&d, &e);
    if (code == 0)
        loop_run(d.loop);
    finish(&d);
    if (code == 0 && d.gone)
        code = err_set(&e, ERR_IO, "%s", d.gone);
    if (code < 0)
        d.status = command_fail(c, &e);
    return d.status;
}

int dashboard_run(struct command_context *c)
{
    struct backend_ncurses_options options = {
        .glyphs = c->glyphs ? c->glyphs : c->config->glyphs,
    };
    struct backend *backend = NULL;
    struct theme theme;
    struct err e = {0};

    if (c->linear)
        return screen_linear(c);
    int code = screen_theme(c, &theme, &e);
    options.theme = &theme;
    if (code == 0 && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
        code = err_set(&e, ERR_USAGE,
                       "the dashboard wants a terminal; `driftop screen triage` prints it as text");
    if (code == 0)
        code = backend_ncurses_new(&options, &backend, &e);
    if (code < 0)
        return command_fail(c, &e);
    /* The terminal is given back before anything is said on it. */
    FILE *err = c->err;
    char *said = NULL;
    size_t length = 0;
    c->err = open_memstream(&said, &length);
    if (!c->err)
        c->err = err;
    int status = dashboard_run_on(c, backend);
    backend_free(backend);
    if (c->err != err)
        fclose(c->err);
    c->err = err;
    if (said)
        fputs(said, err);
    free(said);
    return status;
}
