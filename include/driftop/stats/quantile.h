/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quantiles of sorted values and the sorting itself.
 */
#ifndef DRIFTOP_STATS_QUANTILE_H
#define DRIFTOP_STATS_QUANTILE_H

#include <stddef.h>

/* Divides an interquartile range into the standard deviation of a normal law. */
#define QUANTILE_IQR_PER_SD 1.3489795003921634

/* Type 7: h = (n-1) q, between its two neighbours by numpy's formula, never with fused
 * multiply-add, because a last bit moves a whole atom to another cell. n > 0, 0 <= q <= 1. */
double quantile_sorted(const double *sorted, size_t n, double q);

/* The at most nine deciles of n finite sorted values, duplicates collapsed, rising. */
size_t quantile_deciles(const double *sorted, size_t n, double ret_edges[9]);

/* Sort finite or infinite values, no NaN; scratch has room for n as well. -0 comes before +0. */
void quantile_sort(double *values, double *scratch, size_t n);

/* Mean and standard deviation (ddof 0) of n > 0 values in the order of their rows, by numpy's
 * pairwise summation: of values near 10^15 the order of adding shows in the fourth digit. */
void quantile_moments(const double *values, size_t n, double *ret_mean, double *ret_sd);

#endif
