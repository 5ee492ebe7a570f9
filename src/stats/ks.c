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
        double a = reference[i], b = current[j], x = a <= b ? a : b;
        /* Which side moves is a coin toss that no processor predicts: an addition, not a branch. */
        i += a <= x;
        j += b <= x;
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

/* Two cumulative counts on the way up the cells, F times w and G times n so that they compare. */
struct climb {
    uint64_t n, w;
    uint64_t f, g;       /* up to the last cell */
    uint64_t low, high;  /* the widest gap at a cut, and the widest that a cell could hide */
    uint64_t at_f, at_g; /* where low was found */
    size_t at;
};

/* Inside a cell F and G are anywhere between their values at its ends. */
static uint64_t hidden_gap(const struct climb *c, uint64_t f_end, uint64_t g_end)
{
    uint64_t above = f_end > c->g ? f_end - c->g : 0, below = g_end > c->f ? g_end - c->f : 0;
    return above > below ? above : below;
}

static void climb_cells(struct climb *c, const double *cuts, size_t n_cuts,
                        const uint32_t *reference, const uint32_t *current)
{
    for (size_t i = 0; i <= n_cuts; i++) {
        uint64_t f_end = c->f + reference[i] * c->w, g_end = c->g + current[i] * c->n;
        uint64_t gap = distance(f_end, g_end), inside = hidden_gap(c, f_end, g_end);
        if (gap > c->low) {
            c->low = gap;
            c->at = i;
            c->at_f = f_end;
            c->at_g = g_end;
        }
        /* What hides behind the widest gap at a cut changes nothing, and most cells stop here. */
        if (inside > c->low && inside > c->high && reference[i] > 0 && current[i] > 0 &&
            !is_atom(cuts, n_cuts, i))
            c->high = inside;
        c->f = f_end;
        c->g = g_end;
    }
}

void ks_from_counts(const double *cuts, size_t n_cuts, const uint32_t *reference,
                    const uint32_t *current, double alpha, struct ks *ret)
{
    struct climb c = {.n = 0};
    for (size_t i = 0; i <= n_cuts; i++) {
        c.n += reference[i];
        c.w += current[i];
    }
    *ret = (struct ks){.n = c.n, .w = c.w};
    if (c.n == 0 || c.w == 0)
        return;
    climb_cells(&c, cuts, n_cuts, reference, current);
    double scale = (double)c.n * (double)c.w;
    ret->location = n_cuts > 0 ? cuts[c.at] : 0; /* the open cell ends with F = G = 1 */
    ret->direction = direction_of(c.at_f, c.at_g);
    ret->reference_below_ratio = (double)c.at_f / scale;
    ret->current_below_ratio = (double)c.at_g / scale;
    ret->bracket_low = (double)c.low / scale;
    ret->bracket_high = (double)(c.high > c.low ? c.high : c.low) / scale;
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
