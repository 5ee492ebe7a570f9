/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A feature judged from two sides that the caller has already taken apart: sorted numbers, or
 * counted categories. The answers are those of feature_judge_columns() to the last bit, without a
 * struct for every value, so that a column may be as long as memory, or a mapped file, allows.
 * Nothing here keeps a pointer to what it is given.
 */
#ifndef DRIFTOP_STATS_SIDES_H
#define DRIFTOP_STATS_SIDES_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/stats/feature.h"
#include "driftop/stats/shape.h"

struct err;

/* One side of a numeric feature. mean and sd are those of quantile_moments() over the finite values
 * in the order of their rows; NaN without any. */
struct side_numbers {
    double *sorted; /* finite, rising; not changed */
    size_t finite;
    uint64_t rows, missing, positive, negative, invalid; /* positive, negative: infinities */
    double mean, sd;
};

#define SIDE_NAMED 64
#define SIDE_ROWS  UINT32_C(4000000000) /* the most a side may have */

/* One category with its rows on both sides. The bytes are borrowed. */
struct side_category {
    const char *bytes;
    size_t length;
    uint64_t reference, current;
};

/* Both sides of a categorical feature on the reference's cells. */
struct side_categories {
    struct side_category named[SIDE_NAMED]; /* the reference's commonest, ties by bytes */
    size_t n_named;
    uint64_t other_reference, other_current; /* the reference's remaining values */
    uint64_t unseen;                         /* current rows whose value the reference never had */
    uint64_t missing_reference, missing_current;
};

/* What `compare` tells about one feature. */
struct side_report {
    struct feature_result result;
    struct feature_cell cells[FEATURE_CELLS];
    size_t n_cells;
    uint32_t folded[FEATURE_CELLS]; /* the current counts, empty cells included: onset_find() */
    size_t n_folded;
    struct shape shape;
    char sentence[256];
};

/* Everything but shape and sentence, which stay empty. ERR_NOMEM, ERR_LIMIT. */
int side_judge_numbers(const struct side_numbers *reference, const struct side_numbers *current,
                       const struct judge_options *options, struct side_report *ret, struct err *e);
void side_judge_categories(const struct side_categories *sides, const struct judge_options *options,
                           struct side_report *ret);

/* The shape and the sentence of a judged feature. Of a numeric one both sides are given, with
 * scratch for the larger number of finite values; of a categorical one NULL. */
void side_explain(const struct side_numbers *reference, const struct side_numbers *current,
                  const struct judge_options *options, double *scratch, struct side_report *r);

#endif
