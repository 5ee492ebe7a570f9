/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What watch.c remembers from one look to the next; it belongs to the recorder.
 */
#ifndef DRIFTOP_RECORD_WATCH_H
#define DRIFTOP_RECORD_WATCH_H

#include <stddef.h>
#include <stdint.h>

struct act;

/* An act that its process left: since when its locks are free, and how often it was taken up. */
struct left_act {
    char id[32];
    int64_t free_ms, next_ms; /* monotonic; 0: not free */
    int tries;
};

/* watch.c: acts of other processes that are still to be looked at. */
struct watch {
    struct left_act left[16];
    size_t n_left;
    int64_t looked_ms; /* monotonic */
    struct act *act;   /* the one that is being taken up; NULL: none */
    char by[256];
};

#endif
