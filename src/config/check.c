/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mistakes that no single value shows.
 */
#include <string.h>

#include "driftop/base/hash.h"
#include "driftop/base/map.h"
#include "parts.h"
#include "report.h"

static void check_times(struct loader *l)
{
    const struct option_set *set = &l->config->options;
    const struct option_value *connect = option_get(set, "poll.connect_timeout");
    const struct option_value *whole = option_get(set, "poll.timeout");
    const struct option_value *at = connect->given ? connect : whole;
    if (connect->present && whole->present && connect->number > whole->number)
        report(l->errors, ERR_CONFIG, l->where, at->line, at->column,
               "poll.connect_timeout %s is longer than poll.timeout %s, which includes it",
               connect->written, whole->written);
}

static void check_names(struct loader *l)
{
    struct map seen;
    map_init(&seen);
    for (size_t i = 0; i < l->config->n_deployments; i++) {
        struct config_deployment *d = &l->config->deployments[i];
        const struct option_value *name = option_get(&d->options, "name");
        bool fresh;
        if (!name->present)
            continue;
        union map_value *value = map_put(&seen, d->name, &fresh);
        if (!value) {
            l->no_memory = true;
            break;
        }
        if (fresh)
            value->pointer = d;
        else
            report(l->errors, ERR_CONFIG, l->where, name->line, name->column,
                   "deployment %s is there already, in line %d; names are unique", d->name,
                   ((struct config_deployment *)value->pointer)->line);
    }
    map_done(&seen);
}

/* Two versions behind one target could not be told apart in the splitter's counters. */
static void check_targets(struct loader *l, const struct config_deployment *d)
{
    char mine[256], other[256];
    for (size_t i = 0; i < d->n_versions; i++) {
        const struct config_version *v = &d->versions[i];
        bool any = !strcmp(v->version, "*");
        if (any && !strstr(v->target, "{version}"))
            report(l->errors, ERR_CONFIG, l->where, v->line, v->column,
                   "%s: the target of \"*\" holds {version}, which tells the versions apart",
                   d->name);
        if (any || loader_stop(l))
            continue;
        config_target(d, v->version, mine, sizeof mine);
        for (size_t k = 0; k < i; k++)
            if (strcmp(d->versions[k].version, "*") &&
                !strcmp(config_target(d, d->versions[k].version, other, sizeof other), mine))
                report(l->errors, ERR_CONFIG, l->where, v->line, v->column,
                       "%s: versions %s and %s have the same target, %s", d->name,
                       d->versions[k].version, v->version, mine);
    }
}

void loader_check(struct loader *l)
{
    check_times(l);
    check_names(l);
    for (size_t i = 0; i < l->config->n_deployments && !loader_stop(l); i++)
        check_targets(l, &l->config->deployments[i]);
}

static void hash_text(struct hash_stream *h, const char *text)
{
    text = text ? text : "";
    hash_stream_add(h, text, strlen(text) + 1); /* the NUL keeps neighbours apart */
}

/* Only values that say where something is or what it is called. */
static void hash_set(struct hash_stream *h, const struct option_set *set)
{
    for (size_t i = 0; i < set->n_rows; i++) {
        const struct option_value *value = &set->values[i];
        bool place = false;
        switch (set->rows[i].type) {
        case OPTION_TEXT:
        case OPTION_NAME:
        case OPTION_URL:
        case OPTION_ADDRESS:
        case OPTION_PATH:
        case OPTION_LIST: place = value->present && strcmp(set->rows[i].name, "user"); break;
        default: break;
        }
        if (!place)
            continue;
        hash_text(h, set->rows[i].name);
        if (value->text)
            hash_text(h, value->text);
        for (size_t k = 0; k < value->n_items; k++)
            hash_text(h, value->items[k]);
    }
}

static void hash_adapter(struct hash_stream *h, const struct config_adapter *adapter)
{
    if (!adapter)
        return;
    hash_text(h, adapter->name);
    hash_text(h, adapter->type);
    hash_set(h, &adapter->options);
}

void loader_hash_endpoints(struct config *c)
{
    struct hash_stream *h = hash_stream_new();
    if (!h)
        return;
    hash_text(h, c->environment);
    for (size_t i = 0; i < c->n_registries; i++)
        hash_adapter(h, &c->registries[i]);
    for (size_t i = 0; i < c->n_deployments; i++) {
        const struct config_deployment *d = &c->deployments[i];
        hash_text(h, d->name);
        hash_text(h, d->registry ? d->registry->name : "");
        hash_text(h, d->registry_model);
        hash_text(h, d->champion_alias);
        hash_adapter(h, d->traffic);
        for (size_t k = 0; k < d->n_versions; k++) {
            hash_text(h, d->versions[k].version);
            hash_text(h, d->versions[k].target);
        }
    }
    hash_stream_end(h, c->endpoints_hash);
}
