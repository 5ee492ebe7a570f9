/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/ndjson.h"

#include "cases.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/wire/span.h"

static struct json *print_line(struct ndjson *n, const char *line, size_t length)
{
    struct json *out = json_new_object();
    struct ndjson_row row;
    struct err e;
    int code = ndjson_parse(n, line, length, &row, &e);
    if (code == 0) {
        json_put(out, "fields", fields_json(row.fields, row.n_fields));
        if (row.has_features)
            json_put(out, "features", fields_json(row.features, row.n_features));
        put_number(out, "n_nested", row.n_nested > 0, (double)row.n_nested);
        put_span(out, "first_nested",
                 (struct span){row.first_nested.name, row.first_nested.name_length});
    }
    put_error(out, code, &e);
    return out;
}

/* args: the features key. */
static struct json *print(const char *input, size_t length, const char *args)
{
    struct json *out = json_new_array();
    struct ndjson *n = ndjson_new(*args ? args : NULL);
    const char *at = input, *end = input + length;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline ? newline + 1 : end;
        json_append(out, print_line(n, at, (size_t)(next - at)));
        at = next;
    }
    ndjson_free(n);
    return out;
}

int main(void)
{
    return cases_main("ndjson", print);
}
