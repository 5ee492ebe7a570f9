/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/model/fleet.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "fleet_private.h"

static int slots_put(struct slots *s, void *entry, struct fleet_id *ret)
{
    uint32_t index;

    /* The free list is given room here, so that dropping can never fail. */
    if (VEC_ROOM(s->free_list, s->n_items, s->free_capacity, 1) < 0)
        return ERR_NOMEM;
    if (s->n_free > 0) {
        index = s->free_list[--s->n_free];
    } else {
        if (VEC_ROOM(s->items, s->n_items, s->items_capacity, 1) < 0)
            return ERR_NOMEM;
        index = (uint32_t)s->n_items++;
        s->items[index] = (struct slot){0};
    }
    s->items[index].entry = entry;
    if (++s->items[index].generation == 0)
        s->items[index].generation = 1;
    *ret = (struct fleet_id){index, s->items[index].generation};
    return 0;
}

static void *slots_get(const struct slots *s, struct fleet_id id)
{
    if (id.generation == 0 || id.index >= s->n_items ||
        s->items[id.index].generation != id.generation)
        return NULL;
    return s->items[id.index].entry;
}

static void slots_drop(struct slots *s, struct fleet_id id)
{
    s->items[id.index].entry = NULL;
    s->free_list[s->n_free++] = id.index;
}

static void slots_done(struct slots *s)
{
    free(s->items);
    free(s->free_list);
}

struct deployment_entry *fleet_get_deployment(const struct fleet *f, struct fleet_id id)
{
    return slots_get(&f->deployments, id);
}

struct version_entry *fleet_get_version(const struct fleet *f, struct fleet_id id)
{
    return slots_get(&f->versions, id);
}

struct fleet *fleet_new(void)
{
    struct fleet *f = calloc(1, sizeof *f);

    if (f)
        map_init(&f->by_name);
    return f;
}

static void version_free(struct version_entry *v)
{
    for (size_t i = 0; i < v->n_tracks; i++)
        track_done(&v->tracks[i]);
    free(v->tracks);
    free(v->series);
    free(v);
}

static void deployment_free(struct deployment_entry *d)
{
    for (size_t i = 0; i < d->n_splitters; i++)
        splitter_done(&d->splitters[i]);
    free(d->splitters);
    free(d->versions);
    map_done(&d->by_name);
    free(d);
}

void fleet_free(struct fleet *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->versions.n_items; i++)
        if (f->versions.items[i].entry)
            version_free(f->versions.items[i].entry);
    for (size_t i = 0; i < f->deployments.n_items; i++)
        if (f->deployments.items[i].entry)
            deployment_free(f->deployments.items[i].entry);
    slots_done(&f->versions);
    slots_done(&f->deployments);
    map_done(&f->by_name);
    free(f);
}

static int add_deployment(struct fleet *f, const char *name, struct deployment_entry **ret)
{
    struct deployment_entry *d;
    union map_value *place;

    if (f->by_name.count >= FLEET_DEPLOYMENTS)
        return ERR_LIMIT;
    d = calloc(1, sizeof *d);
    if (!d)
        return ERR_NOMEM;
    map_init(&d->by_name);
    place = map_put(&f->by_name, name, NULL);
    if (!place || slots_put(&f->deployments, d, &d->id) < 0) {
        map_remove(&f->by_name, name);
        deployment_free(d);
        return ERR_NOMEM;
    }
    place->pointer = d;
    *ret = d;
    return 0;
}

int fleet_put_deployment(struct fleet *f, const struct deployment_state *description,
                         struct fleet_id *ret)
{
    const union map_value *known = map_get(&f->by_name, description->name);
    struct deployment_entry *d = known ? known->pointer : NULL;
    struct deployment_state former = {0};
    int result;

    if (!d && (result = add_deployment(f, description->name, &d)) < 0)
        return result;
    former = d->state;
    d->state = *description;
    d->state.id = former.id ? former.id : description->id;
    d->state.n_features = former.n_features;
    /* Another alias is another question: its answer is not known yet. */
    if (strcmp(former.champion_alias, description->champion_alias) == 0) {
        str_copy(d->state.champion, sizeof d->state.champion, former.champion);
        d->state.champion_at_ms = former.champion_at_ms;
    } else {
        d->state.champion[0] = '\0';
        d->state.champion_at_ms = 0;
    }
    *ret = d->id;
    return 0;
}

void fleet_drop_deployment(struct fleet *f, struct fleet_id id)
{
    struct deployment_entry *d = fleet_get_deployment(f, id);

    if (!d)
        return;
    for (size_t i = 0; i < d->n_versions; i++) {
        struct version_entry *v = fleet_get_version(f, d->versions[i]);
        slots_drop(&f->versions, d->versions[i]);
        version_free(v);
    }
    map_remove(&f->by_name, d->state.name);
    slots_drop(&f->deployments, id);
    deployment_free(d);
}

struct deployment_state *fleet_deployment(const struct fleet *f, struct fleet_id id)
{
    struct deployment_entry *d = fleet_get_deployment(f, id);

    return d ? &d->state : NULL;
}

static bool name_usable(const char *name)
{
    size_t length = strnlen(name, MODEL_NAME_SIZE);

    if (length == 0 || length >= MODEL_NAME_SIZE)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return false;
    return true;
}

int fleet_need_version(struct fleet *f, struct deployment_entry *d, const char *name,
                       struct version_entry **ret)
{
    const union map_value *known = map_get(&d->by_name, name);
    union map_value *place;
    struct version_entry *v;

    if (known) {
        *ret = known->pointer;
        return 0;
    }
    if (!name_usable(name))
        return ERR_INVALID;
    if (d->n_versions >= FLEET_VERSIONS)
        return ERR_LIMIT;
    if (VEC_ROOM(d->versions, d->n_versions, d->versions_capacity, 1) < 0)
        return ERR_NOMEM;
    v = calloc(1, sizeof *v);
    if (!v)
        return ERR_NOMEM;
    place = map_put(&d->by_name, name, NULL);
    if (!place || slots_put(&f->versions, v, &v->id) < 0) {
        map_remove(&d->by_name, name);
        free(v);
        return ERR_NOMEM;
    }
    place->pointer = v;
    v->deployment = d->id;
    str_copy(v->state.version, sizeof v->state.version, name);
    d->versions[d->n_versions++] = v->id;
    *ret = v;
    return 0;
}

int fleet_put_version(struct fleet *f, struct fleet_id deployment, const char *name,
                      struct fleet_id *ret)
{
    struct deployment_entry *d = fleet_get_deployment(f, deployment);
    struct version_entry *v;
    int result;

    if (!d)
        return ERR_ABSENT;
    result = fleet_need_version(f, d, name, &v);
    if (result == 0)
        *ret = v->id;
    return result;
}

struct version_state *fleet_version(const struct fleet *f, struct fleet_id id)
{
    struct version_entry *v = fleet_get_version(f, id);

    return v ? &v->state : NULL;
}

size_t fleet_versions(const struct fleet *f, struct fleet_id deployment,
                      const struct fleet_id **ret)
{
    const struct deployment_entry *d = fleet_get_deployment(f, deployment);

    *ret = d ? d->versions : NULL;
    return d ? d->n_versions : 0;
}

void fleet_add_rows(struct fleet *f, struct fleet_id version, uint64_t n, int64_t newest_ms)
{
    struct version_entry *v = fleet_get_version(f, version);

    if (!v)
        return;
    v->state.rows_total += n;
    if (newest_ms > v->state.rows_at_ms)
        v->state.rows_at_ms = newest_ms;
}

struct series *fleet_need_series(struct version_entry *v)
{
    if (!v->series)
        v->series = calloc(SERIES_N, sizeof *v->series);
    return v->series;
}

const struct series *fleet_series(const struct fleet *f, struct fleet_id version,
                                  enum series_metric metric)
{
    const struct version_entry *v = fleet_get_version(f, version);

    return v && v->series && metric < SERIES_N ? &v->series[metric] : NULL;
}
