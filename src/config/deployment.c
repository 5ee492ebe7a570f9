/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The list `deployments:`.
 */
#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "place.h"
#include "report.h"

#define TITLE_MAX       176
#define VERSIONS_MAX    1000
#define DEPLOYMENTS_MAX 20000
#define ANY_VERSION     "*"
#define PLAIN_TARGET    "v{version}"

static void read_version(struct loader *l, const struct yaml_node *key,
                         const struct yaml_node *node, const char *deployment,
                         struct config_version *v)
{
    char title[TITLE_MAX], quoted[REPORT_QUOTED];
    const char *name = key->text;
    const char *fault = strcmp(name, ANY_VERSION) ? place_name_fault(name) : NULL;
    if (fault)
        loader_mistake(l, key, "version %s %s", report_quote(quoted, name), fault);
    snprintf(title, sizeof title, "version %.40s of %s", name, deployment);
    v->version = loader_text(l, name);
    v->line = key->line;
    v->column = key->column;
    bool map = node->kind == YAML_MAP;
    if (!map && !loader_is_null(node))
        loader_mistake(l, node, "%s: not a map; write {target: TEXT, servers: [...]}", title);
    loader_scope(l, map ? node : NULL, &table_version, title, &v->options);
    v->target = option_text(&v->options, "target");
    loader_adapters(l, map ? yaml_get(node, "servers") : NULL, CONFIG_SERVER, title, &v->servers,
                    &v->n_servers);
}

/* A version without a target has that of "*". */
static void inherit_targets(struct config_deployment *d)
{
    const char *target = PLAIN_TARGET;
    for (size_t i = 0; i < d->n_versions; i++)
        if (!strcmp(d->versions[i].version, ANY_VERSION) && d->versions[i].target)
            target = d->versions[i].target;
    for (size_t i = 0; i < d->n_versions; i++)
        if (!d->versions[i].target)
            d->versions[i].target = target;
}

static void read_versions(struct loader *l, const struct yaml_node *map,
                          struct config_deployment *d)
{
    const struct yaml_node *versions = loader_child(l, map, "versions", YAML_MAP);
    if (!versions)
        return;
    size_t n = versions->n_children / 2;
    if (n > VERSIONS_MAX) {
        loader_mistake(l, versions, "deployment %s: more than %d versions", d->name, VERSIONS_MAX);
        return;
    }
    d->versions = loader_get(l, n, sizeof *d->versions);
    if (!d->versions)
        return;
    for (size_t i = 0; i < n && !loader_stop(l); i++)
        read_version(l, versions->children[2 * i], versions->children[2 * i + 1], d->name,
                     &d->versions[i]);
    if (loader_stop(l))
        return;
    d->n_versions = n;
    inherit_targets(d);
}

/* What stands under `traffic:` or `reference:`; NULL when nothing usable does. */
static const struct config_adapter *read_one(struct loader *l, const struct yaml_node *map,
                                             const char *key, enum config_kind kind,
                                             const char *deployment)
{
    const struct yaml_node *node = loader_child(l, map, key, YAML_MAP);
    char title[TITLE_MAX];
    if (!node)
        return NULL;
    struct config_adapter *adapter = loader_get(l, 1, sizeof *adapter);
    snprintf(title, sizeof title, "%s of %s", key, deployment);
    return adapter && loader_adapter(l, node, kind, title, adapter) ? adapter : NULL;
}

static void read_registry(struct loader *l, const struct yaml_node *map,
                          struct config_deployment *d)
{
    const struct option_value *use = option_get(&d->options, "registry.use");
    const struct yaml_node *node = yaml_get(map, "registry");
    char quoted[REPORT_QUOTED], advice[240];
    struct names names = {0};
    d->registry_model = option_text(&d->options, "registry.model");
    d->champion_alias = option_text(&d->options, "registry.champion");
    if (!d->registry_model)
        d->registry_model = d->name;
    if (!node || node->kind != YAML_MAP || (use->given && !use->present))
        return;
    if (!use->given) {
        loader_mistake(l, node, "deployment %s: registry.use is missing: %s", d->name,
                       "a name under `registries`");
        return;
    }
    for (size_t i = 0; i < l->config->n_registries; i++) {
        const struct config_adapter *registry = &l->config->registries[i];
        if (!strcmp(registry->name, use->text))
            d->registry = registry;
        names_add(&names, registry->name, strlen(registry->name));
    }
    if (!d->registry)
        loader_mistake(l, yaml_get(node, "use"), "deployment %s: no registry is called %s%s",
                       d->name, report_quote(quoted, use->text),
                       report_advice(advice, sizeof advice, &names, use->text));
}

/* What the deployment does not say is taken from `defaults:`. */
static void inherit(struct option_set *set, const char *name, const struct option_set *defaults,
                    const char *default_name)
{
    const struct option_value *from = option_get(defaults, default_name);
    for (size_t i = 0; i < set->n_rows; i++)
        if (!strcmp(set->rows[i].name, name) && !set->values[i].given && from->given)
            set->values[i] = *from;
}

static void read_rules(struct loader *l, const struct yaml_node *map,
                       const struct option_set *default_rules, struct config_deployment *d)
{
    struct table table = {l->types->rules, l->types->n_rules, NULL, 0};
    char title[TITLE_MAX];
    snprintf(title, sizeof title, "rules of %s", d->name);
    loader_scope(l, loader_child(l, map, "rules", YAML_MAP), &table, title, &d->rules);
    for (size_t i = 0; i < d->rules.n_rows; i++)
        inherit(&d->rules, d->rules.rows[i].name, default_rules, d->rules.rows[i].name);
}

static void read_deployment(struct loader *l, const struct yaml_node *map,
                            const struct option_set *default_rules, struct config_deployment *d)
{
    const struct yaml_node *name = yaml_get(map, "name");
    char title[TITLE_MAX], quoted[REPORT_QUOTED];
    *d = (struct config_deployment){.name = "?", .line = map->line, .column = map->column};
    if (map->kind != YAML_MAP) {
        loader_mistake(l, map, "deployments: not a map; write {name: NAME, ...}");
        return;
    }
    snprintf(title, sizeof title, "deployment %s",
             name && name->kind == YAML_SCALAR ? report_quote(quoted, name->text) : "without name");
    loader_scope(l, map, &table_deployment, title, &d->options);
    inherit(&d->options, "owner", &l->config->options, "defaults.owner");
    inherit(&d->options, "runbook", &l->config->options, "defaults.runbook");
    if (option_text(&d->options, "name"))
        d->name = option_text(&d->options, "name");
    d->owner = option_text(&d->options, "owner");
    d->runbook = option_text(&d->options, "runbook");
    read_registry(l, map, d);
    d->traffic = read_one(l, map, "traffic", CONFIG_TRAFFIC, d->name);
    d->reference = read_one(l, map, "reference", CONFIG_REFERENCE, d->name);
    read_versions(l, map, d);
    snprintf(title, sizeof title, "features of %s", d->name);
    loader_adapters(l, yaml_get(map, "features"), CONFIG_FEATURE, title, &d->features,
                    &d->n_features);
    read_rules(l, map, default_rules, d);
}

void loader_deployments(struct loader *l, const struct yaml_node *root,
                        const struct option_set *default_rules)
{
    const struct yaml_node *list = loader_child(l, root, "deployments", YAML_LIST);
    if (!list)
        return;
    if (list->n_children > DEPLOYMENTS_MAX) {
        loader_mistake(l, list, "deployments: more than %d", DEPLOYMENTS_MAX);
        return;
    }
    struct config_deployment *all = loader_get(l, list->n_children, sizeof *all);
    if (!all)
        return;
    for (size_t i = 0; i < list->n_children && !loader_stop(l); i++)
        read_deployment(l, list->children[i], default_rules, &all[i]);
    if (loader_stop(l))
        return;
    l->config->deployments = all;
    l->config->n_deployments = list->n_children;
}
