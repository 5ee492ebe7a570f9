/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the fleet holds. Entries are allocated one by one, so pointers to them stay until the entry
 * is dropped; ids name slots, and a slot's generation goes up each time it is filled.
 */
#ifndef DRIFTOP_MODEL_FLEET_PRIVATE_H
#define DRIFTOP_MODEL_FLEET_PRIVATE_H

#include "counters_private.h"
#include "driftop/base/map.h"
#include "driftop/model/fleet.h"

/* What one source said about one version. */
struct track {
    uint32_t source;
    bool has_ready, ready, has_metrics, has_queue;
    char text[64];
    double queue;
    int64_t ready_at_ms, ready_mono_ms, metrics_at_ms, metrics_mono_ms;
    struct counters counters;
};

struct version_entry {
    struct fleet_id id, deployment;
    struct version_state state;
    struct track *tracks;
    size_t n_tracks, tracks_capacity;
    struct series *series; /* SERIES_N of them, or NULL */
    char registry_text[64];
    /* Scratch of fleet_shares(). */
    double desired_sum, effective_sum, sessions_sum;
    bool named; /* a splitter has a target for it */
};

struct target {
    char name[MODEL_NAME_SIZE];
    struct version_entry *version;
    unsigned has;
    double desired_weight, effective_weight;
    bool up, kept;
    char state[32];
    struct counters counters;
};

/* The targets one endpoint of a splitter has. */
struct splitter {
    uint32_t source;
    unsigned endpoint;
    bool read; /* in the present reading */
    int64_t at_ms, mono_ms;
    struct target *targets;
    size_t n_targets, targets_capacity;
};

struct deployment_entry {
    struct fleet_id id;
    struct deployment_state state;
    struct fleet_id *versions;
    size_t n_versions, versions_capacity;
    struct map by_name; /* version name -> struct version_entry * */
    struct splitter *splitters;
    size_t n_splitters, splitters_capacity;
};

struct slot {
    void *entry; /* NULL: free */
    uint32_t generation;
};

struct slots {
    struct slot *items;
    size_t n_items, items_capacity;
    uint32_t *free_list;
    size_t n_free, free_capacity;
};

struct fleet {
    struct slots deployments, versions;
    struct map by_name; /* deployment name -> struct deployment_entry * */
};

struct deployment_entry *fleet_get_deployment(const struct fleet *f, struct fleet_id id);
struct version_entry *fleet_get_version(const struct fleet *f, struct fleet_id id);
/* As fleet_put_version(), handing out the entry. */
int fleet_need_version(struct fleet *f, struct deployment_entry *d, const char *name,
                       struct version_entry **ret);

/* The entry's numbers from all that its sources said. */
void fleet_refresh_ready(struct version_entry *v);
void fleet_refresh_metrics(struct version_entry *v, int64_t mono_ms);
/* The shares of every version of the deployment. */
void fleet_refresh_shares(const struct fleet *f, struct deployment_entry *d, int64_t mono_ms);
/* A target leaves, or a whole endpoint. */
void splitter_done(struct splitter *s);
void track_done(struct track *t);
/* NULL when out of memory. */
struct series *fleet_need_series(struct version_entry *v);

#endif
