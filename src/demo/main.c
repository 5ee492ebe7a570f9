/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * driftop-fleet: the demo's fleet as one process. It ends on SIGINT and SIGTERM, and when whoever
 * started it is gone: the kernel sends SIGTERM then, and should the parent have vanished before
 * that was asked for, its id, given with --parent, says so.
 */
#include <errno.h>
#include <limits.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/demo/fleet.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/signal.h"
#include "driftop/loop/timer.h"

#define PARENT_CHECK_MS 500
#define MOST_SPEED      1000

static const char usage[] =
    "Usage: driftop-fleet --state DIR [--seed N] [--speed N] [--parent PID]\n";

static void on_signal(struct loop *loop, int number, void *ctx)
{
    (void)number, (void)ctx;
    loop_stop(loop);
}

static void on_parent_check(struct loop *loop, struct loop_id id, void *ctx)
{
    const pid_t *parent = ctx;

    (void)id;
    if (getppid() != *parent)
        loop_stop(loop);
}

static bool read_number(const char *text, double least, double most, double *ret)
{
    char *end;

    errno = 0;
    *ret = strtod(text, &end);
    return *text && *end == '\0' && errno == 0 && isfinite(*ret) && *ret >= least && *ret <= most;
}

static bool read_seed(const char *text, uint64_t *ret)
{
    char *end;

    errno = 0;
    *ret = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
}

static int usage_error(const char *text)
{
    fprintf(stderr, "driftop-fleet: %s\n%s", text, usage);
    return err_exit_status(ERR_USAGE);
}

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, struct fleet_options *ret, pid_t *ret_parent)
{
    static const struct option options[] = {
        {"state", required_argument, NULL, 'd'}, {"seed", required_argument, NULL, 's'},
        {"speed", required_argument, NULL, 'x'}, {"parent", required_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    double number;
    int c;

    *ret = (struct fleet_options){.seed = 1, .speed = 1};
    *ret_parent = getppid();
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (c == 'h') {
            fputs(usage, stdout);
            return 0;
        }
        if (c == 'd')
            ret->folder = optarg;
        else if (c == 's' && !read_seed(optarg, &ret->seed))
            return usage_error("--seed wants a whole number");
        else if (c == 'x' && !read_number(optarg, 0.001, MOST_SPEED, &ret->speed))
            return usage_error("--speed wants a number from 0.001 to 1000");
        else if (c == 'p' && !read_number(optarg, 1, INT_MAX, &number))
            return usage_error("--parent wants the id of a process");
        else if (c == 'p')
            *ret_parent = (pid_t)number;
        else if (c == '?')
            return usage_error("unknown option");
    }
    if (!ret->folder || optind != argc)
        return usage_error("--state DIR is needed, and nothing else");
    return -1;
}

/* The folder made, and its name good from everywhere. The caller frees *ret. */
static int make_folder(const char *name, char **ret, struct err *e)
{
    int result = path_make_folder(name, e);

    if (result < 0)
        return result;
    *ret = realpath(name, NULL);
    return *ret ? 0 : err_set_errno(e, errno, "%s", name);
}

static int run(struct fleet *f, struct loop *loop, struct fleet_options *options, pid_t *parent,
               struct err *e)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct loop_id id;
    char *folder;
    int result = 0;

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    for (size_t i = 0; result == 0 && i < sizeof signals / sizeof *signals; i++)
        result = signal_watch(loop, signals[i], on_signal, NULL, &id, e);
    if (result == 0)
        result = make_folder(options->folder, &folder, e);
    if (result < 0)
        return result;
    options->folder = folder;
    timer_repeat(loop, PARENT_CHECK_MS, PARENT_CHECK_MS, on_parent_check, parent);
    result = fleet_init(f, loop, options, e);
    if (result == 0)
        loop_run(loop);
    fleet_done(f);
    free(folder);
    return result;
}

int main(int argc, char **argv)
{
    struct clock clock = clock_system();
    struct fleet_options options;
    pid_t parent;
    struct err e = {0};
    int status = read_options(argc, argv, &options, &parent);

    if (status >= 0)
        return status;
    struct loop *loop = loop_new(&clock);
    struct fleet *f = calloc(1, sizeof *f);
    int result = loop && f ? run(f, loop, &options, &parent, &e)
                           : err_set(&e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    free(f);
    loop_free(loop);
    if (result < 0)
        fprintf(stderr, "driftop-fleet: %s\n", e.text);
    return result < 0 ? err_exit_status(result) : 0;
}
