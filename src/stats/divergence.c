/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/divergence.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* The cells that are not empty on both sides, as doubles. */
struct pair {
    double a[DIVERGENCE_CELLS], b[DIVERGENCE_CELLS];
    size_t cells;
    double n, w, k;
};

static void pair_init(struct pair *c, const uint64_t *a, const uint64_t *b, size_t n)
{
    c->cells = 0;
    c->n = c->w = c->k = 0;
    for (size_t i = 0; i < n && c->cells < DIVERGENCE_CELLS; i++) {
        if (a[i] == 0 && b[i] == 0)
            continue;
        c->a[c->cells] = (double)a[i];
        c->b[c->cells] = (double)b[i];
        c->n += (double)a[i];
        c->w += (double)b[i];
        c->cells++;
    }
    if (c->n > 0 && c->w > 0)
        c->k = 1 / c->n + 1 / c->w;
}

static double chi2_p(double value, size_t df)
{
    return df == 0 ? 1.0 : gsl_cdf_chisq_Q(value, (double)df);
}

/* PSI and KL share the smoothed shares and their logarithm. */
static void smoothed(const struct pair *c, struct divergence *ret)
{
    double blur = (double)c->cells / 2, free_cells = (double)(c->cells - 1);
    double psi = 0, kl = 0;
    for (size_t i = 0; i < c->cells; i++) {
        double p = (c->a[i] + 0.5) / (c->n + blur), q = (c->b[i] + 0.5) / (c->w + blur);
        double ratio = log(q / p);
        psi += (q - p) * ratio;
        kl += q * ratio;
    }
    ret->psi.value = psi;
    ret->psi.floor = free_cells * c->k;
    ret->psi.excess = fmax(0, psi - ret->psi.floor);
    ret->psi.p = chi2_p(psi / c->k, c->cells - 1);
    ret->psi.cells = c->cells;
    ret->kl = kl;
    ret->kl_floor = free_cells * c->k / 2;
}

static double plogp(double p, double m)
{
    return p > 0 ? p * log2(p / m) : 0;
}

static void raw(const struct pair *c, struct divergence *ret)
{
    double js = 0, squares = 0, tv = 0, tv_floor = 0, linf = 0;
    for (size_t i = 0; i < c->cells; i++) {
        double p = c->a[i] / c->n, q = c->b[i] / c->w, m = (p + q) / 2;
        double pooled = (c->a[i] + c->b[i]) / (c->n + c->w);
        double root = sqrt(p) - sqrt(q), gap = fabs(p - q);
        js += plogp(p, m) + plogp(q, m);
        squares += root * root;
        tv += gap;
        tv_floor += sqrt(c->k * pooled * (1 - pooled) / (2 * M_PI));
        linf = gap > linf ? gap : linf;
    }
    double free_cells = (double)(c->cells - 1);
    ret->js.divergence = fmin(1, fmax(0, js / 2));
    ret->js.distance = sqrt(ret->js.divergence);
    ret->js.floor_divergence = free_cells * c->k / (8 * M_LN2);
    ret->js.excess_divergence = fmax(0, ret->js.divergence - ret->js.floor_divergence);
    ret->hellinger = sqrt(squares / 2);
    ret->hellinger_floor = sqrt(free_cells * c->k / 8);
    ret->tv = tv / 2;
    ret->tv_floor = tv_floor;
    ret->linf = linf;
}

/* Pool the cells whose smaller expected count is under 5; when the pool is still too small, merge
 * it into the remaining cell of smallest total, the first of equals. Compacts c in place. */
static void pool_small(struct pair *c)
{
    double share = fmin(c->n, c->w) / (c->n + c->w);
    double a = 0, b = 0;
    size_t kept = 0, smallest = 0;
    for (size_t i = 0; i < c->cells; i++) {
        if ((c->a[i] + c->b[i]) * share < 5) {
            a += c->a[i];
            b += c->b[i];
            continue;
        }
        c->a[kept] = c->a[i];
        c->b[kept] = c->b[i];
        if (c->a[kept] + c->b[kept] < c->a[smallest] + c->b[smallest])
            smallest = kept;
        kept++;
    }
    if (a + b > 0 && (a + b) * share < 5 && kept > 0) {
        c->a[smallest] += a;
        c->b[smallest] += b;
    } else if (a + b > 0) {
        c->a[kept] = a;
        c->b[kept] = b;
        kept++;
    }
    c->cells = kept;
}

static void homogeneity(struct pair *c, struct chi2 *ret)
{
    pool_small(c);
    double share = c->n / (c->n + c->w), value = 0;
    for (size_t i = 0; i < c->cells; i++) {
        double total = c->a[i] + c->b[i];
        double expect_a = total * share, expect_b = total * (1 - share);
        value += (c->a[i] - expect_a) * (c->a[i] - expect_a) / expect_a +
                 (c->b[i] - expect_b) * (c->b[i] - expect_b) / expect_b;
    }
    ret->df = c->cells - 1;
    ret->value = ret->df == 0 ? 0 : value;
    ret->p = chi2_p(ret->value, ret->df);
}

double divergence_chi2_p(const struct chi2 *chi2, double inflation, double spread, double shape)
{
    double df = (double)chi2->df, nu = shape * df, mean = inflation * df;
    double variance = 2 * inflation * inflation * df * (1 + spread);
    if (chi2->df == 0)
        return 1;
    return gsl_cdf_chisq_Q(fmax(0, nu + (chi2->value - mean) * sqrt(2 * nu / variance)), nu);
}

void divergence_of(const uint64_t *a, const uint64_t *b, size_t n, struct divergence *ret)
{
    struct pair c;
    pair_init(&c, a, b, n);
    *ret = (struct divergence){.present = c.n > 0 && c.w > 0};
    if (!ret->present)
        return;
    smoothed(&c, ret);
    raw(&c, ret);
    homogeneity(&c, &ret->chi2);
}

double divergence_psi_part(uint64_t a, uint64_t b, uint64_t reference_rows, uint64_t current_rows,
                           size_t cells)
{
    double blur = (double)cells / 2;
    double p = ((double)a + 0.5) / ((double)reference_rows + blur);
    double q = ((double)b + 0.5) / ((double)current_rows + blur);
    return (q - p) * log(q / p);
}
