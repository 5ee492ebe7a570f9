/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What one version's drift is judged with beside its counts, and what is said of it: the design effect of
 * each feature, learned from its healthy minutes; the trace of its values; and a note for each feature
 * that drifts. Filled by judge.h, written by the recorder's flush. Of a layout: a new one needs a new
 * watch.
 */
#ifndef DRIFTOP_RECORD_DRIFT_WATCH_H
#define DRIFTOP_RECORD_DRIFT_WATCH_H

#include "driftop/record/trace.h"

struct err;
struct store;

#define DRIFT_WATCH_CELLS 24 /* of a design effect: the rarest categories are taken together */

/* A note is there while its feature drifts; one that went stays, changed, until that is stored. */
struct kept_note {
    struct drift_note *note; /* NULL: nothing to say */
    bool changed;
    int64_t made_ms, written_ms; /* when it was last looked at, and last worth writing */
};

struct drift_watch {
    size_t n; /* features */
    struct trace *trace;
    struct design *designs;
    struct design_sums **sums; /* NULL: no healthy minute yet */
    bool relearns;  /* designs are those of a former recorder, until enough is known anew */
    int64_t minute; /* the last one that was learned from */
    struct kept_note *notes;
    int64_t *well_ms; /* when each feature was last found well, on enough rows; 0: never */
    bool designs_changed, notes_changed, notes_stored; /* the store's notes are these */
};

/* n_samples as in trace_new(). NULL without memory. */
struct drift_watch *drift_watch_new(const struct layout *layout, size_t *n_samples);
void drift_watch_free(struct drift_watch *w);

/* Design effects and notes as the store has them. */
int drift_watch_restore(struct drift_watch *w, struct store *store, int64_t version_id,
                        int64_t layout_id, struct err *e);

/* The counts of one healthy minute of a feature on its codebook. */
void drift_watch_learn(struct drift_watch *w, size_t feature, const struct codebook *c,
                       const uint32_t *counts);

/* The feature's note, made when there is none; NULL without memory. */
struct kept_note *drift_watch_note(struct drift_watch *w, size_t feature);
/* It drifts no more. */
void drift_watch_drop(struct drift_watch *w, size_t feature);

/* Inside a transaction; and after it was committed. */
int drift_watch_flush(struct drift_watch *w, struct store *store, int64_t version_id,
                      int64_t layout_id, struct err *e);
void drift_watch_flushed(struct drift_watch *w);

#endif
