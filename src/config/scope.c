/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One map of the file against one table. Rows with dotted names form groups, which are maps inside
 * the map; `nested` keys are read by whoever owns the table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "report.h"

/* A walk through one map and its groups. `prefix` is "" or "poll.". */
struct walk {
    struct loader *l;
    const struct table *table;
    const char *title;
    struct option_set *set;
};

#define PREFIX_MAX 64

static const struct option_row *find_row(const struct table *table, const char *name, size_t *ret_i)
{
    for (size_t i = 0; i < table->n_rows; i++)
        if (!strcmp(table->rows[i].name, name)) {
            *ret_i = i;
            return &table->rows[i];
        }
    return NULL;
}

static bool is_nested(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->n_nested; i++)
        if (!strcmp(table->nested[i], name))
            return true;
    return false;
}

/* True when some row or nested key is called NAME.something. */
static bool is_group(const struct table *table, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < table->n_rows; i++)
        if (!strncmp(table->rows[i].name, name, length) && table->rows[i].name[length] == '.')
            return true;
    for (size_t i = 0; i < table->n_nested; i++)
        if (!strncmp(table->nested[i], name, length) && table->nested[i][length] == '.')
            return true;
    return false;
}

static void add_known(struct names *names, const char *name, const char *prefix)
{
    size_t skip = strlen(prefix);
    if (!strncmp(name, prefix, skip))
        names_add(names, name + skip, strcspn(name + skip, "."));
}

static void unknown_key(const struct walk *w, const struct yaml_node *key, const char *prefix)
{
    struct names names = {0};
    char quoted[REPORT_QUOTED], advice[300];
    int group = (int)strlen(prefix) - 1;
    for (size_t i = 0; i < w->table->n_rows; i++)
        if (!(w->table->rows[i].flags & OPTION_HIDDEN))
            add_known(&names, w->table->rows[i].name, prefix);
    for (size_t i = 0; i < w->table->n_nested; i++)
        add_known(&names, w->table->nested[i], prefix);
    report_advice(advice, sizeof advice, &names, key->text);
    loader_mistake(w->l, key, "unknown key %s%s%s%s%.*s%s", report_quote(quoted, key->text),
                   *w->title || group > 0 ? " in " : "", w->title,
                   *w->title && group > 0 ? ", " : "", group > 0 ? group : 0, prefix, advice);
}

static void read_value(const struct walk *w, size_t i, const struct yaml_node *key,
                       const struct yaml_node *node)
{
    struct option_value *value = &w->set->values[i];
    loader_value(w->l, &w->table->rows[i], node, value);
    value->given = true; /* also after a mistake: it is not missing */
    value->file = w->l->where;
    value->line = key->line;
    value->column = key->column;
}

static void read_keys(const struct walk *w, const struct yaml_node *map, const char *prefix);

static void read_key(const struct walk *w, const struct yaml_node *key,
                     const struct yaml_node *node, const char *prefix)
{
    char name[2 * PREFIX_MAX];
    size_t i;
    int length = snprintf(name, sizeof name, "%s%s", prefix, key->text);
    if (length >= PREFIX_MAX || (*prefix && strchr(key->text, '.'))) {
        unknown_key(w, key, prefix);
    } else if (strchr(key->text, '.')) {
        loader_mistake(w->l, key, "unknown key '%s'; a dot in it stands for a map inside a map",
                       name);
    } else if (find_row(w->table, name, &i)) {
        read_value(w, i, key, node);
    } else if (is_group(w->table, name)) {
        if (node->kind != YAML_MAP && !loader_is_null(node))
            loader_mistake(w->l, node, "%s: not a map", name);
        snprintf(name + length, sizeof name - (size_t)length, ".");
        read_keys(w, node, name);
    } else if (!is_nested(w->table, name)) {
        unknown_key(w, key, prefix);
    }
}

static void read_keys(const struct walk *w, const struct yaml_node *map, const char *prefix)
{
    if (map->kind != YAML_MAP)
        return;
    for (size_t i = 0; i + 1 < map->n_children && !loader_stop(w->l); i += 2)
        read_key(w, map->children[i], map->children[i + 1], prefix);
}

/* The default is parsed like what a file says, so that both mean the same. */
static void read_fallback(struct loader *l, const struct option_row *row,
                          struct option_value *value)
{
    struct yaml_node plain = {.kind = YAML_SCALAR, .quoted = true, .text = row->fallback};
    const struct yaml_node *node = &plain;
    struct yaml *doc = NULL;
    if (row->type == OPTION_LIST || row->type == OPTION_MAP) {
        if (yaml_parse(row->fallback, strlen(row->fallback), "default", &doc, NULL) < 0)
            return;
        node = yaml_root(doc);
    }
    loader_value(l, row, node, value);
    value->file = "default";
    yaml_document_free(doc);
}

void loader_scope(struct loader *l, const struct yaml_node *map, const struct table *table,
                  const char *title, struct option_set *ret)
{
    *ret = (struct option_set){.rows = table->rows};
    ret->values = loader_get(l, table->n_rows, sizeof *ret->values);
    if (!ret->values)
        return;
    ret->n_rows = table->n_rows;
    if (map) {
        struct walk w = {.l = l, .table = table, .title = title, .set = ret};
        read_keys(&w, map, "");
    }
    for (size_t i = 0; i < ret->n_rows; i++) {
        const struct option_row *row = &table->rows[i];
        if (ret->values[i].given)
            continue;
        if (row->fallback)
            read_fallback(l, row, &ret->values[i]);
        else if (map && row->flags & OPTION_REQUIRED)
            loader_mistake(l, map, "%s%s%s is missing: %s", title, *title ? ": " : "", row->name,
                           row->help);
    }
}

const struct yaml_node *loader_child(struct loader *l, const struct yaml_node *map, const char *key,
                                     enum yaml_kind kind)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node || loader_is_null(node))
        return NULL;
    if (node->kind == kind)
        return node;
    loader_mistake(l, node, "%s: a %s belongs here", key, kind == YAML_MAP ? "map" : "list");
    return NULL;
}
