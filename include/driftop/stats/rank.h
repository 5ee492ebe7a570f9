/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Statistics that need the values themselves: Wasserstein-1, Cramer-von Mises, Anderson-Darling.
 * Arrays are sorted and finite. Nothing here allocates.
 */
#ifndef DRIFTOP_STATS_RANK_H
#define DRIFTOP_STATS_RANK_H

#include <stdbool.h>
#include <stddef.h>

/* Integral |F - G|, in the feature's unit; divided by the reference's standard deviation (ddof 0),
 * and by (q3 - q1)/1.3489795003921634. Absent is NaN: where the divisor is 0. The floor is
 * sqrt(2k/pi) times the integral of sqrt(F(1-F)) over the reference. */
struct w1 {
    bool present;
    double value, per_sd, per_iqr, floor;
};

struct rank {
    struct w1 w1;
    bool has_cvm; /* n w/(n+w)^2 sum over pooled values of count (F-G)^2 */
    double cvm;
    bool has_ad; /* normalised midrank statistic of Scholz and Stephens (1987) */
    double ad;
};

/* All of them; absent when a side is empty. sd is the reference's standard deviation, from
 * quantile_moments(), and w1 the distance itself, which ks_w1_sorted() finds together with D: what is
 * left takes twice as long, and not everybody asks for it. */
void rank_of(const double *reference, size_t n, const double *current, size_t w, double sd,
             double w1, struct rank *ret);

#endif
