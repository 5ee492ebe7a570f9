/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file's rows into the table: each value into the group of all rows, its segment and its period.
 */
#include "read_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/vec.h"
#include "input_private.h"

#define MOST_GROUPS 3 /* that a row belongs to */
#define NOBODY      -1

struct reading {
    struct table *table;
    const struct compare_options *options;
    enum table_side side;
    struct input in;
    int *targets; /* the table's column of each of the file's, or NOBODY */
    size_t n_targets, targets_capacity;
    int by, time; /* the file's columns, or NOBODY */
    bool again;   /* only the columns that turned out to be categories late */
    size_t groups[MOST_GROUPS], n_groups;
};

/* Quotes keep a comma inside a name, as in the files. */
bool read_list_step(const char **at, const char *name)
{
    const char *p = *at;
    bool quoted = *p == '"', same = true;
    p += quoted;
    while (*p && (quoted || *p != ',')) {
        if (quoted && *p == '"' && *++p != '"')
            break;
        same = same && *name == *p;
        name += same;
        p++;
    }
    for (; *p && *p != ','; p++)
        same = false;
    *at = *p ? p + 1 : NULL;
    return same && *name == '\0';
}

bool read_listed(const char *list, const char *name)
{
    while (list) {
        if (read_list_step(&list, name))
            return true;
    }
    return false;
}

static bool is_feature(const struct compare_options *o, const char *name)
{
    if (o->columns)
        return read_listed(o->columns, name);
    return !(o->time && strcmp(name, o->time) == 0);
}

static int map_column(struct reading *r, size_t i)
{
    const char *name = r->in.names[i];
    const struct compare_options *o = r->options;
    bool special = false;
    if (o->by && strcmp(name, o->by) == 0)
        special = (r->by = (int)i) >= 0;
    if (o->time && strcmp(name, o->time) == 0)
        special = (r->time = (int)i) >= 0;
    r->targets[i] = NOBODY;
    if (table_see(r->table, name) < 0)
        return ERR_NOMEM;
    if (is_feature(o, name)) {
        int column = table_column(r->table, name, r->side);
        if (column < 0)
            return column;
        struct table_column *c = &r->table->columns[column];
        c->categorical |= read_listed(o->categorical, name);
        /* What the reference does not have is not compared with anything. */
        if (c->has[TABLE_REFERENCE])
            r->targets[i] = column;
    }
    r->in.wanted[i] = special || r->targets[i] != NOBODY;
    return 0;
}

/* JSON lines may bring columns at any row. */
static int map_columns(struct reading *r, struct err *e)
{
    size_t n = r->in.n_columns;
    if (VEC_ROOM(r->targets, r->n_targets, r->targets_capacity, n - r->n_targets) < 0)
        return err_set(e, ERR_NOMEM, "out of memory");
    for (; r->n_targets < n; r->n_targets++) {
        if (map_column(r, r->n_targets) < 0)
            return err_set(e, ERR_NOMEM, "out of memory");
    }
    return 0;
}

static int find_segment(struct reading *r, struct err *e)
{
    struct value none = {.text = ""};
    const struct value *v = r->by == NOBODY ? &none : &r->in.values[r->by];
    const char *text = v->kind == VALUE_MISSING ? "" : v->text;
    int group = table_segment(r->table, text, v->kind == VALUE_MISSING ? 0 : v->length, e);
    if (group > 0)
        r->groups[r->n_groups++] = (size_t)group;
    return group < 0 ? group : 0;
}

/* Periods begin with the hour and the day, whole weeks on a Monday. */
static int64_t period_start(int64_t at_ms, int64_t length_ms)
{
    const int64_t day_ms = 86400000, monday_ms = 4 * day_ms;
    int64_t from_ms = length_ms % (7 * day_ms) == 0 ? monday_ms : 0;
    int64_t into_ms = (at_ms - from_ms) % length_ms;
    return at_ms - into_ms - (into_ms < 0 ? length_ms : 0);
}

/* What clock_parse() reads, a date alone, also without its dashes (eight digits are no epoch that
 * anybody means: they lie in 1970), and a time without seconds. */
static int parse_time(const struct value *v, int64_t *ret_ms)
{
    char text[32] = "";
    bool number = v->kind == VALUE_NUMBER;
    if (v->kind == VALUE_MISSING)
        return ERR_DATA;
    if (number && v->length == strlen("20260131"))
        snprintf(text, sizeof text, "%.4s-%.2s-%.2sT00:00:00Z", v->text, v->text + 4, v->text + 6);
    else if (!number && v->length == strlen("2026-01-31"))
        snprintf(text, sizeof text, "%.10sT00:00:00Z", v->text);
    else if (!number && v->length == strlen("2026-01-31 10:00"))
        snprintf(text, sizeof text, "%.16s:00Z", v->text);
    if (text[0] && clock_parse(text, strlen(text), ret_ms) == 0)
        return 0;
    return clock_parse(v->text, v->length, ret_ms);
}

static int refuse_time(const struct reading *r, bool absent, struct err *e)
{
    const struct value *v = absent ? NULL : &r->in.values[r->time];
    int column = absent ? 1 : input_position(&r->in, (size_t)r->time);
    if (!v || v->kind == VALUE_MISSING)
        return err_set_at(e, ERR_DATA, r->in.path, r->in.line, column,
                          "no time in the column \"%s\"", r->options->time);
    return err_set_at(e, ERR_DATA, r->in.path, r->in.line, column,
                      "no time in the column \"%s\": %.*s (RFC 3339, a date, or an epoch number)",
                      r->options->time, (int)(v->length < 40 ? v->length : 40), v->text);
}

static int find_period(struct reading *r, struct err *e)
{
    int64_t at_ms;
    bool absent = r->time == NOBODY;
    if (absent || parse_time(&r->in.values[r->time], &at_ms) < 0)
        return refuse_time(r, absent, e);
    int group = table_period(r->table, period_start(at_ms, r->options->chunk_ms), e);
    if (group > 0)
        r->groups[r->n_groups++] = (size_t)group;
    return group < 0 ? group : 0;
}

static int find_groups(struct reading *r, struct err *e)
{
    int rc = 0;
    r->groups[0] = 0;
    r->n_groups = 1;
    if (r->options->by)
        rc = find_segment(r, e);
    if (rc == 0 && r->options->chunk_ms && r->side == TABLE_CURRENT)
        rc = find_period(r, e);
    return rc;
}

static int add_values(struct reading *r, size_t group, struct err *e)
{
    for (size_t i = 0; i < r->n_targets; i++) {
        if (r->targets[i] == NOBODY)
            continue;
        int rc = table_add(r->table, group, r->side, (size_t)r->targets[i], &r->in.values[i], e);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int add_row(struct reading *r, struct err *e)
{
    int rc = r->n_targets < r->in.n_columns ? map_columns(r, e) : 0;
    if (rc == 0)
        rc = find_groups(r, e);
    for (size_t i = 0; rc == 0 && i < r->n_groups; i++) {
        if (!r->again)
            rc = table_row(r->table, r->groups[i], r->side, e);
        if (rc == 0)
            rc = add_values(r, r->groups[i], e);
    }
    return rc == 0 ? table_check(r->table, e) : rc;
}

static int read_rows(struct reading *r, struct err *e)
{
    int rc = map_columns(r, e);
    while (rc == 0) {
        rc = input_next(&r->in, e);
        if (rc <= 0)
            return rc;
        rc = add_row(r, e);
    }
    return rc;
}

/* Once more, for the columns in which a text came behind numbers. */
static int read_late(struct reading *r, struct err *e)
{
    bool *late = calloc(r->table->n_columns + 1, sizeof *late);
    if (!late)
        return err_set(e, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < r->table->n_columns; i++)
        late[i] = r->table->columns[i].late;
    r->again = table_restart_late(r->table);
    for (size_t i = 0; i < r->n_targets; i++) {
        if (r->targets[i] != NOBODY && !late[r->targets[i]])
            r->targets[i] = NOBODY;
        r->in.wanted[i] = r->targets[i] != NOBODY || (int)i == r->by;
    }
    free(late);
    if (!r->again)
        return 0;
    int rc = input_rewind(&r->in, e);
    return rc == 0 ? read_rows(r, e) : rc;
}

/* A column that an option names must be there to be used. */
static int check_special(const struct reading *r, struct err *e)
{
    const struct compare_options *o = r->options;
    if (o->by && r->by == NOBODY)
        return err_set(e, ERR_USAGE, "--by %s: %s has no such column", o->by, r->in.path);
    if (o->chunk_ms && r->side == TABLE_CURRENT && r->time == NOBODY)
        return err_set(e, ERR_USAGE, "--time %s: %s has no such column", o->time, r->in.path);
    return 0;
}

int read_side(struct table *t, const char *path, enum table_side side,
              const struct compare_options *options, struct err *e)
{
    struct reading r = {.table = t, .options = options, .side = side, .by = NOBODY, .time = NOBODY};
    int rc = input_open(&r.in, path, options, side == TABLE_REFERENCE, e);
    if (rc == 0)
        rc = map_columns(&r, e);
    /* the columns of JSON lines are known at the end only */
    if (rc == 0 && !r.in.json)
        rc = check_special(&r, e);
    if (rc == 0)
        rc = read_rows(&r, e);
    if (rc == 0 && r.in.json)
        rc = check_special(&r, e);
    if (rc == 0 && side == TABLE_REFERENCE)
        rc = read_late(&r, e);
    free(r.targets);
    input_done(&r.in);
    return rc;
}
