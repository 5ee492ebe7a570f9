/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop record`: the recorder as a process of its own, without a screen.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "driftop/base/log.h"
#include "driftop/cmd/command.h"
#include "driftop/cmd/types.h"
#include "driftop/config/load.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/signal.h"
#include "driftop/loop/timer.h"
#include "driftop/record/recorder.h"
#include "driftop/store/lease.h"

#define READERS_LOOK_MS 5000
#define READERS_GONE_MS 60000
#define PARENT_LOOK_MS  500

struct recording {
    struct command_context *c;
    struct recorder *recorder;
    struct config *config; /* after a reload; NULL: the one the command was started with */
    bool with_readers;     /* ends a minute after the last dashboard */
    int64_t readers_ms;
    pid_t parent; /* with --with-parent */
};

static void on_end(struct loop *loop, int number, void *ctx)
{
    (void)ctx;
    log_info("ending on signal %d", number);
    loop_stop(loop);
}

static void on_reload(struct loop *loop, int number, void *ctx)
{
    struct recording *r = ctx;
    struct config_errors errors = {0};
    struct config *config = NULL;
    struct types types;
    struct err e = {0};
    (void)loop;
    (void)number;

    types_fill(&types);
    int code = config_load(r->c->config_path, &types.types, &config, &errors);
    if (code == 0)
        code = recorder_reload(r->recorder, config, &e);
    if (code < 0) {
        char text[sizeof(struct err)];
        for (size_t i = 0; i < errors.n_errors; i++)
            log_error("not reloaded: %s", err_format(&errors.errors[i], text, sizeof text));
        if (!errors.n_errors)
            log_error("not reloaded: %s", err_format(&e, text, sizeof text));
        config_free(config);
    } else {
        log_info("configuration %.12s is in force", config->hash);
        config_free(r->config);
        r->config = config;
    }
    config_errors_done(&errors);
}

/* A recorder that a dashboard started ends when nobody has looked for a minute. */
static void look_for_readers(struct loop *loop, struct loop_id id, void *ctx)
{
    struct recording *r = ctx;
    char who[256];
    (void)id;
    if (lease_held(r->c->config->store_path, "dashboard", who, sizeof who))
        r->readers_ms = loop_now_ms(loop);
    else if (loop_now_ms(loop) - r->readers_ms > READERS_GONE_MS)
        loop_stop(loop);
}

/* The kernel tells when the parent ends, but not when that was before it was asked to; then
 * somebody else is the parent now. */
static void look_for_parent(struct loop *loop, struct loop_id id, void *ctx)
{
    const struct recording *r = ctx;
    (void)id;
    if (getppid() != r->parent)
        loop_stop(loop);
}

static void end_with_parent(struct loop *loop, struct recording *r, const char *pid)
{
    r->parent = (pid_t)strtol(pid, NULL, 10);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    timer_repeat(loop, PARENT_LOOK_MS, PARENT_LOOK_MS, look_for_parent, r);
}

static int run(struct command_context *c)
{
    struct recording r = {.c = c};
    struct loop_id id;
    struct err e = {0};
    const char *log = c->options[1];

    if (log && log_open(log, &e) < 0)
        return command_fail(c, &e);
    struct loop *loop = loop_new(c->clock);
    if (!loop) {
        err_set(&e, ERR_NOMEM, "no memory for the event loop");
        return command_fail(c, &e);
    }
    int code = recorder_new(loop, c->config, &r.recorder, &e);
    if (code == 0) {
        r.with_readers = c->options[0] != NULL;
        r.readers_ms = loop_now_ms(loop);
        signal_watch(loop, SIGINT, on_end, &r, &id, NULL);
        signal_watch(loop, SIGTERM, on_end, &r, &id, NULL);
        signal_watch(loop, SIGHUP, on_reload, &r, &id, NULL);
        if (r.with_readers)
            timer_repeat(loop, READERS_LOOK_MS, READERS_LOOK_MS, look_for_readers, &r);
        if (c->options[2])
            end_with_parent(loop, &r, c->options[2]);
        log_info("recording %s into %s", c->config->environment, c->config->store_path);
        loop_run(loop);
        recorder_free(r.recorder);
    }
    config_free(r.config);
    loop_free(loop);
    return code < 0 ? command_fail(c, &e) : 0;
}

static const struct command_option options[] = {
    {"--with-readers", NULL, "End a minute after the last dashboard."},
    {"--log", "FILE", "Append messages to FILE instead of standard error."},
    {"--with-parent", "PID", "End with the process PID, which started it."},
};

extern const struct command command_record;
const struct command command_record = {
    .name = "record",
    .arguments = "",
    .flags = COMMAND_CONFIG,
    .help = "Record: poll, count, judge, alert; without a screen.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
