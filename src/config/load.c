/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/config/load.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "parts.h"
#include "place.h"
#include "report.h"

#define FILE_MAX       ((size_t)8 << 20)
#define REGISTRIES_MAX 1000

/* A file's bytes and what is known about them. */
struct source {
    const char *bytes;
    size_t length;
    const char *where;
    const char *folder; /* NULL: none */
    const char *path;   /* NULL: the bytes come from elsewhere and nobody owns them */
};

static void read_registry(struct loader *l, const struct yaml_node *key,
                          const struct yaml_node *node, struct config_adapter *ret)
{
    char title[REPORT_QUOTED + 16], quoted[REPORT_QUOTED];
    const char *fault = place_name_fault(key->text);
    if (fault)
        loader_mistake(l, key, "registry %s %s", report_quote(quoted, key->text), fault);
    str_copy(title, sizeof title, "registry ");
    report_quote(title + strlen(title), key->text);
    loader_adapter(l, node, CONFIG_REGISTRY, title, ret);
    ret->name = loader_text(l, key->text);
    ret->line = key->line;
    ret->column = key->column;
}

static void read_registries(struct loader *l, const struct yaml_node *root)
{
    const struct yaml_node *map = loader_child(l, root, "registries", YAML_MAP);
    size_t n = map ? map->n_children / 2 : 0;
    if (n > REGISTRIES_MAX) {
        loader_mistake(l, map, "registries: more than %d", REGISTRIES_MAX);
        return;
    }
    struct config_adapter *all = loader_get(l, n, sizeof *all);
    for (size_t i = 0; i < n && all && !loader_stop(l); i++)
        read_registry(l, map->children[2 * i], map->children[2 * i + 1], &all[i]);
    if (loader_stop(l))
        return;
    l->config->registries = all;
    l->config->n_registries = n;
}

static void read_default_rules(struct loader *l, const struct yaml_node *root)
{
    struct table table = {l->types->rules, l->types->n_rules, NULL, 0};
    const struct yaml_node *defaults = yaml_get(root, "defaults");
    const struct yaml_node *map = defaults ? loader_child(l, defaults, "rules", YAML_MAP) : NULL;
    loader_scope(l, map, &table, "default rules", &l->config->default_rules);
}

/* The default of store.path depends on another value and on the environment. */
static void default_store(struct loader *l)
{
    struct config *c = l->config;
    struct str path;
    if (c->store_path || !c->environment)
        return;
    str_init(&path, 0);
    const char *name = arena_textf(l->memory, "%s.db", c->environment);
    if (!name)
        l->no_memory = true;
    else if (path_xdg(PATH_STATE, name, &path) < 0)
        report(l->errors, ERR_CONFIG, l->where, 0, 0,
               "store.path is not set, and without HOME there is no default");
    else
        c->store_path = loader_text(l, path.data);
    for (size_t i = 0; c->store_path && i < c->options.n_rows; i++)
        if (!strcmp(c->options.rows[i].name, "store.path"))
            c->options.values[i] = (struct option_value){.present = true,
                                                         .text = c->store_path,
                                                         .written = c->store_path,
                                                         .file = "default"};
    str_done(&path);
}

static void fill_top(struct loader *l)
{
    struct config *c = l->config;
    const struct option_set *set = &c->options;
    c->environment = option_text(set, "environment");
    c->store_path = option_text(set, "store.path");
    c->theme = option_text(set, "theme");
    c->glyphs = option_text(set, "glyphs");
    c->poll_interval_ms = (int64_t)option_number(set, "poll.interval", 0);
    c->connect_timeout_ms = (int64_t)option_number(set, "poll.connect_timeout", 0);
    c->timeout_ms = (int64_t)option_number(set, "poll.timeout", 0);
    c->sink_listen = option_text(set, "sink.listen");
    c->sink_spool_bytes = (int64_t)option_number(set, "sink.spool", 0);
    c->read_only = option_bool(set, "read_only");
    if (!option_get(set, "store.path")->given)
        default_store(l);
}

static void read_tree(struct loader *l, const struct yaml_node *root)
{
    struct config *c = l->config;
    if (root->kind != YAML_MAP && !loader_is_null(root)) {
        loader_mistake(l, root, "the file is not a map; write KEY: VALUE lines");
        return;
    }
    loader_scope(l, root, &table_top, "", &c->options);
    fill_top(l);
    read_registries(l, root);
    read_default_rules(l, root);
    loader_deployments(l, root, &c->default_rules);
    loader_adapters(l, yaml_get(root, "notify"), CONFIG_NOTIFY, "notify", &c->notify, &c->n_notify);
    if (!loader_stop(l))
        loader_check(l);
}

/* libyaml stops at some bytes without saying which; a NUL is what an editor never shows. */
static bool has_nul(struct loader *l, const struct source *source)
{
    const char *nul = memchr(source->bytes, '\0', source->length);
    int line = 1;
    if (!nul)
        return false;
    for (const char *p = source->bytes; p < nul; p++)
        line += *p == '\n';
    report(l->errors, ERR_CONFIG, l->where, line, 0, "a NUL byte; this is not a text file");
    return true;
}

static void report_repeated(struct loader *l, const struct yaml *doc)
{
    const struct yaml_node *key;
    for (size_t i = 0; (key = yaml_repeated(doc, i)) != NULL; i++)
        report(l->errors, ERR_CONFIG, l->where, key->line, key->column, "the key occurs twice: %s",
               key->text);
}

static void read_source(struct loader *l, const struct source *source)
{
    struct yaml *doc = NULL;
    struct err e = {0};
    if (source->length > FILE_MAX) {
        report(l->errors, ERR_CONFIG, l->where, 0, 0, "larger than 8 MiB");
        return;
    }
    if (has_nul(l, source))
        return;
    if (yaml_parse_all(source->bytes, source->length, source->where, &doc, &e) < 0) {
        report(l->errors, ERR_CONFIG, l->where, e.line, e.column, "%s", e.text);
        return;
    }
    report_repeated(l, doc);
    read_tree(l, yaml_root(doc));
    yaml_document_free(doc);
    if (source->path && l->runs_commands && path_check_owner(source->path, false, &e) < 0)
        report(l->errors, ERR_CONFIG, l->where, 0, 0,
               "it names commands to run, so nobody else may write it: %s", e.text);
}

static struct config *config_new(const struct source *source)
{
    struct arena *memory = arena_new();
    struct config *c = memory ? arena_get(memory, 1, sizeof *c) : NULL;
    struct clock clock = clock_system();
    if (!c) {
        arena_free(memory);
        return NULL;
    }
    c->memory = memory;
    c->path = arena_text(memory, source->where);
    c->loaded_ms = clock_wall(&clock);
    hash_sha256(source->bytes, source->length, c->hash);
    return c;
}

static int load_source(const struct source *source, const struct config_types *types,
                       struct config **ret, struct config_errors *errors)
{
    struct config *c = config_new(source);
    struct loader l = {.memory = c ? c->memory : NULL,
                       .where = c ? c->path : NULL,
                       .folder = source->folder,
                       .types = types,
                       .errors = errors,
                       .config = c};
    if (!l.where) {
        config_free(c);
        return report(errors, ERR_NOMEM, source->where, 0, 0, "out of memory");
    }
    size_t before = errors->n_errors;
    read_source(&l, source);
    if (l.no_memory)
        report(errors, ERR_NOMEM, source->where, 0, 0, "out of memory");
    report_sort(errors);
    if (errors->n_errors > before || l.no_memory) {
        config_free(c);
        return l.no_memory ? ERR_NOMEM : ERR_CONFIG;
    }
    loader_hash_endpoints(c);
    *ret = c;
    return 0;
}

int config_load_bytes(const char *bytes, size_t length, const char *where,
                      const struct config_types *types, struct config **ret,
                      struct config_errors *errors)
{
    struct source source = {.bytes = bytes, .length = length, .where = where};
    *ret = NULL;
    return load_source(&source, types, ret, errors);
}

/* The absolute folder of path, for the caller to free; NULL when there is none. */
static char *folder_of(const char *path)
{
    char *full = realpath(path, NULL);
    char *slash = full ? strrchr(full, '/') : NULL;
    if (slash)
        slash[slash == full] = '\0';
    return full;
}

int config_load(const char *path, const struct config_types *types, struct config **ret,
                struct config_errors *errors)
{
    struct str name, bytes;
    struct err e = {0};
    char *folder = NULL;
    *ret = NULL;
    str_init(&name, 0);
    str_init(&bytes, FILE_MAX);
    int r = path ? str_add(&name, path) : path_xdg(PATH_CONFIG, "driftop.yaml", &name);
    if (r < 0) {
        report(errors, r, "driftop.yaml", 0, 0, "without HOME there is no default configuration");
        goto out;
    }
    r = path_read(name.data, &bytes, &e);
    if (r < 0) {
        report_file(errors, r, name.data, &e);
        goto out;
    }
    bool input = !strcmp(name.data, "-");
    folder = input ? NULL : folder_of(name.data);
    struct source source = {.bytes = bytes.data,
                            .length = bytes.length,
                            .where = input ? "standard input" : name.data,
                            .folder = folder,
                            .path = input ? NULL : name.data};
    r = load_source(&source, types, ret, errors);
out:
    free(folder);
    str_done(&name);
    str_done(&bytes);
    return r;
}

void config_free(struct config *c)
{
    if (c)
        arena_free(c->memory);
}
