/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shares to whole-number weights, for controllers whose weights are relative to each other.
 */
#ifndef DRIFTOP_ADAPT_WEIGHTS_PRIVATE_H
#define DRIFTOP_ADAPT_WEIGHTS_PRIVATE_H

#include <stddef.h>

#define WEIGHTS_MAX 256 /* targets */

/* Choose weights 0 to `top` for n ratios (each 0 to 1, not all 0; n at most WEIGHTS_MAX), so that
 * weight / sum comes as near to the ratio as it can. A ratio over 0 never gets weight 0. Within a
 * quarter of a point of the best, weights are preferred that lower no target whose share goes up
 * from before[]: on the way such a target would lose traffic. Then weights that sum to 100, then
 * large ones. Returns the largest difference from a ratio. */
double weights_choose(const double *ratio, const double *before, size_t n, int top, int *ret);

#endif
