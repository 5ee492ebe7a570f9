/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/tensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/vec.h"
#include "tensors_private.h"

int tensors_no_memory(struct err *e)
{
    return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
}

const char *tensors_name(struct tensors_build *b, const char *base, size_t index, bool alone)
{
    struct tensors *t = b->t;
    if (!base && index < b->n_given)
        return b->given[index];
    if (base && alone)
        return base;
    const char *word = base ? base : b->side == TENSORS_REQUEST ? "feature" : "prediction";
    char *name = NULL;
    if (VEC_ROOM(t->names, t->n_names, t->names_capacity, 1) < 0 ||
        (alone ? asprintf(&name, "%s", word) : asprintf(&name, "%s_%zu", word, index)) < 0)
        return NULL;
    t->names[t->n_names++] = name;
    return name;
}

bool tensors_value(const struct json *json, struct value *ret)
{
    double number;
    size_t length;
    const char *text;
    switch (json_kind(json)) {
    case JSON_NUMBER:
        *ret = json_number(json, &number) ? value_from_number(number) : value_from_text("", 0);
        return true;
    case JSON_STRING:
        text = json_text(json, &length);
        *ret = value_from_text(text, length);
        return true;
    case JSON_BOOL:
        text = json_bool(json, false) ? "true" : "false";
        *ret = (struct value){.kind = VALUE_TEXT, .text = text, .length = strlen(text)};
        return true;
    case JSON_NULL: *ret = (struct value){.kind = VALUE_MISSING}; return true;
    default: return false;
    }
}

/* One value more for the row that is being made. */
static int put_field(struct tensors_build *b, const char *name, struct value value)
{
    struct tensors *t = b->t;
    if (!name || VEC_ROOM(t->fields, t->n_fields, t->fields_capacity, 1) < 0)
        return tensors_no_memory(b->e);
    if (t->n_fields >= TENSORS_FIELDS)
        return err_set(b->e, ERR_LIMIT, "more than %zu values", TENSORS_FIELDS);
    t->fields[t->n_fields++] =
        (struct field){.name = name, .name_length = strlen(name), .value = value};
    return 0;
}

/* A row of named values; objects and lists in it are left out and counted. */
static int object_row(struct tensors_build *b, const struct json *object)
{
    const char *key;
    struct json *item;
    for (void *it = NULL; json_next(object, &it, &key, &item);) {
        struct value value;
        if (!tensors_value(item, &value)) {
            b->t->n_nested++;
            continue;
        }
        int result = put_field(b, key, value);
        if (result < 0)
            return result;
    }
    return 0;
}

/* A row of positions, deeper lists flattened. `alone`: it is one cell. */
static int list_row(struct tensors_build *b, const struct json *list, size_t *index, bool alone,
                    const char **names)
{
    struct value value;
    if (json_kind(list) == JSON_ARRAY) {
        size_t n = json_length(list);
        int result = 0;
        for (size_t i = 0; i < n && result == 0; i++)
            result = list_row(b, json_at(list, i), index, false, names);
        return result;
    }
    if (!tensors_value(list, &value)) {
        b->t->n_nested++;
        ++*index;
        return 0;
    }
    size_t i = (*index)++;
    if (i >= TENSORS_COLUMNS)
        return err_set(b->e, ERR_LIMIT, "a row has more than %d values", TENSORS_COLUMNS);
    /* Names are made once, and shared by all rows. */
    if (alone)
        i = TENSORS_COLUMNS;
    if (!names[i])
        names[i] = tensors_name(b, NULL, alone ? 0 : i, alone);
    return put_field(b, names[i], value);
}

int tensors_rows(struct tensors_build *b, const struct json *list)
{
    struct tensors *t = b->t;
    size_t n = json_length(list);
    if (n > TENSORS_ROWS)
        return err_set(b->e, ERR_LIMIT, "more than %d rows", TENSORS_ROWS);
    const char **names = calloc(TENSORS_COLUMNS + 1, sizeof *names);
    int result =
        names && VEC_ROOM(t->rows, 0, t->rows_capacity, n) == 0 ? 0 : tensors_no_memory(b->e);
    for (size_t i = 0; i < n && result == 0; i++) {
        const struct json *item = json_at(list, i);
        size_t first = t->n_fields, index = 0;
        if (json_kind(item) == JSON_OBJECT)
            result = object_row(b, item);
        else
            result = list_row(b, item, &index, json_kind(item) != JSON_ARRAY, names);
        t->rows[t->n_rows++] = (struct tensors_row){first, t->n_fields - first};
    }
    free(names);
    return result;
}

/* The members that hold the payload, in the order they are looked for. */
static int decode(struct tensors_build *b)
{
    static const char *const members[2][2] = {{"instances", "inputs"}, {"predictions", "outputs"}};
    const struct json *root = b->t->root;
    const struct json *rows = json_get(root, members[b->side][0]);
    const struct json *columns = json_get(root, members[b->side][1]);
    const struct json *first = json_at(columns, 0);
    if (json_kind(rows) == JSON_ARRAY)
        return tensors_rows(b, rows);
    if (json_kind(columns) == JSON_OBJECT)
        return tensors_columnar(b, columns);
    if (json_kind(columns) == JSON_ARRAY && json_get(first, "name"))
        return tensors_v2(b, columns);
    if (json_kind(columns) == JSON_ARRAY) /* V1 columnar with one unnamed tensor */
        return tensors_rows(b, columns);
    return err_set(b->e, ERR_ABSENT, "the body has neither %s nor %s", members[b->side][0],
                   members[b->side][1]);
}

int tensors_decode(const char *bytes, size_t length, enum tensors_side side,
                   const char *const *names, size_t n_names, struct tensors *ret, struct err *e)
{
    *ret = (struct tensors){0};
    if (length == 0)
        return err_set(e, ERR_ABSENT, "the body is empty");
    int result = json_parse(bytes, length, &ret->root, e);
    if (result < 0)
        return result;
    ret->id = json_text(json_get(ret->root, "id"), NULL);
    ret->model_name = json_text(json_get(ret->root, "model_name"), NULL);
    ret->model_version = json_text(json_get(ret->root, "model_version"), NULL);
    struct tensors_build b = {ret, side, names, n_names, e};
    return decode(&b);
}

void tensors_done(struct tensors *t)
{
    for (size_t i = 0; i < t->n_names; i++)
        free(t->names[i]);
    free(t->names);
    free(t->fields);
    free(t->rows);
    json_drop(t->root);
    *t = (struct tensors){0};
}
