/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One feature: all its statistics computed now from the stored counts, cell by cell against the
 * reference, and its recent history (`drift NAME/FEATURE`, view 5).
 */
#ifndef DRIFTOP_QUERY_FEATURE_H
#define DRIFTOP_QUERY_FEATURE_H

#include "driftop/query/drift.h"
#include "driftop/stats/feature.h"
#include "driftop/stats/shape.h"

/* One version of the feature on one window. */
struct feature_side {
    char version[MODEL_NAME_SIZE];
    uint64_t rows;
    struct feature_result result;
    bool in_service;
};

/* What a window is held against beside the reference; rows of the champion are of the same minutes. Only
 * the champion's may page: the others say whether a drift is seasonal, or has just begun. */
enum feature_against { AGAINST_CHAMPION, AGAINST_PREVIOUS, AGAINST_LAST_WEEK };
#define FEATURE_COMPARISONS 3

struct feature_comparison {
    bool present;                 /* both sides have rows */
    bool drifts;                  /* the other side, from the reference */
    struct feature_result result; /* reference_rows are those of the other side */
    char says[96];                /* what it means for the drift, in words */
};

/* What is wrong beside the statistics. */
enum finding_kind { FINDING_FROZEN, FINDING_TYPE, FINDING_VOLUME, FINDING_FRESHNESS };
#define FEATURE_FINDINGS 4

struct finding {
    enum finding_kind kind;
    char text[160];
};

struct feature_view {
    int64_t at_ms;
    struct status status;
    char deployment[MODEL_NAME_SIZE], feature[MODEL_NAME_SIZE], version[MODEL_NAME_SIZE];
    enum window_span span;
    bool categorical;
    uint64_t reference_rows;
    struct feature_side *sides; /* every version with rows; [shown] is the one on the screen */
    size_t n_sides, shown;
    struct feature_cell cells[FEATURE_CELLS]; /* of the shown side */
    size_t n_cells;
    double history_psi[120]; /* PSI of the shown version per minute, NaN where there is none */
    int64_t rows_at_ms;
    double alpha;      /* of one comparison, from the deployment's budget of false pages */
    double importance; /* for the prediction; NaN: unknown */
    /* What the numbers of the shown side mean. The first four only of a warning or a page. */
    struct shape shape;
    char value[DRIFT_VALUE_SIZE]; /* which new value; "" where that is not the matter */
    char sentence[256];
    int64_t onset_ms,
        onset_width_ms;   /* the bucket from which on it differs; 0: not within the history */
    struct design design; /* as the recorder learned it from healthy minutes */
    double n_eff;         /* rows over the design effect; 0 without rows */
    char champion[MODEL_NAME_SIZE]; /* "": none, or the shown version itself */
    struct feature_comparison comparisons[FEATURE_COMPARISONS]; /* by enum feature_against */
    unsigned marks; /* enum drift_reason, as the recorder has it on this window */
    struct finding findings[FEATURE_FINDINGS];
    size_t n_findings;
};

/* "champion", "previous", "last_week"; "frozen", "type", "volume", "freshness". */
const char *feature_against_name(enum feature_against against);
const char *finding_name(enum finding_kind kind);

/* version NULL: of those in service the one with the worst verdict, one that has too few rows to
 * tell last; then the most rows. span DRIFT_ANY_SPAN: the shortest one on which that version has enough rows. ERR_ABSENT with near
 * names in e. */
int feature_view_load(struct store *s, const char *deployment, const char *feature,
                      const char *version, enum window_span span, int64_t now_ms,
                      struct feature_view *ret, struct err *e);
void feature_view_done(struct feature_view *f);
struct json *feature_view_json(const struct feature_view *f);
enum severity feature_view_severity(const struct feature_view *f);

#endif
