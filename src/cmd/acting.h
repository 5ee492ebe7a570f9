/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What `rollback`, `traffic` and `undo` share: plan, print or keep it, commit it, wait for the
 * verdict. Without --yes or --apply nothing is ever written to the network.
 */
#ifndef DRIFTOP_CMD_ACTING_H
#define DRIFTOP_CMD_ACTING_H

#include "driftop/act/plan.h"
#include "driftop/cmd/command.h"

/* The options every acting command has, in this order, before its own. */
/* clang-format off */
#define ACTING_OPTIONS                                                                             \
    {"--plan", NULL, "Only show the plan (what happens without --yes or --apply)."},               \
    {"--apply", "PLAN", "Commit a plan that was shown before, as it was shown."},                  \
    {"--yes", NULL, "Plan and commit at once."},                                                   \
    {"--reason", "TEXT", "Why; it goes into the audit."},                                          \
    {"--json", NULL, "Print JSON."}
/* clang-format on */
enum acting_option { ACTING_PLAN, ACTING_APPLY, ACTING_YES, ACTING_REASON, ACTING_JSON, ACTING_N };

/* With --apply the plan says both; what deployment and wish say all the same must agree with it.
 * Returns the exit status. */
int acting_run(struct command_context *c, const char *deployment, const struct plan_wish *wish);

#endif
