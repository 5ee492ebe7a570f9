/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The shape of a drift when the reference is counts on a codebook: a sample of the current values is
 * repaired, counted on the same cells, and judged as the fleet is.
 */
#include <math.h>
#include <string.h>

#include "codebook_private.h"
#include "driftop/stats/feature.h"
#include "driftop/stats/ks.h"
#include "shape_private.h"

#define KNOWN_TIMES 4 /* a value this many times commoner than the reference's cell is none of it */

static double gap_of(const struct shape_sides *s, const uint32_t *reference, const double *y,
                     size_t w)
{
    uint32_t *counts = s->counts;
    struct ks ks;

    memset(counts, 0, (s->c->n_cuts + 1) * sizeof *counts);
    for (size_t i = 0, cell = 0; i < w; i++) {
        while (cell < s->c->n_cuts && y[i] > s->c->cuts[cell])
            cell++;
        counts[cell]++;
    }
    ks_from_counts(s->c->cuts, s->c->n_cuts, reference, counts, s->alpha, &ks);
    return ks.present ? ks.bracket_low : 0;
}

static double counts_gap(const struct shape_sides *s, const double *y, size_t w)
{
    return gap_of(s, s->c->counts, y, w);
}

static size_t cell_of(const struct shape_sides *s, double value)
{
    struct value v = value_from_number(value);
    return codebook_cell(s->c, &v);
}

static bool counts_know(const struct shape_sides *s, double value, double share)
{
    double known = (double)s->c->counts[cell_of(s, value)] / (double)s->n;
    return value >= s->low && value <= s->high && share <= KNOWN_TIMES * known;
}

/* What lies beyond a bound is counted in the bound's own cell. */
static double counts_clipped_gap(const struct shape_sides *s, double low, double high)
{
    size_t n = s->c->n_cuts + 1;
    uint32_t *clipped = s->counts + n;
    size_t first = isfinite(low) ? cell_of(s, low) : 0;
    size_t last = isfinite(high) ? cell_of(s, high) : n - 1;

    memset(clipped, 0, n * sizeof *clipped);
    for (size_t i = 0; i < n; i++)
        clipped[i < first ? first : i > last ? last : i] += s->c->counts[i];
    return gap_of(s, clipped, s->y, s->w);
}

void shape_of_sample(const struct codebook *c, const double *sample, size_t w, double alpha,
                     uint32_t *counts, double *scratch, struct shape *ret)
{
    static const struct shape_reference counted = {counts_gap, counts_know, counts_clipped_gap};
    const struct codebook_summary *summary = codebook_summary(c);
    struct shape_sides s = {.reference = &counted,
                            .c = c,
                            .counts = counts,
                            .n = summary->finite,
                            .low = summary->min,
                            .high = summary->max,
                            .middle = summary->p50,
                            .y = sample,
                            .w = w,
                            .alpha = alpha,
                            .scratch = scratch};

    *ret = (struct shape){SHAPE_NONE, 0};
    if (summary->kind == CODEBOOK_NUMERIC && w > 0)
        shape_find(&s, ret);
}

bool shape_of_drift(const struct codebook *c, const struct feature_result *r, const double *sample,
                    size_t w, double alpha, uint32_t *counts, double *scratch, struct shape *ret)
{
    const double range[] = {codebook_summary(c)->min, codebook_summary(c)->max};
    struct shape repaired = {SHAPE_NONE, 0};

    shape_of_result(r, ret);
    if (w > 0)
        shape_of_sample(c, sample, w, alpha, counts, scratch, &repaired);
    if (repaired.kind != SHAPE_NONE && repaired.kind != SHAPE_OTHER)
        *ret = repaired;
    else if (ret->kind == SHAPE_OUT_OF_RANGE && w > 0)
        /* A few that stand for nothing (-999) hardly move D; the range betrays them. */
        shape_of_outside(range, 2, sample, w, ret);
    return w > 0 && repaired.kind == SHAPE_NONE;
}
