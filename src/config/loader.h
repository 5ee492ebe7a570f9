/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of loading share. Reading goes on after a mistake with the value absent, so that
 * every mistake is found in one go; a struct config is handed out only when there was none.
 */
#ifndef DRIFTOP_SRC_CONFIG_LOADER_H
#define DRIFTOP_SRC_CONFIG_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/base/arena.h"
#include "driftop/base/yaml.h"
#include "driftop/config/load.h"

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

#endif
