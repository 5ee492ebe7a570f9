/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The latency histogram of a version: what its servers counted over the window, added up on the
 * bounds they share. Cumulative counts on shared bounds add exactly, whatever other bounds a server
 * has.
 */
#ifndef DRIFTOP_MODEL_LATENCY_PRIVATE_H
#define DRIFTOP_MODEL_LATENCY_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/model/observation.h"

struct latency {
    bool begun;
    size_t n;
    double le_s[MODEL_LATENCY_MAX], count[MODEL_LATENCY_MAX]; /* ascending, cumulative */
};

struct latency_quantile {
    double value_s, low_s, high_s;
    bool over; /* it lies beyond the last finite bound: value and low are that bound */
};

void latency_merge(struct latency *l, size_t n, const double *le_s, const double *count);
/* Rank q * total, linear inside its bucket; the first bucket begins at 0. False when nothing was
 * counted or no finite bound is left. */
bool latency_quantile(const struct latency *l, double q, struct latency_quantile *ret);

#endif
