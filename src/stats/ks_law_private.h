/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The three ways to the one-sample law of Kolmogorov and Smirnov, each good where it is used.
 */
#ifndef DRIFTOP_STATS_KS_LAW_PRIVATE_H
#define DRIFTOP_STATS_KS_LAW_PRIVATE_H

#include <stdint.h>

#define KS_DURBIN_MAX  500
#define KS_DURBIN_TAIL 3.0
/* For larger n the matrix stays small, and the expansion of Pelz and Good poor, up to this
 * n d^(3/2) (Simard and L'Ecuyer, J. Stat. Software 39, 2011). */
#define KS_DURBIN_FAR  100000
#define KS_DURBIN_NEAR 1.4

/* P(D < d) where n <= KS_DURBIN_MAX and n d^2 < KS_DURBIN_TAIL, or n <= KS_DURBIN_FAR and
 * n d^(3/2) <= KS_DURBIN_NEAR: Durbin's matrix, raised to the nth power as Marsaglia, Tsang and
 * Wang do (J. Stat. Software 8, 2003). */
double ks_durbin(double d, uint64_t n);

/* P(D < d) for large n: the expansion in 1/sqrt(n) of Pelz and Good (JRSS B 38, 1976). */
double ks_pelz_good(double d, uint64_t n);

/* log P(D+ >= d), Smirnov's finite sum; for large n taken in strides, which a sum of smooth terms
 * that vanish at both ends allows without loss. 0 < d < 1. */
double ks_smirnov_log(double d, uint64_t n);

#endif
