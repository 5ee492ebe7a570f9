/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop traffic NAME --set 41=75,42=25`: the shares of the versions; the alias stays.
 */
#include "acting.h"

#include "driftop/act/shares.h"

static int run(struct command_context *c)
{
    struct plan_wish wish = {.intent = PLAN_TRAFFIC};
    const char *set = c->options[ACTING_N];
    struct err e;

    if ((set || !c->options[ACTING_APPLY]) && shares_parse(set ? set : "", &wish, &e) < 0)
        return command_fail(c, &e);
    return acting_run(c, c->arguments[0], &wish);
}

static const struct command_option options[] = {
    ACTING_OPTIONS,
    {"--set", "V=PERCENT,...", "The shares; what is not named gets none. They add up to 100."},
};

extern const struct command command_traffic;
const struct command command_traffic = {
    .name = "traffic",
    .arguments = "NAME --set V=PERCENT,...",
    .min_arguments = 1,
    .max_arguments = 1,
    .flags = COMMAND_CONFIG | COMMAND_DANGEROUS,
    .help = "Set the traffic shares of a deployment's versions.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
