/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Maps with a `type:`: servers, registries, splitters, row sources, references, notifications.
 * Their rows come from outside (struct config_types).
 */
#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "report.h"

static const struct config_type *find_type(struct loader *l, const struct yaml_node *map,
                                           enum config_kind kind, const char *title)
{
    const struct yaml_node *node = yaml_get(map, "type");
    const struct config_type *types = l->types->types[kind];
    struct names names = {0};
    char quoted[REPORT_QUOTED], advice[240];
    bool scalar = node && node->kind == YAML_SCALAR;
    for (size_t i = 0; i < l->types->n_types[kind]; i++) {
        if (scalar && !strcmp(types[i].name, node->text))
            return &types[i];
        names_add(&names, types[i].name, strlen(types[i].name));
    }
    report_advice(advice, sizeof advice, &names, scalar ? node->text : "");
    if (scalar)
        loader_mistake(l, node, "%s: unknown type %s%s", title, report_quote(quoted, node->text),
                       advice);
    else
        loader_mistake(l, node ? node : map, "%s: type is missing%s", title, advice);
    return NULL;
}

static bool has_row(const struct option_set *set, const char *name)
{
    for (size_t i = 0; i < set->n_rows; i++)
        if (!strcmp(set->rows[i].name, name))
            return true;
    return false;
}

void loader_check_auth(struct loader *l, const struct yaml_node *map, const char *title,
                       const struct option_set *set)
{
    bool user = option_get(set, "user")->given, password = option_get(set, "password")->given;
    bool token = option_get(set, "token")->given, header = option_get(set, "header")->given;
    if (!has_row(set, "password") || !has_row(set, "token"))
        return;
    if (user != password)
        loader_mistake(l, map, "%s: user and password go together; %s is missing", title,
                       user ? "password" : "user");
    if (token && (user || password))
        loader_mistake(l, map, "%s: either user and password, or a token, not both", title);
    if (header && !token)
        loader_mistake(l, map, "%s: header names where the token goes, and there is no token",
                       title);
}

/* Credentials hide in headers, too. */
static void check_headers(struct loader *l, const struct yaml_node *map)
{
    static const char *const secret[] = {"authorization", "proxy-authorization", "cookie",
                                         "x-api-key"};
    const struct yaml_node *headers = yaml_get(map, "headers");
    for (size_t i = 0; headers && headers->kind == YAML_MAP && i < headers->n_children; i += 2)
        for (size_t k = 0; k < sizeof secret / sizeof *secret; k++)
            if (!strcasecmp(headers->children[i]->text, secret[k]))
                loader_mistake(l, headers->children[i],
                               "headers: '%s' holds a secret; use user and password, or token "
                               "(with header)",
                               secret[k]);
}

bool loader_adapter(struct loader *l, const struct yaml_node *map, enum config_kind kind,
                    const char *title, struct config_adapter *ret)
{
    char named[200];
    *ret = (struct config_adapter){.line = map->line, .column = map->column};
    if (map->kind != YAML_MAP) {
        loader_mistake(l, map, "%s: not a map; write {type: TYPE, ...}", title);
        return false;
    }
    const struct config_type *type = find_type(l, map, kind, title);
    if (!type)
        return false;
    struct table table = table_adapter;
    table.rows = type->rows;
    table.n_rows = type->n_rows;
    snprintf(named, sizeof named, "%s (%s)", title, type->name);
    ret->type = ret->name = loader_text(l, type->name);
    loader_scope(l, map, &table, named, &ret->options);
    loader_check_auth(l, map, named, &ret->options);
    check_headers(l, map);
    return true;
}

void loader_adapters(struct loader *l, const struct yaml_node *node, enum config_kind kind,
                     const char *title, struct config_adapter **ret, size_t *ret_n)
{
    *ret = NULL;
    *ret_n = 0;
    if (!node || loader_is_null(node))
        return;
    bool list = node->kind == YAML_LIST;
    size_t n = list ? node->n_children : 1;
    struct config_adapter *adapters = loader_get(l, n, sizeof *adapters);
    if (!adapters)
        return;
    for (size_t i = 0; i < n && !loader_stop(l); i++)
        loader_adapter(l, list ? node->children[i] : node, kind, title, &adapters[i]);
    *ret = adapters;
    *ret_n = n;
}
