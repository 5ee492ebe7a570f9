/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much of the prediction goes with a feature: what an importance is taken from where nobody states
 * one. An association is no cause; it ranks what to look at first.
 */
#ifndef DRIFTOP_STATS_ASSOCIATION_H
#define DRIFTOP_STATS_ASSOCIATION_H

#include <stddef.h>

#include "driftop/stats/codebook.h"

/* 0 to 1; NaN when either side does not vary, or has too few rows to tell (under 10 a cell). feature and
 * prediction are the codebooks of the two columns, x and y their n rows, the same rows in both. x is
 * taken by its report cells, B of them with rows.
 * A numeric prediction by its ranks, so that one huge score does not decide: the root of
 *     max(0, eta2 - (B - 1)/(n - B) (1 - eta2)),  eta2 = variance between cells / variance
 * (Kelley 1935, epsilon squared). A categorical one by its K cells: Cramer's V with Bergsma's correction
 * (J. Korean Stat. Soc. 42, 2013). */
double association_of(const struct codebook *feature, const struct value *x,
                      const struct codebook *prediction, const struct value *y, size_t n);

#endif
