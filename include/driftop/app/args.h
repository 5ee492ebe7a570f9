/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command line: `driftop [OPTIONS] [COMMAND [ARGUMENTS]]`. Options of the program may stand
 * before or behind the command; those of the command come from its row. Nothing here opens a file.
 */
#ifndef DRIFTOP_APP_ARGS_H
#define DRIFTOP_APP_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct command;
struct err;

#define ARGS_OPTIONS_MAX   16
#define ARGS_ARGUMENTS_MAX 64

/* An option of the program itself: "--config", "-c", "FILE". Help, pages and completion use it. */
struct args_option {
    const char *name, *letter, *argument, *help; /* letter and argument may be NULL */
};
extern const struct args_option args_options[]; /* ended by a row without a name */

struct args {
    const char *config_path, *theme, *glyphs; /* NULL when not given */
    bool read_only, help, version, detach, linear;
    const struct command *command;         /* NULL: the dashboard */
    const char *options[ARGS_OPTIONS_MAX]; /* of the command, in the order of its rows */
    const char *arguments[ARGS_ARGUMENTS_MAX];
    size_t n_arguments;
};

/* ERR_USAGE says what is wrong, and the nearest word that would be right. All is borrowed from
 * argv. */
int args_parse(int argc, char **argv, struct args *ret, struct err *e);

#endif
