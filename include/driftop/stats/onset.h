/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When a drift began: the boundary between time buckets at which the counts before and the counts
 * after differ most, by the likelihood-ratio statistic G2 on the report cells.
 */
#ifndef DRIFTOP_STATS_ONSET_H
#define DRIFTOP_STATS_ONSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct onset {
    bool present;  /* a change that chance does not explain */
    size_t bucket; /* the first bucket after it */
    double g2, p;  /* p is that of the largest of all boundaries, by Bonferroni */
};

/* counts: n_buckets rows in order of time, of n_cells each (feature_fold(), at most
 * DIVERGENCE_CELLS). Empty buckets are allowed. O(n_buckets * n_cells), does not allocate. */
void onset_find(const uint32_t *counts, size_t n_buckets, size_t n_cells, double alpha,
                struct onset *ret);

#endif
