/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading JSON. jansson stands behind it, in src/base/jansson_private.h. Bytes are hostile: the size is
 * the caller's to bound, the depth is bounded here (JSON_DEPTH), two equal keys keep the last,
 * bytes behind the value are an error. Where an integer exceeds 64 bits, all numbers of that
 * document are read as doubles. All getters accept NULL and a value of the wrong type and
 * then say "absent", so that a decoder reads straight through.
 */
#ifndef DRIFTOP_BASE_JSON_H
#define DRIFTOP_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_DEPTH 64

struct err;
struct json; /* reference counted; a borrowed child lives as long as its root */

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* The caller drops *ret. Any value is accepted at the top. ERR_DATA with line and column. */
int json_parse(const char *bytes, size_t length, struct json **ret, struct err *e);
void json_drop(struct json *value);
enum json_kind json_kind(const struct json *value); /* JSON_NULL for NULL */

/* Members and elements, borrowed; NULL when absent. */
struct json *json_get(const struct json *object, const char *key);
struct json *json_at(const struct json *array, size_t index);
size_t json_length(const struct json *value); /* of an array or an object, else 0 */

/* NULL when it is not a string. *ret_length may be NULL; a string may hold NUL bytes only where
 * the length is asked for. */
const char *json_text(const struct json *value, size_t *ret_length);
bool json_number(const struct json *value, double *ret); /* numbers only; integers convert */
bool json_int(const struct json *value, int64_t *ret);   /* whole numbers, and strings of digits */
bool json_bool(const struct json *value, bool fallback);

/* Walk an object in its own order: start with *it = NULL, ends with false. */
bool json_next(const struct json *object, void **it, const char **ret_key, struct json **ret_value);

#endif
