/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop screen`: a view as text. Drawing belongs to app, which this layer cannot see.
 */
#include "driftop/cmd/command.h"

static int run(struct command_context *c)
{
    struct err e;

    if (c->hooks && c->hooks->screen)
        return c->hooks->screen(c);
    err_set(&e, ERR_INTERNAL, "this program was built without screens");
    return command_fail(c, &e);
}

static const struct command_option options[] = {
    {"--size", "COLSxROWS", "Of the screen; 80x24."},
    {"--deployment", "NAME", "What the view is about."},
    {"--feature", "NAME", "For the view feature."},
    {"--version", "V", "For the view feature."},
    {"--at", "TIME", "now, in this version."},
    {"--ansi", NULL, "With colours, for a terminal or a pager."},
};

extern const struct command command_screen;
const struct command command_screen = {
    .name = "screen",
    .arguments = "VIEW",
    .min_arguments = 1,
    .max_arguments = 1,
    .flags = COMMAND_CONFIG | COMMAND_STORE | COMMAND_READING,
    .help = "Print a view as text: triage, fleet, model, drift, feature, alerts, audit.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
