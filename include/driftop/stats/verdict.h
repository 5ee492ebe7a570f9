/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From numbers to a word. The rules and their thresholds are those of vectors/README.md: an effect
 * that is both large and beyond what chance gives at the corrected alpha. On counts the lower end
 * of the KS bracket fires and its upper end holds.
 */
#ifndef DRIFTOP_STATS_VERDICT_H
#define DRIFTOP_STATS_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/stats/design.h"

struct feature_result;

/* Better first: the worse of two is the greater. */
enum verdict { VERDICT_OK, VERDICT_UNKNOWN, VERDICT_WARN, VERDICT_PAGE };

#define VERDICT_ALPHA    0.001
#define VERDICT_MIN_ROWS 200
#define VERDICT_RELEASE  0.7 /* of a threshold, below which an alert may resolve */

struct judge_options {
    double alpha;         /* 0 stands for VERDICT_ALPHA */
    size_t n_judged;      /* columns judged together; 0 stands for 1 */
    uint64_t min_rows;    /* 0 stands for VERDICT_MIN_ROWS */
    bool quick;           /* leave out the p of KS, which no rule needs */
    struct design design; /* of the current rows */
    bool both;            /* the design is of the reference rows too: canary against stable */
    bool any_effect;      /* thresholds of 0: every significant difference pages; for simulations */
};

enum verdict verdict_worse(enum verdict a, enum verdict b);
/* "ok", "unknown", "warn", "page". */
const char *verdict_name(enum verdict verdict);
/* False when the text is none of them. */
bool verdict_from_name(const char *name, enum verdict *ret);

/* Sets r->verdict and r->reason from the numbers in r. options may be NULL. */
void verdict_judge(struct feature_result *r, const struct judge_options *options);

/* Whether everything is back below VERDICT_RELEASE of the thresholds of `level` (warn or page), on
 * enough rows to know. The caller counts the looks. */
bool verdict_released(const struct feature_result *r, enum verdict level,
                      const struct judge_options *options);

#endif
