/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The exact two-sample statistic of a window of the last W values, after every value. The fixed
 * reference cuts the line into 2U + 1 cells (below r1, = r1, between r1 and r2, ...), on which D
 * depends alone, with ties and unequal sizes. A tree over the cells holds sums with the extremes of
 * their prefixes, so that one value in, one out and D is O(log U), in integers.
 *
 * It takes finite values only; what is missing or infinite is counted elsewhere.
 */
#ifndef DRIFTOP_STATS_EXACT_H
#define DRIFTOP_STATS_EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/stats/ks.h"

struct exact;

/* Copies the n reference values (finite, any order). n * window must stay below 2^62. ERR_INVALID,
 * ERR_LIMIT, ERR_NOMEM. The caller frees *ret. */
int exact_new(const double *reference, size_t n, size_t window, struct exact **ret);
void exact_free(struct exact *x);

/* Let a value in; once the window is full the oldest one leaves. Does not allocate. */
void exact_push(struct exact *x, double value);
/* Values in the window, at most its size. */
size_t exact_count(const struct exact *x);

/* D times n times the window's size, current; O(1). 0 until the window is full. */
uint64_t exact_gap(const struct exact *x);
/* The gap with its location, direction and counts, at any filling: O(U + W), for who looks at it.
 * An empty window has gap 0. */
struct ks_gap exact_locate(const struct exact *x);

#endif
