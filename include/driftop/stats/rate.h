/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The share of rows that are missing, invalid, infinite, out of the reference's range or of a value
 * it never had, on both sides, and how far apart the two shares surely are.
 */
#ifndef DRIFTOP_STATS_RATE_H
#define DRIFTOP_STATS_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* In the order in which a verdict looks at them. UNSEEN is of categorical features; INVALID,
 * INFINITE and OUT_OF_RANGE of numeric ones. */
enum rate_kind {
    RATE_MISSING,
    RATE_INVALID,
    RATE_INFINITE,
    RATE_OUT_OF_RANGE,
    RATE_UNSEEN,
};
#define RATE_KINDS 5

struct rate {
    bool present;
    uint64_t reference, current; /* rows that have it */
    double reference_ratio, current_ratio;
    double low, high; /* of current_ratio - reference_ratio, at alpha */
};

/* z of a two-sided interval at alpha. */
double rate_z(double alpha);

/* Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10) for the difference
 * current - reference; z from rate_z(). Absent when a side has no rows. */
struct rate rate_of(uint64_t reference, uint64_t reference_rows, uint64_t current,
                    uint64_t current_rows, double z);
/* Its bounds when rows count 1/design and 1/reference_design of a row. */
void rate_widen(struct rate *r, uint64_t reference_rows, double reference_design,
                uint64_t current_rows, double design, double z);

/* "missing", "invalid", "infinite", "out_of_range", "unseen". */
const char *rate_name(enum rate_kind kind);

#endif
