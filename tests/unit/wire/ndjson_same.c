/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ndjson's own scanner and base/json must agree on every line: the same ones accepted, the same
 * fields in them. Lines are made by breaking and joining fragments at random, with a fixed seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/str.h"
#include "driftop/wire/ndjson.h"

#define LINES 60000

static const char *const fragments[] = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\"",
    "\"b\"",
    "\"a\":",
    "\"b\":",
    "\"c\":",
    "\"f\":",
    "{\"a\":1",
    "1",
    "-0",
    "0.5",
    "1e5",
    "1E-7",
    "01",
    "1.",
    "-",
    "12345678901234567890",
    "1e999",
    "0.1e1",
    "true",
    "false",
    "null",
    "nul",
    "NaN",
    "\"x\"",
    "\"\\n\"",
    "\"\\u00e4\"",
    "\"\xc3\xa4\"",
    "\"\xc3\"",
    "\"\\ud800\"",
    "\"\\q\"",
    "\"12.5\"",
    "\"NA\"",
    "\"\"",
    "\"k\\u0000\"",
    " ",
    "\t",
    "\"\x01\"",
    "\"\\",
    "\"a\":1,",
    "\"b\":\"y\",",
    "\"c\":[1,{}],",
    "\"f\":{\"a\":2},",
    "\"a\":null,",
    "}\n",
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Half of the lines begin and end like an object, or none would be one. */
static void make_line(struct str *s, uint64_t *state)
{
    const size_t n = sizeof fragments / sizeof *fragments;
    size_t pieces = next_random(state) % 7;
    bool shaped = next_random(state) % 2;
    str_clear(s);
    if (shaped)
        str_add(s, "{");
    for (size_t i = 0; i < pieces; i++)
        str_add(s, fragments[next_random(state) % n]);
    if (shaped)
        str_add(s, next_random(state) % 2 ? "\"z\":3}" : "}");
}

static void same_text(const struct field *f, const char *text, size_t length)
{
    struct value wanted = value_from_text(text, length);
    assert_int_equal(f->value.kind, wanted.kind);
    if (wanted.kind == VALUE_TEXT) {
        assert_int_equal(f->value.length, length);
        assert_memory_equal(f->value.text, text, length);
    }
}

static void same_value(const struct field *f, const struct json *json)
{
    double number;
    size_t length;
    const char *text = json_text(json, &length);
    assert_non_null(f);
    if (text) {
        same_text(f, text, length);
    } else if (json_number(json, &number)) {
        assert_int_equal(f->value.kind, VALUE_NUMBER);
        assert_false(f->value.number < number || f->value.number > number);
    } else if (json_kind(json) == JSON_BOOL) {
        same_text(f, json_bool(json, false) ? "true" : "false", json_bool(json, false) ? 4 : 5);
    } else {
        assert_int_equal(f->value.kind, VALUE_MISSING);
    }
}

static bool is_nested(const struct json *json)
{
    return json_kind(json) == JSON_ARRAY || json_kind(json) == JSON_OBJECT;
}

/* All scalars of the object are fields, and nothing else is. Returns how many are nested. */
static size_t same_object(const struct field *fields, size_t n, const struct json *object,
                          const char *except)
{
    const char *key;
    struct json *item;
    size_t scalars = 0, nested = 0;
    for (void *it = NULL; json_next(object, &it, &key, &item);) {
        if (except && strcmp(key, except) == 0 && json_kind(item) == JSON_OBJECT)
            continue;
        if (is_nested(item)) {
            nested++;
            continue;
        }
        scalars++;
        same_value(ndjson_field(fields, n, key), item);
    }
    assert_int_equal(n, scalars);
    return nested;
}

static void same_line(struct ndjson *n, const struct str *line, size_t *ret_accepted)
{
    struct ndjson_row row;
    struct json *json = NULL;
    int ours = ndjson_parse(n, line->data, line->length, &row, NULL);
    int theirs = json_parse(line->data, line->length, &json, NULL);
    bool is_object = theirs == 0 && json_kind(json) == JSON_OBJECT;
    if ((ours == 0) != is_object)
        fail_msg("ndjson says %d, base/json %d: %s", ours, theirs, line->data);
    if (ours < 0) {
        assert_int_equal(row.reason == NDJSON_NOT_OBJECT, theirs == 0);
        json_drop(json);
        return;
    }
    const struct json *features = json_get(json, "f");
    size_t nested = same_object(row.fields, row.n_fields, json, "f");
    assert_int_equal(row.has_features, json_kind(features) == JSON_OBJECT);
    if (row.has_features)
        nested += same_object(row.features, row.n_features, features, NULL);
    assert_int_equal(row.n_nested, nested);
    json_drop(json);
    ++*ret_accepted;
}

static void test_same(void **state)
{
    uint64_t random = 20261121;
    size_t accepted = 0;
    struct str line;
    struct ndjson *n = ndjson_new("f");
    (void)state;
    str_init(&line, 0);
    for (int i = 0; i < LINES; i++) {
        make_line(&line, &random);
        same_line(n, &line, &accepted);
    }
    assert_true(accepted > LINES / 20);
    assert_true(accepted < LINES / 2);
    str_done(&line);
    ndjson_free(n);
}

/* Deeper than base/json goes, and as deep as it goes. */
static void test_depth(void **state)
{
    size_t accepted = 0;
    struct str line;
    struct ndjson *n = ndjson_new("f");
    (void)state;
    str_init(&line, 0);
    for (int depth = JSON_DEPTH - 3; depth < JSON_DEPTH + 3; depth++) {
        for (int inside = 0; inside < 2; inside++) {
            str_clear(&line);
            str_add(&line, inside ? "{\"f\":{\"a\":" : "{\"a\":");
            for (int i = 0; i < depth; i++)
                str_add(&line, "[");
            for (int i = 0; i < depth; i++)
                str_add(&line, "]");
            str_add(&line, inside ? "}}" : "}");
            same_line(n, &line, &accepted);
        }
    }
    assert_int_equal(accepted, 5);
    str_done(&line);
    ndjson_free(n);
}

static void test_ceilings(void **state)
{
    struct ndjson_row row;
    struct str line;
    struct ndjson *n = ndjson_new(NULL);
    (void)state;
    str_init(&line, 0);
    str_add(&line, "{\"a\":\"");
    while (line.length < NDJSON_LINE_BYTES - 2)
        str_add(&line, "x");
    str_add(&line, "\"}");
    assert_int_equal(ndjson_parse(n, line.data, line.length, &row, NULL), 0);
    str_add(&line, " ");
    assert_int_equal(ndjson_parse(n, line.data, line.length, &row, NULL), ERR_LIMIT);
    assert_int_equal(row.reason, NDJSON_TOO_LONG);
    str_done(&line);
    ndjson_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same), cmocka_unit_test(test_depth),
                                       cmocka_unit_test(test_ceilings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
