/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop rollback NAME --to V`: all traffic and the champion alias to one version.
 */
#include "acting.h"

#include "driftop/base/str.h"

static int run(struct command_context *c)
{
    struct plan_wish wish = {.intent = PLAN_ROLLBACK};
    const char *to = c->options[ACTING_N];
    struct err e;

    if (!to && !c->options[ACTING_APPLY]) {
        err_set(&e, ERR_USAGE, "to which version? (--to V)");
        return command_fail(c, &e);
    }
    str_copy(wish.version, sizeof wish.version, to ? to : "");
    return acting_run(c, c->arguments[0], &wish);
}

static const struct command_option options[] = {
    ACTING_OPTIONS,
    {"--to", "VERSION", "The version that gets everything."},
};

extern const struct command command_rollback;
const struct command command_rollback = {
    .name = "rollback",
    .arguments = "NAME --to VERSION",
    .min_arguments = 1,
    .max_arguments = 1,
    .flags = COMMAND_CONFIG | COMMAND_DANGEROUS,
    .help = "Give one version all traffic and the champion alias.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
