/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "latency_private.h"

#include <math.h>
#include <string.h>

void latency_merge(struct latency *l, size_t n, const double *le_s, const double *count)
{
    size_t kept = 0, k = 0;

    if (!l->begun) {
        l->begun = true;
        l->n = n;
        memcpy(l->le_s, le_s, n * sizeof *le_s);
        memcpy(l->count, count, n * sizeof *count);
        return;
    }
    for (size_t i = 0; i < l->n; i++) {
        while (k < n && le_s[k] < l->le_s[i])
            k++;
        if (k == n || le_s[k] > l->le_s[i])
            continue;
        l->le_s[kept] = l->le_s[i];
        l->count[kept++] = l->count[i] + count[k];
    }
    l->n = kept;
}

bool latency_quantile(const struct latency *l, double q, struct latency_quantile *ret)
{
    double total = l->n ? l->count[l->n - 1] : 0;
    double rank = q * total;
    double low, below;
    size_t i = 0;

    if (!(total > 0) || !isfinite(l->le_s[0]))
        return false;
    while (i < l->n - 1 && l->count[i] < rank)
        i++;
    low = i > 0 ? l->le_s[i - 1] : fmin(0, l->le_s[0]);
    if (isinf(l->le_s[i])) {
        *ret = (struct latency_quantile){low, low, INFINITY, true};
        return true;
    }
    below = i > 0 ? l->count[i - 1] : 0;
    *ret = (struct latency_quantile){.low_s = low, .high_s = l->le_s[i]};
    ret->value_s = l->count[i] > below
                       ? low + (l->le_s[i] - low) * (rank - below) / (l->count[i] - below)
                       : l->le_s[i];
    return true;
}
