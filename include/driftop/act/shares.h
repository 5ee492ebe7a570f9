/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shares as people type them, on the command line and in the dialog: "41=75,42=25", percent signs
 * allowed, and blanks between them.
 */
#ifndef DRIFTOP_ACT_SHARES_H
#define DRIFTOP_ACT_SHARES_H

#include "driftop/act/plan.h"

/* Fills wish->shares; ERR_USAGE says what is expected. The sum is the plan's matter. */
int shares_parse(const char *text, struct plan_wish *ret, struct err *e);

#endif
