/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drift as it is kept for the whole fleet: the layout of a deployment's features, and a short
 * summary per feature and window. The full numbers are computed again from the stored counts when
 * somebody looks (query/feature.h), so they are always those of the counts on the screen.
 */
#ifndef DRIFTOP_MODEL_DRIFT_H
#define DRIFTOP_MODEL_DRIFT_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/base/hash.h"
#include "driftop/model/observation.h"
#include "driftop/stats/codebook.h"
#include "driftop/stats/window.h"

/* One feature's place in the counts of every version of its deployment. */
struct layout_feature {
    char name[MODEL_NAME_SIZE];
    char codebook_hash[HASH_HEX_SIZE];
    struct codebook *codebook; /* owned by the layout */
    uint32_t first_cell, n_cells;
};

/* All features that are counted on, in the reference's order; the prediction column is one of
 * them. A new reference makes a new layout; counts of another layout are never added. */
struct layout {
    int64_t id; /* the store's */
    int64_t deployment_id;
    char hash[HASH_HEX_SIZE]; /* over the names and codebook hashes in order */
    char prediction[MODEL_NAME_SIZE];
    struct layout_feature *features;
    size_t n_features;
    uint32_t n_cells;
};

/* NULL is fine. Frees the codebooks too. */
void layout_free(struct layout *layout);
/* After names and codebooks were set: fills codebook_hash, first_cell, n_cells and hash. ERR_LIMIT when
 * the cells do not fit in 32 bits, ERR_NOMEM. */
int layout_close(struct layout *layout);
/* Index of the feature, or -1. */
int layout_find(const struct layout *layout, const char *feature, size_t length);

/* Verdicts as stats/verdict orders them. */
struct drift_summary {
    uint32_t feature;                                       /* index in the layout */
    uint8_t span;                                           /* enum window_span */
    uint8_t verdict;                                        /* enum verdict of stats */
    uint16_t reason;                                        /* bits, enum drift_reason */
    uint32_t rows;                                          /* N of the window */
    float ks_low, ks_high, psi_excess, js_excess, rate_gap; /* rate_gap: the largest sure one */
};

enum drift_reason {
    DRIFT_KS = 1 << 0,
    DRIFT_PSI = 1 << 1,
    DRIFT_JS = 1 << 2,
    DRIFT_MISSING = 1 << 3,
    DRIFT_INVALID = 1 << 4,
    DRIFT_INFINITE = 1 << 5,
    DRIFT_RANGE = 1 << 6,
    DRIFT_UNSEEN = 1 << 7,
    DRIFT_FEW_ROWS = 1 << 8,
};

#endif
