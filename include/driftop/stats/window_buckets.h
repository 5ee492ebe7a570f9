/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looking at single buckets of a window: what one minute had, and what two windows have in common.
 */
#ifndef DRIFTOP_STATS_WINDOW_BUCKETS_H
#define DRIFTOP_STATS_WINDOW_BUCKETS_H

#include "driftop/stats/window.h"

/* The counters of the n cells from `first` on in the level's bucket at that time, and its rows (NULL:
 * not wanted). False, and zeros, where the window holds none. */
bool window_bucket_counts(const struct window *w, enum window_span level, int64_t at_ms,
                          size_t first, size_t n, uint32_t *ret, uint64_t *ret_rows);
/* The counts of two windows with as many cells over the buckets of a level in which both have rows, and
 * these rows: canary against stable over the same minutes. All cells, as window_totals(). */
void window_common(const struct window *a, const struct window *b, enum window_span level,
                   uint32_t *ret_a, uint32_t *ret_b, uint64_t ret_rows[2]);

#endif
