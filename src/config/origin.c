/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/config/origin.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/arena.h"
#include "driftop/base/err.h"
#include "driftop/base/vec.h"
#include "driftop/config/config.h"

#define PREFIX_MAX 320

/* A value and what it is sorted by: its scope's number, its place, the order it was found in. */
struct entry {
    struct config_origin origin;
    size_t scope, found;
};

struct list {
    struct arena *memory; /* of the names */
    struct entry *entries;
    size_t n_entries, entries_capacity;
    size_t scope;
    int r;
};

static void add(struct list *list, const char *prefix, const char *name, const char *value,
                const char *file, int line, int column)
{
    if (list->r == 0)
        list->r = VEC_ROOM(list->entries, list->n_entries, list->entries_capacity, 1);
    char *full = arena_textf(list->memory, "%s%s%s", prefix, *prefix ? "." : "", name);
    if (!full)
        list->r = ERR_NOMEM;
    if (list->r < 0)
        return;
    struct entry *entry = &list->entries[list->n_entries];
    *entry = (struct entry){.origin = {full, value, file, line, column},
                            .scope = list->scope,
                            .found = list->n_entries};
    list->n_entries++;
}

static void add_set(struct list *list, const char *prefix, const struct option_set *set)
{
    for (size_t i = 0; i < set->n_rows; i++) {
        const struct option_value *value = &set->values[i];
        if (value->present)
            add(list, prefix, set->rows[i].name, value->written, value->file, value->line,
                value->column);
    }
}

static void scope_name(char prefix[PREFIX_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void scope_name(char prefix[PREFIX_MAX], const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(prefix, PREFIX_MAX, format, ap);
    va_end(ap);
}

static void add_adapter(struct list *list, const char *prefix, const struct config_adapter *adapter,
                        const char *file)
{
    if (!adapter)
        return;
    list->scope++;
    add(list, prefix, "type", adapter->type, file, adapter->line, adapter->column);
    add_set(list, prefix, &adapter->options);
}

static void add_adapters(struct list *list, const char *prefix,
                         const struct config_adapter *adapters, size_t n, const char *file)
{
    char name[PREFIX_MAX];
    for (size_t i = 0; i < n; i++) {
        scope_name(name, "%s.%zu", prefix, i);
        add_adapter(list, name, &adapters[i], file);
    }
}

static void add_deployment(struct list *list, const struct config_deployment *d, const char *file)
{
    char prefix[PREFIX_MAX], name[PREFIX_MAX];
    list->scope++;
    scope_name(prefix, "deployments.%s", d->name);
    add_set(list, prefix, &d->options);
    scope_name(name, "deployments.%s.traffic", d->name);
    add_adapter(list, name, d->traffic, file);
    for (size_t i = 0; i < d->n_versions; i++) {
        const struct config_version *v = &d->versions[i];
        list->scope++;
        scope_name(name, "deployments.%s.versions.%s", d->name, v->version);
        add_set(list, name, &v->options);
        scope_name(name, "deployments.%s.versions.%s.servers", d->name, v->version);
        add_adapters(list, name, v->servers, v->n_servers, file);
    }
    scope_name(name, "deployments.%s.features", d->name);
    add_adapters(list, name, d->features, d->n_features, file);
    scope_name(name, "deployments.%s.reference", d->name);
    add_adapter(list, name, d->reference, file);
    list->scope++;
    scope_name(name, "deployments.%s.rules", d->name);
    add_set(list, name, &d->rules);
}

static void add_config(struct list *list, const struct config *c)
{
    char name[PREFIX_MAX];
    add_set(list, "", &c->options);
    list->scope++;
    add_set(list, "defaults.rules", &c->default_rules);
    for (size_t i = 0; i < c->n_registries; i++) {
        scope_name(name, "registries.%s", c->registries[i].name);
        add_adapter(list, name, &c->registries[i], c->path);
    }
    for (size_t i = 0; i < c->n_deployments; i++)
        add_deployment(list, &c->deployments[i], c->path);
    add_adapters(list, "notify", c->notify, c->n_notify, c->path);
    for (size_t i = 0; i < c->n_credentials; i++) {
        list->scope++;
        scope_name(name, "act.%s", c->credentials[i].registry);
        add_set(list, name, &c->credentials[i].options);
    }
}

static int order(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int line_a = a->origin.line ? a->origin.line : INT_MAX;
    int line_b = b->origin.line ? b->origin.line : INT_MAX;
    if (a->scope != b->scope)
        return a->scope < b->scope ? -1 : 1;
    if (line_a != line_b)
        return line_a < line_b ? -1 : 1;
    if (a->origin.column != b->origin.column)
        return a->origin.column < b->origin.column ? -1 : 1;
    return a->found < b->found ? -1 : 1;
}

int config_each_origin(const struct config *c, config_origin_fn *fn, void *ctx)
{
    struct list list = {.memory = arena_new()};
    if (!list.memory)
        return ERR_NOMEM;
    add_config(&list, c);
    if (list.r == 0 && list.n_entries)
        qsort(list.entries, list.n_entries, sizeof *list.entries, order);
    for (size_t i = 0; list.r == 0 && i < list.n_entries; i++)
        fn(&list.entries[i].origin, ctx);
    free(list.entries);
    arena_free(list.memory);
    return list.r;
}
