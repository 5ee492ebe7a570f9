/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/ks.h"

#include <math.h>
#include <string.h>

#include "ks_private.h"

double ks_band(double alpha, uint64_t n, uint64_t w)
{
    return sqrt(-log(alpha / 2) / 2) * sqrt(1 / (double)n + 1 / (double)w);
}

/* A merge of two sorted arrays: what of each lies up to `value`, how far F and G are apart there (times
 * n w), and the area between them so far. */
struct merge {
    const double *x, *y;
    size_t n, w, i, j;
    double scale; /* 1 / (n w) */
    uint64_t gap;
    double value, area;
};

static struct merge merge_of(const double *x, size_t n, const double *y, size_t w)
{
    return (struct merge){.x = x,
                          .y = y,
                          .n = n,
                          .w = w,
                          .scale = 1 / (double)n * (1 / (double)w),
                          .value = fmin(x[0], y[0])};
}

/* To the next value, where F and G step again. */
static inline void merge_step(struct merge *m, double next)
{
    m->area += (double)m->gap * m->scale * (next - m->value);
    m->value = next;
}

/* Take the rest of what is equal to the value. */
static inline void merge_ties(struct merge *m)
{
    while (m->i < m->n && m->x[m->i] <= m->value)
        m->i++;
    while (m->j < m->w && m->y[m->j] <= m->value)
        m->j++;
    m->gap = ks_distance((uint64_t)m->i * m->w, (uint64_t)m->j * m->n);
}

/* Whether a comes first or is equal, by their bits: rising where no double is negative, falling where
 * one is. A step of the merge waits for nothing but the last step's load and comparison, and as
 * integers these take half the time. */
static inline bool comes_first(int64_t a, int64_t b, bool negative)
{
    return negative ? (uint64_t)a >= (uint64_t)b : a <= b;
}

static inline void merge_next(struct merge *m, bool negative, struct ks_gap *best)
{
    int64_t a_bits, b_bits;
    double a, b;
    memcpy(&a_bits, &m->x[m->i], sizeof a_bits);
    memcpy(&b_bits, &m->y[m->j], sizeof b_bits);
    memcpy(&a, &a_bits, sizeof a);
    memcpy(&b, &b_bits, sizeof b);
    merge_step(m, b < a ? b : a);
    /* which side moves is a coin toss that no processor predicts: an addition, not a branch */
    m->i += comes_first(a_bits, b_bits, negative);
    m->j += comes_first(b_bits, a_bits, negative);
    merge_ties(m);
    if (m->gap > best->gap)
        *best = (struct ks_gap){
            .gap = m->gap, .location = m->value, .reference_below = m->i, .current_below = m->j};
}

/* Until one side ends, behind which the gap only closes. The merge comes and goes by value so that it
 * lives in registers. */
static struct merge merge_both(struct merge m, struct ks_gap *ret)
{
    struct ks_gap best = {.location = m.value};
    while (m.i < m.n && m.j < m.w && (m.x[m.i] < 0 || m.y[m.j] < 0))
        merge_next(&m, true, &best);
    while (m.i < m.n && m.j < m.w)
        merge_next(&m, false, &best);
    best.direction = ks_direction_of(best.reference_below * m.w, best.current_below * m.n);
    if (best.gap == 0) {
        struct merge first = merge_of(m.x, m.n, m.y, m.w);
        merge_ties(&first);
        best.reference_below = first.i;
        best.current_below = first.j;
    }
    *ret = best;
    return m;
}

struct ks_gap ks_gap_sorted(const double *reference, size_t n, const double *current, size_t w)
{
    struct ks_gap gap;
    merge_both(merge_of(reference, n, current, w), &gap);
    return gap;
}

struct ks_gap ks_w1_sorted(const double *reference, size_t n, const double *current, size_t w,
                           double *ret_w1)
{
    struct ks_gap gap;
    struct merge m = merge_both(merge_of(reference, n, current, w), &gap);
    while (m.i < n || m.j < w) {
        merge_step(&m, m.i < n ? m.x[m.i] : m.y[m.j]);
        merge_ties(&m);
    }
    *ret_w1 = m.area;
    return gap;
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
