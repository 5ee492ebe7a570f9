/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/ks.h"

#include <math.h>

#include "ks_private.h"

double ks_band(double alpha, uint64_t n, uint64_t w)
{
    return sqrt(-log(alpha / 2) / 2) * sqrt(1 / (double)n + 1 / (double)w);
}

struct ks_gap ks_gap_sorted(const double *reference, size_t n, const double *current, size_t w)
{
    struct ks_gap best = {.location = fmin(reference[0], current[0])};
    size_t i = 0, j = 0;
    /* Behind the end of one side the gap only closes. */
    while (i < n && j < w) {
        double a = reference[i], b = current[j], x = a <= b ? a : b;
        /* Which side moves is a coin toss that no processor predicts: an addition, not a branch. */
        i += a <= x;
        j += b <= x;
        while (i < n && reference[i] <= x)
            i++;
        while (j < w && current[j] <= x)
            j++;
        uint64_t f = (uint64_t)i * w, g = (uint64_t)j * n;
        if (ks_distance(f, g) > best.gap)
            best = (struct ks_gap){ks_distance(f, g), x, ks_direction_of(f, g), i, j};
    }
    if (best.gap == 0) {
        while (best.reference_below < n && reference[best.reference_below] <= best.location)
            best.reference_below++;
        while (best.current_below < w && current[best.current_below] <= best.location)
            best.current_below++;
    }
    return best;
}

void ks_frame(struct ks *ks, double alpha)
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
