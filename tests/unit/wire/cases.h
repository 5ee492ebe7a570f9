/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs a decoder over the folders of tests/fixtures/wire/DECODER: each holds `input`, perhaps `args`
 * (one line), and `expected.json`, what the decoder made of it. GENERATE=1 in the environment
 * rewrites the expectations; read the difference before you commit it.
 */
#ifndef DRIFTOP_TESTS_WIRE_CASES_H
#define DRIFTOP_TESTS_WIRE_CASES_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/base/value.h"
#include "driftop/wire/span.h"

struct err;
struct json;

/* What the decoder says, as a new JSON value. `input` is not terminated and stands at the end of its
 * allocation, so that a sanitizer sees one byte too far. args is "" without such a file. */
typedef struct json *cases_print(const char *input, size_t length, const char *args);

/* Runs one cmocka group; returns what main() returns. */
int cases_main(const char *decoder, cases_print *print);

/* Members of an answer. Absent things are left out. */
void put_text(struct json *object, const char *key, const char *text);
void put_span(struct json *object, const char *key, struct span span);
void put_number(struct json *object, const char *key, bool present, double number);
void put_error(struct json *object, int code, const struct err *e);
/* A missing value is null; NaN and infinities, and numbers whose text differs, are texts. */
struct json *value_json(struct value value);
struct json *fields_json(const struct field *fields, size_t n);
struct json *number_json(double number);

#endif
