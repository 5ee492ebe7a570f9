/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Commands. A command is one const row and one function, in a file of its own; `driftop NAME`, a key
 * and later the palette share the row. Help, man pages and completion are made from the rows.
 */
#ifndef DRIFTOP_CMD_COMMAND_H
#define DRIFTOP_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"

struct config;
struct store;

enum command_flag {
    COMMAND_STORE = 1,     /* opens the store for reading before run() */
    COMMAND_DANGEROUS = 2, /* may change the world: --yes or --apply, never in read-only */
    COMMAND_CONFIG = 4,    /* loads the configuration before run() */
    COMMAND_HIDDEN = 8,
    COMMAND_READING = 16, /* where nothing was ever recorded it ends as unknown, with 3 */
};

/* An option of a command: "--json", or with an argument "--size" "COLSxROWS". */
struct command_option {
    const char *name, *argument, *help;
};

/* What app hands to every command: nothing global. */
struct command_context {
    const struct clock *clock;
    const char *config_path; /* -c, or NULL */
    struct config *config;   /* with COMMAND_CONFIG */
    struct store *store;     /* with COMMAND_STORE */
    FILE *out, *err;
    const char *theme, *glyphs; /* as on the command line, or NULL */
    bool read_only, detach, linear;
    /* The values of the command's options, in the order of its rows: NULL when not given, "" for a
     * flag that was. */
    const char **options;
    const char **arguments; /* the rest, n_arguments of them */
    size_t n_arguments;
    const struct app_hooks *hooks; /* what only app can do */
};

struct app_hooks {
    int (*dashboard)(struct command_context *c);
    int (*screen)(struct command_context *c);
    int (*demo)(struct command_context *c);
    int (*document)(struct command_context *c);
    int (*check_theme)(const char *name, struct err *e); /* whether it can be had */
};

struct command {
    const char *name;
    const char *arguments; /* "NAME[/FEATURE]"; "" none */
    size_t min_arguments, max_arguments;
    unsigned flags;
    const char *help; /* one line */
    const struct command_option *options;
    size_t n_options;
    /* Returns the exit status. Errors go to c->err as one line "driftop: ...". */
    int (*run)(struct command_context *c);
};

extern const struct command *const commands[]; /* ended by NULL; src/cmd/commands.c */
const struct command *command_find(const char *name);
/* The value of a named option of this command; NULL when not given. */
const char *command_option(const struct command *cmd, const struct command_context *c,
                           const char *name);
/* "driftop: text" on c->err and the exit status of the error. */
int command_fail(struct command_context *c, const struct err *e);

#endif
