/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_STATS_VERDICT_PRIVATE_H
#define DRIFTOP_STATS_VERDICT_PRIVATE_H

#include "driftop/stats/verdict.h"

/* Effects from which a verdict warns and pages. */
#define VERDICT_KS_WARN   0.05
#define VERDICT_KS_PAGE   0.10
#define VERDICT_RATE_WARN 0.005
#define VERDICT_RATE_PAGE 0.02

/* D less what noise alone would give at 5 %: d - 1.36 sqrt(1/n + 1/w). */
double verdict_ks_effect(double d, uint64_t n, uint64_t w);

/* The options with every default filled in; options may be NULL. */
struct judge_options judge_defaults(const struct judge_options *options);

#endif
