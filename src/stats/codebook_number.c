/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Freezing a numeric reference: which cut points.
 */
#include <math.h>
#include <stdlib.h>

#include "column_private.h"
#include "driftop/base/err.h"
#include "driftop/stats/quantile.h"

static uint64_t count_distinct(const double *sorted, size_t n)
{
    uint64_t distinct = n > 0;
    for (size_t i = 1; i < n; i++)
        distinct += sorted[i] > sorted[i - 1];
    return distinct;
}

static void summarise(struct codebook_summary *s, const double *sorted, size_t n)
{
    s->finite = n;
    s->distinct = count_distinct(sorted, n);
    if (n == 0)
        return;
    s->min = sorted[0];
    s->max = sorted[n - 1];
    s->p5 = quantile_sorted(sorted, n, 0.05);
    s->q1 = quantile_sorted(sorted, n, 0.25);
    s->p50 = quantile_sorted(sorted, n, 0.5);
    s->q3 = quantile_sorted(sorted, n, 0.75);
    s->p95 = quantile_sorted(sorted, n, 0.95);
}

/* A list of cuts being gathered in any order. */
struct cuts {
    double *at;
    size_t n;
};

static void add_cut(struct cuts *cuts, double x)
{
    if (isfinite(x))
        cuts->at[cuts->n++] = x;
}

/* x alone in its cell: cut just below it and at it. */
static void add_atom(struct cuts *cuts, double x)
{
    add_cut(cuts, nextafter(x, -INFINITY));
    add_cut(cuts, x);
}

static void add_values(struct cuts *cuts, const double *sorted, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i] > sorted[i - 1])
            add_atom(cuts, sorted[i]);
    }
}

/* A value that fills a whole quantile step becomes an atom: nothing hides inside it. */
static void add_quantiles(struct cuts *cuts, const double *sorted, size_t n)
{
    double last = nan("");
    for (int j = 1; j < CODEBOOK_QUANTILES; j++) {
        double x = quantile_sorted(sorted, n, j / (double)CODEBOOK_QUANTILES);
        if (x <= last)
            add_atom(cuts, x);
        else
            add_cut(cuts, x);
        last = x;
    }
}

static int compare_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void sort_unique(struct cuts *cuts)
{
    qsort(cuts->at, cuts->n, sizeof *cuts->at, compare_doubles);
    size_t kept = 0;
    for (size_t i = 0; i < cuts->n; i++) {
        if (kept == 0 || cuts->at[i] > cuts->at[kept - 1])
            cuts->at[kept++] = cuts->at[i];
    }
    cuts->n = kept;
}

static int cut(struct codebook *c, const double *sorted, size_t n, size_t exact_values)
{
    c->summary.exact = c->summary.distinct <= exact_values;
    size_t inner = c->summary.exact ? (size_t)c->summary.distinct : CODEBOOK_QUANTILES;
    struct cuts cuts = {calloc(2 * inner + CODEBOOK_EDGES + 2, sizeof(double)), 0};
    if (!cuts.at)
        return ERR_NOMEM;
    c->cuts = cuts.at;
    if (n == 0)
        return 0;
    add_cut(&cuts, nextafter(c->summary.min, -INFINITY));
    add_cut(&cuts, c->summary.max);
    c->n_edges = quantile_deciles(sorted, n, c->edges);
    for (size_t i = 0; i < c->n_edges; i++)
        add_cut(&cuts, c->edges[i]);
    if (c->summary.exact)
        add_values(&cuts, sorted, n);
    else
        add_quantiles(&cuts, sorted, n);
    sort_unique(&cuts);
    c->n_cuts = cuts.n;
    return 0;
}

static int build(struct codebook *c, const struct column *reference, size_t exact_values)
{
    c->summary.mean = reference->mean;
    c->summary.sd = reference->sd;
    summarise(&c->summary, reference->sorted, reference->finite);
    return cut(c, reference->sorted, reference->finite, exact_values);
}

int codebook_build_column(const struct column *reference, size_t exact_values,
                          struct codebook **ret)
{
    struct codebook *c = codebook_new(CODEBOOK_NUMERIC, reference->rows);
    int rc = c ? build(c, reference, exact_values) : ERR_NOMEM;
    if (rc == 0)
        rc = codebook_shape(c);
    if (rc == 0)
        rc = codebook_derive(c);
    if (rc == 0) {
        column_count(reference, c, c->counts);
        rc = codebook_seal(c);
    }
    if (rc < 0)
        codebook_free(c);
    else
        *ret = c;
    return rc;
}
