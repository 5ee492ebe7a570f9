/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Histograms for the eye. The reported cells are quantiles, on which every reference is flat; these
 * bars have equal width, from the first to the 99th percentile of either side.
 */
#include <math.h>

#include "driftop/stats/quantile.h"
#include "judge_private.h"

static size_t count_up_to(const struct side_numbers *s, double x)
{
    size_t low = 0, high = s->finite;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->sorted[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void fill(const struct side_numbers *s, const struct compare_bars *b, uint64_t *counts)
{
    double width = (b->high - b->low) / (double)b->n;
    size_t before = 0;
    for (size_t i = 0; i + 1 < b->n; i++) {
        size_t up_to = count_up_to(s, b->low + width * (double)(i + 1));
        counts[i] = up_to - before;
        before = up_to;
    }
    counts[b->n - 1] = s->finite - before;
}

static void widen(const struct side_numbers *s, double *low, double *high)
{
    if (s->finite == 0)
        return;
    *low = fmin(*low, quantile_sorted(s->sorted, s->finite, 0.01));
    *high = fmax(*high, quantile_sorted(s->sorted, s->finite, 0.99));
}

void bars_of_numbers(const struct side_numbers *reference, const struct side_numbers *current,
                     struct compare_bars *ret)
{
    *ret = (struct compare_bars){.low = INFINITY, .high = -INFINITY};
    widen(reference, &ret->low, &ret->high);
    widen(current, &ret->low, &ret->high);
    /* All of one value, or so wide that a double cannot hold the width: one bar. */
    bool wide = ret->high > ret->low && isfinite(ret->high - ret->low);
    if (!(ret->low <= ret->high))
        return;
    ret->numbers = true;
    ret->n = wide ? COMPARE_BARS : 1;
    fill(reference, ret, ret->reference);
    fill(current, ret, ret->current);
}

void bars_of_cells(const struct feature_cell *cells, size_t n, struct compare_bars *ret)
{
    *ret = (struct compare_bars){.n = n < COMPARE_BARS ? n : COMPARE_BARS};
    for (size_t i = 0; i < ret->n; i++) {
        ret->reference[i] = cells[i].reference;
        ret->current[i] = cells[i].current;
    }
}
