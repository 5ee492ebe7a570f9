/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The options under `rules:` of a deployment, and what they mean to the rules of alert/rule.h.
 */
#ifndef DRIFTOP_RECORD_RULES_H
#define DRIFTOP_RECORD_RULES_H

#include <stddef.h>

#include "driftop/alert/rule.h"
#include "driftop/config/option.h"

extern const struct option_row rules_options[];
extern const size_t rules_n_options;

struct alert_limits rules_limits(const struct option_set *rules);

#endif
