/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drift as it is kept for the whole fleet: the layout of a deployment's features, and a short
 * summary per feature and window. The full numbers are computed again from the stored counts when
 * somebody looks (query/feature.h), so they are always those of the counts on the screen.
 */
#ifndef DRIFTOP_MODEL_DRIFT_H
#define DRIFTOP_MODEL_DRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/hash.h"
#include "driftop/model/observation.h"
#include "driftop/stats/design.h"
#include "driftop/stats/codebook.h"
#include "driftop/stats/window.h"

/* One feature's place in the counts of every version of its deployment. */
struct layout_feature {
    char name[MODEL_NAME_SIZE];
    char codebook_hash[HASH_HEX_SIZE];
    struct codebook *codebook; /* owned by the layout */
    uint32_t first_cell, n_cells;
    float importance; /* for the prediction, 0 to 1; NaN: unknown */
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

/* Verdicts as stats/verdict orders them. What is absent is NaN. */
struct drift_summary {
    uint32_t feature; /* index in the layout */
    uint8_t span;     /* enum window_span */
    uint8_t verdict;  /* enum verdict: against the reference */
    uint8_t canary;   /* against the champion over the same minutes; unknown: not compared */
    uint16_t reason;  /* bits, enum drift_reason */
    uint32_t rows;    /* N of the window */
    float n_eff;      /* the independent rows that these are worth */
    float ks_low, ks_high, ks_floor;
    float psi, psi_floor, psi_excess;
    float js, js_floor, js_excess; /* divergences */
    float rate_gap;                /* the largest sure one; negative: fewer */
    float canary_psi;              /* excess over the floor, against the champion */
    uint16_t canary_reason;        /* what that verdict stands on: as struct drift_ground */
    float canary_value;
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
    DRIFT_FROZEN = 1 << 9, /* one value for longer than chance would have it */
    DRIFT_TYPE = 1 << 10, /* numbers where the reference has texts, or texts where it has numbers */
    DRIFT_CANARY = 1 << 11,  /* it differs from the champion */
    DRIFT_NO_PAGE = 1 << 12, /* no reason: the deployment's rule lets drift be a ticket at most */
    /* No reason either, and of the whole deployment: */
    DRIFT_VOLUME = 1 << 13,    /* many more or many fewer rows than usual */
    DRIFT_FRESHNESS = 1 << 14, /* no row for much longer than usual */
};

/* What there is to say of a feature that drifts: written while it does. */
#define DRIFT_VALUE_SIZE    64
#define DRIFT_SENTENCE_SIZE 192

struct drift_note {
    uint32_t feature;
    uint8_t shape;   /* enum shape_kind */
    double shape_by; /* as in struct shape */
    int64_t onset_ms,
        onset_width_ms;           /* the first bucket after the change, and its width; 0: unknown */
    char value[DRIFT_VALUE_SIZE]; /* which new value; "" where that is not the matter */
    char sentence[DRIFT_SENTENCE_SIZE];
};

/* The worse of both verdicts, where the canary's is one: unknown means only that there was nothing to
 * compare. */
static inline uint8_t drift_worst(const struct drift_summary *d)
{
    return d->reason & DRIFT_CANARY && d->canary > d->verdict ? d->canary : d->verdict;
}

/* Alpha of one comparison of one feature on one window, of a deployment that may page falsely
 * false_pages times in a month of 30 days (stats/budget.h). Each of n_versions with rows in the last day
 * is held against the reference, and all but one against that one, the champion: 2 n - 1 comparators. */
double drift_alpha(double false_pages, size_t n_features, size_t n_versions, enum window_span span);
/* Whether a version with its newest row at rows_at_ms is one of them. */
static inline bool drift_counts(int64_t rows_at_ms, int64_t now_ms)
{
    return rows_at_ms > now_ms - INT64_C(86400000);
}

#endif
