/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store that the screens are measured on: 200 deployments of two versions with 50 features, a week
 * of history, some alerts; and somebody who writes it as a recorder does.
 */
#ifndef DRIFTOP_TESTS_BENCH_SCREEN_WORLD_H
#define DRIFTOP_TESTS_BENCH_SCREEN_WORLD_H

#include "bench.h"
#include "driftop/model/drift.h"
#include "driftop/model/state.h"

#define WORLD_DEPLOYMENTS 200
#define WORLD_VERSIONS    2
#define WORLD_FEATURES    50
#define WORLD_SUMMARIES   (WORLD_FEATURES * WINDOW_LEVELS)

struct store;

struct world {
    struct bench *bench;
    struct store *store;
    char config[512], path[512]; /* of the configuration, of the store */
    uint64_t state;
    struct layout *layout; /* the same for all */
    size_t n_deployments;
    struct deployment_state deployments[WORLD_DEPLOYMENTS];
    struct version_state versions[WORLD_DEPLOYMENTS * WORLD_VERSIONS];
    struct drift_summary summaries[WORLD_SUMMARIES];
};

/* Writes configuration and store. `world` is large: on the heap. */
void world_make(struct bench *b, struct world *ret);
/* What a recorder writes in a second: every version, now and then the summaries, who and when. */
void world_write(struct world *w, unsigned round);
void bench_world_done(struct world *w);

#endif
