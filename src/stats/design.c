/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/design.h"

#include <math.h>
#include <stdlib.h>

#include "driftop/stats/divergence.h"

/* Sums over the buckets, the older ones weighted less: of the weights and their squares, of the rows,
 * of the counts c, and of c c'/rows, whose upper triangle stands row by row behind the counts. */
struct design_sums {
    size_t n_cells, n_buckets;
    double keep; /* what is left of every weight when a bucket comes */
    double weight, weight2, rows;
    double sums[];
};

struct design_sums *design_sums_new(size_t n_cells, double forget)
{
    size_t n = n_cells + n_cells * (n_cells + 1) / 2;
    if (n_cells == 0 || n_cells > DIVERGENCE_CELLS)
        return NULL;
    struct design_sums *s = calloc(1, sizeof *s + n * sizeof *s->sums);
    if (!s)
        return NULL;
    s->n_cells = n_cells;
    s->keep = 1 - forget;
    return s;
}

void design_sums_free(struct design_sums *s)
{
    free(s);
}

void design_sums_add(struct design_sums *s, const uint32_t *counts)
{
    double rows = 0, *cross = s->sums + s->n_cells;
    for (size_t i = 0; i < s->n_cells; i++)
        rows += counts[i];
    if (rows <= 0)
        return;
    s->n_buckets++;
    s->weight = s->weight * s->keep + 1;
    s->weight2 = s->weight2 * s->keep * s->keep + 1;
    s->rows = s->rows * s->keep + rows;
    for (size_t i = 0; i < s->n_cells; i++) {
        s->sums[i] = s->sums[i] * s->keep + counts[i];
        double share = counts[i] / rows;
        for (size_t k = i; k < s->n_cells; k++, cross++)
            *cross = *cross * s->keep + share * counts[k];
    }
}

size_t design_sums_buckets(const struct design_sums *s)
{
    return s ? s->n_buckets : 0;
}

/* Shares of all rows, and the covariance of the buckets' shares times their rows. */
struct spread {
    size_t cells;
    double p[DIVERGENCE_CELLS];
    double v[DIVERGENCE_CELLS][DIVERGENCE_CELLS];
};

/* sum of rows (c/rows - p)(c/rows - p)' = sum of c c'/rows - (all rows) p p'. With weights, n - 1
 * becomes the sum of the weights less that of their squares over it. */
static void spread_of(const struct design_sums *s, struct spread *ret)
{
    const double *cross = s->sums + s->n_cells;
    double degrees = s->weight - s->weight2 / s->weight;
    ret->cells = s->n_cells;
    for (size_t i = 0; i < s->n_cells; i++)
        ret->p[i] = s->sums[i] / s->rows;
    for (size_t i = 0; i < s->n_cells; i++) {
        for (size_t k = i; k < s->n_cells; k++, cross++)
            ret->v[i][k] = ret->v[k][i] = (*cross - s->rows * ret->p[i] * ret->p[k]) / degrees;
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
    return binomial > 0 ? fmax(1, between / binomial) : 1;
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
    ret->cells = fmax(1, c1 / df);
    ret->spread = fmax(0, c2 * df / (c1 * c1) - 1);
    ret->shape = fmin(1, c2 * c2 * c2 / (c3 * c3) / df);
}

void design_sums_effect(const struct design_sums *sums, struct design *ret)
{
    struct spread s;
    *ret = (struct design){.rank = 1, .cells = 1, .shape = 1};
    if (!sums || sums->n_buckets < DESIGN_BUCKETS)
        return;
    spread_of(sums, &s);
    ret->rank = rank_effect(&s);
    cells_effect(&s, ret);
}

void design_of(const uint32_t *counts, size_t n_buckets, size_t n_cells, struct design *ret)
{
    struct design_sums *s = design_sums_new(n_cells, 0);
    for (size_t b = 0; s && b < n_buckets; b++)
        design_sums_add(s, &counts[b * n_cells]);
    design_sums_effect(s, ret);
    design_sums_free(s);
}

double design_inflation(uint64_t n, uint64_t w, double design, bool both)
{
    if (n == 0 || w == 0)
        return 1;
    if (both)
        return design;
    return ((double)w + design * (double)n) / ((double)w + (double)n);
}

double design_rows(uint64_t rows, const struct design *d)
{
    return (double)rows / fmax(1, d->rank);
}
