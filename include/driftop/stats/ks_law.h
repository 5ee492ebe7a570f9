/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How likely a Kolmogorov-Smirnov statistic at least as large is without drift. Each law fills p
 * and log10_p; p may underflow to 0, log10_p does not.
 */
#ifndef DRIFTOP_STATS_KS_LAW_H
#define DRIFTOP_STATS_KS_LAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ks;

#define KS_EXACT_PRODUCT 20000000 /* n * w up to which the exact law is used */

/* Conditional on the ties of the pooled sample: Viehmann's recursion on the probability of having
 * left the band (arXiv 2102.08037), with absorption at the ends of ties only (Schroeer and
 * Trenkler 1995). gap as in struct ks_gap. O(n w) time, O(min(n, w)) memory. ERR_NOMEM. */
int ks_law_exact(const double *reference, size_t n, const double *current, size_t w, uint64_t gap,
                 double *ret_p, double *ret_log10_p);

/* The law of the limit, 2 sum (-1)^(j-1) exp(-2 j^2 z^2). */
void ks_law_limit(double z, double *ret_p, double *ret_log10_p);

/* The law of the one-sample statistic of n values, after Simard and L'Ecuyer (J. Stat. Software 39,
 * 2011): Durbin's matrix for small n, Pelz and Good's expansion, and Smirnov's one-sided sum in the
 * tail. Relative error below 1e-6 for p down to 1e-300. */
void ks_law_one_sample(double d, uint64_t n, double *ret_p, double *ret_log10_p);

/* Ties ignored: the limit when n = w, else the one-sample law at rint(n w/(n + w)). */
void ks_law_asymptotic(double d, uint64_t n, uint64_t w, double *ret_p, double *ret_log10_p);

/* Fill p, log10_p and method of a present statistic by ks_law_asymptotic(), which for small n takes
 * up to a millisecond; or, quick, within 0.1 % in some microseconds. */
void ks_fill_p(struct ks *ks, bool quick);

#endif
