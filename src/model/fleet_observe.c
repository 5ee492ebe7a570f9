/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One reading into the fleet: each observation finds its version and its source's track, and what
 * follows from it is computed again.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "fleet_private.h"

struct observing {
    struct fleet *fleet;
    struct deployment_entry *deployment;
    const struct fleet_reading *reading;
    bool traffic; /* a splitter spoke: shares must be computed again */
};

void track_done(struct track *t)
{
    counters_done(&t->counters);
}

static int version_of(struct observing *o, const struct observation *item,
                      struct version_entry **ret)
{
    const char *name = item->version[0] ? item->version : o->reading->version;

    return fleet_need_version(o->fleet, o->deployment, name ? name : "", ret);
}

static int track_of(struct version_entry *v, uint32_t source, struct track **ret)
{
    for (size_t i = 0; i < v->n_tracks; i++)
        if (v->tracks[i].source == source) {
            *ret = &v->tracks[i];
            return 0;
        }
    if (v->n_tracks >= FLEET_SOURCES)
        return ERR_LIMIT;
    if (VEC_ROOM(v->tracks, v->n_tracks, v->tracks_capacity, 1) < 0)
        return ERR_NOMEM;
    *ret = &v->tracks[v->n_tracks++];
    **ret = (struct track){.source = source};
    return 0;
}

static int observe_ready(struct observing *o, const struct observation *item)
{
    struct version_entry *v;
    struct track *t;
    int result = version_of(o, item, &v);

    if (result < 0 || (result = track_of(v, o->reading->source, &t)) < 0)
        return result;
    t->has_ready = true;
    t->ready = item->ready;
    t->ready_at_ms = o->reading->wall_ms;
    t->ready_mono_ms = o->reading->mono_ms;
    str_copy(t->text, sizeof t->text, item->text);
    fleet_refresh_ready(v);
    return 0;
}

static int observe_metrics(struct observing *o, const struct observation *item)
{
    struct version_entry *v;
    struct track *t;
    int result = version_of(o, item, &v);

    if (result < 0 || (result = track_of(v, o->reading->source, &t)) < 0)
        return result;
    result = counters_add(&t->counters, item->has, &item->metrics, o->reading->mono_ms);
    if (result < 0)
        return result;
    t->has_metrics = true;
    t->has_queue = item->has & HAS_QUEUE;
    t->queue = item->metrics.queue;
    t->metrics_at_ms = o->reading->wall_ms;
    t->metrics_mono_ms = o->reading->mono_ms;
    fleet_refresh_metrics(v, o->reading->mono_ms);
    return 0;
}

static int observe_version(struct observing *o, const struct observation *item)
{
    struct version_entry *v;
    int result = version_of(o, item, &v);

    if (result < 0)
        return result;
    if (item->has & HAS_CREATED)
        v->state.registered_ms = item->created_ms;
    /* A version that may not be deployed says why; for all others the servers speak. */
    str_copy(v->registry_text, sizeof v->registry_text, item->ready ? "" : item->text);
    if (!(v->state.has & (VERSION_READY | VERSION_UP)))
        str_copy(v->state.state, sizeof v->state.state, v->registry_text);
    return 0;
}

static int observe_alias(struct observing *o, const struct observation *item)
{
    struct deployment_state *d = &o->deployment->state;
    struct version_entry *v;

    if (d->champion_alias[0] && strcmp(item->text, d->champion_alias) != 0)
        return 0;
    if (item->version[0]) {
        int result = fleet_need_version(o->fleet, o->deployment, item->version, &v);
        if (result < 0)
            return result;
    }
    str_copy(d->champion, sizeof d->champion, item->version);
    d->champion_at_ms = o->reading->wall_ms;
    return 0;
}

static int splitter_of(struct observing *o, unsigned endpoint, struct splitter **ret)
{
    struct deployment_entry *d = o->deployment;

    for (size_t i = 0; i < d->n_splitters; i++)
        if (d->splitters[i].source == o->reading->source && d->splitters[i].endpoint == endpoint) {
            *ret = &d->splitters[i];
            return 0;
        }
    if (d->n_splitters >= FLEET_SOURCES)
        return ERR_LIMIT;
    if (VEC_ROOM(d->splitters, d->n_splitters, d->splitters_capacity, 1) < 0)
        return ERR_NOMEM;
    *ret = &d->splitters[d->n_splitters++];
    **ret = (struct splitter){.source = o->reading->source, .endpoint = endpoint};
    return 0;
}

static int target_of(struct splitter *s, const char *name, struct target **ret)
{
    for (size_t i = 0; i < s->n_targets; i++)
        if (strcmp(s->targets[i].name, name) == 0) {
            *ret = &s->targets[i];
            return 0;
        }
    if (s->n_targets >= FLEET_VERSIONS)
        return ERR_LIMIT;
    if (VEC_ROOM(s->targets, s->n_targets, s->targets_capacity, 1) < 0)
        return ERR_NOMEM;
    *ret = &s->targets[s->n_targets++];
    **ret = (struct target){0};
    str_copy((*ret)->name, sizeof(*ret)->name, name);
    return 0;
}

/* Sessions and errors of a target are counters like a server's requests. */
static int count_sessions(struct target *t, const struct observation *item, int64_t mono_ms)
{
    struct observed_metrics *m;
    unsigned has = 0;
    int result;

    if (!(item->has & HAS_SESSIONS))
        return 0;
    m = calloc(1, sizeof *m);
    if (!m)
        return ERR_NOMEM;
    m->requests_total = item->target.sessions_total;
    m->errors_total = item->target.errors_total;
    has = HAS_REQUESTS | (item->has & HAS_ERRORS);
    result = counters_add(&t->counters, has, m, mono_ms);
    free(m);
    return result;
}

static int observe_target(struct observing *o, const struct observation *item)
{
    const struct fleet_reading *r = o->reading;
    char name[MODEL_NAME_SIZE];
    struct version_entry *v;
    struct splitter *s;
    struct target *t;
    int result;

    str_copy(name, sizeof name, item->target.target);
    if (r->target_version && r->target_version(r->ctx, item->target.target, name, sizeof name) != 0)
        return ERR_ABSENT;
    result = fleet_need_version(o->fleet, o->deployment, name, &v);
    if (result < 0 || (result = splitter_of(o, item->endpoint, &s)) < 0 ||
        (result = target_of(s, item->target.target, &t)) < 0 ||
        (result = count_sessions(t, item, r->mono_ms)) < 0)
        return result;
    t->version = v;
    t->kept = true;
    t->has = item->has;
    t->desired_weight = item->target.desired_weight;
    t->effective_weight = item->target.effective_weight;
    t->up = item->target.up;
    str_copy(t->state, sizeof t->state, item->target.state);
    s->read = true;
    s->at_ms = r->wall_ms;
    s->mono_ms = r->mono_ms;
    o->traffic = true;
    return 0;
}

void splitter_done(struct splitter *s)
{
    for (size_t i = 0; i < s->n_targets; i++)
        counters_done(&s->targets[i].counters);
    free(s->targets);
}

/* An endpoint that was read in this reading has exactly the targets it named. */
static void forget_targets(struct observing *o)
{
    for (size_t i = 0; i < o->deployment->n_splitters; i++) {
        struct splitter *s = &o->deployment->splitters[i];
        size_t n = 0;
        if (!s->read)
            continue;
        for (size_t k = 0; k < s->n_targets; k++) {
            if (s->targets[k].kept)
                s->targets[n++] = s->targets[k];
            else
                counters_done(&s->targets[k].counters);
        }
        s->n_targets = n;
    }
}

static void begin_traffic(struct observing *o)
{
    for (size_t i = 0; i < o->deployment->n_splitters; i++) {
        struct splitter *s = &o->deployment->splitters[i];
        s->read = false;
        for (size_t k = 0; k < s->n_targets; k++)
            s->targets[k].kept = false;
    }
}

static int observe(struct observing *o, const struct observation *item)
{
    switch (item->kind) {
    case OBSERVATION_READY: return observe_ready(o, item);
    case OBSERVATION_METRICS: return observe_metrics(o, item);
    case OBSERVATION_VERSION: return observe_version(o, item);
    case OBSERVATION_ALIAS: return observe_alias(o, item);
    case OBSERVATION_TARGET: return observe_target(o, item);
    case OBSERVATION_CONTROL: break;
    }
    return 0;
}

int fleet_observe(struct fleet *f, const struct fleet_reading *reading)
{
    struct observing o = {f, fleet_get_deployment(f, reading->deployment), reading, false};
    int skipped = 0;

    if (!o.deployment)
        return ERR_ABSENT;
    begin_traffic(&o);
    for (size_t i = 0; i < reading->n_items; i++) {
        int result = observe(&o, &reading->items[i]);
        if (result == ERR_NOMEM)
            return result;
        skipped += result < 0;
    }
    if (o.traffic) {
        forget_targets(&o);
        fleet_refresh_shares(f, o.deployment, reading->mono_ms);
    }
    return skipped;
}

void fleet_drop_source(struct fleet *f, struct fleet_id deployment, uint32_t source)
{
    struct deployment_entry *d = fleet_get_deployment(f, deployment);
    int64_t newest_ms = 0;
    size_t n = 0;

    if (!d)
        return;
    for (size_t i = 0; i < d->n_versions; i++) {
        struct version_entry *v = fleet_get_version(f, d->versions[i]);
        for (size_t k = 0; k < v->n_tracks; k++) {
            if (v->tracks[k].source != source)
                continue;
            track_done(&v->tracks[k]);
            v->tracks[k--] = v->tracks[--v->n_tracks];
            fleet_refresh_ready(v);
            fleet_refresh_metrics(v, v->n_tracks ? v->tracks[0].metrics_mono_ms : 0);
        }
    }
    for (size_t i = 0; i < d->n_splitters; i++) {
        if (d->splitters[i].source == source) {
            splitter_done(&d->splitters[i]);
            continue;
        }
        if (d->splitters[i].mono_ms > newest_ms)
            newest_ms = d->splitters[i].mono_ms;
        d->splitters[n++] = d->splitters[i];
    }
    if (n != d->n_splitters) {
        d->n_splitters = n;
        fleet_refresh_shares(f, d, newest_ms);
    }
}
