/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Distances between two arrays of counts on the same cells. a are the reference's counts, b the
 * current ones; N and W their sums, p and q their shares, k = 1/N + 1/W. A cell empty on both sides
 * is left out; B cells remain. Every value is given with the floor that sampling alone would
 * produce. Definitions: vectors/README.md and docs/STATISTICS.md.
 */
#ifndef DRIFTOP_STATS_DIVERGENCE_H
#define DRIFTOP_STATS_DIVERGENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIVERGENCE_CELLS 80 /* the most that report cells ever are */

/* sum (q-p) ln(q/p) with p = (a + 1/2)/(N + B/2); floor (B-1)k; p from chi-square of value/k. */
struct psi {
    double value, floor, excess, p;
    size_t cells;
};

/* Jensen-Shannon in bits on raw shares; distance is the root of the divergence; the floor
 * (B-1)k/(8 ln 2) is of the divergence. */
struct js {
    double distance, divergence, floor_divergence, excess_divergence;
};

/* 2 x K homogeneity without Yates; cells whose smaller expected count is under 5 are pooled. */
struct chi2 {
    double value, p;
    size_t df;
};

struct divergence {
    bool present; /* false when a side has no rows; then nothing below means anything */
    struct psi psi;
    struct js js;
    double kl, kl_floor;               /* sum q ln(q/p), smoothed as PSI; floor (B-1)k/2 */
    double hellinger, hellinger_floor; /* sqrt(sum (sqrt p - sqrt q)^2 / 2); sqrt((B-1)k/8) */
    double tv, tv_floor;               /* sum |p-q| / 2; sum sqrt(k m(1-m)/(2 pi)), pooled m */
    double linf;                       /* max |p-q| */
    struct chi2 chi2;
};

/* n cells, at most DIVERGENCE_CELLS. Does not allocate. */
void divergence_of(const uint64_t *a, const uint64_t *b, size_t n, struct divergence *ret);

/* The p of a chi-square of counts that vary `inflation` times as much as independent rows, with the
 * spread and shape of struct design: the law with the same mean, variance and skewness (Hall, Buckley
 * and Eagleson). 1, 0, 1 gives the plain p. */
double divergence_chi2_p(const struct chi2 *chi2, double inflation, double spread, double shape);

/* One cell's part of the PSI when `cells` cells are not empty. */
double divergence_psi_part(uint64_t a, uint64_t b, uint64_t reference_rows, uint64_t current_rows,
                           size_t cells);

#endif
