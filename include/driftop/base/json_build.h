/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing JSON as a tree of struct json (base/json.h). Failure of memory shows as a NULL
 * or an absent member and never crashes: every function accepts NULL. NaN and infinity become
 * null. Strings that are not UTF-8 are cleaned first. Members keep the order of insertion.
 */
#ifndef DRIFTOP_BASE_JSON_BUILD_H
#define DRIFTOP_BASE_JSON_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/json.h"

struct str;

struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_text(const char *text); /* NULL text gives null */
struct json *json_new_real(double number);    /* 17 digits; NaN and infinity give null */
struct json *json_new_int(int64_t number);
struct json *json_new_bool(bool value);
struct json *json_new_null(void);

/* Both move `value` in, also when they fail. */
void json_put(struct json *object, const char *key, struct json *value);
void json_append(struct json *array, struct json *value);
static inline void json_put_text(struct json *object, const char *key, const char *text)
{
    json_put(object, key, json_new_text(text));
}
static inline void json_put_real(struct json *object, const char *key, double number)
{
    json_put(object, key, json_new_real(number));
}
static inline void json_put_count(struct json *object, const char *key, uint64_t count)
{
    json_put(object, key, json_new_int((int64_t)count));
}
/* One more reference, for a value that two trees share. */
struct json *json_keep(struct json *value);

/* Append the text; indent 0 is compact on one line. */
int json_write(const struct json *value, int indent, struct str *ret);

#endif
