/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A codebook is the frozen reference of one feature: the cells into which every later value is
 * counted, and the reference's own counts on them. Numeric cells are right-closed intervals between
 * cut points (the reference's unique values and the doubles just below them on the exact tier, 64
 * quantiles on the coarse one), always split at the reference's minimum, maximum and deciles, so
 * that deciles are unions of cells and values outside the reference's range are told apart.
 * Categories are the 64 commonest values by bytes; the rest of the reference is OTHER, what it never
 * had is UNSEEN. Missing, infinite and invalid values have cells of their own.
 *
 * It is immutable once built and holds no pointer into what it was built from. It refuses more than
 * 4 * 10^9 rows. Of a reference with more than `known_values` different texts it cannot tell OTHER
 * from UNSEEN; it then counts both as OTHER and says so (`truncated`).
 */
#ifndef DRIFTOP_STATS_CODEBOOK_H
#define DRIFTOP_STATS_CODEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/value.h"

struct err;
struct str;
struct codebook;

enum codebook_kind { CODEBOOK_NUMERIC, CODEBOOK_CATEGORICAL };

enum codebook_special {
    CODEBOOK_MISSING,
    CODEBOOK_POSITIVE_INFINITY, /* these three of numeric features only */
    CODEBOOK_NEGATIVE_INFINITY,
    CODEBOOK_INVALID,
    CODEBOOK_OTHER, /* these two of categorical features only */
    CODEBOOK_UNSEEN,
};

#define CODEBOOK_NO_CELL      SIZE_MAX
#define CODEBOOK_EXACT_VALUES 32
#define CODEBOOK_KNOWN_VALUES 100000

/* Zero stands for the default of each number. */
struct codebook_options {
    bool categorical;    /* even when every value is a number */
    size_t exact_values; /* exact tier up to so many different numbers: CODEBOOK_EXACT_VALUES */
    size_t known_values; /* different texts to remember: CODEBOOK_KNOWN_VALUES */
};

/* The doubles are NaN where the reference has no finite value, or is categorical. */
struct codebook_summary {
    enum codebook_kind kind;
    bool exact;                /* one cell for each reference value and each gap between them */
    bool truncated;            /* OTHER also holds what the reference may never have had */
    uint64_t rows;             /* N, missing ones included */
    uint64_t finite;           /* n; of a categorical feature the rows that are not missing */
    uint64_t distinct;         /* different finite numbers, or different texts */
    double min, max, mean, sd; /* sd with ddof 0 */
    double p5, q1, p50, q3, p95;
};

/* Kind by the rule of the vectors: categorical when any value is a text or the option says so.
 * options may be NULL. ERR_NOMEM, ERR_LIMIT. The caller frees *ret. */
int codebook_build(const struct value *values, size_t n, const struct codebook_options *options,
                   struct codebook **ret, struct err *e);
void codebook_free(struct codebook *c);

/* Number of cells, the length of every array of counts on this codebook. */
size_t codebook_cells(const struct codebook *c);
/* The cell of one value, less than codebook_cells(). Hot: one binary search. */
size_t codebook_cell(const struct codebook *c, const struct value *value);
/* CODEBOOK_NO_CELL when this kind of feature has no such cell. */
size_t codebook_special(const struct codebook *c, enum codebook_special which);
/* The reference's own counts, codebook_cells() of them. */
const uint32_t *codebook_counts(const struct codebook *c);
const struct codebook_summary *codebook_summary(const struct codebook *c);
/* SHA-256 of the encoding, in hexadecimal: two equal hashes are the same cells and counts. */
const char *codebook_hash(const struct codebook *c);

/* What a screen calls the cell: "12.4..15", "= 3", "<= -2", "> 40", a category's text, "missing",
 * "new value". Cut to size, always terminated. Returns buf. */
char *codebook_label(const struct codebook *c, size_t cell, char *buf, size_t size);

/* Append the portable, versioned encoding. ERR_NOMEM, ERR_LIMIT. */
int codebook_encode(const struct codebook *c, struct str *out);
/* Bytes are hostile: every length, order and sum is checked. ERR_DATA, ERR_VERSION, ERR_NOMEM. */
int codebook_decode(const void *bytes, size_t length, struct codebook **ret, struct err *e);

#endif
