/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cases.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"

static void print_records(struct csv *c, struct json *out)
{
    struct csv_row row;
    struct err e;
    int code;
    while ((code = csv_next(c, &row, &e)) != CSV_MORE) {
        struct json *item = json_new_object();
        put_error(item, code, &e);
        if (code == CSV_ROW) {
            struct json *cells = json_new_array();
            const struct field *fields = csv_fields(c, &row);
            for (size_t i = 0; i < row.n_cells; i++)
                json_append(cells, value_json(fields[i].value));
            json_put(item, "cells", cells);
            put_number(item, "line", true, row.line);
        }
        put_number(item, "offset", true, (double)row.offset);
        put_number(item, "end", true, (double)row.end_offset);
        json_append(out, item);
    }
}

/* The whole input in pieces of `step` bytes, each in its own allocation. */
static struct json *print_in_pieces(const char *input, size_t length, const char *args, size_t step)
{
    struct csv_options options = {.delimiter = args[0] == ' ' ? '\0' : args[0]};
    options.no_header = args[0] && strchr(args + 1, 'n');
    struct csv *c = csv_new(&options);
    struct json *out = json_new_object(), *rows = json_new_array(), *names = json_new_array();
    for (size_t at = 0; at < length || length == 0; at += step) {
        size_t n = length - at < step ? length - at : step;
        char *piece = malloc(n + !n);
        memcpy(piece, input + at, n);
        assert_int_equal(csv_feed(c, piece, n, at + n == length), 0);
        print_records(c, rows);
        free(piece);
        if (length == 0)
            break;
    }
    size_t n;
    const struct span *header = csv_header(c, &n);
    for (size_t i = 0; i < n; i++) {
        struct value name = {.kind = VALUE_TEXT, .text = header[i].data};
        name.length = header[i].length;
        json_append(names, value_json(name));
    }
    json_put(out, "header", names);
    json_put(out, "rows", rows);
    csv_free(c);
    return out;
}

/* args: the delimiter (a blank for a comma), then 'n' for no header. However the input is cut into
 * pieces, the answer must be the same. */
static struct json *print(const char *input, size_t length, const char *args)
{
    struct json *whole = print_in_pieces(input, length, args, length + 1);
    struct str a, b;
    str_init(&a, 0);
    str_init(&b, 0);
    assert_int_equal(json_write(whole, 1, &a), 0);
    for (size_t step = 1; step < 8; step++) {
        struct json *pieces = print_in_pieces(input, length, args, step);
        str_clear(&b);
        assert_int_equal(json_write(pieces, 1, &b), 0);
        json_drop(pieces);
        assert_string_equal(a.data, b.data);
    }
    str_done(&a);
    str_done(&b);
    return whole;
}

int main(void)
{
    return cases_main("csv", print);
}
