/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files of the feature query.
 */
#ifndef DRIFTOP_QUERY_FEATURE_PRIVATE_H
#define DRIFTOP_QUERY_FEATURE_PRIVATE_H

#include "driftop/base/err.h"
#include "driftop/query/feature.h"
#include "driftop/store/read_drift.h"
#include "snapshot_private.h"

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

/* What one loading needs at hand. */
struct looking {
    struct store *s;
    const struct snapshot *sn;
    const struct deployment_state *d;
    const struct version_state *versions, *shown; /* of the deployment; the one on the screen */
    size_t n_versions;
    struct layout *layout;
    const struct layout_feature *f;
    struct judge_options options;
    struct design *designs; /* of the layout's features, of one version */
    uint32_t *counts;       /* layout->n_cells of them */
    struct minutes minutes;
};

/* feature_explain.c: shape, sentence and onset of the shown side, from the recorder's note, else from the
 * counts. */
int feature_explain(struct looking *l, struct feature_view *view, struct err *e);
/* feature_compare.c: the shown version's window against other rows. */
int feature_compare(struct looking *l, struct feature_view *view, struct err *e);
/* feature_findings.c: what is wrong beside the statistics. */
int feature_find(struct looking *l, struct feature_view *view, struct err *e);

#endif
