/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every number about one feature, reference against current, and the verdict. From counts on a
 * codebook (the fleet: exact for everything on cells, a bracket for KS, nothing that needs the
 * values) or from two columns of values (`compare`: everything, exactly). Absent is a flag, never
 * a zero. The result is a plain value and owns nothing.
 */
#ifndef DRIFTOP_STATS_FEATURE_H
#define DRIFTOP_STATS_FEATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/value.h"
#include "driftop/stats/codebook.h"
#include "driftop/stats/divergence.h"
#include "driftop/stats/ks.h"
#include "driftop/stats/rank.h"
#include "driftop/stats/rate.h"
#include "driftop/stats/verdict.h"

struct err;

enum feature_status {
    FEATURE_JUDGED,
    FEATURE_IDENTIFIER,     /* all values are different texts: not judged */
    FEATURE_MISSING_COLUMN, /* in the reference only: warn */
    FEATURE_NEW_COLUMN,     /* in the current file only: warn */
};

struct feature_result {
    enum feature_status status;
    enum codebook_kind kind;
    uint64_t reference_rows, current_rows; /* N and W, missing ones included */
    double n_eff; /* the independent rows that the current ones are worth */
    struct rate rates[RATE_KINDS];
    struct divergence cells;
    struct ks ks;
    struct rank rank;
    double reference_quantiles[3], current_quantiles[3]; /* p5 p50 p95; NaN when absent */
    signed char
        current_beyond[3]; /* -1: at most, 1: at least that; counts end with the reference */
    enum verdict verdict;
    char reason[192]; /* what decided, in words; empty when ok */
};

/* One cell as reported: a decile, a category or a special cell. */
struct feature_cell {
    char label[64];
    bool special;     /* missing, invalid, other ...: a category may have the same name */
    double low, high; /* (low, high]; infinite at the open ends, NaN where it is no interval */
    uint64_t reference, current;
    double psi; /* its part of the PSI */
};
#define FEATURE_CELLS DIVERGENCE_CELLS

/* The reference of the codebook against counts of codebook_cells() cells. Does not allocate.
 * current_quantiles lie between cuts where their rank says; the p of KS is the quick one
 * of ks_fill_p(). */
void feature_judge_counts(const struct codebook *c, const uint32_t *current,
                          const struct judge_options *options, struct feature_result *ret);
/* The same for any two counts on the codebook: canary against stable, previous window. */
void feature_judge_pair(const struct codebook *c, const uint32_t *reference,
                        const uint32_t *current, const struct judge_options *options,
                        struct feature_result *ret);

/* Two columns of values. ERR_NOMEM, ERR_LIMIT. A column of FEATURE_IDENTIFIER is left unjudged. */
int feature_judge_columns(const struct value *reference, size_t n_reference,
                          const struct value *current, size_t n_current, bool categorical,
                          const struct judge_options *options, struct feature_result *ret,
                          struct err *e);

/* The result of a column that one side does not have. */
void feature_judge_absent(enum feature_status status, struct feature_result *ret);

/* The reported cells that are not empty on both sides, in order; returns how many. */
size_t feature_cells(const struct codebook *c, const uint32_t *reference, const uint32_t *current,
                     struct feature_cell ret[FEATURE_CELLS]);

/* Counts on the codebook's cells merged to its report cells, empty ones included; returns how many
 * there are, which is the same for every window of one codebook. */
size_t feature_fold(const struct codebook *c, const uint32_t *counts, uint32_t ret[FEATURE_CELLS]);

/* "judged", "identifier", "missing_column", "new_column". */
const char *feature_status_name(enum feature_status status);
/* "numeric", "categorical". */
const char *feature_kind_name(enum codebook_kind kind);

#endif
