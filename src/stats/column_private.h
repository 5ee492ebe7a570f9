/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A numeric column taken apart once: its finite values sorted, the rest counted.
 */
#ifndef DRIFTOP_STATS_COLUMN_PRIVATE_H
#define DRIFTOP_STATS_COLUMN_PRIVATE_H

#include "codebook_private.h"

struct column {
    double *sorted; /* the finite values; as much room again behind them */
    size_t finite, rows;
    uint32_t special[NUMERIC_SPECIALS]; /* missing, +inf, -inf, invalid: the order of the cells */
    double mean, sd;                    /* of the finite values, NaN without any */
};

/* ERR_NOMEM. column_done() may be called after a failure too, and on a zeroed struct. */
int column_take(struct column *c, const struct value *values, size_t n);
void column_done(struct column *c);

/* Count the column on a numeric codebook's cells: as many searches as there are cuts. */
void column_count(const struct column *c, const struct codebook *codebook, uint32_t *counts);

/* The whole numeric codebook of a column, like codebook_build(). */
int codebook_build_column(const struct column *reference, size_t exact_values,
                          struct codebook **ret);

#endif
