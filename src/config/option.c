/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/config/option.h"

#include <string.h>

#include "driftop/base/err.h"
#include "parts.h"
#include "report.h"

const struct option_value *option_get(const struct option_set *set, const char *name)
{
    static const struct option_value absent = {0};
    for (size_t i = 0; i < set->n_rows; i++)
        if (!strcmp(set->rows[i].name, name))
            return &set->values[i];
    return &absent;
}

const char *option_text(const struct option_set *set, const char *name)
{
    const struct option_value *value = option_get(set, name);
    return value->present ? value->text : NULL;
}

double option_number(const struct option_set *set, const char *name, double fallback)
{
    const struct option_value *value = option_get(set, name);
    return value->present ? value->number : fallback;
}

bool option_bool(const struct option_set *set, const char *name)
{
    return option_number(set, name, 0) > 0;
}

static void parse_map(struct loader *l, const struct yaml_node *root, const struct table *table,
                      struct option_set *ret)
{
    bool map = root->kind == YAML_MAP;
    if (!map && !loader_is_null(root))
        loader_mistake(l, root, "not a map; write {NAME: VALUE, ...}");
    loader_scope(l, map ? root : NULL, table, "", ret);
}

int option_set_parse(const char *yaml, const struct option_row *rows, size_t n_rows,
                     struct option_set *ret, struct err *e)
{
    struct config_errors errors = {0};
    struct table table = {rows, n_rows, NULL, 0};
    struct loader l = {.memory = arena_new(), .where = "options", .errors = &errors};
    struct yaml *doc = NULL;
    *ret = (struct option_set){0};
    if (!l.memory)
        return err_set(e, ERR_NOMEM, "out of memory");
    int r = yaml_parse(yaml, strlen(yaml), l.where, &doc, e);
    if (r < 0)
        goto out;
    parse_map(&l, yaml_root(doc), &table, ret);
    report_sort(&errors);
    if (errors.n_errors) {
        r = errors.errors[0].code;
        if (e)
            *e = errors.errors[0];
    } else if (l.no_memory) {
        r = err_set(e, ERR_NOMEM, "out of memory");
    }
out:
    ret->memory = l.memory;
    if (r < 0)
        option_set_done(ret);
    yaml_document_free(doc);
    config_errors_done(&errors);
    return r;
}

void option_set_done(struct option_set *set)
{
    arena_free(set->memory);
    *set = (struct option_set){0};
}
