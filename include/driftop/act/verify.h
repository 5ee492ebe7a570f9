/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Verification: a pure state machine over readings of the world. Accepted is not effective: an act
 * is verified when the effective shares are the planned ones and the requests really given agree
 * within max(0.5 points, 3 sigma) three times running; a version set to zero must stop growing
 * within 10 s. Who reads, and when, is the caller's matter.
 */
#ifndef DRIFTOP_ACT_VERIFY_H
#define DRIFTOP_ACT_VERIFY_H

#include "driftop/act/world.h"

#define VERIFY_AGREE      3
#define VERIFY_STOP_MS    10000
#define VERIFY_REQUESTS   10    /* below, there is too little traffic to tell */
#define VERIFY_SOFT_MS    30000 /* then a verdict is due: not observed, or stalled */
#define VERIFY_HARD_MS    45000
#define VERIFY_TOLERANCE  0.005
#define VERIFY_VERSIONS   32
#define VERIFY_POINTER_MS 2000 /* an alias must still stand after so long */

enum verify_result {
    VERIFY_PENDING,
    VERIFY_DONE,         /* verified */
    VERIFY_NOT_OBSERVED, /* effective, but too little traffic to tell */
    VERIFY_DIVERGED,     /* somebody set a third value */
    VERIFY_STALLED,      /* not effective, or not followed, after VERIFY_SOFT_MS; or a version set
                            to zero goes on growing after VERIFY_STOP_MS */
    VERIFY_FAILED,       /* still the old state after VERIFY_HARD_MS */
};

struct verify {
    const struct world *before, *after; /* borrowed: what was, what shall be */
    int64_t started_ms;                 /* monotonic */
    int64_t effective_ms;               /* since when effective is as planned, 0: not yet */
    int agree;
    double base_total[VERIFY_VERSIONS]; /* sessions per share of `after` where counting begins */
    bool has_base;
    double seen_total; /* requests since the base */
    char text[192];    /* the last look in words: "v42 0 of 309 requests, agrees 2 of 3" */
};

void verify_init(struct verify *v, const struct world *before, const struct world *after,
                 int64_t mono_ms);
enum verify_result verify_look(struct verify *v, const struct world *now, int64_t mono_ms);
/* Could not read: after VERIFY_HARD_MS that is VERIFY_STALLED. */
enum verify_result verify_blind(struct verify *v, const char *why, int64_t mono_ms);

#endif
