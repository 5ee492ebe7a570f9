/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one place that includes jansson.h, for json.c (reading) and json_build.c (writing). Some of
 * jansson's type names are also members of our enum json_kind, so its own are renamed on the way
 * in: here JANSSON_OBJECT is jansson's and JSON_OBJECT is ours. (jansson's json_is_*() macros would
 * then compare with ours; the code uses json_typeof() instead.)
 *
 * A struct json is a json_t under another name: it is only ever a pointer.
 */
#ifndef DRIFTOP_BASE_JANSSON_PRIVATE_H
#define DRIFTOP_BASE_JANSSON_PRIVATE_H

#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY  JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_NULL   JANSSON_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_NULL

#include "driftop/base/json.h"

static inline json_t *json_native(const struct json *value)
{
    return (json_t *)(uintptr_t)value;
}

static inline struct json *json_wrapped(json_t *value)
{
    return (struct json *)value;
}

/* False for NULL. */
static inline bool json_is(const struct json *value, json_type type)
{
    return value && json_typeof(json_native(value)) == type;
}

#endif
