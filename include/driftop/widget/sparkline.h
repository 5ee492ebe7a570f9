/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A series as a small plot of one or more rows, the newest value at the right edge. NaN is a gap and
 * stays one: a missing minute is never joined over. With more values than fit, a column shows the
 * largest of its values, because a peak is what one looks for, and is a gap when it has none.
 */
#ifndef DRIFTOP_WIDGET_SPARKLINE_H
#define DRIFTOP_WIDGET_SPARKLINE_H

#include "driftop/term/rect.h"

struct canvas;

struct sparkline {
    const double *values; /* oldest first */
    int n_values;
    double min, max;  /* of the scale; NaN: of the values, min no larger than 0 when all are >= 0 */
    double threshold; /* values above it are drawn in alarm_style; NaN for none */
    unsigned style, alarm_style;
};

/* Values that fit into so many columns without merging any. */
int sparkline_capacity(const struct canvas *c, int columns);
void sparkline_draw(struct canvas *c, struct rect r, const struct sparkline *s);

#endif
