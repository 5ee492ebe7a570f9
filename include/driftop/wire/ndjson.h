/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One line of a JSON log to flat fields. Numbers keep their bytes as text (a categorical feature
 * compares them; ids go beyond 2^53), true and false are the categories "true" and "false", null
 * is missing, and a string goes through value_from_text(), so that "12.5" is a number and "NA"
 * missing, as in CSV. A field that holds an object or an array is left out and counted. Two equal
 * keys: the last one wins.
 *
 * A line that is not one JSON object is refused as a whole, with a reason to count it under; so is
 * one with the tokens NaN and Infinity that Python writes. The plain case is scanned here, escapes,
 * characters outside ASCII, nesting and odd numbers are handed to base/json token by token: what
 * is accepted is exactly what base/json accepts.
 */
#ifndef DRIFTOP_WIRE_NDJSON_H
#define DRIFTOP_WIRE_NDJSON_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/base/value.h"

#define NDJSON_LINE_BYTES ((size_t)1 << 20)
#define NDJSON_FIELDS     4096

struct err;

enum ndjson_reason {
    NDJSON_OK,
    NDJSON_EMPTY,      /* blank: nothing lost */
    NDJSON_TOO_LONG,   /* over NDJSON_LINE_BYTES */
    NDJSON_NOT_JSON,   /* a syntax error, a broken character, bytes behind the object */
    NDJSON_NOT_OBJECT, /* an array, a number ... */
    NDJSON_NOT_FINITE, /* NaN or Infinity tokens */
    NDJSON_TOO_MANY,   /* over NDJSON_FIELDS */
    NDJSON_N_REASONS
};

/* Borrowed from the reader and from the line; until the next ndjson_parse(). */
struct ndjson_row {
    const struct field *fields; /* members of the line's object */
    size_t n_fields;
    const struct field *features; /* members of the features object; equal to `fields` when
                                     no such object is configured */
    size_t n_features;
    bool has_features;         /* the configured object was there */
    size_t n_nested;           /* fields left out because they hold an object or an array */
    struct field first_nested; /* its name; the value is missing */
    size_t n_repeated;         /* members whose name came before: the last one counts */
    struct field first_repeated;
    enum ndjson_reason reason;
};

struct ndjson;

/* features_key: the member that holds the features, NULL when they stand in the line's object
 * itself. NULL when out of memory. */
struct ndjson *ndjson_new(const char *features_key);
void ndjson_free(struct ndjson *n);

/* 0; ERR_DATA or ERR_LIMIT with ret->reason set; ERR_NOMEM. A newline or CR LF at the end of the line
 * may be there. e (may be NULL) gets the column. */
int ndjson_parse(struct ndjson *n, const char *line, size_t length, struct ndjson_row *ret,
                 struct err *e);

/* A short word for counters: "not_json". */
const char *ndjson_reason_name(enum ndjson_reason reason);
/* The last field of that name, NULL when there is none. */
const struct field *ndjson_field(const struct field *fields, size_t n, const char *name);

#endif
