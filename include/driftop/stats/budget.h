/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From what an engineer can say ("at most one false page a month") to what a test needs (alpha),
 * and back to how many rows a window is worth when its rows are not independent.
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

#define DESIGN_BUCKETS 12 /* with rows, before an estimate is one */

/* By how much a feature's counts vary more than those of independent rows would. All zero: not at
 * all. */
struct design {
    double rank;   /* of cumulative shares: KS and every rank statistic; at least 1 */
    double cells;  /* of a cell's share, on average: chi-square, PSI, JS; at least 1 */
    double spread; /* how unequal that is between directions: squared coefficient of variation */
    double shape;  /* what of the degrees of freedom the largest directions leave; 0 stands for 1 */
};

/* counts: n_buckets rows of n_cells (feature_fold()), from earlier healthy windows, never from the
 * one being tested, whose drift would hide itself. With V the covariance of the buckets' shares times
 * their rows, p the pooled shares and s their cumulative sums:
 *     rank   = sum over boundaries of var(s) over sum of s (1 - s)
 * and with c1, c2, c3 the traces of V/p, its square and its cube (Rao and Scott 1981):
 *     cells  = c1 / (cells - 1),  spread = c2 (cells - 1) / c1^2 - 1
 *     shape  = c2^3 / c3^2 / (cells - 1)
 * All 1, 1, 0, 1 with fewer than DESIGN_BUCKETS buckets that have rows, or more than DIVERGENCE_CELLS
 * cells. */
void design_of(const uint32_t *counts, size_t n_buckets, size_t n_cells, struct design *ret);

/* By how much k grows: (1/n + design/w) / (1/n + 1/w); only the current rows hang together. */
double design_inflation(uint64_t n, uint64_t w, double design);

/* n_eff: the independent rows that `rows` are worth. */
double design_rows(uint64_t rows, const struct design *d);

#endif
