/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop document` and `driftop completion`: what the build makes of the tables. The tables of keys
 * and program options belong to app, so app writes them.
 */
#include "driftop/cmd/command.h"

static int run(struct command_context *c)
{
    return c->hooks->document(c);
}

static int run_completion(struct command_context *c)
{
    const char *words[] = {"completion", c->arguments[0]};
    c->arguments = words;
    c->n_arguments = 2;
    return c->hooks->document(c);
}

extern const struct command command_document;
const struct command command_document = {
    .name = "document",
    .arguments = "man | markdown PAGE [FILE]",
    .min_arguments = 2,
    .max_arguments = 3,
    .flags = COMMAND_HIDDEN,
    .help = "Print a manual page; its text from FILE where it is written by hand.",
    .run = run,
};

extern const struct command command_completion;
const struct command command_completion = {
    .name = "completion",
    .arguments = "bash",
    .min_arguments = 1,
    .max_arguments = 1,
    .help = "Print the completion of a shell, to be sourced.",
    .run = run_completion,
};
