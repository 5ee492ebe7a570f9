/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop undo ACT`: a new plan from what the act had found, with a check of its own.
 */
#include "acting.h"

#include "driftop/act/act.h"
#include "driftop/base/str.h"

static int run(struct command_context *c)
{
    struct plan_wish wish = {.intent = PLAN_UNDO};
    char deployment[MODEL_NAME_SIZE] = "";
    struct err e = {0};

    str_copy(wish.undo_of, sizeof wish.undo_of, c->arguments[0]);
    if (!c->options[ACTING_APPLY] && act_undo_wish(c->config->store_path, c->arguments[0],
                                                   deployment, sizeof deployment, &wish, &e) < 0)
        return command_fail(c, &e);
    return acting_run(c, deployment, &wish);
}

static const struct command_option options[] = {ACTING_OPTIONS};

extern const struct command command_undo;
const struct command command_undo = {
    .name = "undo",
    .arguments = "ACT",
    .min_arguments = 1,
    .max_arguments = 1,
    .flags = COMMAND_CONFIG | COMMAND_DANGEROUS,
    .help = "Take an act back, from what it had found.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
