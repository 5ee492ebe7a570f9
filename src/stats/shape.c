/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/shape.h"

#include <math.h>
#include <string.h>

#include "driftop/stats/feature.h"
#include "driftop/stats/ks.h"
#include "driftop/stats/quantile.h"
#include "shape_private.h"
#include "verdict_private.h"

static bool seen(const struct shape_sides *s, double d, size_t w)
{
    return d > ks_band(s->alpha, s->n, w) && verdict_ks_effect(d, s->n, w) > VERDICT_KS_WARN;
}

static bool drifts(const struct shape_sides *s, const double *y, size_t w)
{
    return w > 0 && seen(s, s->reference->gap(s, y, w), w);
}

static bool find_frozen(const struct shape_sides *s, struct shape *ret)
{
    if (s->y[0] < s->y[s->w - 1] || !(s->low < s->high))
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

/* The commonest value that the reference never had, when it is common enough to be no accident. */
static bool find_sentinel(const struct shape_sides *s, struct shape *ret)
{
    size_t best = 0, best_end = 0;
    for (size_t i = 0, end; i < s->w; i = end) {
        end = run_end(s->y, s->w, i);
        double share = (double)(end - i) / (double)s->w;
        if (end - i > best_end - best && !s->reference->knows(s, s->y[i], share)) {
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
    return run < s->w && !drifts(s, s->scratch, s->w - run);
}

/* A bound at an end of the current values: the reference cut off there looks the same. */
static bool find_clipped(const struct shape_sides *s, struct shape *ret)
{
    double low = s->y[0], high = s->y[s->w - 1];
    if (!(s->low < s->high))
        return false;
    bool top = s->w >= 20 && s->y[s->w - s->w / 20] >= high;
    bool bottom = s->w >= 20 && s->y[s->w / 20 - 1] <= low;
    bool new_top = top && high < s->high, new_bottom = bottom && low > s->low;
    if (!new_top && !new_bottom)
        return false;
    *ret = (struct shape){SHAPE_CLIPPED, new_top ? high : low};
    double d = s->reference->clipped_gap(s, bottom ? low : -INFINITY, top ? high : INFINITY);
    return !seen(s, d, s->w);
}

/* Turn the current hours back by h; rotating keeps them sorted. */
static void turn_back(const struct shape_sides *s, double h)
{
    size_t first = 0;
    while (first < s->w && s->y[first] < h)
        first++;
    for (size_t i = 0; i < s->w; i++) {
        size_t from = (i + first) % s->w;
        s->scratch[i] = s->y[from] - h + (from < first ? 24 : 0);
    }
}

static bool find_hours(const struct shape_sides *s, struct shape *ret)
{
    double low = fmin(s->low, s->y[0]), high = fmax(s->high, s->y[s->w - 1]), best = INFINITY;
    if (low < 0 || high >= 24 || s->high - s->low < 12)
        return false;
    /* small turns first: 23 hours forward is one back */
    for (int step = 2; step <= 24; step++) {
        int h = step % 2 ? -(step / 2) : step / 2;
        turn_back(s, h < 0 ? h + 24 : h);
        double d = s->reference->gap(s, s->scratch, s->w);
        if (d < best) {
            best = d;
            *ret = (struct shape){SHAPE_HOURS, h};
        }
    }
    return !seen(s, best, s->w);
}

static bool scaled_back(const struct shape_sides *s, double factor)
{
    for (size_t i = 0; i < s->w; i++)
        s->scratch[i] = s->y[i] / factor;
    return !drifts(s, s->scratch, s->w);
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
    /* Few rows of a heavy tail tell a factor roughly: a slipped point is likelier than x111. */
    double power = pow(10, rint(log10(factor)));
    return (power > 5 || power < 0.2) && fabs(factor / power - 1) < 0.25 ? power : factor;
}

static bool find_scale(const struct shape_sides *s, struct shape *ret)
{
    double x = s->middle, y = quantile_sorted(s->y, s->w, 0.5), factor = y / x;
    if (!isfinite(factor) || factor <= 0 || fabs(x) < 1e-300)
        return false;
    double unit = unit_near(factor);
    *ret = (struct shape){SHAPE_SCALE, unit};
    if (scaled_back(s, unit))
        return true;
    ret->by = factor;
    return scaled_back(s, factor);
}

/* D when the current values are moved back. */
static double moved_back(const struct shape_sides *s, double by)
{
    for (size_t i = 0; i < s->w; i++)
        s->scratch[i] = s->y[i] - by;
    return s->reference->gap(s, s->scratch, s->w);
}

static bool whole_numbers(const struct shape_sides *s)
{
    size_t i = 0;
    while (i < s->w && s->y[i] >= rint(s->y[i]) && s->y[i] <= rint(s->y[i]))
        i++;
    return i == s->w;
}

/* By the medians; of whole numbers, whose medians are rough, by the best whole number near. */
static bool find_shift(const struct shape_sides *s, struct shape *ret)
{
    double by = quantile_sorted(s->y, s->w, 0.5) - s->middle;
    if (!isfinite(by))
        return false;
    double best = moved_back(s, by);
    *ret = (struct shape){SHAPE_SHIFT, by};
    for (int step = -2; step <= 2 && whole_numbers(s); step++) {
        double whole = rint(by) + step, d = moved_back(s, whole);
        if (d <= best && fabs(whole) > 0) {
            best = d;
            ret->by = whole;
        }
    }
    return !seen(s, best, s->w);
}

void shape_find(const struct shape_sides *s, struct shape *ret)
{
    *ret = (struct shape){SHAPE_NONE, 0};
    if (s->n == 0 || !drifts(s, s->y, s->w))
        return;
    /* A shift first, where both would do: it needs no zero to be measured from. */
    if (find_frozen(s, ret) || find_sentinel(s, ret) || find_clipped(s, ret) ||
        find_hours(s, ret) || find_shift(s, ret) || find_scale(s, ret))
        return;
    *ret = (struct shape){SHAPE_OTHER, 0};
}

/* ---- the reference as sorted values ---- */

static double sorted_gap(const struct shape_sides *s, const double *y, size_t w)
{
    return (double)ks_gap_sorted(s->values, s->n, y, w).gap / ((double)s->n * (double)w);
}

static bool sorted_knows(const struct shape_sides *s, double value, double share)
{
    size_t low = 0, high = s->n;
    (void)share;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->n && s->values[low] <= value;
}

static double sorted_clipped_gap(const struct shape_sides *s, double low, double high)
{
    for (size_t i = 0; i < s->n; i++)
        s->scratch[i] = fmin(fmax(s->values[i], low), high);
    return (double)ks_gap_sorted(s->scratch, s->n, s->y, s->w).gap / ((double)s->n * (double)s->w);
}

void shape_of_numbers(const double *reference, size_t n, const double *current, size_t w,
                      double alpha, double *scratch, struct shape *ret)
{
    static const struct shape_reference sorted = {sorted_gap, sorted_knows, sorted_clipped_gap};
    struct shape_sides s = {.reference = &sorted,
                            .values = reference,
                            .n = n,
                            .y = current,
                            .w = w,
                            .alpha = alpha,
                            .scratch = scratch};
    if (n > 0) {
        s.low = reference[0];
        s.high = reference[n - 1];
        s.middle = quantile_sorted(reference, n, 0.5);
    }
    shape_find(&s, ret);
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

bool shape_stays(enum shape_kind former, enum shape_kind by_counts)
{
    bool vague = by_counts == SHAPE_OTHER || by_counts == SHAPE_OUT_OF_RANGE;
    return vague && former != SHAPE_NONE && former != SHAPE_OTHER && former != SHAPE_OUT_OF_RANGE;
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
