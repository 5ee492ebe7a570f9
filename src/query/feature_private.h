/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files of the feature query.
 */
#ifndef DRIFTOP_QUERY_FEATURE_PRIVATE_H
#define DRIFTOP_QUERY_FEATURE_PRIVATE_H

#include "driftop/base/err.h"
#include "driftop/query/feature.h"

#define FEATURE_HISTORY_MINUTES 120
#define FEATURE_MINUTE_MS       60000

/* The last two hours of the shown version, minute by minute, on the report cells. */
struct minutes {
    int64_t now_ms, first_ms;
    uint32_t *folded; /* FEATURE_HISTORY_MINUTES rows of n_cells */
    size_t n_cells;   /* 0 until the first minute came */
};

/* ERR_NOMEM. */
int minutes_init(struct minutes *m, int64_t now_ms);
void minutes_done(struct minutes *m);
void minutes_add(struct minutes *m, const struct codebook *c, const uint32_t *counts,
                 int64_t start_ms);

/* Shape, sentence, onset, design effect and n_eff of the shown side. */
void feature_explain(const struct minutes *m, struct feature_view *view);

#endif
