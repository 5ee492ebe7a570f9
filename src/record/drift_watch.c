/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/drift_watch.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/stats/design.h"
#include "driftop/stats/feature.h"
#include "driftop/store/read_drift.h"
#include "driftop/store/write_counts.h"

/* A healthy minute weighs half of itself after some 280 others: most of a working day counts. */
#define FORGET (1.0 / 400)
/* A few minutes tell little: where an estimate was kept over a restart, these many come first. */
#define RELEARN 120

struct drift_watch *drift_watch_new(const struct layout *layout, size_t *n_samples)
{
    struct drift_watch *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->n = layout->n_features;
    w->trace = trace_new(layout, n_samples);
    w->designs = calloc(w->n, sizeof *w->designs);
    w->sums = calloc(w->n, sizeof(void *));
    w->notes = calloc(w->n, sizeof *w->notes);
    w->well_ms = calloc(w->n, sizeof *w->well_ms);
    if (!w->trace || !w->designs || !w->sums || !w->notes || !w->well_ms) {
        drift_watch_free(w);
        return NULL;
    }
    for (size_t i = 0; i < w->n; i++)
        w->designs[i] = (struct design){.rank = 1, .cells = 1, .shape = 1};
    return w;
}

void drift_watch_free(struct drift_watch *w)
{
    if (!w)
        return;
    for (size_t i = 0; w->sums && i < w->n; i++)
        design_sums_free(w->sums[i]);
    for (size_t i = 0; w->notes && i < w->n; i++)
        free(w->notes[i].note);
    trace_free(w->trace);
    free(w->designs);
    free(w->sums);
    free(w->notes);
    free(w->well_ms);
    free(w);
}

int drift_watch_restore(struct drift_watch *w, struct store *store, int64_t version_id,
                        int64_t layout_id, struct err *e)
{
    struct drift_note *notes;
    size_t n;
    int rc = store_designs(store, version_id, layout_id, w->designs, w->n, e);
    if (rc == 0)
        rc = store_drift_notes(store, version_id, &notes, &n, e);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < w->n; i++)
        w->relearns = w->relearns || w->designs[i].rank > 1 || w->designs[i].cells > 1;
    for (size_t i = 0; i < n; i++) {
        struct kept_note *kept =
            notes[i].feature < w->n ? drift_watch_note(w, notes[i].feature) : NULL;
        if (!kept)
            continue;
        *kept->note = notes[i];
        kept->changed = false;
    }
    free(notes);
    return 0;
}

void drift_watch_learn(struct drift_watch *w, size_t feature, const struct codebook *c,
                       const uint32_t *counts)
{
    uint32_t folded[FEATURE_CELLS];
    size_t cells = feature_fold(c, counts, folded);

    for (size_t i = DRIFT_WATCH_CELLS; i < cells; i++)
        folded[DRIFT_WATCH_CELLS - 1] += folded[i];
    if (cells > DRIFT_WATCH_CELLS)
        cells = DRIFT_WATCH_CELLS;
    if (!w->sums[feature])
        w->sums[feature] = design_sums_new(cells, FORGET);
    if (!w->sums[feature])
        return; /* no memory: what was known stays */
    design_sums_add(w->sums[feature], folded);
    if (design_sums_buckets(w->sums[feature]) < (w->relearns ? RELEARN : DESIGN_BUCKETS))
        return;
    design_sums_effect(w->sums[feature], &w->designs[feature]);
    w->designs_changed = true;
}

struct kept_note *drift_watch_note(struct drift_watch *w, size_t feature)
{
    struct kept_note *kept = &w->notes[feature];
    if (kept->note)
        return kept;
    kept->note = calloc(1, sizeof *kept->note);
    if (!kept->note)
        return NULL;
    kept->note->feature = (uint32_t)feature;
    kept->made_ms = kept->written_ms = 0;
    trace_sample(w->trace, feature, true);
    return kept;
}

void drift_watch_drop(struct drift_watch *w, size_t feature)
{
    struct kept_note *kept = &w->notes[feature];
    if (!kept->note)
        return;
    free(kept->note);
    kept->note = NULL;
    kept->changed = w->notes_changed = true;
    trace_sample(w->trace, feature, false);
}

static int flush_notes(struct drift_watch *w, struct store *store, int64_t version_id,
                       struct err *e)
{
    /* What an older layout or a lost write has left. */
    int rc = w->notes_stored ? 0 : store_drop_drift_note(store, version_id, -1, e);
    for (size_t i = 0; i < w->n && rc == 0; i++) {
        const struct kept_note *kept = &w->notes[i];
        if (kept->note && (kept->changed || !w->notes_stored))
            rc = store_put_drift_note(store, version_id, kept->note, e);
        else if (!kept->note && kept->changed && w->notes_stored)
            rc = store_drop_drift_note(store, version_id, (int64_t)i, e);
    }
    return rc;
}

int drift_watch_flush(struct drift_watch *w, struct store *store, int64_t version_id,
                      int64_t layout_id, struct err *e)
{
    int rc = 0;
    if (w->designs_changed)
        rc = store_put_designs(store, version_id, layout_id, w->designs, w->n, e);
    if (rc == 0 && (w->notes_changed || !w->notes_stored))
        rc = flush_notes(w, store, version_id, e);
    return rc;
}

void drift_watch_flushed(struct drift_watch *w)
{
    for (size_t i = 0; i < w->n; i++)
        w->notes[i].changed = false;
    w->designs_changed = w->notes_changed = false;
    w->notes_stored = true;
}
