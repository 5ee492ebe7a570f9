/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/compare/compare.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "judge_private.h"
#include "read_private.h"

#define LEAST_MEMORY ((size_t)64 << 10)

/* Segments by their value, then periods by time. */
static int compare_groups(const void *a, const void *b)
{
    const struct group *x = *(const struct group *const *)a, *y = *(const struct group *const *)b;
    if (!x->label != !y->label)
        return x->label ? -1 : 1;
    if (x->label)
        return strcmp(x->label, y->label);
    return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

static int make_group(struct compare_report *r, struct compare_group *g, struct group *from,
                      const struct group *all)
{
    bool period = from != all && !from->label;
    g->label = from->label;
    from->label = NULL;
    g->start_ms = from->start_ms;
    g->reference_rows = (period ? all : from)->sides[TABLE_REFERENCE].rows;
    g->current_rows = from->sides[TABLE_CURRENT].rows;
    g->features = calloc(r->n_features + 1, sizeof *g->features);
    if (!g->features)
        return ERR_NOMEM;
    for (size_t i = 0; i < r->n_features; i++)
        g->features[i].name = r->names[i];
    return 0;
}

/* The report's frame, with the columns' names and the groups' rows. */
static int make_frame(struct compare_report *r, struct table *t)
{
    qsort(t->groups + 1, t->n_groups - 1, sizeof(struct group *), compare_groups);
    r->n_segments = t->segments.count;
    r->n_periods = t->periods.count;
    r->names = calloc(t->n_columns + 1, sizeof(char *));
    r->groups = calloc(t->n_groups, sizeof *r->groups);
    if (!r->names || !r->groups)
        return ERR_NOMEM;
    for (; r->n_features < t->n_columns; r->n_features++) {
        r->names[r->n_features] = strdup(t->columns[r->n_features].name);
        if (!r->names[r->n_features])
            return ERR_NOMEM;
    }
    for (size_t i = 0; i < t->n_groups; i++) {
        r->n_groups++;
        if (make_group(r, &r->groups[i], t->groups[i], t->groups[0]) < 0)
            return ERR_NOMEM;
    }
    return 0;
}

/* Whether a column of either file has the name that the list stands at; moves to the next one. */
static bool names_column(const struct table *t, const char **at)
{
    const char *next = NULL;
    bool found = false;
    for (size_t i = 0; i < t->n_seen && !found; i++) {
        next = *at;
        found = read_list_step(&next, t->seen[i]);
    }
    if (found)
        *at = next;
    return found;
}

/* Every name of a list must be a column of one of the files. A list without a name is a variable
 * of somebody's script that was not set: to compare nothing and call it ok would be a lie. */
static int check_list(const struct table *t, const char *option, const char *list, struct err *e)
{
    if (list && list[strspn(list, ",")] == '\0')
        return err_set(e, ERR_USAGE, "%s: no column is named", option);
    while (list && *list) {
        if (*list == ',')
            list++;
        else if (!names_column(t, &list))
            return err_set(e, ERR_USAGE, "%s %s: neither file has such a column", option, list);
    }
    return 0;
}

static int read_both(struct table *t, const struct compare_options *o, const char *reference,
                     const char *current, struct err *e)
{
    int rc = read_side(t, reference, TABLE_REFERENCE, o, e);
    if (rc == 0)
        rc = read_side(t, current, TABLE_CURRENT, o, e);
    if (rc == 0)
        rc = check_list(t, "--columns", o->columns, e);
    if (rc == 0)
        rc = check_list(t, "--categorical", o->categorical, e);
    if (rc == 0 && t->n_columns == 0)
        rc = err_set(e, ERR_DATA, "there is no column to compare");
    return rc == 0 ? table_complete(t, e) : rc;
}

int compare_run(const char *reference, const char *current, const struct compare_options *options,
                struct compare_report *ret, struct err *e)
{
    struct table t;
    size_t limit = options->memory_bytes ? options->memory_bytes : COMPARE_MEMORY_BYTES;
    *ret = (struct compare_report){
        .alpha = options->judge.alpha > 0 ? options->judge.alpha : VERDICT_ALPHA,
        .by = options->by,
        .chunk_ms = options->chunk_ms,
        .reference_path = strdup(reference),
        .current_path = strdup(current),
    };
    int rc = table_init(&t, limit > LEAST_MEMORY ? limit : LEAST_MEMORY);
    if (rc < 0 || !ret->reference_path || !ret->current_path)
        rc = err_set(e, ERR_NOMEM, "out of memory");
    if (rc == 0)
        rc = read_both(&t, options, reference, current, e);
    if (rc == 0 && make_frame(ret, &t) < 0)
        rc = err_set(e, ERR_NOMEM, "out of memory");
    if (rc == 0)
        rc = judge_table(&t, options, ret, e);
    table_done(&t);
    return rc;
}

static void group_done(struct compare_group *g, size_t n_features)
{
    for (size_t i = 0; g->features && i < n_features; i++) {
        free(g->features[i].cells);
        free(g->features[i].sentence);
    }
    free(g->features);
    free(g->label);
}

void compare_done(struct compare_report *r)
{
    for (size_t i = 0; i < r->n_groups; i++)
        group_done(&r->groups[i], r->n_features);
    for (size_t i = 0; i < r->n_features; i++)
        free(r->names[i]);
    free(r->groups);
    free(r->names);
    free(r->reference_path);
    free(r->current_path);
    *r = (struct compare_report){.n_groups = 0};
}
