/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/association.h"

#include <math.h>
#include <stdlib.h>

#include "codebook_private.h"
#include "driftop/stats/divergence.h"

#define LEAST_ROWS 10 /* a cell, on average */

/* The middle rank of each interval, 0 to 1: the rows before it and half of its own. */
static double *middle_ranks(const struct codebook *c)
{
    double *ranks = calloc(c->n_cuts + 1, sizeof *ranks), before = 0;
    for (size_t i = 0; ranks && i <= c->n_cuts; i++) {
        ranks[i] = (before + c->counts[i] / 2.0) / (double)c->summary.finite;
        before += c->counts[i];
    }
    return ranks;
}

/* Sums of the prediction's ranks in each cell of the feature. */
struct groups {
    double n, sum, squares;
    double rows[DIVERGENCE_CELLS], sums[DIVERGENCE_CELLS];
};

static double epsilon(const struct groups *g)
{
    double mean = g->sum / g->n, total = g->squares - g->n * mean * mean, between = 0;
    size_t cells = 0;
    for (size_t i = 0; i < DIVERGENCE_CELLS; i++) {
        if (g->rows[i] <= 0)
            continue;
        double off = g->sums[i] / g->rows[i] - mean;
        between += g->rows[i] * off * off;
        cells++;
    }
    if (cells < 2 || g->n < LEAST_ROWS * (double)cells || !(total > 1e-12 * g->n))
        return NAN;
    double eta2 = between / total;
    double free_rows = g->n - (double)cells;
    return sqrt(fmax(0, eta2 - ((double)cells - 1) / free_rows * (1 - eta2)));
}

static double by_ranks(const struct codebook *feature, const struct value *x,
                       const struct codebook *prediction, const struct value *y, size_t n)
{
    struct groups g = {.n = 0};
    double *ranks = middle_ranks(prediction);
    if (!ranks)
        return NAN;
    for (size_t i = 0; i < n; i++) {
        size_t cell = codebook_cell(prediction, &y[i]);
        if (cell > prediction->n_cuts)
            continue; /* missing, infinite or invalid: it has no rank */
        size_t at = codebook_report(feature, codebook_cell(feature, &x[i]));
        double rank = ranks[cell];
        g.n++;
        g.sum += rank;
        g.squares += rank * rank;
        g.rows[at]++;
        g.sums[at] += rank;
    }
    free(ranks);
    return epsilon(&g);
}

/* A table of the feature's cells by the prediction's. */
struct table {
    double n;
    double rows[DIVERGENCE_CELLS], columns[DIVERGENCE_CELLS];
    double both[DIVERGENCE_CELLS][DIVERGENCE_CELLS];
};

static double cramer(const struct table *t)
{
    double chi2 = 0, k = 0, m = 0;
    for (size_t i = 0; i < DIVERGENCE_CELLS; i++) {
        k += t->rows[i] > 0;
        m += t->columns[i] > 0;
        for (size_t j = 0; j < DIVERGENCE_CELLS; j++) {
            double expect = t->rows[i] * t->columns[j] / t->n;
            if (expect > 0)
                chi2 += (t->both[i][j] - expect) * (t->both[i][j] - expect) / expect;
        }
    }
    if (k < 2 || m < 2 || t->n < LEAST_ROWS * k * m)
        return NAN;
    double phi2 = fmax(0, chi2 / t->n - (k - 1) * (m - 1) / (t->n - 1));
    double rows = k - (k - 1) * (k - 1) / (t->n - 1), columns = m - (m - 1) * (m - 1) / (t->n - 1);
    return sqrt(phi2 / (fmin(rows, columns) - 1));
}

static double by_categories(const struct codebook *feature, const struct value *x,
                            const struct codebook *prediction, const struct value *y, size_t n)
{
    struct table t = {.n = (double)n};
    for (size_t i = 0; i < n; i++) {
        size_t row = codebook_report(feature, codebook_cell(feature, &x[i]));
        size_t column = codebook_report(prediction, codebook_cell(prediction, &y[i]));
        t.rows[row]++;
        t.columns[column]++;
        t.both[row][column]++;
    }
    return cramer(&t);
}

double association_of(const struct codebook *feature, const struct value *x,
                      const struct codebook *prediction, const struct value *y, size_t n)
{
    if (prediction->summary.kind == CODEBOOK_CATEGORICAL)
        return by_categories(feature, x, prediction, y, n);
    return by_ranks(feature, x, prediction, y, n);
}
