/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/model/series.h"

#include <math.h>

void series_clear(struct series *s)
{
    s->head = 0;
    s->n = 0;
}

const struct series_point *series_at(const struct series *s, size_t i)
{
    if (i >= s->n)
        return NULL;
    return &s->points[(s->head + SERIES_POINTS - 1 - i) % SERIES_POINTS];
}

void series_add(struct series *s, int64_t mono_ms, double value)
{
    const struct series_point *last = series_at(s, 0);

    if (last && mono_ms < last->mono_ms)
        series_clear(s);
    s->points[s->head] = (struct series_point){mono_ms, value};
    s->head = (s->head + 1) % SERIES_POINTS;
    if (s->n < SERIES_POINTS)
        s->n++;
}

bool series_held_above(const struct series *s, int64_t now_ms, int64_t span_ms, int64_t gap_ms,
                       double limit)
{
    int64_t newer_ms = now_ms;

    for (size_t i = 0; i < s->n; i++) {
        const struct series_point *p = series_at(s, i);
        if (newer_ms - p->mono_ms > gap_ms || !(p->value > limit))
            return false;
        if (now_ms - p->mono_ms >= span_ms)
            return true;
        newer_ms = p->mono_ms;
    }
    return false;
}

bool series_mean(const struct series *s, int64_t now_ms, int64_t span_ms, double *ret)
{
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const struct series_point *p = series_at(s, i);
        if (now_ms - p->mono_ms > span_ms)
            break;
        if (isnan(p->value))
            continue;
        sum += p->value;
        n++;
    }
    if (n == 0)
        return false;
    *ret = sum / (double)n;
    return true;
}
