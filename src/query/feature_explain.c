/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a feature's numbers mean: where in the distribution, what it looks like, since when, and how
 * many independent rows there were.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/stats/onset.h"
#include "driftop/stats/sentence.h"
#include "feature_private.h"

static void find_onset(const struct minutes *m, struct feature_view *view)
{
    struct onset onset;
    onset_find(m->folded, FEATURE_HISTORY_MINUTES, m->n_cells, VERDICT_ALPHA, &onset);
    if (!onset.present)
        return;
    view->onset_ms = m->first_ms + (int64_t)onset.bucket * FEATURE_MINUTE_MS;
    view->onset_p = onset.p;
}

/* From the minutes before it began: those after it vary because of the drift. */
static void find_design(const struct minutes *m, struct feature_view *view)
{
    size_t healthy = FEATURE_HISTORY_MINUTES;
    if (view->onset_ms)
        healthy = (size_t)((view->onset_ms - m->first_ms) / FEATURE_MINUTE_MS);
    design_of(m->folded, healthy, m->n_cells, &view->design);
    view->n_eff = design_rows(view->sides[view->shown].rows, &view->design);
}

void feature_explain(const struct minutes *m, struct feature_view *view)
{
    const struct feature_result *r = &view->sides[view->shown].result;
    if (r->verdict >= VERDICT_WARN) {
        shape_of_result(r, &view->shape);
        sentence_of(r, view->cells, view->n_cells, view->sentence, sizeof view->sentence);
    }
    if (m->folded && m->n_cells > 0 && r->verdict >= VERDICT_WARN)
        find_onset(m, view);
    if (m->folded && m->n_cells > 0)
        find_design(m, view);
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
