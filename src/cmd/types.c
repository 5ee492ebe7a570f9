/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/cmd/types.h"

#include <string.h>

#include "driftop/adapt/adapter.h"
#include "driftop/adapt/feature.h"
#include "driftop/adapt/notify.h"
#include "driftop/record/rules.h"

static void add(struct types *t, enum config_kind kind, const char *name, const char *help,
                const struct option_row *rows, size_t n_rows)
{
    size_t *n = &t->types.n_types[kind];
    if (*n < TYPES_PER_KIND)
        t->kinds[kind][(*n)++] = (struct config_type){name, help, rows, n_rows};
}

static void add_adapters(struct types *t, enum config_kind kind, const struct adapter *const *list)
{
    for (size_t i = 0; list[i]; i++)
        add(t, kind, list[i]->name, list[i]->help, list[i]->options, list[i]->n_options);
}

void types_fill(struct types *ret)
{
    memset(ret, 0, sizeof *ret);
    add_adapters(ret, CONFIG_SERVER, adapt_servers);
    add_adapters(ret, CONFIG_REGISTRY, adapt_registries);
    add_adapters(ret, CONFIG_TRAFFIC, adapt_traffic);
    for (size_t i = 0; adapt_features[i]; i++) {
        const struct feature_adapter *a = adapt_features[i];
        add(ret, CONFIG_FEATURE, a->name, a->help, a->options, a->n_options);
        if (a->reference_options)
            add(ret, CONFIG_REFERENCE, a->name, a->help, a->reference_options,
                a->n_reference_options);
    }
    for (size_t i = 0; adapt_notifiers[i]; i++) {
        const struct notify_adapter *a = adapt_notifiers[i];
        add(ret, CONFIG_NOTIFY, a->name, a->help, a->options, a->n_options);
    }
    for (int kind = 0; kind < CONFIG_KINDS; kind++)
        ret->types.types[kind] = ret->kinds[kind];
    ret->types.rules = rules_options;
    ret->types.n_rules = rules_n_options;
}
