/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of the tree, each read by its own file: a map by a table, a map with a `type:`, the
 * deployments; and what is checked and hashed once all is there.
 */
#ifndef DRIFTOP_SRC_CONFIG_PARTS_H
#define DRIFTOP_SRC_CONFIG_PARTS_H

#include "loader.h"
#include "table.h"

/* scope.c: a map by a table. `title` names it in messages ("deployment fraud-score", "" for the
 * whole file). *ret is complete in any case, with defaults for what is not given; map may be
 * NULL: all defaults, required ones are not missed. */
void loader_scope(struct loader *l, const struct yaml_node *map, const struct table *table,
                  const char *title, struct option_set *ret);
/* Where a map or list of children is expected: the node, or NULL when it is absent, empty, or a
 * mistake. */
const struct yaml_node *loader_child(struct loader *l, const struct yaml_node *map, const char *key,
                                     enum yaml_kind kind);

/* adapter.c: a map with `type:`. False after a mistake that leaves *ret without a type. */
bool loader_adapter(struct loader *l, const struct yaml_node *map, enum config_kind kind,
                    const char *title, struct config_adapter *ret);
/* One map or a list of maps; sets *ret and *ret_n. */
void loader_adapters(struct loader *l, const struct yaml_node *node, enum config_kind kind,
                     const char *title, struct config_adapter **ret, size_t *ret_n);

/* The rows of OPTION_AUTH_ROWS only make sense together in certain ways. */
void loader_check_auth(struct loader *l, const struct yaml_node *map, const char *title,
                       const struct option_set *set);

/* deployment.c, check.c: the list `deployments:`; what only the whole can tell. */
void loader_deployments(struct loader *l, const struct yaml_node *root,
                        const struct option_set *default_rules);
void loader_check(struct loader *l);
/* Fills config->endpoints_hash. */
void loader_hash_endpoints(struct config *c);

#endif
