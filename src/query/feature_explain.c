/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a feature's numbers mean: where in the distribution, what it looks like, and since when.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/stats/onset.h"
#include "driftop/stats/sentence.h"
#include "feature_private.h"

/* Where nobody has left a note: within the last two hours, to the minute. */
static void find_onset(const struct minutes *m, struct feature_view *view)
{
    struct onset onset;
    onset_find(m->folded, FEATURE_HISTORY_MINUTES, m->n_cells, VERDICT_ALPHA, &onset);
    if (!onset.present)
        return;
    view->onset_ms = m->first_ms + (int64_t)onset.bucket * FEATURE_MINUTE_MS;
    view->onset_width_ms = FEATURE_MINUTE_MS;
}

/* The recorder has seen the values, and remembers when it began. */
static int take_note(struct looking *l, struct feature_view *view, bool *ret_found, struct err *e)
{
    struct drift_note *notes;
    size_t n, feature = (size_t)(l->f - l->layout->features);
    int rc = store_drift_notes(l->s, l->shown->id, &notes, &n, e);

    *ret_found = false;
    for (size_t i = 0; i < n && rc == 0; i++) {
        if (notes[i].feature != feature)
            continue;
        view->shape = (struct shape){(enum shape_kind)notes[i].shape, notes[i].shape_by};
        view->onset_ms = notes[i].onset_ms;
        view->onset_width_ms = notes[i].onset_width_ms;
        str_copy(view->value, sizeof view->value, notes[i].value);
        /* Against the champion it may drift where the reference sees nothing. */
        if (view->sides[view->shown].result.verdict == VERDICT_OK)
            str_copy(view->sentence, sizeof view->sentence, notes[i].sentence);
        *ret_found = true;
    }
    free(notes);
    return rc;
}

int feature_explain(struct looking *l, struct feature_view *view, struct err *e)
{
    const struct feature_result *r = &view->sides[view->shown].result;
    const struct minutes *m = &l->minutes;
    bool noted;
    int rc = take_note(l, view, &noted, e);

    if (rc < 0 || r->verdict < VERDICT_WARN)
        return rc;
    if (!noted)
        shape_of_result(r, &view->shape);
    sentence_of(r, view->cells, view->n_cells, view->sentence, sizeof view->sentence);
    if (!noted && m->folded && m->n_cells > 0)
        find_onset(m, view);
    return 0;
}

int minutes_init(struct minutes *m, int64_t now_ms)
{
    *m = (struct minutes){.now_ms = now_ms,
                          .first_ms = now_ms - now_ms % FEATURE_MINUTE_MS -
                                      (FEATURE_HISTORY_MINUTES - 1) * FEATURE_MINUTE_MS};
    m->folded = calloc(FEATURE_HISTORY_MINUTES * FEATURE_CELLS, sizeof *m->folded);
    return m->folded ? 0 : ERR_NOMEM;
}

void minutes_done(struct minutes *m)
{
    free(m->folded);
    m->folded = NULL;
}

void minutes_add(struct minutes *m, const struct codebook *c, const uint32_t *counts,
                 int64_t start_ms)
{
    uint32_t folded[FEATURE_CELLS];
    if (start_ms < m->first_ms || start_ms > m->now_ms)
        return;
    size_t at = (size_t)((start_ms - m->first_ms) / FEATURE_MINUTE_MS);
    m->n_cells = feature_fold(c, counts, folded);
    for (size_t i = 0; i < m->n_cells; i++)
        m->folded[at * m->n_cells + i] += folded[i];
}
