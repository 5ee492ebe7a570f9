/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_STATS_VERDICT_PRIVATE_H
#define DRIFTOP_STATS_VERDICT_PRIVATE_H

#include "driftop/stats/verdict.h"

/* The options with every default filled in; options may be NULL. */
struct judge_options judge_defaults(const struct judge_options *options);

#endif
