/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/ks_law.h"

#include <math.h>
#include <stdlib.h>

#include "driftop/base/err.h"
#include "driftop/stats/ks.h"
#include "ks_law_private.h"

static void settle(double log_p, double *ret_p, double *ret_log10_p)
{
    *ret_p = exp(fmin(log_p, 0));
    *ret_log10_p = fmin(log_p, 0) / M_LN10;
}

/* Up to this n d^2 the law of large n is 1 minus something that keeps its digits. */
#define PELZ_GOOD_TAIL 2.2
/* For an answer in microseconds the matrix is left at this n. */
#define QUICK_DURBIN_MAX 20

/* The recursion of Viehmann along one diagonal after the other. After t pooled values, u[i] is the
 * probability that a path that has taken i of the smaller side had left the band before. Only
 * first .. last can differ from 1. Long double, because u goes down to 10^-2700 on the way. */
struct walk {
    size_t m, l; /* sizes of the smaller and the larger side */
    uint64_t gap;
    long double *u;
    size_t first, last;
};

static void walk_step(struct walk *s, size_t t)
{
    size_t low = t > s->l && t - s->l > s->first ? t - s->l : s->first;
    size_t high = s->last + 1 < s->m ? s->last + 1 : s->m;
    long double share = 1.0L / (long double)t;
    for (size_t i = high; i > low; i--)
        s->u[i] = ((long double)i * s->u[i - 1] + (long double)(t - i) * s->u[i]) * share;
    if (low > 0)
        s->u[low] = ((long double)low * s->u[low - 1] + (long double)(t - low) * s->u[low]) * share;
    s->first = low;
    s->last = high;
}

static bool walk_outside(const struct walk *s, size_t i, size_t t)
{
    uint64_t a = (uint64_t)i * s->l, b = (uint64_t)(t - i) * s->m;
    return (a > b ? a - b : b - a) >= s->gap;
}

/* At the end of a tie: who is outside the band now has left it. */
static void walk_absorb(struct walk *s, size_t t)
{
    while (s->first < s->last && walk_outside(s, s->first, t))
        s->u[s->first++] = 1;
    while (s->last > s->first && walk_outside(s, s->last, t))
        s->u[s->last--] = 1;
    if (walk_outside(s, s->first, t))
        s->u[s->first] = 1;
}

/* Take the smallest value left of two sorted arrays. */
static double take(const double **x, const double *x_end, const double **y, const double *y_end)
{
    if (*y == y_end || (*x < x_end && **x <= **y))
        return *(*x)++;
    return *(*y)++;
}

int ks_law_exact(const double *reference, size_t n, const double *current, size_t w, uint64_t gap,
                 double *ret_p, double *ret_log10_p)
{
    settle(0, ret_p, ret_log10_p);
    if (gap == 0)
        return 0;
    struct walk s = {.m = n < w ? n : w, .l = n < w ? w : n, .gap = gap};
    s.u = calloc(s.m + 1, sizeof *s.u);
    if (!s.u)
        return ERR_NOMEM;
    for (size_t i = 1; i <= s.m; i++)
        s.u[i] = 1;
    const double *x = reference, *y = current, *x_end = x + n, *y_end = y + w;
    for (size_t t = 1; t <= n + w; t++) {
        double value = take(&x, x_end, &y, y_end);
        walk_step(&s, t);
        if ((x == x_end || *x > value) && (y == y_end || *y > value))
            walk_absorb(&s, t);
    }
    settle((double)logl(s.u[s.m]), ret_p, ret_log10_p);
    free(s.u);
    return 0;
}

void ks_law_limit(double z, double *ret_p, double *ret_log10_p)
{
    double zz = z * z;
    if (z < 1.18) {
        /* The theta function's other form converges fast here. */
        double sum = 0;
        for (int j = 1; z > 0.04 && j <= 7; j += 2)
            sum += exp(-j * j * M_PI * M_PI / (8 * zz));
        double below = z > 0.04 ? sqrt(2 * M_PI) / z * sum : 0;
        settle(log1p(-below), ret_p, ret_log10_p);
        return;
    }
    double sum = 1 - exp(-6 * zz) + exp(-16 * zz) - exp(-30 * zz);
    settle(M_LN2 - 2 * zz + log(sum), ret_p, ret_log10_p);
}

/* Two one-sided events. Both happen at once only where d < 1/2, about exp(-6 z^2) of the time: past
 * n d^2 = 3 that is beyond the last digit already. */
static double tail_log(double d, double n)
{
    double zz = n * d * d, both = d < 0.5 && zz < KS_DURBIN_TAIL ? exp(-6 * zz) : 0;
    return M_LN2 + ks_smirnov_log(d, (uint64_t)n) + log1p(-both);
}

/* Whether Durbin's matrix is worth its time: for a quick answer it is only while it is tiny. */
static bool suits_durbin(double d, uint64_t n, uint64_t durbin_max)
{
    double count = (double)n;
    if (n <= durbin_max)
        return count * d * d < KS_DURBIN_TAIL;
    return durbin_max == KS_DURBIN_MAX && n <= KS_DURBIN_FAR &&
           count * d * sqrt(d) <= KS_DURBIN_NEAR;
}

/* Durbin's matrix up to durbin_max, by which the time is spent and the digits are had. */
static void one_sample(double d, uint64_t n, uint64_t durbin_max, double *ret_p,
                       double *ret_log10_p)
{
    double count = (double)n, zz = count * d * d;
    if (count * d <= 0.5)
        settle(0, ret_p, ret_log10_p);
    else if (suits_durbin(d, n, durbin_max))
        settle(log1p(-fmin(ks_durbin(d, n), 1)), ret_p, ret_log10_p);
    else if (zz < PELZ_GOOD_TAIL)
        settle(log1p(-fmin(ks_pelz_good(d, n), 1)), ret_p, ret_log10_p);
    else
        settle(tail_log(d, count), ret_p, ret_log10_p);
}

void ks_law_one_sample(double d, uint64_t n, double *ret_p, double *ret_log10_p)
{
    one_sample(d, n, KS_DURBIN_MAX, ret_p, ret_log10_p);
}

/* log of the probability that all of one side lies beyond all of the other. */
static double apart_log(uint64_t n, uint64_t w)
{
    return M_LN2 + lgamma((double)n + 1) + lgamma((double)w + 1) - lgamma((double)(n + w) + 1);
}

static void asymptotic(double d, uint64_t n, uint64_t w, uint64_t durbin_max, double *ret_p,
                       double *ret_log10_p)
{
    double mean = (double)n * (double)w / (double)(n + w);
    if (n == w)
        ks_law_limit(d * sqrt(mean), ret_p, ret_log10_p);
    else if (d < 1)
        one_sample(d, (uint64_t)fmax(1, rint(mean)), durbin_max, ret_p, ret_log10_p);
    else /* where the one-sample law is 0 the logarithm still has to say how far away it is */
        settle(apart_log(n, w), ret_p, ret_log10_p);
}

void ks_law_asymptotic(double d, uint64_t n, uint64_t w, double *ret_p, double *ret_log10_p)
{
    asymptotic(d, n, w, KS_DURBIN_MAX, ret_p, ret_log10_p);
}

void ks_fill_p(struct ks *ks, bool quick)
{
    if (!ks->present)
        return;
    asymptotic(ks->d, ks->n, ks->w, quick ? QUICK_DURBIN_MAX : KS_DURBIN_MAX, &ks->p, &ks->log10_p);
    ks->method = KS_ASYMPTOTIC;
    ks->has_p = true;
}
