/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * credentials.yaml: what the engineer's own acts are sent with.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "loader.h"
#include "place.h"
#include "report.h"

#define FILE_MAX ((size_t)1 << 20)

static bool registry_known(struct loader *l, const struct yaml_node *key)
{
    struct names names = {0};
    char quoted[REPORT_QUOTED], advice[240];
    for (size_t i = 0; i < l->config->n_registries; i++) {
        const char *name = l->config->registries[i].name;
        if (!strcmp(name, key->text))
            return true;
        names_add(&names, name, strlen(name));
    }
    loader_mistake(l, key, "no registry is called %s%s", report_quote(quoted, key->text),
                   report_advice(advice, sizeof advice, &names, key->text));
    return false;
}

static void read_credential(struct loader *l, const struct yaml_node *key,
                            const struct yaml_node *node, struct config_credential *ret)
{
    if (!registry_known(l, key))
        return;
    ret->registry = loader_text(l, key->text);
    ret->line = key->line;
    ret->column = key->column;
    if (node->kind != YAML_MAP)
        loader_mistake(l, node,
                       "%s: not a map; write {token: SECRET} or {user: NAME, password: "
                       "SECRET}",
                       key->text);
    loader_scope(l, node->kind == YAML_MAP ? node : NULL, &table_credential, key->text,
                 &ret->options);
    loader_check_auth(l, node, key->text, &ret->options);
}

static void read_tree(struct loader *l, const struct yaml_node *root)
{
    static const char *const keys[] = {"act"};
    static const struct table table = {NULL, 0, keys, 1};
    struct option_set nothing;
    if (root->kind != YAML_MAP) {
        loader_mistake(l, root, "the file is not a map; write act: {REGISTRY: {token: SECRET}}");
        return;
    }
    loader_scope(l, root, &table, "", &nothing);
    const struct yaml_node *act = loader_child(l, root, "act", YAML_MAP);
    size_t n = act ? act->n_children / 2 : 0;
    struct config_credential *all = loader_get(l, n, sizeof *all);
    for (size_t i = 0; all && i < n && !loader_stop(l); i++)
        read_credential(l, act->children[2 * i], act->children[2 * i + 1], &all[i]);
    if (loader_stop(l) || l->errors->n_errors)
        return;
    l->config->credentials = all;
    l->config->n_credentials = n;
}

static int read_file(struct loader *l, const char *path)
{
    struct str bytes;
    struct yaml *doc = NULL;
    struct err e = {0};
    str_init(&bytes, FILE_MAX);
    int r = path_check_owner(path, true, &e);
    if (r == 0)
        r = path_read(path, &bytes, &e);
    if (r == 0 && memchr(bytes.data, '\0', bytes.length))
        r = err_set(&e, ERR_CONFIG, "a NUL byte; this is not a text file");
    if (r == 0)
        r = yaml_parse(bytes.data, bytes.length, path, &doc, &e);
    if (r < 0)
        report(l->errors, r, path, e.line, e.column, "%s", e.text);
    else
        read_tree(l, yaml_root(doc));
    yaml_document_free(doc);
    str_done(&bytes);
    return r;
}

int config_load_credentials(struct config *c, struct config_errors *errors)
{
    struct loader l = {.memory = c->memory, .errors = errors, .config = c};
    struct str path;
    size_t before = errors->n_errors;
    int r = 0;
    str_init(&path, 0);
    if (path_xdg(PATH_CONFIG, "credentials.yaml", &path) < 0 || access(path.data, F_OK) < 0)
        goto out; /* no home, no file: no credentials */
    l.where = loader_text(&l, path.data);
    if (l.where)
        r = read_file(&l, l.where);
    report_sort(errors);
    if (l.no_memory)
        r = report(errors, ERR_NOMEM, path.data, 0, 0, "out of memory");
    else if (r == 0 && errors->n_errors > before)
        r = ERR_CONFIG;
out:
    str_done(&path);
    return r;
}
