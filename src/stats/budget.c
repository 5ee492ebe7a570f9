/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/budget.h"

#include <math.h>

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
