/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/shape.h"

#include <math.h>
#include <string.h>

#include "driftop/stats/feature.h"
#include "driftop/stats/ks.h"
#include "driftop/stats/quantile.h"
#include "verdict_private.h"

/* Both sides of one feature, and where a repaired copy goes. */
struct sides {
    const double *x, *y;
    size_t n, w;
    double alpha;
    double *scratch;
};

/* Whether a warning would see this gap. */
static bool seen(uint64_t gap, size_t n, size_t w, double alpha)
{
    double d = (double)gap / ((double)n * (double)w);
    return d > ks_band(alpha, n, w) && verdict_ks_effect(d, n, w) > VERDICT_KS_WARN;
}

static bool drifts(const double *x, size_t n, const double *y, size_t w, double alpha)
{
    return n > 0 && w > 0 && seen(ks_gap_sorted(x, n, y, w).gap, n, w, alpha);
}

static bool find_frozen(const struct sides *s, struct shape *ret)
{
    if (s->y[0] < s->y[s->w - 1] || !(s->x[0] < s->x[s->n - 1]))
        return false;
    *ret = (struct shape){SHAPE_FROZEN, s->y[0]};
    return true;
}

static size_t run_end(const double *sorted, size_t n, size_t first)
{
    size_t i = first;
    while (i < n && sorted[i] <= sorted[first])
        i++;
    return i;
}

static bool contains(const double *sorted, size_t n, double value)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && sorted[low] <= value;
}

/* The commonest value that the reference never had, when it is common enough to be no accident. */
static bool find_sentinel(const struct sides *s, struct shape *ret)
{
    size_t best = 0, best_end = 0;
    for (size_t i = 0, end; i < s->w; i = end) {
        end = run_end(s->y, s->w, i);
        if (end - i > best_end - best && !contains(s->x, s->n, s->y[i])) {
            best = i;
            best_end = end;
        }
    }
    size_t run = best_end - best;
    if (run < 5 || run * 100 < s->w)
        return false;
    memcpy(s->scratch, s->y, best * sizeof *s->y);
    memcpy(s->scratch + best, s->y + best_end, (s->w - best_end) * sizeof *s->y);
    *ret = (struct shape){SHAPE_SENTINEL, s->y[best]};
    return run < s->w && !drifts(s->x, s->n, s->scratch, s->w - run, s->alpha);
}

/* A bound at an end of the current values: the reference cut off there looks the same. */
static bool find_clipped(const struct sides *s, struct shape *ret)
{
    double low = s->y[0], high = s->y[s->w - 1];
    if (!(s->x[0] < s->x[s->n - 1]))
        return false;
    bool top = s->w >= 20 && s->y[s->w - s->w / 20] >= high;
    bool bottom = s->w >= 20 && s->y[s->w / 20 - 1] <= low;
    if (!(top && high < s->x[s->n - 1]) && !(bottom && low > s->x[0]))
        return false;
    for (size_t i = 0; i < s->n; i++)
        s->scratch[i] = fmin(fmax(s->x[i], bottom ? low : -INFINITY), top ? high : INFINITY);
    *ret = (struct shape){SHAPE_CLIPPED, top ? high : low};
    return !drifts(s->scratch, s->n, s->y, s->w, s->alpha);
}

/* Turn the current hours back by h; rotating keeps them sorted. */
static void turn_back(const struct sides *s, double h)
{
    size_t first = 0;
    while (first < s->w && s->y[first] < h)
        first++;
    for (size_t i = 0; i < s->w; i++) {
        size_t from = (i + first) % s->w;
        s->scratch[i] = s->y[from] - h + (from < first ? 24 : 0);
    }
}

static bool find_hours(const struct sides *s, struct shape *ret)
{
    double low = fmin(s->x[0], s->y[0]), high = fmax(s->x[s->n - 1], s->y[s->w - 1]);
    uint64_t best = UINT64_MAX;
    if (low < 0 || high >= 24 || s->x[s->n - 1] - s->x[0] < 12)
        return false;
    /* small turns first: 23 hours forward is one back */
    for (int step = 2; step <= 24; step++) {
        int h = step % 2 ? -(step / 2) : step / 2;
        turn_back(s, h < 0 ? h + 24 : h);
        uint64_t gap = ks_gap_sorted(s->x, s->n, s->scratch, s->w).gap;
        if (gap < best) {
            best = gap;
            *ret = (struct shape){SHAPE_HOURS, h};
        }
    }
    return !seen(best, s->n, s->w, s->alpha);
}

static double middle(const double *sorted, size_t n)
{
    return quantile_sorted(sorted, n, 0.5);
}

static bool scaled_back(const struct sides *s, double factor)
{
    for (size_t i = 0; i < s->w; i++)
        s->scratch[i] = s->y[i] / factor;
    return !drifts(s->x, s->n, s->scratch, s->w, s->alpha);
}

/* A factor near a change of units is that change. */
static double unit_near(double factor)
{
    static const double units[] = {1000, 100, 10, 60, 3600, 24, 12, 1024, 1e6, 2.54, 1.609344, 1.8};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (fabs(factor / units[i] - 1) < 0.1)
            return units[i];
        if (fabs(factor * units[i] - 1) < 0.1)
            return 1 / units[i];
    }
    return factor;
}

static bool find_scale(const struct sides *s, struct shape *ret)
{
    double x = middle(s->x, s->n), y = middle(s->y, s->w), factor = y / x;
    if (!isfinite(factor) || factor <= 0 || fabs(x) < 1e-300)
        return false;
    double unit = unit_near(factor);
    *ret = (struct shape){SHAPE_SCALE, unit};
    if (scaled_back(s, unit))
        return true;
    ret->by = factor;
    return scaled_back(s, factor);
}

static bool find_shift(const struct sides *s, struct shape *ret)
{
    double by = middle(s->y, s->w) - middle(s->x, s->n);
    if (!isfinite(by))
        return false;
    for (size_t i = 0; i < s->w; i++)
        s->scratch[i] = s->y[i] - by;
    *ret = (struct shape){SHAPE_SHIFT, by};
    return !drifts(s->x, s->n, s->scratch, s->w, s->alpha);
}

void shape_of_numbers(const double *reference, size_t n, const double *current, size_t w,
                      double alpha, double *scratch, struct shape *ret)
{
    struct sides s = {reference, current, n, w, alpha, scratch};
    *ret = (struct shape){SHAPE_NONE, 0};
    if (!drifts(reference, n, current, w, alpha))
        return;
    /* A shift first, where both would do: it needs no zero to be measured from. */
    if (find_frozen(&s, ret) || find_sentinel(&s, ret) || find_clipped(&s, ret) ||
        find_hours(&s, ret) || find_shift(&s, ret) || find_scale(&s, ret))
        return;
    *ret = (struct shape){SHAPE_OTHER, 0};
}

void shape_of_outside(const double *reference, size_t n, const double *current, size_t w,
                      struct shape *ret)
{
    size_t outside = 0, best = 0, best_run = 0;
    for (size_t i = 0, end; n > 0 && i < w; i = end) {
        end = run_end(current, w, i);
        if (current[i] >= reference[0] && current[i] <= reference[n - 1])
            continue;
        outside += end - i;
        if (end - i > best_run) {
            best = i;
            best_run = end - i;
        }
    }
    if (best_run >= 5 && 2 * best_run > outside)
        *ret = (struct shape){SHAPE_SENTINEL, current[best]};
}

void shape_of_result(const struct feature_result *r, struct shape *ret)
{
    static const enum shape_kind kinds[RATE_KINDS] = {
        [RATE_MISSING] = SHAPE_MISSING,  [RATE_INVALID] = SHAPE_INVALID,
        [RATE_INFINITE] = SHAPE_OTHER,   [RATE_OUT_OF_RANGE] = SHAPE_OUT_OF_RANGE,
        [RATE_UNSEEN] = SHAPE_NEW_VALUE,
    };
    *ret = (struct shape){SHAPE_NONE, 0};
    if (r->verdict < VERDICT_WARN)
        return;
    ret->kind = SHAPE_OTHER;
    double most = VERDICT_RATE_WARN;
    for (int i = 0; i < RATE_KINDS; i++) {
        const struct rate *rate = &r->rates[i];
        if (rate->present && rate->low > most) {
            most = rate->low;
            *ret = (struct shape){kinds[i], rate->current_ratio - rate->reference_ratio};
        }
    }
}

const char *shape_name(enum shape_kind kind)
{
    switch (kind) {
    case SHAPE_NONE: return "none";
    case SHAPE_FROZEN: return "frozen";
    case SHAPE_SENTINEL: return "sentinel";
    case SHAPE_CLIPPED: return "clipped";
    case SHAPE_HOURS: return "hours";
    case SHAPE_SCALE: return "scale";
    case SHAPE_SHIFT: return "shift";
    case SHAPE_MISSING: return "missing";
    case SHAPE_INVALID: return "invalid";
    case SHAPE_NEW_VALUE: return "new_value";
    case SHAPE_OUT_OF_RANGE: return "out_of_range";
    case SHAPE_OTHER: return "other";
    }
    return "";
}
