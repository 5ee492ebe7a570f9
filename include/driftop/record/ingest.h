/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ingest: rows to counts. It owns each deployment's layout and, for every version that rows have
 * named, a window. It knows nothing of files or sockets: followers and the sink hand rows in. What
 * it counted since the last flush is written together with the positions of who handed it in.
 */
#ifndef DRIFTOP_RECORD_INGEST_H
#define DRIFTOP_RECORD_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/adapt/feature.h"
#include "driftop/model/drift.h"
#include "driftop/record/drift_watch.h"
#include "driftop/stats/window.h"

struct err;
struct store;

#define INGEST_VERSIONS_MAX 64               /* per deployment: version names come from outside */
#define INGEST_IDLE_MS      (25 * 3600000LL) /* without rows for so long one makes room for another */

/* One version's rows. `summaries` has n_features * WINDOW_LEVELS entries, feature by feature. */
struct ingest_version {
    char version[MODEL_NAME_SIZE];
    int64_t id; /* the store's; set by the recorder before the first flush */
    struct window *window;
    struct drift_watch *watch;        /* NULL without a window */
    uint64_t rows_total, rows_judged; /* counted; and of those, seen by the last judgement */
    uint64_t rows_told;               /* and of those, known to the fleet; the recorder's */
    bool restored;                    /* the window holds what the store has; the recorder's */
    int64_t rows_at_ms;               /* the newest row's own time */
    int64_t judged_ms;
    struct drift_summary *summaries;
    bool *back; /* one a feature: below the release thresholds on the alerting span */
    bool summaries_changed;
};

struct ingest_deployment {
    char name[MODEL_NAME_SIZE];
    struct layout *layout; /* NULL: no reference, rows are only counted */
    struct ingest_version **versions;
    size_t n_versions, versions_capacity;
    uint16_t mark;      /* of each summary: DRIFT_NO_PAGE or 0 */
    uint32_t *field_of; /* layout feature -> its place in the last row, a guess that is checked */
    size_t *n_samples;  /* of the whole ingest: trace.h */
    double false_pages; /* a month, that are put up with; set by the recorder, as is */
    char champion[MODEL_NAME_SIZE]; /* the version that others are compared with; "" none */
};

struct ingest;

struct ingest *ingest_new(void);
void ingest_free(struct ingest *g);
/* The place of the deployment, made when new. Negative: ERR_NOMEM. */
int ingest_deployment(struct ingest *g, const char *name);
struct ingest_deployment *ingest_get(struct ingest *g, int deployment);
size_t ingest_count(const struct ingest *g);
/* Moves the layout in. A new one drops the windows: its cells are others. What the store holds of the
 * new one is to be added back by ingest_restore() before rows are counted. */
int ingest_set_layout(struct ingest *g, int deployment, struct layout *layout, struct err *e);
/* The version of a deployment, made when new; NULL when there are too many or memory is short. */
struct ingest_version *ingest_version(struct ingest *g, int deployment, const char *version,
                                      size_t length);
/* Fills the window from the store. A bucket that cannot be read is left out. */
int ingest_restore(struct ingest *g, int deployment, struct ingest_version *v, struct store *store,
                   int64_t now_ms, struct err *e);

/* Count one row. 0; or 1 and the reason it was refused. ERR_NOMEM. */
int ingest_row(struct ingest *g, int deployment, const struct feature_row *row, int64_t now_ms,
               enum source_refusal *ret_reason);

/* Inside a transaction: every dirty bucket, or every changed summary. When the transaction fails
 * nothing is marked clean: call ingest_flushed() for that part after it was committed. */
enum ingest_part { INGEST_COUNTS, INGEST_SUMMARIES };
int ingest_flush(struct ingest *g, enum ingest_part part, struct store *store, int64_t now_ms,
                 struct err *e);
void ingest_flushed(struct ingest *g, enum ingest_part part);

#endif
