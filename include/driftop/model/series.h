/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The last points of one number, for rules ("over 5 % for one minute") and sparklines. A ring in
 * place: nothing is allocated, the oldest point is overwritten. A gap stays a gap: whoever asks how
 * long something held gets "no" where points are missing.
 */
#ifndef DRIFTOP_MODEL_SERIES_H
#define DRIFTOP_MODEL_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERIES_POINTS 128 /* ten minutes at 5 s */

enum series_metric { SERIES_RATE, SERIES_ERRORS, SERIES_P50, SERIES_P99, SERIES_SHARE, SERIES_N };

struct series_point {
    int64_t mono_ms;
    double value; /* NaN: it was asked and there was no answer */
};

struct series {
    struct series_point points[SERIES_POINTS];
    uint32_t head, n; /* head: where the next one goes */
};

void series_clear(struct series *s);
/* Times must not go back; a point that does clears what stands behind it. */
void series_add(struct series *s, int64_t mono_ms, double value);
/* The i-th newest, from 0; NULL beyond the last. */
const struct series_point *series_at(const struct series *s, size_t i);
/* True when every point of the last span_ms lies above the limit, none of them is NaN, no two are
 * more than gap_ms apart, and they reach back the whole span. */
bool series_held_above(const struct series *s, int64_t now_ms, int64_t span_ms, int64_t gap_ms,
                       double limit);
/* Mean of the points of the last span_ms that are numbers; false when there are none. */
bool series_mean(const struct series *s, int64_t now_ms, int64_t span_ms, double *ret);

#endif
