/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cumulative counters of one source as they grow: at each reading what was added since the last is
 * summed up, so that a restarted process (a counter that went back) costs one reading's accuracy and
 * nothing else. A small ring of those sums answers how much was added over about a minute.
 *
 * One list of numbers: requests, errors, latency sum and count, then the histogram's buckets.
 */
#ifndef DRIFTOP_MODEL_COUNTERS_PRIVATE_H
#define DRIFTOP_MODEL_COUNTERS_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/model/observation.h"

#define COUNTERS_RING 16

enum counters_slot {
    COUNTER_REQUESTS,
    COUNTER_ERRORS,
    COUNTER_LATENCY_SUM,
    COUNTER_LATENCY_COUNT,
    COUNTER_BUCKETS
};

struct counters {
    unsigned has;    /* which were in the readings: the HAS_ bits of metrics */
    size_t n_values; /* COUNTER_BUCKETS and the buckets */
    double le_s[MODEL_LATENCY_MAX];
    double *last;  /* as read */
    double *total; /* summed up since the first reading */
    double *ring;  /* COUNTERS_RING former totals */
    int64_t ring_ms[COUNTERS_RING];
    int64_t last_ms;
    unsigned head, n; /* head: where the next one goes; n 0: nothing read */
};

void counters_done(struct counters *c);
/* Take a reading. Other buckets or other fields than before start anew. ERR_NOMEM. */
int counters_add(struct counters *c, unsigned has, const struct observed_metrics *m,
                 int64_t mono_ms);
/* What was added over the last window_ms or what is nearest to that: n_values numbers into ret
 * (room for COUNTER_BUCKETS + MODEL_LATENCY_MAX). Returns the time they took, 0 when there are not
 * two readings. */
int64_t counters_window(const struct counters *c, int64_t window_ms, double *ret);

#endif
