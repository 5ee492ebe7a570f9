/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/rank.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>

#include "driftop/stats/quantile.h"

/* A merge of two sorted arrays, one different value at a time. */
struct merge {
    const double *x, *y;
    size_t n, w;
    size_t i, j;         /* taken so far, this value included */
    size_t was_i, was_j; /* taken before it */
    double value;
};

static bool merge_next(struct merge *m)
{
    if (m->i == m->n && m->j == m->w)
        return false;
    m->was_i = m->i;
    m->was_j = m->j;
    if (m->i < m->n && m->j < m->w) {
        double a = m->x[m->i], b = m->y[m->j];
        m->value = a <= b ? a : b;
        /* additions and no branches: which side moves cannot be predicted */
        m->i += a <= m->value;
        m->j += b <= m->value;
    } else {
        m->value = m->i < m->n ? m->x[m->i] : m->y[m->j];
    }
    while (m->i < m->n && m->x[m->i] <= m->value)
        m->i++;
    while (m->j < m->w && m->y[m->j] <= m->value)
        m->j++;
    return true;
}

/* One side's part of the midrank statistic at a pooled value, times its size: Scholz and Stephens,
 * equation 7. */
static double ad_part(size_t taken, size_t before, double size, double pooled, double rank)
{
    double midrank = ((double)taken + (double)before) / 2;
    double gap = pooled * midrank - rank * size;
    return gap * gap;
}

/* Standard deviation of the midrank statistic for two samples: their equation 4. total > 3. Their
 * double sum g is H2(N-1) - 2 H(N-1)/N with the harmonic numbers of first and second order. */
static double ad_sigma(double n, double w)
{
    double total = n + w, big_h = 1 / n + 1 / w;
    double h = gsl_sf_psi(total) + M_EULER;
    double g = M_PI * M_PI / 6 - gsl_sf_psi_1(total) - 2 * h / total;
    double a = 4 * g - 6 + (10 - 6 * g) * big_h;
    double b = (2 * g - 4) * 4 + 8 * h * 2 + (2 * g - 14 * h - 4) * big_h - 8 * h + 4 * g - 6;
    double c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * big_h + 4 * h;
    double d = (2 * h + 6) * 4 - 4 * h * 2;
    double variance = ((a * total + b) * total + c) * total + d;
    return sqrt(variance / ((total - 1) * (total - 2) * (total - 3)));
}

static void w1_scales(const double *reference, size_t n, double sd, struct w1 *w1)
{
    double iqr = (quantile_sorted(reference, n, 0.75) - quantile_sorted(reference, n, 0.25)) /
                 QUANTILE_IQR_PER_SD;
    w1->per_sd = reference[n - 1] > reference[0] ? w1->value / sd : nan("");
    w1->per_iqr = iqr > 0 && isfinite(iqr) ? w1->value / iqr : nan("");
}

void rank_of(const double *reference, size_t n, const double *current, size_t w, double sd,
             double w1, struct rank *ret)
{
    *ret = (struct rank){.has_cvm = false};
    if (n == 0 || w == 0)
        return;
    double size_x = (double)n, size_y = (double)w, total = size_x + size_y;
    double per_x = 1 / size_x, per_y = 1 / size_y;
    double spread = 0, cvm = 0, ad = 0, last = 0, f = 0;
    size_t distinct = 0;
    struct merge m = {.x = reference, .y = current, .n = n, .w = w};
    while (merge_next(&m)) {
        if (distinct++ > 0 && f < 1)
            spread += sqrt(f * (1 - f)) * (m.value - last);
        double count = (double)(m.i - m.was_i) + (double)(m.j - m.was_j);
        f = (double)m.i * per_x;
        double gap = ((double)m.i * size_y - (double)m.j * size_x) * (per_x * per_y);
        cvm += count * gap * gap;
        double rank = (double)(m.was_i + m.was_j) + count / 2;
        double weight = rank * (total - rank) - total * count / 4;
        if (weight > 0)
            ad += count / (total * weight) *
                  (ad_part(m.i, m.was_i, size_x, total, rank) * per_x +
                   ad_part(m.j, m.was_j, size_y, total, rank) * per_y);
        last = m.value;
    }
    ret->w1.present = ret->has_cvm = true;
    ret->w1.value = w1;
    ret->w1.floor = sqrt(2 * (1 / size_x + 1 / size_y) / M_PI) * spread;
    w1_scales(reference, n, sd, &ret->w1);
    ret->cvm = cvm * size_x * size_y / (total * total);
    ret->has_ad = distinct > 1 && total > 3;
    if (ret->has_ad)
        ret->ad = (ad * (total - 1) / total - 1) / ad_sigma(size_x, size_y);
}
