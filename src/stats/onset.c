/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/onset.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "driftop/stats/divergence.h"

static double xlogx(double x)
{
    return x > 0 ? x * log(x) : 0;
}

/* The counts before a boundary, and all of them. */
struct split {
    double before[DIVERGENCE_CELLS], all[DIVERGENCE_CELLS];
    size_t n_cells;
    double n_before, n_all;
};

static double split_g2(const struct split *s)
{
    double n_after = s->n_all - s->n_before, g2 = 0;
    if (s->n_before <= 0 || n_after <= 0)
        return 0;
    for (size_t i = 0; i < s->n_cells; i++)
        g2 += xlogx(s->before[i]) + xlogx(s->all[i] - s->before[i]) - xlogx(s->all[i]);
    return 2 * (g2 - xlogx(s->n_before) - xlogx(n_after) + xlogx(s->n_all));
}

static size_t used_cells(const struct split *s)
{
    size_t used = 0;
    for (size_t i = 0; i < s->n_cells; i++)
        used += s->all[i] > 0;
    return used;
}

void onset_find(const uint32_t *counts, size_t n_buckets, size_t n_cells, double alpha,
                struct onset *ret)
{
    struct split s = {.n_cells = n_cells < DIVERGENCE_CELLS ? n_cells : DIVERGENCE_CELLS};
    *ret = (struct onset){.p = 1};
    for (size_t b = 0; b < n_buckets; b++) {
        for (size_t i = 0; i < s.n_cells; i++) {
            s.all[i] += counts[b * n_cells + i];
            s.n_all += counts[b * n_cells + i];
        }
    }
    for (size_t b = 0; b + 1 < n_buckets; b++) {
        for (size_t i = 0; i < s.n_cells; i++) {
            s.before[i] += counts[b * n_cells + i];
            s.n_before += counts[b * n_cells + i];
        }
        double g2 = split_g2(&s);
        if (g2 > ret->g2) {
            ret->g2 = g2;
            ret->bucket = b + 1;
        }
    }
    size_t used = used_cells(&s);
    if (used > 1 && ret->g2 > 0)
        ret->p = fmin(1, (double)(n_buckets - 1) * gsl_cdf_chisq_Q(ret->g2, (double)(used - 1)));
    ret->present = ret->p <= alpha;
}
