/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/vec.h"
#include "driftop/compare/compare.h"

static int no_memory(struct err *e)
{
    return err_set(e, ERR_NOMEM, "out of memory");
}

/* The index of a new group. */
static int add_group(struct table *t)
{
    if (VEC_ROOM(t->groups, t->n_groups, t->groups_capacity, 1) < 0)
        return ERR_NOMEM;
    struct group *g = calloc(1, sizeof *g);
    if (!g)
        return ERR_NOMEM;
    t->groups[t->n_groups] = g;
    return (int)t->n_groups++;
}

int table_init(struct table *t, size_t limit_bytes)
{
    *t = (struct table){.n_columns = 0};
    spool_init(&t->spool, limit_bytes);
    map_init(&t->by_name);
    map_init(&t->segments);
    map_init(&t->periods);
    int rc = add_group(t);
    return rc < 0 ? rc : 0;
}

static void bin_done(struct table *t, struct bin *b)
{
    numbers_done(&b->numbers, &t->spool);
    texts_done(&b->texts, &t->spool);
}

static void group_free(struct table *t, struct group *g)
{
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < g->sides[side].n_bins; i++)
            bin_done(t, &g->sides[side].bins[i]);
        free(g->sides[side].bins);
    }
    free(g->label);
    free(g);
}

void table_done(struct table *t)
{
    for (size_t i = 0; i < t->n_groups; i++)
        group_free(t, t->groups[i]);
    free(t->groups);
    for (size_t i = 0; i < t->n_columns; i++)
        free(t->columns[i].name);
    free(t->columns);
    for (size_t i = 0; i < t->n_seen; i++)
        free(t->seen[i]);
    free(t->seen);
    map_done(&t->by_name);
    map_done(&t->segments);
    map_done(&t->periods);
    spool_done(&t->spool);
    *t = (struct table){.spool = {.fd = -1}};
}

int table_see(struct table *t, const char *name)
{
    if (VEC_ROOM(t->seen, t->n_seen, t->seen_capacity, 1) < 0)
        return ERR_NOMEM;
    t->seen[t->n_seen] = strdup(name);
    if (!t->seen[t->n_seen])
        return ERR_NOMEM;
    t->n_seen++;
    return 0;
}

int table_column(struct table *t, const char *name, enum table_side side)
{
    bool fresh;
    if (VEC_ROOM(t->columns, t->n_columns, t->columns_capacity, 1) < 0)
        return ERR_NOMEM;
    char *copy = strdup(name);
    union map_value *at = copy ? map_put(&t->by_name, name, &fresh) : NULL;
    if (!at || !fresh)
        free(copy);
    if (!at)
        return ERR_NOMEM;
    if (fresh) {
        at->number = (int64_t)t->n_columns;
        t->columns[t->n_columns++] = (struct table_column){.name = copy};
    }
    t->columns[at->number].has[side] = true;
    return (int)at->number;
}

static int named_group(struct table *t, struct map *map, const void *key, size_t length,
                       const char *what, struct err *e)
{
    bool fresh;
    if (map->count >= COMPARE_GROUPS && !map_get_bytes(map, key, length))
        return err_set(e, ERR_LIMIT, "more than %d %s", COMPARE_GROUPS, what);
    union map_value *at = map_put_bytes(map, key, length, &fresh);
    if (!at)
        return no_memory(e);
    if (fresh) {
        int group = add_group(t);
        if (group < 0)
            return no_memory(e);
        at->number = group;
    }
    return (int)at->number;
}

int table_segment(struct table *t, const char *label, size_t length, struct err *e)
{
    int group = named_group(t, &t->segments, label, length, "segments", e);
    if (group >= 0 && !t->groups[group]->label) {
        t->groups[group]->label = strndup(label, length);
        if (!t->groups[group]->label)
            return no_memory(e);
    }
    return group;
}

int table_period(struct table *t, int64_t start_ms, struct err *e)
{
    int group = named_group(t, &t->periods, &start_ms, sizeof start_ms, "periods", e);
    if (group >= 0)
        t->groups[group]->start_ms = start_ms;
    return group;
}

static int fit_bins(struct table *t, struct side *s)
{
    if (s->n_bins >= t->n_columns)
        return 0;
    size_t more = t->n_columns - s->n_bins;
    if (VEC_ROOM(s->bins, s->n_bins, s->bins_capacity, more) < 0)
        return ERR_NOMEM;
    memset(&s->bins[s->n_bins], 0, more * sizeof *s->bins);
    s->n_bins += more;
    return 0;
}

int table_complete(struct table *t, struct err *e)
{
    for (size_t i = 0; i < t->n_groups; i++) {
        if (fit_bins(t, &t->groups[i]->sides[TABLE_REFERENCE]) < 0 ||
            fit_bins(t, &t->groups[i]->sides[TABLE_CURRENT]) < 0)
            return no_memory(e);
    }
    return 0;
}

int table_row(struct table *t, size_t group, enum table_side side, struct err *e)
{
    struct side *s = &t->groups[group]->sides[side];
    if (s->rows >= SIDE_ROWS)
        return err_set(e, ERR_LIMIT, "more than %llu rows", (unsigned long long)SIDE_ROWS);
    s->rows++;
    return fit_bins(t, s) < 0 ? no_memory(e) : 0;
}

static int add_number(struct table *t, struct numbers *x, double number, struct err *e)
{
    if (x->n == x->capacity && numbers_grow(x, &t->spool) < 0)
        return no_memory(e);
    x->values[x->n++] = number;
    return 0;
}

static bool has_numbers(const struct table *t, size_t column)
{
    const struct side *all = &t->groups[0]->sides[TABLE_REFERENCE];
    const struct numbers *x = &all->bins[column].numbers;
    return numbers_count(x) + x->positive + x->negative > 0;
}

/* A text where numbers were expected. The rows of all groups come in turn, so that the first group
 * knows first. */
static int add_stray(struct table *t, size_t group, enum table_side side, size_t column,
                     const struct value *value, struct err *e)
{
    struct bin *bin = &t->groups[group]->sides[side].bins[column];
    if (side == TABLE_CURRENT) {
        bin->numbers.invalid++;
        return 0;
    }
    if (has_numbers(t, column)) {
        t->columns[column].late = true;
        return 0;
    }
    t->columns[column].categorical = true;
    return texts_add(&bin->texts, &t->spool, value->text, value->length) < 0 ? no_memory(e) : 0;
}

int table_add(struct table *t, size_t group, enum table_side side, size_t column,
              const struct value *value, struct err *e)
{
    struct bin *bin = &t->groups[group]->sides[side].bins[column];
    if (value->kind == VALUE_MISSING || t->columns[column].late)
        return 0;
    if (t->columns[column].categorical)
        return texts_add(&bin->texts, &t->spool, value->text, value->length) < 0 ? no_memory(e) : 0;
    if (value->kind == VALUE_TEXT)
        return add_stray(t, group, side, column, value, e);
    if (isfinite(value->number))
        return add_number(t, &bin->numbers, value->number, e);
    if (value->number > 0)
        bin->numbers.positive++;
    else
        bin->numbers.negative++;
    return 0;
}

static int spill_side(struct table *t, struct side *s, struct err *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < s->n_bins; i++) {
        rc = numbers_spill(&s->bins[i].numbers, &t->spool, e);
        if (rc == 0)
            rc = texts_spill(&s->bins[i].texts, &t->spool, e);
    }
    return rc;
}

int table_check(struct table *t, struct err *e)
{
    /* Half of the limit: growing doubles, and sorting wants room as well. */
    if (t->spool.used_bytes <= t->spool.limit_bytes / 2)
        return 0;
    for (size_t i = 0; i < t->n_groups; i++) {
        int rc = spill_side(t, &t->groups[i]->sides[TABLE_REFERENCE], e);
        if (rc == 0)
            rc = spill_side(t, &t->groups[i]->sides[TABLE_CURRENT], e);
        if (rc < 0)
            return rc;
    }
    return 0;
}

bool table_restart_late(struct table *t)
{
    bool any = false;
    for (size_t column = 0; column < t->n_columns; column++) {
        if (!t->columns[column].late)
            continue;
        any = true;
        t->columns[column].late = false;
        t->columns[column].categorical = true;
        for (size_t i = 0; i < t->n_groups; i++) {
            struct side *s = &t->groups[i]->sides[TABLE_REFERENCE];
            if (column < s->n_bins)
                bin_done(t, &s->bins[column]);
        }
    }
    return any;
}
