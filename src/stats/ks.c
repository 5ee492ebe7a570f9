/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/ks.h"

#include <math.h>

double ks_band(double alpha, uint64_t n, uint64_t w)
{
    return sqrt(-log(alpha / 2) / 2) * sqrt(1 / (double)n + 1 / (double)w);
}

static enum ks_direction direction_of(uint64_t reference_part, uint64_t current_part)
{
    if (reference_part == current_part)
        return KS_NONE;
    return current_part > reference_part ? KS_LOWER : KS_HIGHER;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

struct ks_gap ks_gap_sorted(const double *reference, size_t n, const double *current, size_t w)
{
    struct ks_gap best = {.location = fmin(reference[0], current[0])};
    size_t i = 0, j = 0;
    /* Behind the end of one side the gap only closes. */
    while (i < n && j < w) {
        double x = reference[i] <= current[j] ? reference[i] : current[j];
        while (i < n && reference[i] <= x)
            i++;
        while (j < w && current[j] <= x)
            j++;
        uint64_t f = (uint64_t)i * w, g = (uint64_t)j * n;
        if (distance(f, g) > best.gap)
            best = (struct ks_gap){distance(f, g), x, direction_of(f, g), i, j};
    }
    if (best.gap == 0) {
        while (best.reference_below < n && reference[best.reference_below] <= best.location)
            best.reference_below++;
        while (best.current_below < w && current[best.current_below] <= best.location)
            best.current_below++;
    }
    return best;
}

/* The band around a bracket, and the floor. */
static void ks_frame(struct ks *ks, double alpha)
{
    double k = 1 / (double)ks->n + 1 / (double)ks->w, band = ks_band(alpha, ks->n, ks->w);
    ks->present = true;
    ks->d = ks->bracket_low;
    ks->d_low = ks->bracket_low - band;
    ks->d_high = ks->bracket_high + band;
    ks->floor = 0.8687 * sqrt(k);
}

void ks_from_gap(const struct ks_gap *gap, uint64_t n, uint64_t w, double alpha, struct ks *ret)
{
    *ret = (struct ks){.n = n, .w = w, .location = gap->location, .direction = gap->direction};
    ret->reference_below_ratio = (double)gap->reference_below / (double)n;
    ret->current_below_ratio = (double)gap->current_below / (double)w;
    ret->bracket_low = ret->bracket_high = (double)gap->gap / ((double)n * (double)w);
    ks_frame(ret, alpha);
}

/* No double lies strictly between the cell's ends: it holds one value, so there is no inside. */
static bool is_atom(const double *cuts, size_t n_cuts, size_t cell)
{
    return cell > 0 && cell < n_cuts && nextafter(cuts[cell - 1], INFINITY) >= cuts[cell];
}

void ks_from_counts(const double *cuts, size_t n_cuts, const uint32_t *reference,
                    const uint32_t *current, double alpha, struct ks *ret)
{
    uint64_t n = 0, w = 0;
    for (size_t i = 0; i <= n_cuts; i++) {
        n += reference[i];
        w += current[i];
    }
    *ret = (struct ks){.n = n, .w = w, .location = n_cuts > 0 ? cuts[0] : 0};
    if (n == 0 || w == 0)
        return;
    uint64_t f = 0, g = 0, low = 0, high = 0, at_f = 0, at_g = 0;
    for (size_t i = 0; i <= n_cuts; i++) {
        uint64_t f_end = f + reference[i] * w, g_end = g + current[i] * n;
        if (i < n_cuts && distance(f_end, g_end) > low) {
            low = distance(f_end, g_end);
            ret->location = cuts[i];
            ret->direction = direction_of(f_end, g_end);
            at_f = f_end;
            at_g = g_end;
        }
        /* Inside, F and G are anywhere between their values at the cell's ends. */
        uint64_t above = f_end > g ? f_end - g : 0, below = g_end > f ? g_end - f : 0;
        uint64_t inside = above > below ? above : below;
        if (inside > high && reference[i] > 0 && current[i] > 0 && !is_atom(cuts, n_cuts, i))
            high = inside;
        f = f_end;
        g = g_end;
    }
    double scale = (double)n * (double)w;
    ret->reference_below_ratio = (double)at_f / scale;
    ret->current_below_ratio = (double)at_g / scale;
    ret->bracket_low = (double)low / scale;
    ret->bracket_high = (double)(high > low ? high : low) / scale;
    ks_frame(ret, alpha);
}

const char *ks_direction_name(enum ks_direction direction)
{
    switch (direction) {
    case KS_NONE: return "none";
    case KS_LOWER: return "lower";
    case KS_HIGHER: return "higher";
    }
    return "";
}

const char *ks_method_name(enum ks_method method)
{
    return method == KS_EXACT ? "exact" : "asymptotic";
}
