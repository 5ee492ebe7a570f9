/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "loader.h"
#include "report.h"
#include "scalar.h"

#define SECRET_ADVICE "write ${NAME}, {file: PATH} or {command: [PROGRAM, ...]}"
#define VARIABLE      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* ~/ and relative paths made absolute. */
static const char *full_path(struct loader *l, const char *path)
{
    const char *home = getenv("HOME");
    char *full = NULL;
    if (*path == '/')
        return path;
    if (!strncmp(path, "~/", 2) && home && *home == '/')
        full = arena_textf(l->memory, "%s/%s", home, path + 2);
    else if (l->folder && *path != '~')
        full = arena_textf(l->memory, "%s/%s", l->folder, path);
    else
        return path;
    if (!full)
        l->no_memory = true;
    return full;
}

/* One scalar, checked and ready for use; NULL after a mistake. */
static const char *scalar(struct loader *l, const struct option_row *row, enum option_type type,
                          const struct yaml_node *node, double *ret_number)
{
    char why[SCALAR_WHY], quoted[REPORT_QUOTED];
    if (node->kind != YAML_SCALAR) {
        loader_mistake(l, node, "%s: a %s where a single value belongs (%s)", row->name,
                       node->kind == YAML_MAP ? "map" : "list", scalar_type_name(row));
        return NULL;
    }
    if (loader_is_null(node)) {
        loader_mistake(l, node, "%s: has no value; give one (%s) or leave the line out", row->name,
                       scalar_type_name(row));
        return NULL;
    }
    const char *text = loader_expand(l, node, row->name);
    if (!text)
        return NULL;
    if (scalar_read(row, type, text, ret_number, why) < 0) {
        /* A URL that is refused for its password must not be repeated. */
        bool secret = type == OPTION_URL && strchr(text, '@');
        loader_mistake(l, node, "%s: %s %s", row->name,
                       secret ? "it" : report_quote(quoted, node->text), why);
        return NULL;
    }
    if (type == OPTION_PATH || (type == OPTION_ADDRESS && strchr(text, '/')))
        return full_path(l, text);
    return text;
}

/* Room for n texts and the NULL behind them. */
static char **items_new(struct loader *l, struct option_value *value, size_t n)
{
    value->items = loader_get(l, n + 1, sizeof *value->items);
    value->n_items = value->items ? n : 0;
    return value->items;
}

/* What a whole list must be, beyond its items. */
static bool check_list(struct loader *l, const struct option_row *row, const struct yaml_node *node,
                       char *const *items, size_t n)
{
    if (row->flags & OPTION_REQUIRED && !n) {
        loader_mistake(l, node, "%s: the list is empty; give at least one", row->name);
        return false;
    }
    if (row->flags & OPTION_EXEC && (!n || items[0][0] != '/')) {
        loader_mistake(l, node, "%s: begins with the program's absolute path", row->name);
        return false;
    }
    return true;
}

static bool read_list(struct loader *l, const struct option_row *row, const struct yaml_node *node,
                      struct option_value *value)
{
    /* One value alone stands for a list of one. */
    struct yaml_node *const *nodes = node->children;
    struct yaml_node alone = *node, *only = &alone;
    size_t n = node->n_children;
    bool good = true;
    if (node->kind == YAML_MAP) {
        loader_mistake(l, node, "%s: a map where a %s belongs", row->name, scalar_type_name(row));
        return false;
    }
    if (node->kind == YAML_SCALAR) {
        nodes = &only;
        n = 1;
    }
    char **items = items_new(l, value, n);
    for (size_t i = 0; items && i < n && !loader_stop(l); i++) {
        double number;
        const char *text = scalar(l, row, row->item, nodes[i], &number);
        items[i] = text ? loader_text(l, text) : NULL;
        good = good && items[i];
    }
    good = good && items && !loader_stop(l);
    return good && check_list(l, row, node, items, n);
}

static bool read_map(struct loader *l, const struct option_row *row, const struct yaml_node *node,
                     struct option_value *value)
{
    bool good = true;
    if (node->kind != YAML_MAP) {
        loader_mistake(l, node, "%s: not a map; write {NAME: %s, ...}", row->name,
                       row->item == OPTION_RATIO ? "RATIO" : "TEXT");
        return false;
    }
    char **items = items_new(l, value, node->n_children);
    for (size_t i = 0; items && i < node->n_children && !loader_stop(l); i++) {
        double number;
        enum option_type type = i % 2 ? row->item : OPTION_TEXT;
        const char *text = scalar(l, row, type, node->children[i], &number);
        if (text && type == OPTION_RATIO) /* "30%" and 0.3 are the same to who reads the items */
            items[i] = arena_textf(l->memory, "%.17g", number);
        else
            items[i] = text ? loader_text(l, text) : NULL;
        good = good && items[i];
    }
    return items && good;
}

/* ${NAME} alone: the variable is looked up when the secret is needed. */
static bool secret_variable(struct loader *l, const struct option_row *row,
                            const struct yaml_node *node, struct option_value *value)
{
    const char *text = node->text;
    size_t length = strlen(text);
    if (length < 4 || strncmp(text, "${", 2) || strspn(text + 2, VARIABLE) != length - 3 ||
        text[length - 1] != '}') {
        loader_mistake(l, node, "%s: a secret does not stand in the configuration; " SECRET_ADVICE,
                       row->name);
        return false;
    }
    value->source = OPTION_ENV;
    value->text = arena_text_bytes(l->memory, text + 2, length - 3);
    return value->text;
}

static bool read_secret(struct loader *l, const struct option_row *row,
                        const struct yaml_node *node, struct option_value *value)
{
    static const struct option_row path = {.name = "file", .type = OPTION_PATH};
    static const struct option_row command = {
        .name = "command", .type = OPTION_LIST, .flags = OPTION_EXEC};
    const struct yaml_node *file = yaml_get(node, "file"), *argv = yaml_get(node, "command");
    double number;
    if (node->kind == YAML_SCALAR)
        return secret_variable(l, row, node, value);
    if (node->kind != YAML_MAP || node->n_children != 2 || (!file && !argv)) {
        loader_mistake(l, node, "%s: not a secret; " SECRET_ADVICE, row->name);
        return false;
    }
    if (file) {
        value->source = OPTION_FILE;
        value->text = scalar(l, &path, OPTION_PATH, file, &number);
        return value->text;
    }
    value->source = OPTION_COMMAND;
    l->runs_commands = true;
    return read_list(l, &command, argv, value);
}

/* As it stands in the file, in one line, for people. */
static const char *as_written(struct loader *l, const struct option_row *row,
                              const struct yaml_node *node)
{
    struct str s;
    if (row->type == OPTION_SECRET)
        return "****";
    str_init(&s, 65536);
    bool map = node->kind == YAML_MAP, single = node->kind == YAML_SCALAR;
    str_add(&s, single ? node->text : (map ? "{" : "["));
    for (size_t i = 0; i < node->n_children; i++) {
        const char *glue = map && i % 2 ? ": " : ", ";
        str_addf(&s, "%s%s", i ? glue : "", node->children[i]->text);
    }
    if (!single)
        str_add(&s, map ? "}" : "]");
    char *text = loader_get(l, s.length + 1, 1);
    if (text)
        utf8_clean(text, s.length + 1, s.data, s.length);
    str_done(&s);
    return text;
}

void loader_value(struct loader *l, const struct option_row *row, const struct yaml_node *node,
                  struct option_value *value)
{
    bool good;
    *value = (struct option_value){0};
    if (row->type == OPTION_SECRET) {
        good = read_secret(l, row, node, value);
    } else if (row->type == OPTION_LIST) {
        good = read_list(l, row, node, value);
    } else if (row->type == OPTION_MAP) {
        good = read_map(l, row, node, value);
    } else {
        value->text = scalar(l, row, row->type, node, &value->number);
        good = value->text;
    }
    if (row->flags & OPTION_EXEC)
        l->runs_commands = true;
    if (!good) {
        *value = (struct option_value){0};
        return;
    }
    value->written = as_written(l, row, node);
    value->present = true;
}
