/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows that follow each other hang together, and then counts vary more than those of independent rows:
 * by how much, and how many independent rows a window is worth. Estimated from the buckets of earlier
 * healthy windows, never from the window being tested, whose drift would hide itself.
 */
#ifndef DRIFTOP_STATS_DESIGN_H
#define DRIFTOP_STATS_DESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESIGN_BUCKETS 12 /* with rows, before an estimate is one */

/* By how much a feature's counts vary more than those of independent rows would. All zero: not at
 * all. */
struct design {
    double rank;   /* of cumulative shares: KS and every rank statistic; at least 1 */
    double cells;  /* of a cell's share, on average: chi-square, PSI, JS; at least 1 */
    double spread; /* how unequal that is between directions: squared coefficient of variation */
    double shape;  /* what of the degrees of freedom the largest directions leave; 0 stands for 1 */
};

/* Sums over buckets, from which the effect can be had at any time. `forget` is what a new bucket takes
 * off the weight of all before it: 0 none, 1/400 remembers some 400 buckets. NULL without memory or
 * beyond DIVERGENCE_CELLS cells. */
struct design_sums;
struct design_sums *design_sums_new(size_t n_cells, double forget);
void design_sums_free(struct design_sums *s);
/* One bucket's counts, n_cells of them; one without rows says nothing. O(cells^2), no allocation. */
void design_sums_add(struct design_sums *s, const uint32_t *counts);
/* Buckets with rows so far; s may be NULL. */
size_t design_sums_buckets(const struct design_sums *s);
/* With V the covariance of the buckets' shares times their rows, p the pooled shares and s their
 * cumulative sums:
 *     rank   = sum over boundaries of var(s) over sum of s (1 - s)
 * and with c1, c2, c3 the traces of V/p, its square and its cube (Rao and Scott 1981):
 *     cells  = c1 / (cells - 1),  spread = c2 (cells - 1) / c1^2 - 1
 *     shape  = c2^3 / c3^2 / (cells - 1)
 * All 1, 1, 0, 1 with fewer than DESIGN_BUCKETS buckets that have rows. s may be NULL. */
void design_sums_effect(const struct design_sums *s, struct design *ret);

/* The same from n_buckets rows of n_cells (feature_fold()). */
void design_of(const uint32_t *counts, size_t n_buckets, size_t n_cells, struct design *ret);

/* By how much k = 1/n + 1/w grows when the rows counted w hang together, or those of both sides. */
double design_inflation(uint64_t n, uint64_t w, double design, bool both);

/* n_eff: the independent rows that `rows` are worth. */
double design_rows(uint64_t rows, const struct design *d);

#endif
