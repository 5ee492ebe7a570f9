/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/budget.h"

#include <math.h>

#include "driftop/stats/divergence.h"

#define ALPHA_LEAST 1e-15
#define ALPHA_MOST  0.05

static double at_least_one(double x)
{
    return x >= 1 ? x : 1;
}

double budget_alpha(const struct budget *b)
{
    double looks = BUDGET_LOOKS * at_least_one((double)b->features) *
                   at_least_one((double)b->comparators) * at_least_one(b->windows);
    double alpha = b->false_pages / looks;
    return alpha >= ALPHA_LEAST ? fmin(alpha, ALPHA_MOST) : ALPHA_LEAST;
}

/* Shares of all rows, and the covariance of the buckets' shares times their rows. */
struct spread {
    size_t cells, used;
    double p[DIVERGENCE_CELLS];
    double v[DIVERGENCE_CELLS][DIVERGENCE_CELLS];
};

static double sum_of(const uint32_t *counts, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += counts[i];
    return sum;
}

static void add_bucket(struct spread *s, const uint32_t *bucket, double rows)
{
    double gap[DIVERGENCE_CELLS];
    for (size_t i = 0; i < s->cells; i++)
        gap[i] = bucket[i] / rows - s->p[i];
    for (size_t i = 0; i < s->cells; i++) {
        for (size_t k = 0; k < s->cells; k++)
            s->v[i][k] += rows * gap[i] * gap[k];
    }
}

static void spread_of(const uint32_t *counts, size_t n_buckets, struct spread *s)
{
    double rows = sum_of(counts, n_buckets * s->cells);
    for (size_t b = 0; b < n_buckets; b++) {
        for (size_t i = 0; i < s->cells; i++)
            s->p[i] += counts[b * s->cells + i] / rows;
    }
    for (size_t b = 0; b < n_buckets; b++) {
        double here = sum_of(&counts[b * s->cells], s->cells);
        if (here > 0)
            add_bucket(s, &counts[b * s->cells], here);
        s->used += here > 0;
    }
    for (size_t i = 0; i < s->cells && s->used > 1; i++) {
        for (size_t k = 0; k < s->cells; k++)
            s->v[i][k] /= (double)(s->used - 1);
    }
}

/* The variance of a cumulative share is the sum of the corner of V. */
static double rank_effect(const struct spread *s)
{
    double between = 0, binomial = 0, share = 0, corner = 0;
    for (size_t i = 0; i + 1 < s->cells; i++) {
        for (size_t k = 0; k < i; k++)
            corner += 2 * s->v[i][k];
        corner += s->v[i][i];
        share += s->p[i];
        between += corner;
        binomial += fmax(0, share * (1 - share));
    }
    return binomial > 0 ? at_least_one(between / binomial) : 1;
}

/* V/p made symmetric; its eigenvalues are the design effects of independent directions. */
static size_t scale(struct spread *s)
{
    size_t live = 0;
    for (size_t i = 0; i < s->cells; i++) {
        live += s->p[i] > 0;
        for (size_t k = 0; k < s->cells; k++) {
            double both = s->p[i] * s->p[k];
            s->v[i][k] = both > 0 ? s->v[i][k] / sqrt(both) : 0;
        }
    }
    return live;
}

static void cells_effect(struct spread *s, struct design *ret)
{
    double c1 = 0, c2 = 0, c3 = 0;
    size_t live = scale(s);
    if (live < 2)
        return;
    for (size_t i = 0; i < s->cells; i++) {
        c1 += s->v[i][i];
        for (size_t k = 0; k < s->cells; k++) {
            c2 += s->v[i][k] * s->v[i][k];
            double squared = 0;
            for (size_t m = 0; m < s->cells; m++)
                squared += s->v[i][m] * s->v[m][k];
            c3 += squared * s->v[k][i];
        }
    }
    if (!(c1 > 0))
        return;
    double df = (double)(live - 1);
    ret->cells = at_least_one(c1 / df);
    ret->spread = fmax(0, c2 * df / (c1 * c1) - 1);
    ret->shape = fmin(1, c2 * c2 * c2 / (c3 * c3) / df);
}

void design_of(const uint32_t *counts, size_t n_buckets, size_t n_cells, struct design *ret)
{
    struct spread s = {.cells = n_cells};
    *ret = (struct design){.rank = 1, .cells = 1, .shape = 1};
    if (n_cells > DIVERGENCE_CELLS || n_cells == 0)
        return;
    spread_of(counts, n_buckets, &s);
    if (s.used < DESIGN_BUCKETS)
        return;
    ret->rank = rank_effect(&s);
    cells_effect(&s, ret);
}

double design_rows(uint64_t rows, const struct design *d)
{
    return (double)rows / at_least_one(d->rank);
}
