/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a drift's verdict stands on, for the one line that people read: which statistic, how far, and from
 * where on it counts.
 */
#ifndef DRIFTOP_MODEL_GROUND_H
#define DRIFTOP_MODEL_GROUND_H

#include "driftop/model/drift.h"

/* The changes of a rate. */
#define DRIFT_RATES (DRIFT_MISSING | DRIFT_UNSEEN | DRIFT_RANGE | DRIFT_INVALID | DRIFT_INFINITE)

struct drift_ground {
    unsigned reason; /* bits of enum drift_reason: one distance, or the rates; 0: nothing */
    double value;    /* of a rate with its sign */
    double threshold;
};

/* From where on a statistic warns, or pages (stats/verdict.h); that of the rates for any other bit. */
double drift_threshold(unsigned reason, bool page);
/* How far from the reference: the worst statistic, in units of where a page begins. What is absent is
 * passed over. */
double drift_distance(const struct drift_summary *d);

/* The verdict against the reference, from the bits and numbers of the summary. */
struct drift_ground drift_ground(const struct drift_summary *d);
/* That against the champion, where that is the worse one; else the same. */
struct drift_ground drift_worst_ground(const struct drift_summary *d);

#endif
