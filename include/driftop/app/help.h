/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * --help and --version, made from the command rows; and the rows that only app can carry out.
 */
#ifndef DRIFTOP_APP_HELP_H
#define DRIFTOP_APP_HELP_H

#include <stdio.h>

#include "driftop/cmd/command.h"

/* All return 0. */
int help_all(FILE *out);
int help_command(FILE *out, const struct command *command);
int help_version(FILE *out);

extern const struct app_hooks app_hooks;
/* What `driftop` without a command is. */
extern const struct command command_dashboard;

#endif
