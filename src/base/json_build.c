/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/json_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "jansson_private.h"

struct json *json_new_object(void)
{
    return json_wrapped(json_object());
}

struct json *json_new_array(void)
{
    return json_wrapped(json_array());
}

/* A copy with a '?' for each byte that is not UTF-8; the caller frees it. */
static char *cleaned(const char *text)
{
    const size_t length = strlen(text);
    char *copy = strdup(text);

    for (size_t at = 0; copy && at < length;) {
        uint32_t c;
        size_t n = utf8_decode(text + at, length - at, &c);

        if (c == UTF8_REPLACEMENT && n == 1)
            copy[at] = '?';
        at += n;
    }
    return copy;
}

struct json *json_new_text(const char *text)
{
    json_t *value;
    char *copy;

    if (!text)
        return json_new_null();
    value = json_string(text);
    if (value)
        return json_wrapped(value);
    copy = cleaned(text);
    value = copy ? json_string(copy) : NULL;
    free(copy);
    return json_wrapped(value);
}

struct json *json_new_real(double number)
{
    return isfinite(number) ? json_wrapped(json_real(number)) : json_new_null();
}

struct json *json_new_int(int64_t number)
{
    return json_wrapped(json_integer(number));
}

struct json *json_new_bool(bool value)
{
    return json_wrapped(json_boolean(value));
}

struct json *json_new_null(void)
{
    return json_wrapped(json_null());
}

void json_put(struct json *object, const char *key, struct json *value)
{
    char *copy;

    /* One more reference for the second try: jansson drops the value also when it fails. */
    if (json_object_set_new(json_native(object), key, json_incref(json_native(value))) < 0 &&
        json_is(object, JANSSON_OBJECT) && value && key) {
        copy = cleaned(key);
        json_object_set_new(json_native(object), copy, json_incref(json_native(value)));
        free(copy);
    }
    json_drop(value);
}

void json_append(struct json *array, struct json *value)
{
    json_array_append_new(json_native(array), json_native(value));
}

struct json *json_keep(struct json *value)
{
    return json_wrapped(json_incref(json_native(value)));
}

static int append(const char *bytes, size_t length, void *data)
{
    return str_add_bytes(data, bytes, length);
}

int json_write(const struct json *value, int indent, struct str *ret)
{
    const size_t before = ret->length;
    size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(17);

    flags |= indent > 0 ? JSON_INDENT((size_t)indent) : JSON_COMPACT;
    if (!value)
        return ERR_NOMEM; /* the tree was lost to a failure of memory */
    if (json_dump_callback(json_native(value), append, ret, flags) == 0)
        return 0;
    if (ret->length > before) {
        ret->length = before;
        ret->data[before] = '\0';
    }
    return ret->failed ? ERR_LIMIT : ERR_NOMEM;
}
