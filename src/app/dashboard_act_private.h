/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the dashboard's acting half shares: dashboard_act.c from key to verdict, dashboard_plan.c the
 * words and choices around it.
 */
#ifndef DRIFTOP_APP_DASHBOARD_ACT_PRIVATE_H
#define DRIFTOP_APP_DASHBOARD_ACT_PRIVATE_H

#include "dashboard_private.h"

struct err;
struct plan_panel;

/* dashboard_key.c: what was typed before something opened does not belong to it. */
void dashboard_flush_keys(struct dashboard *d);

/* dashboard_act.c */
bool dashboard_gate(void *ctx);
/* R, T, U, V, and what comes out of the plan dialog. */
void dashboard_act_command(struct dashboard *d, const struct view_result *r);
void dashboard_act_done(struct dashboard *d);
bool dashboard_acting(const struct dashboard *d);
/* dashboard_plan.c: from what is selected or typed to a wish, and from a plan to the panel. */
void dashboard_default_version(struct dashboard *d, const struct view_target *target, char *ret,
                               size_t size);
int dashboard_parse_shares(const struct plan *plan, const char *text, struct plan_wish *ret,
                           struct err *e);
bool dashboard_same_wish(const struct plan_wish *a, const struct plan_wish *b);
void dashboard_show_plan(struct dashboard *d, struct plan_panel *panel, int code,
                         const struct err *e);
void dashboard_show_phase(struct dashboard *d, struct plan_panel *panel, const struct act *act,
                          enum act_phase phase, const char *line);

#endif
