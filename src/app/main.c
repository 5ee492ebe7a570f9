/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * main: settles what belongs to the process, reads the command line, opens what the command asks
 * for, and runs it.
 */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/app/args.h"
#include "driftop/app/help.h"
#include "driftop/cmd/command.h"
#include "driftop/cmd/types.h"
#include "driftop/config/load.h"
#include "driftop/query/query.h"
#include "driftop/stats/setup.h"
#include "driftop/store/db.h"

static void settle_process(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct rlimit files;

    stats_setup();
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    umask(077);
    /* A full disk and a closed pipe are errors of a call, not the end. */
    sigaction(SIGXFSZ, &ignore, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max < 65536 ? files.rlim_max : 65536;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static int load_config(struct command_context *c)
{
    struct config_errors errors = {0};
    struct types types;
    char text[sizeof(struct err)];

    types_fill(&types);
    int code = config_load(c->config_path, &types.types, &c->config, &errors);
    for (size_t i = 0; i < errors.n_errors; i++)
        fprintf(c->err, "driftop: %s\n", err_format(&errors.errors[i], text, sizeof text));
    if (code == ERR_ABSENT && !c->config_path)
        fprintf(c->err, "driftop: write one (driftop config example shows how), name one with -c, "
                        "or try driftop demo\n");
    config_errors_done(&errors);
    return code < 0 ? err_exit_status(code == ERR_ABSENT ? ERR_CONFIG : code) : 0;
}

static int open_store(struct command_context *c, const struct command *command)
{
    struct err e = {0};
    int code = store_open(c->config->store_path, STORE_READ, &c->store, &e);
    if (code == ERR_ABSENT)
        err_set(&e, ERR_ABSENT, "nothing has been recorded at %s yet: start driftop record",
                c->config->store_path);
    int status = code < 0 ? command_fail(c, &e) : 0;
    return code == ERR_ABSENT && (command->flags & COMMAND_READING)
               ? severity_exit(SEVERITY_UNKNOWN)
               : status;
}

static int run_command(struct command_context *c, const struct command *command)
{
    int status = 0;
    if (command->flags & (COMMAND_CONFIG | COMMAND_STORE))
        status = load_config(c);
    if (status == 0 && (command->flags & COMMAND_STORE))
        status = open_store(c, command);
    if (status == 0)
        status = command->run(c);
    store_close(c->store);
    config_free(c->config);
    /* A reader that went away (| head) or a full disk must not look like success. */
    if (fflush(c->out) != 0 && status == 0)
        status = 74;
    return status;
}

int main(int argc, char **argv)
{
    struct clock clock = clock_system();
    struct err e = {0};
    struct args args;

    settle_process();
    struct command_context c = {.clock = &clock, .out = stdout, .err = stderr};
    if (args_parse(argc, argv, &args, &e) < 0)
        return command_fail(&c, &e);
    if (args.version)
        return help_version(stdout);
    if (args.help)
        return args.command ? help_command(stdout, args.command) : help_all(stdout);
    c.config_path = args.config_path;
    c.theme = args.theme;
    c.glyphs = args.glyphs;
    c.read_only = args.read_only;
    c.detach = args.detach;
    c.linear = args.linear;
    c.options = args.options;
    c.arguments = args.arguments;
    c.n_arguments = args.n_arguments;
    c.hooks = &app_hooks;
    return run_command(&c, args.command ? args.command : &command_dashboard);
}
