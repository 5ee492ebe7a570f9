/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The shape of a drift has a name when one simple repair of the current values removes it: divide
 * by 100, subtract 3, leave out -999. The repair is tried, not guessed: after it, D is back within
 * what a warning would need. The simplest repair that does it gives the name.
 */
#ifndef DRIFTOP_STATS_SHAPE_H
#define DRIFTOP_STATS_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct codebook;
struct feature_result;

enum shape_kind {
    SHAPE_NONE,         /* nothing to explain */
    SHAPE_FROZEN,       /* one value only; by: that value */
    SHAPE_SENTINEL,     /* a value the reference never had stands in; by: that value */
    SHAPE_CLIPPED,      /* cut off at a bound; by: the bound */
    SHAPE_HOURS,        /* hours of a day turned; by: hours */
    SHAPE_SCALE,        /* another unit; by: current / reference */
    SHAPE_SHIFT,        /* by: current - reference */
    SHAPE_MISSING,      /* more values missing, the rest is as before; by: change of the share */
    SHAPE_INVALID,      /* text among numbers; by: change of the share */
    SHAPE_NEW_VALUE,    /* categories the reference never had; by: change of the share */
    SHAPE_OUT_OF_RANGE, /* known from counts only; by: change of the share */
    SHAPE_OTHER,        /* a drift without a simple name; by: 0 */
};

struct shape {
    enum shape_kind kind;
    double by;
};

/* Sorted finite values of both sides. scratch has room for the larger of n and w. The result is
 * SHAPE_NONE unless D is significant at alpha and beyond the threshold of a warning. */
void shape_of_numbers(const double *reference, size_t n, const double *current, size_t w,
                      double alpha, double *scratch, struct shape *ret);

/* The same against the counts of a codebook, for w sorted finite values that were sampled after the
 * drift began. counts has room for 2 * codebook_cells(), scratch for w. */
void shape_of_sample(const struct codebook *c, const double *sample, size_t w, double alpha,
                     uint32_t *counts, double *scratch, struct shape *ret);

/* What a judged feature's drift looks like: the simplest repair of the sample that removes it; where none
 * is known, what the rates say, and the one value that most of those out of range are. w == 0: no sample.
 * Returns whether the sample shows no drift: then SHAPE_OTHER is no news of one that had a name. */
bool shape_of_drift(const struct codebook *c, const struct feature_result *r, const double *sample,
                    size_t w, double alpha, uint32_t *counts, double *scratch, struct shape *ret);

/* Whether a name that values once gave stays where there are no values now, or none that drift: what counts
 * say beside it is vaguer. */
bool shape_stays(enum shape_kind former, enum shape_kind by_counts);

/* Of a drift whose mark is values outside the reference's range: when most of these are one value,
 * *ret becomes SHAPE_SENTINEL by that value; else it stays as it is. w > 0 sorted values. */
void shape_of_outside(const double *reference, size_t n, const double *current, size_t w,
                      struct shape *ret);

/* What the rates and the verdict of a judged feature say; for counts, and for categories. A result
 * that is neither warn nor page has SHAPE_NONE. */
void shape_of_result(const struct feature_result *r, struct shape *ret);

/* "none", "frozen", "sentinel", ... as in the enumeration. */
const char *shape_name(enum shape_kind kind);

#endif
