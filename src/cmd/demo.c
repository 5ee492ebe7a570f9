/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/cmd/command.h"

static int run(struct command_context *c)
{
    return c->hooks->demo(c);
}

static const struct command_option options[] = {
    {"--seed", "N", "Another seed gives other requests and rows."},
    {"--speed", "N", "How fast things break; 1 is within 90 seconds."},
    {"--state", "DIR", "Keep all files in DIR, also afterwards."},
    {"--no-screen", NULL, "Without the dashboard, until Ctrl-C."},
};

extern const struct command command_demo;
const struct command command_demo = {
    .name = "demo",
    .arguments = "",
    .help = "Try driftop on a fleet of its own, on this machine, in which things break.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
