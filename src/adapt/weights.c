/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights_private.h"

#include <math.h>
#include <string.h>

#define NEAR_ENOUGH 0.0025

struct candidate {
    double error;
    int n_dips; /* targets that would lose traffic on the way up */
    int sum;
};

static struct candidate judge(const double *ratio, const double *before, size_t n,
                              const int *weight)
{
    struct candidate c = {0};
    double sum_before = 0;

    for (size_t i = 0; i < n; i++) {
        c.sum += weight[i];
        sum_before += before[i];
    }
    for (size_t i = 0; i < n; i++) {
        double share = (double)weight[i] / c.sum;
        double share_before = sum_before > 0 ? before[i] / sum_before : 0;
        c.error = fmax(c.error, fabs(share - ratio[i]));
        c.n_dips += ratio[i] > share_before + NEAR_ENOUGH && weight[i] < before[i];
    }
    return c;
}

/* The weights whose largest is m. */
static void scale(const double *ratio, size_t n, double largest, int m, int *ret)
{
    for (size_t i = 0; i < n; i++) {
        ret[i] = (int)lround(ratio[i] / largest * m);
        if (ret[i] == 0 && ratio[i] > 0)
            ret[i] = 1;
    }
}

static int better(const struct candidate *a, const struct candidate *b)
{
    if (a->n_dips != b->n_dips)
        return a->n_dips < b->n_dips;
    if (fabs(a->error - b->error) > 1e-9)
        return a->error < b->error;
    if ((a->sum == 100) != (b->sum == 100))
        return a->sum == 100;
    return a->sum > b->sum;
}

double weights_choose(const double *ratio, const double *before, size_t n, int top, int *ret)
{
    struct candidate best = {.error = INFINITY}, c;
    double largest = 0, least = INFINITY;
    int weight[WEIGHTS_MAX];

    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, ratio[i]);
    for (int m = 1; m <= top; m++) {
        scale(ratio, n, largest, m, weight);
        c = judge(ratio, before, n, weight);
        least = fmin(least, c.error);
    }
    for (int m = 1; m <= top; m++) {
        scale(ratio, n, largest, m, weight);
        c = judge(ratio, before, n, weight);
        if (c.error > least + NEAR_ENOUGH || (isfinite(best.error) && !better(&c, &best)))
            continue;
        best = c;
        memcpy(ret, weight, n * sizeof *ret);
    }
    return best.error;
}
