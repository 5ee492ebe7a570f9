/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/app/demo.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/app/demo_folder.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/cmd/command.h"
#include "driftop/cmd/types.h"
#include "driftop/loop/child.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/signal.h"
#include "driftop/loop/timer.h"

#define FLEET      "driftop-fleet"
#define LOOK_MS    50
#define START_MS   20000
#define END_MS     5000 /* for the recorder to write what it holds; then it is killed */
#define PATH_BYTES 4096

enum demo_option { DEMO_SEED, DEMO_SPEED, DEMO_STATE, DEMO_NO_SCREEN };

struct demo {
    struct command_context *c;
    struct loop *loop;
    struct demo_folder folder;
    struct str self, fleet, config; /* paths */
    char pid[24];                   /* ours, for both processes to watch */
    int fleet_pid, recorder_pid;    /* 0: not running */
    bool ended;                     /* by a signal */
};

static void on_signal(struct loop *loop, int number, void *ctx)
{
    (void)loop, (void)number;
    ((struct demo *)ctx)->ended = true;
}

static void on_look(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id, (void)ctx; /* it only ends the waiting of a turn */
}

/* The loop reaps, so a process that has ended is really gone. */
static bool is_running(int pid)
{
    return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

/* Beside the running binary, as in a build folder, or where it was installed to. */
static int find_programs(struct demo *d, struct err *e)
{
    int result = path_self(&d->self);
    const char *slash = result == 0 ? strrchr(d->self.data, '/') : NULL;

    if (!slash)
        return err_set(e, ERR_INTERNAL, "cannot tell where driftop itself lies");
    str_addf(&d->fleet, "%.*s/" FLEET, (int)(slash - d->self.data), d->self.data);
    if (access(d->fleet.data, X_OK) == 0)
        return 0;
    str_clear(&d->fleet);
    str_add(&d->fleet, DRIFTOP_PKGLIBEXECDIR "/" FLEET);
    if (access(d->fleet.data, X_OK) == 0)
        return 0;
    return err_set_errno(e, errno, "%s", d->fleet.data);
}

static char *below(const struct demo *d, const char *name, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%s", d->folder.path, name);
    return path;
}

static int start_fleet(struct demo *d, struct err *e)
{
    const char *seed = d->c->options[DEMO_SEED], *speed = d->c->options[DEMO_SPEED];
    const char *argv[] = {
        d->fleet.data, "--state",           d->folder.path, "--seed", seed ? seed : "1",
        "--speed",     speed ? speed : "1", "--parent",     d->pid,   NULL};
    char log[PATH_BYTES], manifest[PATH_BYTES];

    /* What an earlier run in the same folder said is not about this one. */
    unlink(below(d, "fleet.json", manifest));
    unlink(below(d, "fleet.log", log));
    return child_detach(d->loop, argv, NULL, below(d, "fleet.log", log), &d->fleet_pid, e);
}

static int start_recorder(struct demo *d, struct err *e)
{
    const char *argv[] = {d->self.data, "-c", d->config.data, "record", "--with-parent",
                          d->pid,       NULL};
    char log[PATH_BYTES];

    return child_detach(d->loop, argv, NULL, below(d, "recorder.log", log), &d->recorder_pid, e);
}

/* The first line that the fleet said before it ended. */
static int say_why(const struct demo *d, struct err *e)
{
    static const char prefix[] = FLEET ": ";
    const char *line = "the fleet ended at once";
    char log[PATH_BYTES];
    struct str text;

    str_init(&text, 65536);
    path_read(below(d, "fleet.log", log), &text, NULL);
    if (text.length > 0)
        line = text.data;
    if (strncmp(line, prefix, strlen(prefix)) == 0)
        line += strlen(prefix);
    err_set(e, ERR_USAGE, "%.*s", (int)strcspn(line, "\n"), line);
    str_done(&text);
    return ERR_USAGE;
}

/* fleet.json is the last thing the fleet writes. */
static int wait_for_fleet(struct demo *d, struct err *e)
{
    int64_t end_ms = loop_now_ms(d->loop) + START_MS;
    char manifest[PATH_BYTES];

    below(d, "fleet.json", manifest);
    while (access(manifest, R_OK) < 0) {
        if (d->ended)
            return err_set(e, ERR_CANCELLED, "ended by a signal");
        if (loop_now_ms(d->loop) > end_ms)
            return err_set(e, ERR_TIMEOUT, "the fleet did not start in %d s", START_MS / 1000);
        if (!is_running(d->fleet_pid))
            return say_why(d, e);
        loop_turn(d->loop, -1);
    }
    return 0;
}

static int start(struct demo *d, struct err *e)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct loop_id id;
    int result = find_programs(d, e);

    for (size_t i = 0; result == 0 && i < sizeof signals / sizeof *signals; i++)
        result = signal_watch(d->loop, signals[i], on_signal, d, &id, e);
    if (result == 0)
        result = demo_folder_open(d->c->options[DEMO_STATE], &d->folder, e);
    if (result < 0)
        return result;
    str_addf(&d->config, "%s/driftop.yaml", d->folder.path);
    timer_repeat(d->loop, LOOK_MS, LOOK_MS, on_look, NULL);
    result = start_fleet(d, e);
    if (result == 0)
        result = wait_for_fleet(d, e);
    return result < 0 ? result : start_recorder(d, e);
}

/* Both asked to end, waited for, and killed when they do not. */
static void stop(struct demo *d)
{
    int *const pids[] = {&d->recorder_pid, &d->fleet_pid};
    int64_t end_ms = loop_now_ms(d->loop) + END_MS;
    bool any = true;

    for (size_t i = 0; i < 2; i++)
        if (*pids[i] > 0)
            kill(*pids[i], SIGTERM);
    while (any && loop_now_ms(d->loop) < end_ms) {
        loop_turn(d->loop, LOOK_MS);
        any = is_running(*pids[0]) || is_running(*pids[1]);
    }
    for (size_t i = 0; i < 2; i++)
        if (is_running(*pids[i]))
            kill(*pids[i], SIGKILL);
}

static int show_dashboard(struct demo *d)
{
    struct command_context *c = d->c;
    struct config_errors errors = {0};
    struct types types;
    int status;

    types_fill(&types);
    c->config_path = d->config.data;
    if (config_load(c->config_path, &types.types, &c->config, &errors) < 0)
        status = command_fail(c, &errors.errors[0]);
    else
        status = c->hooks->dashboard(c);
    config_errors_done(&errors);
    return status;
}

static int wait_for_end(struct demo *d)
{
    struct command_context *c = d->c;
    struct err e;

    fprintf(c->out, "driftop demo in %s: look with driftop -c %s; Ctrl-C ends it\n", d->folder.path,
            d->config.data);
    fflush(c->out);
    while (!d->ended && is_running(d->fleet_pid))
        loop_turn(d->loop, -1);
    if (d->ended)
        return 0;
    err_set(&e, ERR_INTERNAL, "the fleet has ended by itself; see %s/fleet.log", d->folder.path);
    return command_fail(c, &e);
}

int demo_run(struct command_context *c)
{
    struct demo d = {.c = c, .loop = loop_new(c->clock), .folder = {.lock_fd = -1}};
    struct err e = {0};
    int status;

    if (!d.loop) {
        err_set(&e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
        return command_fail(c, &e);
    }
    snprintf(d.pid, sizeof d.pid, "%ld", (long)getpid());
    str_init(&d.self, PATH_BYTES);
    str_init(&d.fleet, PATH_BYTES);
    str_init(&d.config, PATH_BYTES);
    if (start(&d, &e) < 0)
        status = d.ended ? 0 : command_fail(c, &e);
    else if (c->options[DEMO_NO_SCREEN] || !c->hooks->dashboard)
        status = wait_for_end(&d);
    else
        status = show_dashboard(&d);
    stop(&d);
    demo_folder_close(&d.folder);
    loop_free(d.loop);
    str_done(&d.self);
    str_done(&d.fleet);
    str_done(&d.config);
    return status;
}
