/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What D has in common on values (ks.c) and on counts (ks_counts.c).
 */
#ifndef DRIFTOP_STATS_KS_PRIVATE_H
#define DRIFTOP_STATS_KS_PRIVATE_H

#include "driftop/stats/ks.h"

static inline uint64_t ks_distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static inline enum ks_direction ks_direction_of(uint64_t reference_part, uint64_t current_part)
{
    if (reference_part == current_part)
        return KS_NONE;
    return current_part > reference_part ? KS_LOWER : KS_HIGHER;
}

/* The band around a bracket, and the floor. */
void ks_frame(struct ks *ks, double alpha);

#endif
