/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two-sample Kolmogorov-Smirnov statistic: D = max |F - G| in exact integers, with ties and
 * unequal sizes; on counts, where a cell hides the order of its values, a bracket [D_lo, D_hi]
 * around it. F is the reference (n finite values), G the current (w); k = 1/n + 1/w.
 */
#ifndef DRIFTOP_STATS_KS_H
#define DRIFTOP_STATS_KS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the current values lie, seen from the reference, at the widest gap. */
enum ks_direction { KS_NONE, KS_LOWER, KS_HIGHER };
enum ks_method { KS_EXACT, KS_ASYMPTOTIC };

struct ks {
    bool present; /* false when a side has no finite value */
    bool has_p;   /* p, log10_p and method are filled */
    uint64_t n, w;
    double d, d_low, d_high;          /* the statistic; the ends of its band at alpha */
    double bracket_low, bracket_high; /* equal to d where D is exactly known */
    double floor;                     /* 0.8687 sqrt(k): the mean of D without drift */
    double location;                  /* smallest value (or cut point) that attains D */
    double reference_below_ratio;     /* F there: the share of values up to the location */
    double current_below_ratio;       /* G there */
    enum ks_direction direction;
    double p, log10_p;
    enum ks_method method;
};

/* The integer answer: D = gap / (n w), and how many values of each side are up to the location. */
struct ks_gap {
    uint64_t gap;
    double location;
    enum ks_direction direction;
    uint64_t reference_below, current_below;
};

/* Half width of the band: sqrt(-ln(alpha/2)/2) sqrt(1/n + 1/w). */
double ks_band(double alpha, uint64_t n, uint64_t w);

/* From two sorted arrays of finite values, n and w at least 1 and below 2^32. */
struct ks_gap ks_gap_sorted(const double *reference, size_t n, const double *current, size_t w);

/* The same, and from the same merge the Wasserstein-1 distance: the integral of |F - G|. */
struct ks_gap ks_w1_sorted(const double *reference, size_t n, const double *current, size_t w,
                           double *ret_w1);

/* Everything but p from a gap known exactly. */
void ks_from_gap(const struct ks_gap *gap, uint64_t n, uint64_t w, double alpha, struct ks *ret);

/* The integer answer on counts: D lies in [low, high] / (n w). */
struct ks_bracket {
    uint64_t n, w; /* finite values of each side; when one is 0 nothing below means anything */
    uint64_t low, high;
    size_t cut;          /* the first at whose end low is attained */
    uint64_t at_f, at_g; /* F and G there, times n w */
};
struct ks_bracket ks_bracket_counts(const double *cuts, size_t n_cuts, const uint32_t *reference,
                                    const uint32_t *current);

/* On counts of right-closed cells: cell i ends at cuts[i], the last (i = n_cuts) is open. D_lo is
 * the largest difference at a cut; between the cuts D can be no larger than D_hi, where a cell that
 * holds one double only, or none of one side, adds nothing. The band is laid around the bracket. */
void ks_from_counts(const double *cuts, size_t n_cuts, const uint32_t *reference,
                    const uint32_t *current, double alpha, struct ks *ret);

/* "none", "lower", "higher"; "exact", "asymptotic". */
const char *ks_direction_name(enum ks_direction direction);
const char *ks_method_name(enum ks_method method);

#endif
