/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "row_private.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/vec.h"

void row_scratch_done(struct row_scratch *scratch)
{
    free(scratch->fields);
    *scratch = (struct row_scratch){0};
}

static bool is_named(const struct field *f, const char *name)
{
    size_t length = strlen(name);

    return f->name_length == length && memcmp(f->name, name, length) == 0;
}

static bool is_one_of(const struct field *f, const char *const *names)
{
    for (; names && *names; names++)
        if (is_named(f, *names))
            return true;
    return false;
}

/* What is not a feature, as found in one row. */
struct found {
    const struct field *time, *version, *deployment, *prediction;
};

/* Notes a field that is no feature. */
static bool take(const struct row_names *names, const struct field *f, struct found *ret)
{
    if (is_one_of(f, names->time))
        ret->time = f;
    else if (is_one_of(f, names->version))
        ret->version = f;
    else if (is_one_of(f, names->deployment))
        ret->deployment = f;
    else
        return false;
    return true;
}

static int refuse(enum source_refusal reason, const char *field, const char **ret_field)
{
    *ret_field = field;
    return (int)reason + 1;
}

static int set_time(const struct field *f, struct feature_row *ret)
{
    if (!f || f->value.kind == VALUE_MISSING)
        return ERR_DATA;
    if (f->value.kind == VALUE_NUMBER)
        return clock_from_number(f->value.number, &ret->at_ms);
    return clock_parse(f->value.text, f->value.length, &ret->at_ms);
}

/* A name as it may go into the store and onto a screen. */
static bool usable_name(const struct field *f)
{
    if (!f || !f->value.text || f->value.length == 0 || f->value.length >= MODEL_NAME_SIZE)
        return false;
    for (size_t i = 0; i < f->value.length; i++)
        if ((unsigned char)f->value.text[i] < 0x20 || f->value.text[i] == 0x7f)
            return false;
    return true;
}

static int finish(const struct row_names *names, const struct found *found,
                  struct row_scratch *scratch, struct feature_row *ret, const char **ret_field)
{
    *ret = (struct feature_row){.at_ms = CLOCK_NEVER, .version = ""};
    ret->fields = scratch->fields;
    ret->n_fields = scratch->n_fields;
    if (!names->time)
        return 0;
    if (set_time(found->time, ret) < 0)
        return refuse(REFUSED_TIME, names->time[0], ret_field);
    if (names->version && !usable_name(found->version))
        return refuse(REFUSED_VERSION, names->version[0], ret_field);
    if (names->version) {
        ret->version = found->version->value.text;
        ret->version_length = found->version->value.length;
    }
    if (names->deployment && !usable_name(found->deployment))
        return refuse(REFUSED_FIELD, names->deployment[0], ret_field);
    if (names->deployment) {
        ret->deployment = found->deployment->value.text;
        ret->deployment_length = found->deployment->value.length;
    }
    return 0;
}

int row_make(const struct row_names *names, const struct field *fields, size_t n,
             struct row_scratch *scratch, struct feature_row *ret, const char **ret_field)
{
    struct found found = {0};

    scratch->n_fields = 0;
    if (VEC_ROOM(scratch->fields, 0, scratch->fields_capacity, n) < 0)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (!take(names, &fields[i], &found))
            scratch->fields[scratch->n_fields++] = fields[i];
    return finish(names, &found, scratch, ret, ret_field);
}

int row_make_nested(const struct row_names *names, const struct field *fields, size_t n,
                    const struct field *features, size_t n_features, struct row_scratch *scratch,
                    struct feature_row *ret, const char **ret_field)
{
    struct found found = {0};

    scratch->n_fields = 0;
    if (VEC_ROOM(scratch->fields, 0, scratch->fields_capacity, n_features + 1) < 0)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (!take(names, &fields[i], &found) && names->prediction &&
            is_named(&fields[i], names->prediction))
            found.prediction = &fields[i];
    if (n_features > 0)
        memcpy(scratch->fields, features, n_features * sizeof *features);
    scratch->n_fields = n_features;
    if (found.prediction)
        scratch->fields[scratch->n_fields++] = *found.prediction;
    return finish(names, &found, scratch, ret, ret_field);
}
