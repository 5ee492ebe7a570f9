/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Payloads that come as columns: each tensor is N rows of K values, and the rows are made by laying
 * the tensors side by side.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/vec.h"
#include "tensors_private.h"

/* One tensor's values, row-major, and where they go in a row. */
struct column {
    const char *name;
    const struct json *data;
    size_t n, k, at;
};

/* How many scalars lie in there, lists flattened. */
static size_t count_values(const struct json *data)
{
    if (json_kind(data) != JSON_ARRAY)
        return 1;
    size_t total = 0, n = json_length(data);
    for (size_t i = 0; i < n; i++)
        total += count_values(json_at(data, i));
    return total;
}

/* N and K: the shape's first dimension and the product of the others; without a shape the data's own
 * outer length. */
static int measure(struct tensors_build *b, const struct json *shape, struct column *c)
{
    size_t total = count_values(c->data), rank = json_length(shape);
    int64_t rows = 0;
    if (json_kind(c->data) != JSON_ARRAY)
        return err_set(b->e, ERR_DATA, "tensor %s has no data in the body", c->name);
    c->n = json_length(c->data);
    if (rank > 0) {
        if (!json_int(json_at(shape, 0), &rows) || rows < 0 || rows > TENSORS_ROWS)
            return err_set(b->e, ERR_LIMIT, "tensor %s has an odd shape", c->name);
        c->n = (size_t)rows;
    }
    size_t k = 1;
    for (size_t i = 1; i < rank; i++) {
        int64_t d;
        if (!json_int(json_at(shape, i), &d) || d < 0 || d > TENSORS_COLUMNS ||
            (k *= (size_t)d) > TENSORS_COLUMNS)
            return err_set(b->e, ERR_LIMIT, "tensor %s has an odd shape", c->name);
    }
    c->k = rank > 0 ? k : c->n ? total / c->n : 0;
    if (c->n * c->k != total)
        return err_set(b->e, ERR_DATA, "tensor %s has %zu values for %zu rows of %zu", c->name,
                       total, c->n, c->k);
    return 0;
}

/* Room for all rows; every tensor must have as many. */
static int lay_out(struct tensors_build *b, struct column *columns, size_t n_columns)
{
    struct tensors *t = b->t;
    size_t n = n_columns ? columns[0].n : 0, width = 0;
    for (size_t i = 0; i < n_columns; i++) {
        if (columns[i].n != n)
            return err_set(b->e, ERR_DATA, "tensor %s has %zu rows, the first has %zu",
                           columns[i].name, columns[i].n, n);
        columns[i].at = width;
        width += columns[i].k;
        if (width > TENSORS_COLUMNS)
            return err_set(b->e, ERR_LIMIT, "a row has more than %d values", TENSORS_COLUMNS);
    }
    if (n > TENSORS_ROWS || n * width > TENSORS_FIELDS)
        return err_set(b->e, ERR_LIMIT, "more than %zu values", TENSORS_FIELDS);
    if (VEC_ROOM(t->fields, 0, t->fields_capacity, n * width) < 0 ||
        VEC_ROOM(t->rows, 0, t->rows_capacity, n) < 0)
        return tensors_no_memory(b->e);
    for (t->n_rows = 0; t->n_rows < n; t->n_rows++)
        t->rows[t->n_rows] = (struct tensors_row){t->n_rows * width, width};
    t->n_fields = n * width;
    return 0;
}

/* Where the walk through a tensor's data has come to. */
struct fill {
    struct tensors *t;
    const struct column *c;
    const char **names;
    size_t index;
};

/* Into the places that lay_out() made, in row-major order. */
static bool fill_values(struct fill *f, const struct json *data)
{
    if (json_kind(data) == JSON_ARRAY) {
        size_t n = json_length(data);
        for (size_t i = 0; i < n; i++)
            if (!fill_values(f, json_at(data, i)))
                return false;
        return true;
    }
    size_t row = f->index / f->c->k, k = f->index % f->c->k;
    struct field *field = &f->t->fields[f->t->rows[row].first + f->c->at + k];
    field->name = f->names[k];
    field->name_length = strlen(f->names[k]);
    f->index++;
    return tensors_value(data, &field->value);
}

static int fill_column(struct tensors_build *b, const struct column *c)
{
    if (c->n == 0 || c->k == 0)
        return 0;
    struct fill f = {b->t, c, calloc(c->k, sizeof *f.names), 0};
    if (!f.names)
        return tensors_no_memory(b->e);
    int result = 0;
    for (size_t i = 0; i < c->k && result == 0; i++) {
        f.names[i] = tensors_name(b, c->name, i, c->k == 1);
        result = f.names[i] ? 0 : tensors_no_memory(b->e);
    }
    if (result == 0 && !fill_values(&f, c->data))
        result = err_set(b->e, ERR_DATA, "tensor %s holds an object", c->name);
    free(f.names);
    return result;
}

/* A failure leaves no half-filled row behind. */
static int join(struct tensors_build *b, struct column *columns, size_t n)
{
    int result = lay_out(b, columns, n);
    for (size_t i = 0; i < n && result == 0; i++)
        result = fill_column(b, &columns[i]);
    if (result < 0)
        b->t->n_rows = b->t->n_fields = 0;
    return result;
}

static struct column *room(struct tensors_build *b, size_t n, int *ret_result)
{
    struct column *columns = n <= TENSORS_COLUMNS ? calloc(n + 1, sizeof *columns) : NULL;
    *ret_result = 0;
    if (n > TENSORS_COLUMNS)
        *ret_result = err_set(b->e, ERR_LIMIT, "more than %d tensors", TENSORS_COLUMNS);
    else if (!columns)
        *ret_result = tensors_no_memory(b->e);
    return columns;
}

int tensors_columnar(struct tensors_build *b, const struct json *object)
{
    int result;
    size_t n = 0;
    const char *key;
    struct json *item;
    struct column *columns = room(b, json_length(object), &result);
    for (void *it = NULL; result == 0 && json_next(object, &it, &key, &item);) {
        columns[n] = (struct column){.name = key, .data = item};
        result = measure(b, NULL, &columns[n++]);
    }
    if (result == 0)
        result = join(b, columns, n);
    free(columns);
    return result;
}

int tensors_v2(struct tensors_build *b, const struct json *list)
{
    int result;
    size_t n = json_length(list);
    struct column *columns = room(b, n, &result);
    for (size_t i = 0; i < n && result == 0; i++) {
        const struct json *item = json_at(list, i);
        columns[i] = (struct column){.name = json_text(json_get(item, "name"), NULL),
                                     .data = json_get(item, "data")};
        if (!columns[i].name)
            result = err_set(b->e, ERR_DATA, "tensor %zu has no name", i);
        else
            result = measure(b, json_get(item, "shape"), &columns[i]);
    }
    if (result == 0)
        result = join(b, columns, n);
    free(columns);
    return result;
}
