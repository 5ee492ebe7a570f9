/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tree is built from libyaml's events with a stack of open collections. An alias shares the
 * anchor's node, but counts as all the nodes below it, so that neither the tree nor a walk over it
 * outgrows MOST_NODES; an anchor is known only once it is complete, so no node contains itself.
 */
#include "driftop/base/yaml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "driftop/base/err.h"
#include "driftop/base/map.h"
#include "driftop/base/vec.h"

#define MOST_NODES 100000
#define MOST_DEPTH 64

struct built {
    struct yaml_node node; /* first: a node's address is its built's */
    char *text;
    size_t children_capacity;
    size_t n_below; /* nodes of its subtree, aliases counted in full */
};

struct yaml {
    struct built **all; /* every node made, in order */
    size_t n_all, all_capacity;
    struct built *root;
    struct built **repeated; /* keys that their maps had already, in order */
    size_t n_repeated, repeated_capacity;
};

struct open {
    struct built *collection;
    char *anchor;
    struct map keys; /* of a map: those it has, to see a second one */
    bool left_out;   /* the value that comes next belongs to such a one */
};

struct builder {
    yaml_parser_t parser;
    const char *where;
    struct yaml *doc;
    struct map anchors;
    struct open stack[MOST_DEPTH];
    size_t depth;
    size_t n_nodes; /* aliases counted in full */
    struct err *e;
};

static int fail(const struct builder *b, yaml_mark_t mark, const char *what, const char *name)
{
    return err_set_at(b->e, ERR_CONFIG, b->where, (int)mark.line + 1, (int)mark.column + 1, "%s%s",
                      what, name);
}

static int no_memory(const struct builder *b)
{
    return err_set_at(b->e, ERR_NOMEM, b->where, 0, 0, "out of memory");
}

/* NULL when out of memory. */
static struct built *new_node(struct yaml *doc, enum yaml_kind kind, yaml_mark_t mark)
{
    struct built *made;

    if (VEC_ROOM(doc->all, doc->n_all, doc->all_capacity, 1) < 0)
        return NULL;
    made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->node = (struct yaml_node){
        .kind = kind, .text = "", .line = (int)mark.line + 1, .column = (int)mark.column + 1};
    made->n_below = 1;
    doc->all[doc->n_all++] = made;
    return made;
}

/* A key must be a scalar that its map does not have yet. */
static int check_key(struct builder *b, struct open *map, const struct built *key, yaml_mark_t mark)
{
    bool is_new;

    if (key->node.kind != YAML_SCALAR)
        return fail(b, mark, "a key must be a plain word", "");
    if (!map_put(&map->keys, key->node.text, &is_new))
        return no_memory(b);
    map->left_out = !is_new;
    return 0;
}

static int leave_out(struct builder *b, struct built *key)
{
    struct yaml *doc = b->doc;

    if (VEC_ROOM(doc->repeated, doc->n_repeated, doc->repeated_capacity, 1) < 0)
        return no_memory(b);
    doc->repeated[doc->n_repeated++] = key;
    return 0;
}

/* Hang a complete node (new, closed or an alias's) below the innermost open collection. */
static int attach(struct builder *b, struct built *child, yaml_mark_t mark)
{
    struct open *open = b->depth ? &b->stack[b->depth - 1] : NULL;
    struct yaml_node *node;
    int code = 0;

    if (!open) {
        b->doc->root = child;
        return 0;
    }
    node = &open->collection->node;
    if (open->left_out) { /* the value */
        open->left_out = false;
        return 0;
    }
    if (node->kind == YAML_MAP && node->n_children % 2 == 0)
        code = check_key(b, open, child, mark);
    if (code < 0)
        return code;
    if (open->left_out)
        return leave_out(b, child);
    if (VEC_ROOM(node->children, node->n_children, open->collection->children_capacity, 1) < 0)
        return no_memory(b);
    node->children[node->n_children++] = &child->node;
    open->collection->n_below += child->n_below;
    return 0;
}

static int count(struct builder *b, size_t n, yaml_mark_t mark)
{
    b->n_nodes += n;
    return b->n_nodes > MOST_NODES ? fail(b, mark, "too many nodes", "") : 0;
}

static int set_anchor(struct builder *b, const char *anchor, struct built *node)
{
    union map_value *place;

    if (!anchor)
        return 0;
    place = map_put(&b->anchors, anchor, NULL);
    if (!place)
        return no_memory(b);
    place->pointer = node;
    return 0;
}

static int on_scalar(struct builder *b, const yaml_event_t *event)
{
    const yaml_mark_t mark = event->start_mark;
    const char *text = (const char *)event->data.scalar.value;
    const yaml_scalar_style_t style = event->data.scalar.style;
    struct built *made;
    int code = count(b, 1, mark);

    if (code < 0)
        return code;
    if (strlen(text) != event->data.scalar.length)
        return fail(b, mark, "a text must not hold a NUL byte", "");
    made = new_node(b->doc, YAML_SCALAR, mark);
    if (!made || !(made->text = strdup(text)))
        return no_memory(b);
    made->node.text = made->text;
    made->node.quoted = style != YAML_PLAIN_SCALAR_STYLE && style != YAML_ANY_SCALAR_STYLE;
    code = set_anchor(b, (const char *)event->data.scalar.anchor, made);
    return code < 0 ? code : attach(b, made, mark);
}

static int on_alias(struct builder *b, const yaml_event_t *event)
{
    const yaml_mark_t mark = event->start_mark;
    const char *name = (const char *)event->data.alias.anchor;
    union map_value *place = map_get(&b->anchors, name);
    struct built *target = place ? place->pointer : NULL;
    int code;

    if (!target)
        return fail(b, mark, "no such anchor before this place: ", name);
    code = count(b, target->n_below, mark);
    return code < 0 ? code : attach(b, target, mark);
}

static int on_open(struct builder *b, const yaml_event_t *event, enum yaml_kind kind,
                   const yaml_char_t *anchor)
{
    const yaml_mark_t mark = event->start_mark;
    struct open *open = &b->stack[b->depth];
    int code = count(b, 1, mark);

    if (code < 0)
        return code;
    if (b->depth == MOST_DEPTH)
        return fail(b, mark, "nested too deep", "");
    *open = (struct open){.collection = new_node(b->doc, kind, mark)};
    if (anchor)
        open->anchor = strdup((const char *)anchor);
    map_init(&open->keys);
    b->depth++;
    return open->collection && (!anchor || open->anchor) ? 0 : no_memory(b);
}

static int on_close(struct builder *b)
{
    struct open *open = &b->stack[--b->depth];
    struct built *made = open->collection;
    yaml_mark_t mark = {.line = (size_t)made->node.line - 1,
                        .column = (size_t)made->node.column - 1};
    int code = set_anchor(b, open->anchor, made);

    free(open->anchor);
    map_done(&open->keys);
    return code < 0 ? code : attach(b, made, mark);
}

static int on_event(struct builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return b->doc->root ? fail(b, event->start_mark, "only one document is allowed", "") : 0;
    case YAML_SCALAR_EVENT: return on_scalar(b, event);
    case YAML_ALIAS_EVENT: return on_alias(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(b, event, YAML_LIST, event->data.sequence_start.anchor);
    case YAML_MAPPING_START_EVENT:
        return on_open(b, event, YAML_MAP, event->data.mapping_start.anchor);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return on_close(b);
    default: return 0;
    }
}

/* libyaml says where unless the bytes are no UTF-8; then it has an offset. */
static int parser_error(const struct builder *b, const char *bytes)
{
    const yaml_parser_t *p = &b->parser;
    yaml_mark_t mark = p->problem_mark;

    if (p->error == YAML_MEMORY_ERROR)
        return no_memory(b);
    if (p->error == YAML_READER_ERROR) {
        mark = (yaml_mark_t){0};
        for (size_t i = 0; i < p->problem_offset; i++) {
            mark.column = bytes[i] == '\n' ? 0 : mark.column + 1;
            mark.line += bytes[i] == '\n';
        }
    }
    return fail(b, mark, p->problem ? p->problem : "not YAML", "");
}

static int run(struct builder *b, const char *bytes)
{
    yaml_event_type_t type;
    int code;

    do {
        yaml_event_t event;

        if (!yaml_parser_parse(&b->parser, &event))
            return parser_error(b, bytes);
        type = event.type;
        code = on_event(b, &event);
        yaml_event_delete(&event);
    } while (code == 0 && type != YAML_STREAM_END_EVENT);
    return code;
}

/* No document, or one with nothing in it, is an empty map. */
static int complete(struct builder *b)
{
    const yaml_mark_t start = {0};
    const struct built *root = b->doc->root;

    if (root && !(root->node.kind == YAML_SCALAR && !root->node.quoted && !root->node.text[0]))
        return 0;
    b->doc->root = new_node(b->doc, YAML_MAP, start);
    return b->doc->root ? 0 : no_memory(b);
}

int yaml_parse(const char *bytes, size_t length, const char *where, struct yaml **ret,
               struct err *e)
{
    struct yaml *doc;
    int code = yaml_parse_all(bytes, length, where, &doc, e);

    if (code < 0)
        return code;
    const struct yaml_node *key = yaml_repeated(doc, 0);
    if (!key) {
        *ret = doc;
        return 0;
    }
    code = err_set_at(e, ERR_CONFIG, where, key->line, key->column, "the key occurs twice: %s",
                      key->text);
    yaml_document_free(doc);
    return code;
}

int yaml_parse_all(const char *bytes, size_t length, const char *where, struct yaml **ret,
                   struct err *e)
{
    struct builder b = {.where = where, .e = e};
    int code;

    b.doc = calloc(1, sizeof *b.doc);
    if (!b.doc || !yaml_parser_initialize(&b.parser)) {
        free(b.doc);
        return no_memory(&b);
    }
    map_init(&b.anchors);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)bytes, length);
    code = run(&b, bytes);
    if (code == 0)
        code = complete(&b);
    while (b.depth > 0) {
        free(b.stack[--b.depth].anchor);
        map_done(&b.stack[b.depth].keys);
    }
    map_done(&b.anchors);
    yaml_parser_delete(&b.parser);
    if (code < 0)
        yaml_document_free(b.doc);
    else
        *ret = b.doc;
    return code;
}

void yaml_document_free(struct yaml *doc)
{
    if (!doc)
        return;
    for (size_t i = 0; i < doc->n_all; i++) {
        free(doc->all[i]->node.children);
        free(doc->all[i]->text);
        free(doc->all[i]);
    }
    free(doc->all);
    free(doc->repeated);
    free(doc);
}

const struct yaml_node *yaml_repeated(const struct yaml *doc, size_t i)
{
    return i < doc->n_repeated ? &doc->repeated[i]->node : NULL;
}

const struct yaml_node *yaml_root(const struct yaml *doc)
{
    return &doc->root->node;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i + 1 < map->n_children; i += 2) {
        if (strcmp(map->children[i]->text, key) == 0)
            return map->children[i + 1];
    }
    return NULL;
}
