/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/adapt/feature.h"
#include "driftop/base/err.h"
#include "driftop/base/log.h"
#include "driftop/base/map.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/base/vec.h"
#include "driftop/stats/association.h"

#define REFERENCE_LIMIT   ((size_t)1 << 30)
#define REFERENCE_COLUMNS 4096
#define REFERENCE_CELLS   ((size_t)32 << 20) /* values in all: 1 GiB of memory */

/* A column while the file is read. Texts live in `texts` as offsets until all are read, because
 * the buffer moves when it grows. */
struct column {
    char name[MODEL_NAME_SIZE];
    struct value *values;
    size_t n_values, values_capacity;
    int feature; /* of the layout; -1: none */
};

struct loading {
    const struct config_deployment *d;
    struct column *columns;
    size_t n_columns, columns_capacity;
    struct map by_name;
    struct str texts;
    size_t rows, cells;
    enum source_refusal refusal;
    char refused_field[MODEL_NAME_SIZE];
    size_t n_refused;
    int code;
};

static void loading_done(struct loading *l)
{
    for (size_t i = 0; i < l->n_columns; i++)
        free(l->columns[i].values);
    free(l->columns);
    map_done(&l->by_name);
    str_done(&l->texts);
}

static struct column *find_column(struct loading *l, const struct field *field)
{
    bool is_new;
    union map_value *slot = map_put_bytes(&l->by_name, field->name, field->name_length, &is_new);
    if (!slot)
        return NULL;
    if (!is_new)
        return &l->columns[slot->number];
    if (l->n_columns >= REFERENCE_COLUMNS ||
        VEC_ROOM(l->columns, l->n_columns, l->columns_capacity, 1) < 0)
        return NULL;
    struct column *column = &l->columns[l->n_columns];
    *column = (struct column){.feature = -1};
    utf8_clean(column->name, sizeof column->name, field->name, field->name_length);
    slot->number = (int64_t)l->n_columns++;
    return column;
}

/* Fill with missing values up to `rows`: a column that appears late was missing before. */
static int column_reach(struct loading *l, struct column *column, size_t rows)
{
    if (rows <= column->n_values)
        return 0;
    size_t extra = rows - column->n_values;
    /* A few late columns make many values out of few bytes. */
    if (extra > REFERENCE_CELLS - l->cells)
        return ERR_LIMIT;
    l->cells += extra;
    if (VEC_ROOM(column->values, column->n_values, column->values_capacity, extra) < 0)
        return ERR_NOMEM;
    memset(column->values + column->n_values, 0, extra * sizeof *column->values);
    for (size_t i = column->n_values; i < rows; i++)
        column->values[i].kind = VALUE_MISSING;
    column->n_values = rows;
    return 0;
}

static int add_value(struct loading *l, const struct field *field)
{
    struct column *column = find_column(l, field);
    if (!column)
        return ERR_LIMIT;
    int r = column_reach(l, column, l->rows);
    if (r < 0 || l->cells >= REFERENCE_CELLS)
        return ERR_LIMIT;
    if (VEC_ROOM(column->values, column->n_values, column->values_capacity, 1) < 0)
        return ERR_NOMEM;
    l->cells++;
    /* A name that stands twice in a row: the last one counts. */
    if (column->n_values > l->rows)
        column->n_values = l->rows;
    struct value value = field->value;
    if (value.text) {
        size_t offset = l->texts.length;
        if (str_add_bytes(&l->texts, value.text, value.length) < 0)
            return ERR_LIMIT;
        value.text = (const char *)(uintptr_t)(offset + 1);
    }
    column->values[column->n_values++] = value;
    return 0;
}

static int on_row(void *ctx, const struct feature_row *row)
{
    struct loading *l = ctx;
    for (size_t i = 0; i < row->n_fields; i++) {
        l->code = add_value(l, &row->fields[i]);
        if (l->code < 0)
            return l->code;
    }
    l->rows++;
    return 0;
}

static void on_refused(void *ctx, enum source_refusal reason, const char *field)
{
    struct loading *l = ctx;
    if (l->n_refused++ == 0) {
        l->refusal = reason;
        str_copy(l->refused_field, sizeof l->refused_field, field ? field : "");
    }
}

/* Offsets become pointers now that the buffer stands still. */
static void settle_texts(struct loading *l)
{
    for (size_t i = 0; i < l->n_columns; i++)
        for (size_t k = 0; k < l->columns[i].n_values; k++) {
            struct value *v = &l->columns[i].values[k];
            if (v->text)
                v->text = l->texts.data + ((uintptr_t)v->text - 1);
        }
}

static int compare_values(const void *a, const void *b)
{
    const struct value *const *x = a, *const *y = b;
    size_t shorter = (*x)->length < (*y)->length ? (*x)->length : (*y)->length;
    int r = memcmp((*x)->text, (*y)->text, shorter);
    return r ? r : ((*x)->length > (*y)->length) - ((*x)->length < (*y)->length);
}

/* Values that are all distinct texts name rows and do not describe them. */
static bool is_identifier(const struct column *column)
{
    if (column->n_values < 2)
        return false;
    for (size_t i = 0; i < column->n_values; i++)
        if (column->values[i].kind != VALUE_TEXT)
            return false;
    const struct value **sorted = calloc(column->n_values, sizeof(const struct value *));
    if (!sorted)
        return false;
    for (size_t i = 0; i < column->n_values; i++)
        sorted[i] = &column->values[i];
    qsort(sorted, column->n_values, sizeof *sorted, compare_values);
    bool distinct = true;
    for (size_t i = 1; i < column->n_values && distinct; i++)
        distinct = compare_values(&sorted[i - 1], &sorted[i]) != 0;
    free(sorted);
    return distinct;
}

static int add_feature(struct loading *l, struct layout *layout, size_t *capacity,
                       struct column *column, struct err *e)
{
    if (VEC_ROOM(layout->features, layout->n_features, *capacity, 1) < 0 ||
        column_reach(l, column, l->rows) < 0)
        return err_set(e, ERR_LIMIT, "the reference of %s is too large", l->d->name);
    struct layout_feature *f = &layout->features[layout->n_features];
    memset(f, 0, sizeof *f);
    str_copy(f->name, sizeof f->name, column->name);
    int r = codebook_build(column->values, column->n_values, NULL, &f->codebook, e);
    if (r < 0)
        return r;
    column->feature = (int)layout->n_features++;
    return 0;
}

/* What the configuration says of a feature, 0 to 1; NaN when it says nothing. */
static double stated_importance(const struct config_deployment *d, const char *feature)
{
    const struct option_value *stated = option_get(&d->options, "importance");
    for (size_t i = 0; i + 1 < stated->n_items; i += 2)
        if (strcmp(stated->items[i], feature) == 0)
            return strtod(stated->items[i + 1], NULL);
    return NAN;
}

/* Names that nothing answers to are worth a word: the ranking is not what somebody meant. */
static void warn_of_strangers(const struct loading *l, const struct layout *layout)
{
    const struct option_value *stated = option_get(&l->d->options, "importance");
    for (size_t i = 0; i + 1 < stated->n_items; i += 2)
        if (layout_find(layout, stated->items[i], strlen(stated->items[i])) < 0)
            log_warn("%s: importance of %s: the reference has no such feature", l->d->name,
                     stated->items[i]);
}

/* As stated, else as the reference's rows have it. */
static void fill_importance(const struct loading *l, struct layout *layout)
{
    const struct column *prediction = NULL;
    for (size_t i = 0; i < l->n_columns; i++)
        if (l->columns[i].feature >= 0 && strcmp(l->columns[i].name, layout->prediction) == 0)
            prediction = &l->columns[i];
    warn_of_strangers(l, layout);
    for (size_t i = 0; i < l->n_columns; i++) {
        const struct column *column = &l->columns[i];
        if (column->feature < 0)
            continue;
        struct layout_feature *f = &layout->features[column->feature];
        double importance = stated_importance(l->d, f->name);
        if (isnan(importance) && prediction == column)
            importance = 1;
        else if (isnan(importance) && prediction)
            importance = association_of(f->codebook, column->values,
                                        layout->features[prediction->feature].codebook,
                                        prediction->values, l->rows);
        f->importance = (float)importance;
    }
}

static const char *feature_option(const struct config_deployment *d, const char *name)
{
    const char *text = option_text(&d->reference->options, name);
    if (!text && d->n_features)
        text = option_text(&d->features[0].options, name);
    return text;
}

/* Every column but those that say when and which version, or name the row. */
static int add_features(struct loading *l, struct layout *layout, struct err *e)
{
    const char *time_field = feature_option(l->d, "time_field");
    const char *version_field = feature_option(l->d, "version_field");
    size_t capacity = 0;
    int r = 0;

    for (size_t i = 0; i < l->n_columns && r == 0; i++) {
        struct column *column = &l->columns[i];
        if ((time_field && strcmp(column->name, time_field) == 0) ||
            (version_field && strcmp(column->name, version_field) == 0) || is_identifier(column))
            continue;
        r = add_feature(l, layout, &capacity, column, e);
    }
    if (r == 0 && layout->n_features == 0)
        r = err_set(e, ERR_DATA, "the reference of %s has no usable column", l->d->name);
    return r;
}

static int build_layout(struct loading *l, struct layout **ret, struct err *e)
{
    const char *prediction = feature_option(l->d, "prediction_field");
    struct layout *layout = calloc(1, sizeof *layout);

    if (!layout)
        return err_set(e, ERR_NOMEM, "no memory for the reference of %s", l->d->name);
    if (prediction)
        str_copy(layout->prediction, sizeof layout->prediction, prediction);
    int r = add_features(l, layout, e);
    if (r == 0)
        fill_importance(l, layout);
    if (r == 0 && (r = layout_close(layout)) < 0)
        err_set(e, r, "the reference of %s is too large", l->d->name);
    if (r < 0) {
        layout_free(layout);
        return r;
    }
    *ret = layout;
    return 0;
}

static int pass_row(void *ctx, const struct feature_row *row)
{
    (void)ctx;
    (void)row;
    return 0;
}

static void note_refusal(void *ctx, enum source_refusal reason, const char *field)
{
    (void)reason;
    (void)field;
    *(bool *)ctx = true;
}

/* The line in which the first record that is refused begins: read again, record by record. */
static int bad_line(const struct feature_adapter *adapter, const struct option_set *options,
                    const struct str *bytes)
{
    struct feature_decoder *decoder = adapter->open(options, NULL);
    bool refused = false;
    struct feature_sink sink = {pass_row, note_refusal, &refused};
    size_t at = 0, reach = 1;
    int line = 1;

    while (decoder && !refused && at + reach <= bytes->length) {
        const char *from = bytes->data + at;
        const char *end = memchr(from + reach - 1, '\n', bytes->length - at - reach + 1);
        size_t length = end ? (size_t)(end - from) + 1 : bytes->length - at;
        int64_t used = adapter->feed(decoder, from, length, at == 0, &sink);
        if (used < 0 || refused)
            break;
        for (int64_t i = 0; i < used; i++)
            line += from[i] == '\n';
        at += (size_t)used;
        /* A record over several lines: twice as far, so that long ones stay cheap. */
        reach = used ? 1 : 2 * length;
    }
    if (decoder)
        adapter->close(decoder);
    return refused ? line : 0;
}

static int decode_all(struct loading *l, const struct str *bytes, struct err *e)
{
    const struct config_adapter *reference = l->d->reference;
    const char *path = option_text(&reference->options, "path");
    const struct feature_adapter *adapter = adapt_feature_find(reference->type);
    if (!adapter)
        return err_set(e, ERR_CONFIG, "unknown type of reference: %s", reference->type);
    struct feature_decoder *decoder = adapter->open(&reference->options, e);
    if (!decoder)
        return ERR_CONFIG;
    struct feature_sink sink = {on_row, on_refused, l};
    int64_t used = adapter->feed(decoder, bytes->data, bytes->length, true, &sink);
    adapter->close(decoder);
    if (used < 0)
        return err_set(e, (int)used, "%s: cannot be read as %s", path, reference->type);
    if (l->n_refused)
        return err_set_at(e, ERR_DATA, path, bad_line(adapter, &reference->options, bytes), 0,
                          "%zu bad rows, the first: %s%s%s", l->n_refused,
                          source_refusal_name(l->refusal), l->refused_field[0] ? " in " : "",
                          l->refused_field);
    if (l->rows == 0)
        return err_set(e, ERR_DATA, "%s: no rows", path);
    return 0;
}

int reference_load(const struct config_deployment *d, struct layout **ret, struct err *e)
{
    struct loading l = {.d = d};
    struct str bytes;
    int r;

    str_init(&bytes, REFERENCE_LIMIT);
    str_init(&l.texts, REFERENCE_LIMIT);
    map_init(&l.by_name);
    const char *path = option_text(&d->reference->options, "path");
    r = path_read(path, &bytes, e);
    /* A last line without its end is a row all the same: nobody is still writing this file. */
    if (r == 0 && bytes.length && bytes.data[bytes.length - 1] != '\n')
        r = str_add_char(&bytes, '\n');
    if (r == 0)
        r = decode_all(&l, &bytes, e);
    if (r == 0) {
        settle_texts(&l);
        r = build_layout(&l, ret, e);
    }
    loading_done(&l);
    str_done(&bytes);
    return r;
}
