/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON lines. A member's place in one row is most often its place in the row before, so that its
 * name is compared with one column and looked up only when that is another one.
 */
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/wire/ndjson.h"
#include "input_part_private.h"

/* The next line that is not blank; false at the end of what was read so far. */
static bool cut_line(struct input *in, struct span *ret)
{
    while (in->line_at < in->lines.length) {
        const char *first = in->lines.data + in->line_at;
        size_t left = in->lines.length - in->line_at;
        const char *newline = memchr(first, '\n', left);
        if (!newline && !in->ended)
            return false;
        *ret = (struct span){first, newline ? (size_t)(newline - first) : left};
        in->line_at += ret->length + (newline != NULL);
        in->line++;
        if (strspn(ret->data, " \t\r") < ret->length)
            return true;
    }
    return false;
}

static int next_line(struct input *in, struct span *ret, struct err *e)
{
    while (!cut_line(in, ret)) {
        size_t n;
        if (in->ended)
            return 0;
        str_consume(&in->lines, in->line_at);
        in->line_at = 0;
        if (in->lines.length > NDJSON_LINE_BYTES)
            return err_set_at(e, ERR_LIMIT, "", in->line + 1, 1, "a line is longer than %zu bytes",
                              NDJSON_LINE_BYTES);
        int rc = input_read(in, &n, e);
        if (rc == 0)
            rc = str_add_bytes(&in->lines, in->block, n);
        if (rc < 0)
            return rc;
    }
    return 1;
}

static bool is_named(const struct input *in, size_t column, const struct field *f)
{
    const char *name = in->names[column];
    return strncmp(name, f->name, f->name_length) == 0 && name[f->name_length] == '\0';
}

/* The column of a member; a new one when there was none of its name. */
static int column_of(struct input *in, const struct field *f, size_t guess, struct err *e)
{
    if (guess < in->n_columns && is_named(in, guess, f))
        return (int)guess;
    union map_value *at = map_get_bytes(&in->by_name, f->name, f->name_length);
    if (at)
        return (int)at->number;
    int column = input_column(in, f->name, f->name_length, e);
    if (column < 0)
        return column;
    at = map_put_bytes(&in->by_name, f->name, f->name_length, NULL);
    if (!at)
        return err_set(e, ERR_NOMEM, "out of memory");
    at->number = column;
    return column;
}

/* The decoder's word, for people. */
static int refuse(const struct input *in, struct span line, const struct ndjson_row *row, int code,
                  struct err *e)
{
    int column = e ? e->column : 0;
    char at = column > 0 && (size_t)column <= line.length ? line.data[column - 1] : '\0';
    switch (row->reason) {
    case NDJSON_NOT_FINITE:
        return err_set_at(e, code, "", in->line, column, "NaN and Infinity are no JSON numbers");
    case NDJSON_NOT_OBJECT:
        return err_set_at(e, code, "", in->line, column, "a line must hold one object");
    case NDJSON_TOO_MANY:
        return err_set_at(e, code, "", in->line, column, "more than %d members", NDJSON_FIELDS);
    case NDJSON_TOO_LONG:
        return err_set_at(e, code, "", in->line, 1, "a line is longer than %zu bytes",
                          NDJSON_LINE_BYTES);
    case NDJSON_OK:
    case NDJSON_EMPTY:
    case NDJSON_NOT_JSON:
    case NDJSON_N_REASONS: break;
    }
    if (at == '-' || (at >= '0' && at <= '9'))
        return err_set_at(e, code, "", in->line, column,
                          "not a number of JSON, or beyond what a double holds");
    return err_set_at(e, code, "", in->line, column,
                      "not JSON: each line must hold one whole object");
}

/* What has no single value in a column. */
static int check_row(const struct input *in, const struct ndjson_row *row, struct err *e)
{
    const struct field *f = row->n_nested > 0 ? &row->first_nested : &row->first_repeated;
    int length = (int)(f->name_length < 60 ? f->name_length : 60);
    if (row->n_nested > 0)
        return err_set_at(e, ERR_DATA, "", in->line, 1, "\"%.*s\" is an object or an array", length,
                          f->name);
    if (row->n_repeated > 0)
        return err_set_at(e, ERR_DATA, "", in->line, 1, "two members are called \"%.*s\"", length,
                          f->name);
    return 0;
}

/* Some programs begin UTF-8 with its mark. */
static void skip_mark(struct span *line)
{
    if (line->length >= 3 && memcmp(line->data, "\xef\xbb\xbf", 3) == 0)
        *line = (struct span){line->data + 3, line->length - 3};
}

int input_json_next(struct input *in, struct err *e)
{
    struct span line = {NULL, 0};
    struct ndjson_row row = {.n_fields = 0};
    int rc = next_line(in, &line, e);
    if (rc <= 0)
        return rc;
    if (in->line == 1)
        skip_mark(&line);
    rc = ndjson_parse(in->ndjson, line.data, line.length, &row, e);
    if (rc < 0)
        return rc == ERR_NOMEM ? err_set(e, rc, "out of memory") : refuse(in, line, &row, rc, e);
    rc = check_row(in, &row, e);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < in->n_columns; i++)
        in->values[i] = (struct value){.kind = VALUE_MISSING};
    int column = -1;
    for (size_t i = 0; i < row.n_fields; i++) {
        column = column_of(in, &row.fields[i], (size_t)(column + 1), e);
        if (column < 0)
            return column;
        in->values[column] = row.fields[i].value;
    }
    return 1;
}
