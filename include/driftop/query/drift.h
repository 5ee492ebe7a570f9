/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drift: features by how far they are from their reference, of the whole fleet or one deployment
 * (`drift`, view 4), with the counts for the line on top and the rows of the heat map.
 */
#ifndef DRIFTOP_QUERY_DRIFT_H
#define DRIFTOP_QUERY_DRIFT_H

#include "driftop/model/drift.h"
#include "driftop/query/query.h"
#include "driftop/stats/shape.h"

#define DRIFT_ANY_SPAN ((enum window_span)WINDOW_LEVELS)

struct arena;

/* 20,000 of them are read in one frame: names and notes are the view's. */
struct drift_line {
    const char *deployment, *version, *feature;
    uint32_t deployment_at,
        feature_at;                /* numbers of these names, below n_deployments, n_features */
    const struct drift_note *note; /* what there is to say while it drifts; NULL: nothing */
    struct drift_summary summary;  /* of the span shown */
    enum severity severity; /* of its verdict; OK becomes STALE when it was judged too long ago */
    double score;           /* the worst statistic, in units of its page threshold */
    double importance;      /* for the prediction; NaN: unknown */
    double impact;          /* score times importance; one that is unknown counts as 1 */
    bool in_service;        /* the version gets traffic */
    bool prediction;        /* it is the score, not an input */
    int64_t at_ms;
    size_t place;  /* of its deployment in the view's */
    uint64_t rank; /* its place: the greatest first */
};

struct drift_view {
    int64_t at_ms;
    struct status status;
    enum window_span span;
    struct arena *memory;     /* of the lines' names and notes */
    struct drift_line *lines; /* worst first: by severity, then by impact */
    size_t n_lines;
    struct deployment_state *deployments; /* all of the environment */
    int n_deployments, n_features;        /* names of them */
    int n_cells;                          /* (version, feature) pairs judged or not */
    int n_page, n_warn, n_unknown, n_ok;  /* of versions in service; stale ones are unknown */
};

const char *window_span_name(enum window_span span); /* "15m", "1h", "24h" */
/* deployment NULL: all. span: the window shown. DRIFT_ANY_SPAN: of each version the one its alerts
 * judge, the shortest with enough rows. ERR_ABSENT with near names in e. */
int drift_view_load(struct store *s, const char *deployment, enum window_span span, int64_t now_ms,
                    struct drift_view *ret, struct err *e);
void drift_view_done(struct drift_view *d);
/* "scale x100", "new os18 +12%", "missing +9.6%"; "" for none. value: which new value, or "". */
char *drift_shape_text(const struct shape *shape, const char *value, char *buf, size_t size);
/* "02:47Z +-1m"; "" when it is not known. */
char *drift_onset_text(int64_t onset_ms, int64_t width_ms, int64_t now_ms, char *buf, size_t size);
struct json *drift_view_json(const struct drift_view *d);
enum severity drift_view_severity(const struct drift_view *d);

#endif
