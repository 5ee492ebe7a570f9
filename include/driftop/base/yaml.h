/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading YAML as a tree that knows where everything stood. libyaml stands behind it, in
 * src/base/yaml.c only. One document; anchors and aliases are followed within a bound on the
 * number of nodes; a key that occurs twice in a mapping is an error, of which a reader that wants to
 * know of all mistakes may hear last.
 */
#ifndef DRIFTOP_BASE_YAML_H
#define DRIFTOP_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

/* Nodes belong to their document. A map's children come in pairs: key, value. */
struct yaml_node {
    enum yaml_kind kind;
    bool quoted;      /* a scalar in quotes: text, whatever it looks like */
    const char *text; /* of a scalar, else "" */
    int line, column; /* from 1 */
    struct yaml_node **children;
    size_t n_children;
};

struct yaml; /* a document */

/* `where` names the source in errors. An empty document gives an empty map. ERR_CONFIG with the
 * position for what is not YAML. */
int yaml_parse(const char *bytes, size_t length, const char *where, struct yaml **ret,
               struct err *e);
/* The same, but a key that its map has already is left out with its value, and listed. */
int yaml_parse_all(const char *bytes, size_t length, const char *where, struct yaml **ret,
                   struct err *e);
/* The i-th key that was left out; NULL behind the last. */
const struct yaml_node *yaml_repeated(const struct yaml *doc, size_t i);
/* Not called yaml_free: libyaml has a function of that name and would call this one instead. */
void yaml_document_free(struct yaml *doc);
const struct yaml_node *yaml_root(const struct yaml *doc);
/* NULL when the node is no map or has no such key. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

#endif
