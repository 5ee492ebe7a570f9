/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "jansson_private.h"

/* What jansson would let through. It recurses and takes 2048 levels; counting brackets outside strings
 * before it sees the text is enough, since a text with other brackets is no JSON anyhow. And it skips
 * a NUL byte behind a number. */
static int prescan(const char *bytes, size_t length, struct err *e)
{
    int depth = 0, line = 1;
    bool in_string = false;
    size_t line_start = 0;

    for (size_t i = 0; i < length; i++) {
        switch (bytes[i]) {
        case '"': in_string = !in_string; break;
        case '\\': i += in_string; break;
        case '[':
        case '{': depth += !in_string; break;
        case ']':
        case '}': depth -= !in_string; break;
        case '\n':
            line++;
            line_start = i + 1;
            break;
        case '\0':
            return err_set_at(e, ERR_DATA, NULL, line, (int)(i - line_start) + 1, "a NUL byte");
        default: break;
        }
        if (depth > JSON_DEPTH)
            return err_set_at(e, ERR_DATA, NULL, line, (int)(i - line_start) + 1,
                              "nested deeper than %d", JSON_DEPTH);
    }
    return 0;
}

int json_parse(const char *bytes, size_t length, struct json **ret, struct err *e)
{
    const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
    json_error_t error;
    json_t *value;
    int code = prescan(bytes, length, e);

    if (code < 0)
        return code;
    value = json_loadb(length ? bytes : "", length, flags, &error);
    /* An integer outside 64 bits would spoil the whole document: then all numbers are doubles. */
    if (!value && json_error_code(&error) == json_error_numeric_overflow)
        value = json_loadb(bytes, length, flags | JSON_DECODE_INT_AS_REAL, &error);
    if (!value && json_error_code(&error) == json_error_out_of_memory)
        return err_set(e, ERR_NOMEM, "no memory for %zu bytes of JSON", length);
    if (!value)
        return err_set_at(e, ERR_DATA, NULL, error.line, error.column, "%s", error.text);
    *ret = json_wrapped(value);
    return 0;
}

void json_drop(struct json *value)
{
    json_decref(json_native(value));
}

enum json_kind json_kind(const struct json *value)
{
    if (!value)
        return JSON_NULL;
    switch (json_typeof(json_native(value))) {
    case JANSSON_OBJECT: return JSON_OBJECT;
    case JANSSON_ARRAY: return JSON_ARRAY;
    case JANSSON_STRING: return JSON_STRING;
    case JSON_INTEGER:
    case JSON_REAL: return JSON_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE: return JSON_BOOL;
    case JANSSON_NULL: break;
    }
    return JSON_NULL;
}

struct json *json_get(const struct json *object, const char *key)
{
    return json_wrapped(json_object_get(json_native(object), key));
}

struct json *json_at(const struct json *array, size_t index)
{
    return json_wrapped(json_array_get(json_native(array), index));
}

size_t json_length(const struct json *value)
{
    /* Each is 0 for what is not of its type. */
    return json_array_size(json_native(value)) + json_object_size(json_native(value));
}

const char *json_text(const struct json *value, size_t *ret_length)
{
    const char *text = json_string_value(json_native(value));
    size_t length = json_string_length(json_native(value));

    if (!text || (!ret_length && strlen(text) != length))
        return NULL;
    if (ret_length)
        *ret_length = length;
    return text;
}

bool json_number(const struct json *value, double *ret)
{
    if (!json_is(value, JSON_INTEGER) && !json_is(value, JSON_REAL))
        return false;
    *ret = json_number_value(json_native(value));
    return true;
}

/* Decimal digits with an optional minus, and nothing else. */
static bool int_of_text(const char *text, int64_t *ret)
{
    const char *digits = text + (*text == '-');
    char *end;
    long long number;

    if (*digits < '0' || *digits > '9')
        return false;
    errno = 0;
    number = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *ret = number;
    return true;
}

bool json_int(const struct json *value, int64_t *ret)
{
    const double exact = 9007199254740992.0; /* 2^53: below it a whole double is an integer */
    const char *text = json_text(value, NULL);
    double real;

    if (json_is(value, JSON_INTEGER)) {
        *ret = json_integer_value(json_native(value));
        return true;
    }
    if (text)
        return int_of_text(text, ret);
    /* Some writers, and json_parse() after an overflow, make 3 a 3.0. */
    if (!json_number(value, &real) || !(fabs(real) <= exact) || fabs(real - trunc(real)) > 0)
        return false;
    *ret = (int64_t)real;
    return true;
}

bool json_bool(const struct json *value, bool fallback)
{
    if (json_is(value, JSON_TRUE))
        return true;
    return json_is(value, JSON_FALSE) ? false : fallback;
}

bool json_next(const struct json *object, void **it, const char **ret_key, struct json **ret_value)
{
    json_t *native = json_native(object);

    *it = *it ? json_object_iter_next(native, *it) : json_object_iter(native);
    if (!*it)
        return false;
    *ret_key = json_object_iter_key(*it);
    *ret_value = json_wrapped(json_object_iter_value(*it));
    return true;
}
