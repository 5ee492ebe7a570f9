/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From what an engineer can say ("at most one false page a month") to what a test needs: alpha.
 */
#ifndef DRIFTOP_STATS_BUDGET_H
#define DRIFTOP_STATS_BUDGET_H

#include <stddef.h>
#include <stdint.h>

#define BUDGET_LOOKS 10 /* at a window, while it fills and slides */

/* Everything that is looked at in a month. Zero counts stand for 1. */
struct budget {
    double false_pages; /* a month, at most, on average */
    double windows;     /* that follow each other in a month: its length over theirs */
    size_t features;    /* judged together */
    size_t comparators; /* that may page: training reference, canary */
};

/* Alpha of one comparison at one look: false_pages / (looks features comparators windows). This is
 * Bonferroni over looks that are far from independent: it always holds, and costs about 3 % of the
 * threshold against what the looks really share. Kept within [1e-15, 0.05]. For struct judge_options,
 * which divides by n_judged itself, multiply by n_judged. */
double budget_alpha(const struct budget *b);

#endif
