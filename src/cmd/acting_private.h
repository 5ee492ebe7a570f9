/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What acting.c (the course of an acting command) and acting_plan.c (plans kept, things printed)
 * share.
 */
#ifndef DRIFTOP_CMD_ACTING_PRIVATE_H
#define DRIFTOP_CMD_ACTING_PRIVATE_H

#include "acting.h"
#include "driftop/act/act.h"

struct json;

struct acting {
    struct command_context *c;
    struct act_environment env;
    char by[256];
    bool json, armed, keep_plan;
    struct act_planning *planning;
    struct act *act;
    struct plan plan;
    bool has_plan;
    int status;
};

/* Moves the value in. */
void acting_print(struct acting *a, struct json *value);
/* The act as `audit --json` lists it. */
struct json *acting_act_json(const struct acting *a, enum act_phase phase, const char *line);
/* Kept so that --apply commits what was shown; a store that cannot take it does not hide the plan. */
void acting_keep_plan(struct acting *a);
/* ERR_REFUSED when it is not the plan that these words mean; what they leave open is the plan's. */
int acting_load_plan(struct acting *a, const char *id, const char *deployment,
                     const struct plan_wish *wish, struct err *e);

#endif
