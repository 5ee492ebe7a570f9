/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/csv.h"

#include <limits.h>
#include <stdlib.h>

#include "csv_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"

struct csv {
    bool no_header;
    struct csv_split split;

    /* The piece at hand, and the beginning of a record that ended in no piece yet. */
    const char *at, *end;
    bool last;
    struct str carry;
    bool carry_used; /* its record was handed out: forget it */
    struct csv_seek seek;
    bool skipping; /* the rest of a record over the ceiling, to the next newline */

    uint64_t offset; /* of the first record not handed out */
    bool header_read, header_failed;
    size_t n_expected; /* cells of a record; 0 while unknown */
    struct span *header;
    size_t n_header, header_capacity;
    char *header_text;
    struct field *fields;
    size_t fields_capacity;
};

struct csv *csv_new(const struct csv_options *options)
{
    struct csv *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->no_header = options && options->no_header;
    c->split.delimiter = options && options->delimiter ? options->delimiter : ',';
    c->split.line = 1;
    str_init(&c->carry, CSV_RECORD_BYTES);
    return c;
}

void csv_free(struct csv *c)
{
    if (!c)
        return;
    csv_split_done(&c->split);
    str_done(&c->carry);
    free(c->header);
    free(c->header_text);
    free(c->fields);
    free(c);
}

void csv_clear(struct csv *c)
{
    c->at = c->end = NULL;
    c->last = c->skipping = c->carry_used = c->header_read = c->header_failed = false;
    c->offset = 0;
    c->n_expected = c->n_header = 0;
    c->split.line = 1;
    c->seek = (struct csv_seek){.n = 0};
    str_clear(&c->carry);
}

int csv_feed(struct csv *c, const char *bytes, size_t length, bool last)
{
    if (c->at != c->end)
        return ERR_INVALID;
    c->at = bytes;
    c->end = length ? bytes + length : bytes;
    c->last = last;
    return 0;
}

/* Drop a record over the ceiling; its end is the next newline, inside quotes or not. */
static void skip(struct csv *c)
{
    size_t n = (size_t)(c->end - c->at);
    const char *newline = n ? memchr(c->at, '\n', n) : NULL;
    const char *to = newline ? newline + 1 : c->end;
    c->offset += (size_t)(to - c->at);
    c->split.line += newline != NULL;
    c->skipping = !newline;
    c->at = to;
}

/* Most often a quote that nobody closed: only its first line is lost, not the rest of the file. */
static int over_ceiling(struct csv *c, struct err *e)
{
    int line = c->split.line;
    c->offset += c->carry.length;
    str_clear(&c->carry);
    c->seek = (struct csv_seek){.n = 0};
    skip(c);
    return err_set_at(e, ERR_LIMIT, "", line, 1, "a record is longer than %zu bytes",
                      CSV_RECORD_BYTES);
}

/* Cut [p, end) and set *ret_length. CSV_MORE when the record does not end there. */
static int cut(struct csv *c, const char *p, const char *end, uint64_t *ret_length, struct err *e)
{
    struct csv_split *s = &c->split;
    int line = s->line;
    bool mark = c->offset == 0 && end - p >= 3 && memcmp(p, CSV_MARK, 3) == 0;
    const char *first = mark ? p + 3 : p;
    const char *behind = csv_split(s, first, end);
    if (!behind) {
        s->line = line;
        return CSV_MORE;
    }
    *ret_length = (uint64_t)(behind - p);
    if (s->code != 0)
        return err_set_at(e, s->code, "", s->fault_line, s->fault_column, "%s", s->fault);
    /* A line without a byte is no record: a newline, perhaps with its CR. */
    if (s->n_cells == 1 && s->cells[0].length == 0 && behind - first <= 2)
        s->n_cells = 0;
    return CSV_ROW;
}

/* A record that began in an earlier piece, or goes on in a later one. */
static int next_carried(struct csv *c, uint64_t *ret_length, struct err *e)
{
    const char *behind = csv_seek(&c->seek, c->at, c->end, c->split.delimiter, c->offset == 0);
    size_t n = (size_t)((behind ? behind : c->end) - c->at);
    int kept = n ? str_add_bytes(&c->carry, c->at, n) : 0;
    if (kept == ERR_LIMIT)
        return over_ceiling(c, e);
    if (kept < 0)
        return err_set(e, kept, "%s", err_message(kept));
    c->at += n;
    if (!behind && !c->last)
        return CSV_MORE;
    c->split.whole = c->carry_used = true;
    return cut(c, c->carry.data, c->carry.data + c->carry.length, ret_length, e);
}

/* A record of the piece at hand. */
static int next_here(struct csv *c, uint64_t *ret_length, struct err *e)
{
    if (c->at == c->end)
        return CSV_MORE;
    /* However large the piece, no more than one record is looked at. */
    bool beyond = (size_t)(c->end - c->at) > CSV_RECORD_BYTES;
    c->split.whole = c->last && !beyond;
    int result = cut(c, c->at, beyond ? c->at + CSV_RECORD_BYTES : c->end, ret_length, e);
    if (result == CSV_MORE)
        return beyond ? over_ceiling(c, e) : next_carried(c, ret_length, e);
    c->at += *ret_length;
    return result;
}

/* The next record with a byte in it: its cells are in c->split. */
static int next_record(struct csv *c, struct csv_row *row, struct err *e)
{
    int result;
    do {
        if (c->skipping)
            skip(c);
        if (c->carry_used) {
            str_clear(&c->carry);
            c->seek = (struct csv_seek){.n = 0};
            c->carry_used = false;
        }
        uint64_t length = 0;
        bool carried = c->carry.length > 0;
        row->line = c->split.line;
        row->offset = c->offset;
        result = carried ? next_carried(c, &length, e) : next_here(c, &length, e);
        c->offset += length;
        row->end_offset = c->offset;
    } while (result == CSV_ROW && c->split.n_cells == 0);
    return result;
}

/* The names are kept, because the record's own bytes go away. */
static int take_header(struct csv *c)
{
    const struct csv_split *s = &c->split;
    size_t bytes = 1;
    for (size_t i = 0; i < s->n_cells; i++)
        bytes += s->cells[i].length;
    free(c->header_text);
    c->header_text = malloc(bytes);
    if (!c->header_text || VEC_ROOM(c->header, 0, c->header_capacity, s->n_cells) < 0)
        return ERR_NOMEM;
    char *out = c->header_text;
    for (size_t i = 0; i < s->n_cells; i++) {
        c->header[i] = (struct span){out, s->cells[i].length};
        memcpy(out, s->cells[i].data, s->cells[i].length);
        out += s->cells[i].length;
    }
    c->n_header = s->n_cells;
    return 0;
}

/* The first record says how many cells all others have. */
static int check_shape(struct csv *c, const struct csv_row *row, struct err *e)
{
    size_t n = c->split.n_cells;
    if (c->n_expected == 0)
        c->n_expected = n;
    if (n == c->n_expected)
        return 0;
    return err_set_at(e, ERR_DATA, "", row->line, 1, "a record has %zu cells, the first has %zu", n,
                      c->n_expected);
}

int csv_next(struct csv *c, struct csv_row *ret, struct err *e)
{
    int result = next_record(c, ret, e);
    if (!c->no_header && !c->header_read && result != CSV_MORE) {
        c->header_read = true;
        c->header_failed = result < 0 || take_header(c) < 0;
        if (!c->header_failed) {
            c->n_expected = c->n_header;
            result = next_record(c, ret, e);
        }
    }
    if (result != CSV_ROW)
        return result;
    if (c->header_failed)
        return err_set_at(e, ERR_DATA, "", ret->line, 1, "the header could not be read");
    result = check_shape(c, ret, e);
    if (result < 0)
        return result;
    ret->cells = c->split.cells;
    ret->n_cells = c->split.n_cells;
    return CSV_ROW;
}

const struct span *csv_header(const struct csv *c, size_t *ret_n)
{
    *ret_n = c->n_header;
    return c->n_header ? c->header : NULL;
}

int csv_column(const struct csv *c, const char *name)
{
    for (size_t i = 0; i < c->n_header; i++)
        if (span_is(c->header[i], name))
            return (int)i;
    return -1;
}

const struct field *csv_fields(struct csv *c, const struct csv_row *row)
{
    if (row->n_cells > c->fields_capacity &&
        VEC_ROOM(c->fields, 0, c->fields_capacity, row->n_cells) < 0)
        return NULL;
    for (size_t i = 0; i < row->n_cells; i++) {
        struct field *f = &c->fields[i];
        bool named = i < c->n_header;
        f->name = named ? c->header[i].data : "";
        f->name_length = named ? c->header[i].length : 0;
        f->value = value_from_text(row->cells[i].data, row->cells[i].length);
    }
    return c->fields;
}

uint64_t csv_offset(const struct csv *c)
{
    return c->offset;
}
