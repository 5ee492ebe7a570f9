/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The search for a shape asks its reference three things, whether that is sorted values or counts on a
 * codebook.
 */
#ifndef DRIFTOP_STATS_SHAPE_PRIVATE_H
#define DRIFTOP_STATS_SHAPE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/stats/shape.h"

struct codebook;
struct shape_sides;

struct shape_reference {
    /* D of w sorted values against it, or its lower end. */
    double (*gap)(const struct shape_sides *s, const double *y, size_t w);
    /* Whether a value with that share of the current ones may well be one of the reference's. */
    bool (*knows)(const struct shape_sides *s, double value, double share);
    /* D of the current values against the reference cut off at these bounds. */
    double (*clipped_gap)(const struct shape_sides *s, double low, double high);
};

struct shape_sides {
    const struct shape_reference *reference;
    const double *values;     /* the reference's, sorted; or */
    const struct codebook *c; /* its counts, */
    uint32_t *counts;         /* and room for twice as many */
    size_t n;                 /* its finite values */
    double low, high, middle; /* their range and median */
    const double *y;          /* the current values, sorted */
    size_t w;
    double alpha;
    double *scratch; /* room for the larger of n and w, without values for w */
};

void shape_find(const struct shape_sides *s, struct shape *ret);

#endif
