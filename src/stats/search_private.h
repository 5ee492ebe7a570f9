/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding a place among rising doubles. Eight ways a step: the compares of a step do not wait for
 * each other and nothing branches on them, which for some hundred numbers beats halving.
 */
#ifndef DRIFTOP_STATS_SEARCH_PRIVATE_H
#define DRIFTOP_STATS_SEARCH_PRIVATE_H

#include <stddef.h>

#define SEARCH_WAYS 8

/* Index of the first of n rising numbers that is not below x; n when there is none. */
static inline size_t search_first(const double *rising, size_t n, double x)
{
    const double *base = rising;
    size_t length = n;
    while (length > SEARCH_WAYS) {
        size_t step = length / SEARCH_WAYS, below = 0;
        for (size_t k = 1; k < SEARCH_WAYS; k++)
            below += base[k * step - 1] < x;
        base += below * step;
        length = below == SEARCH_WAYS - 1 ? length - below * step : step;
    }
    size_t below = (size_t)(base - rising);
    for (size_t i = 0; i < length; i++)
        below += base[i] < x;
    return below;
}

#endif
