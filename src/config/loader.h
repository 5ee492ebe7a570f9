/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of loading share. Reading goes on after a mistake with the value absent, so that
 * every mistake is found in one go; a struct config is handed out only when there was none.
 */
#ifndef DRIFTOP_SRC_CONFIG_LOADER_H
#define DRIFTOP_SRC_CONFIG_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "driftop/base/yaml.h"
#include "driftop/config/load.h"
#include "table.h"

struct loader {
    struct arena *memory;
    const char *where;  /* names the file in errors and origins */
    const char *folder; /* where relative paths start; NULL: they stay as they are */
    const struct config_types *types;
    struct config_errors *errors;
    struct config *config;
    bool no_memory;
    bool runs_commands; /* something in the file is run as a program */
};

/* arena_get() that remembers its failure. */
void *loader_get(struct loader *l, size_t n, size_t size);
char *loader_text(struct loader *l, const char *text);
/* A mistake at this node. */
void loader_mistake(struct loader *l, const struct yaml_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* True when reading on is of no use: memory is gone, or nobody would hear of more mistakes. */
bool loader_stop(const struct loader *l);
/* True for `key:` with nothing behind it, `~` and `null`. */
bool loader_is_null(const struct yaml_node *node);

/* value.c: fill *value from the node by the row; `given` and the origin are the caller's. A mistake
 * leaves it absent. */
void loader_value(struct loader *l, const struct option_row *row, const struct yaml_node *node,
                  struct option_value *value);
/* expand.c: ${ENV} replaced, $${ is a literal ${. NULL after a mistake. */
const char *loader_expand(struct loader *l, const struct yaml_node *node, const char *name);

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
