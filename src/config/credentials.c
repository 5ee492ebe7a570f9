/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * credentials.yaml: what the engineer's own acts are sent with.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "parts.h"
#include "place.h"
#include "report.h"

#define FILE_MAX ((size_t)1 << 20)

/* One file serves every configuration of an engineer, so names of registries that are not in this
 * one are passed over; but not what looks like a slip of the finger. Returns the name in this
 * configuration, or NULL. */
static const char *registry_of(struct loader *l, const struct yaml_node *key)
{
    const char *slash = strchr(key->text, '/'), *name = slash ? slash + 1 : key->text;
    size_t length = slash ? (size_t)(slash - key->text) : 0;
    struct names names = {0};
    char quoted[REPORT_QUOTED], advice[240];
    if (slash && (strlen(l->config->environment) != length ||
                  strncmp(key->text, l->config->environment, length)))
        return NULL;
    for (size_t i = 0; i < l->config->n_registries; i++) {
        const char *known = l->config->registries[i].name;
        if (!strcmp(known, name))
            return known;
        names_add(&names, known, strlen(known));
    }
    if (slash || names_near(&names, name))
        loader_mistake(l, key, "no registry is called %s%s", report_quote(quoted, name),
                       report_advice(advice, sizeof advice, &names, name));
    return NULL;
}

static void read_credential(struct loader *l, const struct yaml_node *key,
                            const struct yaml_node *node)
{
    const char *registry = registry_of(l, key);
    if (!registry || config_credentials(l->config, registry))
        return;
    struct config_credential *c = &l->config->credentials[l->config->n_credentials++];
    c->registry = registry;
    c->line = key->line;
    c->column = key->column;
    if (node->kind != YAML_MAP)
        loader_mistake(l, node,
                       "%s: not a map; write {token: SECRET} or {user: NAME, password: SECRET}",
                       key->text);
    loader_scope(l, node->kind == YAML_MAP ? node : NULL, &table_credential, key->text,
                 &c->options);
    loader_check_auth(l, node, key->text, &c->options);
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
    l->config->n_credentials = 0;
    l->config->credentials = loader_get(l, n, sizeof *l->config->credentials);
    /* ENVIRONMENT/REGISTRY comes first, so that it is preferred to a bare REGISTRY. */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n && !loader_stop(l); i++) {
            bool bare = !strchr(act->children[2 * i]->text, '/');
            if (bare == (pass == 1))
                read_credential(l, act->children[2 * i], act->children[2 * i + 1]);
        }
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
        report_file(l->errors, r, path, &e);
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
    if (r < 0)
        c->n_credentials = 0;
out:
    str_done(&path);
    return r;
}
