/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The state of the world in the recorder's memory: deployments and their versions, built from plain
 * descriptions and fed with observations. Cumulative counters become rates over the last minute
 * here, weights become shares. A version appears when anybody speaks of it (the registry, the
 * splitter, a server, a row), without a single made-up number: what no source said stays absent,
 * each group of numbers carries the time it was read, and what stopped being read keeps its old
 * time. Does no I/O and looks at no clock. Ids carry a generation, so a late reply about something
 * that is gone finds nothing.
 */
#ifndef DRIFTOP_MODEL_FLEET_H
#define DRIFTOP_MODEL_FLEET_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/model/observation.h"
#include "driftop/model/series.h"
#include "driftop/model/state.h"

#define FLEET_DEPLOYMENTS 16384
#define FLEET_VERSIONS    4096 /* of one deployment */
#define FLEET_SOURCES     64 /* that speak of one version, or splitter endpoints of a deployment */
#define FLEET_WINDOW_MS   60000

struct fleet;

struct fleet_id {
    uint32_t index, generation; /* generation 0: none */
};

/* One reply, or all replies of one poll. `source` is the recorder's own number of the source: two
 * replies with the same one continue the same counters. */
struct fleet_reading {
    struct fleet_id deployment;
    uint32_t source;
    const char *version; /* of a server's reply; NULL or "" otherwise */
    const struct observation *items;
    size_t n_items;
    int64_t wall_ms, mono_ms;
    /* The version a splitter's target stands for; not 0 when it stands for none. NULL: its name. */
    int (*target_version)(void *ctx, const char *target, char *buf, size_t size);
    void *ctx;
};

struct fleet *fleet_new(void);
void fleet_free(struct fleet *f);

/* Finds it by its name or adds it, and takes over what the configuration says (owner, runbook,
 * registry model, alias, has_...); what was observed stays. ERR_LIMIT, ERR_NOMEM. */
int fleet_put_deployment(struct fleet *f, const struct deployment_state *description,
                         struct fleet_id *ret);
void fleet_drop_deployment(struct fleet *f, struct fleet_id id);
/* NULL when it is gone. To be read, and its `id` and `n_features` set; valid until the next put. */
struct deployment_state *fleet_deployment(const struct fleet *f, struct fleet_id id);

/* Finds or adds a version. ERR_INVALID for a name that is empty, too long or holds control
 * characters, ERR_LIMIT, ERR_ABSENT when the deployment is gone, ERR_NOMEM. */
int fleet_put_version(struct fleet *f, struct fleet_id deployment, const char *name,
                      struct fleet_id *ret);
/* As fleet_deployment(). */
struct version_state *fleet_version(const struct fleet *f, struct fleet_id id);
/* All versions of a deployment in the order they appeared; borrowed until the next put or observe. */
size_t fleet_versions(const struct fleet *f, struct fleet_id deployment,
                      const struct fleet_id **ret);

/* Take a reading. Observations of versions that cannot be named are skipped and counted in the
 * result; ERR_ABSENT when the deployment is gone, ERR_NOMEM. A reading with at least one TARGET of
 * an endpoint is the whole of that endpoint: targets it does not name any more are forgotten. */
int fleet_observe(struct fleet *f, const struct fleet_reading *reading);
/* The source is not configured any more: what it said no longer counts. */
void fleet_drop_source(struct fleet *f, struct fleet_id deployment, uint32_t source);
/* n rows of this version were counted, the newest at newest_ms by its own time. */
void fleet_add_rows(struct fleet *f, struct fleet_id version, uint64_t n, int64_t newest_ms);
/* The last minutes of a number of the version; NULL when there never was any. */
const struct series *fleet_series(const struct fleet *f, struct fleet_id version,
                                  enum series_metric metric);

#endif
