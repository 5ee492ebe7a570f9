/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the time goes: a record is cut in one pass, plain cells by a loop over bytes (they are too
 * short for memchr() to pay), quoted ones by memchr().
 */
#include <stdlib.h>

#include "csv_private.h"
#include "driftop/base/err.h"
#include "driftop/base/vec.h"

void csv_split_done(struct csv_split *s)
{
    free(s->cells);
    free(s->scratch);
    *s = (struct csv_split){.code = 0};
}

/* Only the first fault of a record is told. */
static void fault(struct csv_split *s, int code, const char *at, const char *text)
{
    if (s->code != 0)
        return;
    s->code = code;
    s->fault = text;
    s->fault_line = s->line;
    s->fault_column = (int)(at - s->line_start) + 1;
}

static void put_cell(struct csv_split *s, const char *first, const char *last, const char *at)
{
    struct span cell = {first, (size_t)(last - first)};
    if (cell.length > CSV_CELL_BYTES)
        fault(s, ERR_LIMIT, at, "a cell is too long");
    else if (s->n_cells >= CSV_CELLS)
        fault(s, ERR_LIMIT, at, "a record has too many cells");
    else if (s->n_cells == s->cells_capacity &&
             VEC_ROOM(s->cells, s->n_cells, s->cells_capacity, 1) < 0)
        fault(s, ERR_NOMEM, at, "out of memory");
    else
        s->cells[s->n_cells++] = cell;
}

/* Halve the doubled quotes. */
static void put_unquoted(struct csv_split *s, const char *first, const char *last)
{
    if (!s->scratch)
        s->scratch = malloc(CSV_RECORD_BYTES);
    if (!s->scratch || s->scratch_used + (size_t)(last - first) > CSV_RECORD_BYTES) {
        fault(s, s->scratch ? ERR_LIMIT : ERR_NOMEM, first, "no room for a quoted cell");
        return;
    }
    char *begin = s->scratch + s->scratch_used, *out = begin;
    for (const char *p = first; p < last; p++) {
        p += *p == '"';
        *out++ = *p;
    }
    s->scratch_used += (size_t)(out - begin);
    put_cell(s, begin, out, first);
}

/* Newlines that a quoted cell holds count as lines. */
static void count_lines(struct csv_split *s, const char *p, const char *end)
{
    while ((p = memchr(p, '\n', (size_t)(end - p)))) {
        s->line++;
        s->line_start = ++p;
    }
}

/* From the opening quote to behind the cell; NULL when the closing quote is not there. */
static const char *quoted_cell(struct csv_split *s, const char *open, const char *end)
{
    const char *first = open + 1, *p = first;
    bool doubled = false;
    for (;;) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        if (!quote)
            return NULL;
        p = quote + 1;
        if (p == end || *p != '"') {
            if (doubled)
                put_unquoted(s, first, quote);
            else
                put_cell(s, first, quote, open);
            count_lines(s, first, quote);
            return p;
        }
        doubled = true;
        p++;
    }
}

static const char *plain_end(const char *p, const char *end, char delimiter)
{
    while (p < end && *p != delimiter && *p != '\n')
        p++;
    return p;
}

/* Behind a closing quote only a delimiter or the line's end may stand. */
static const char *behind_quote(struct csv_split *s, const char *p, const char *end)
{
    const char *stop = plain_end(p, end, s->delimiter);
    bool cr = stop - p == 1 && *p == '\r' && (stop == end || *stop == '\n');
    if (stop != p && !cr)
        fault(s, ERR_DATA, p, "text stands behind a closing quote");
    return stop;
}

const char *csv_split(struct csv_split *s, const char *p, const char *end)
{
    s->n_cells = s->scratch_used = 0;
    s->code = 0;
    s->line_start = p;
    for (;;) {
        const char *first = p;
        if (p < end && *p == '"') {
            p = quoted_cell(s, p, end);
            if (!p && !s->whole)
                return NULL;
            if (!p)
                fault(s, ERR_DATA, first, "a quote is never closed");
            p = p ? behind_quote(s, p, end) : end;
        } else {
            p = plain_end(p, end, s->delimiter);
            const char *last = p;
            if (last > first && last[-1] == '\r' && (p == end || *p == '\n'))
                last--;
            put_cell(s, first, last, first);
        }
        if (p == end)
            return s->whole ? end : NULL;
        if (*p++ == '\n')
            break;
    }
    s->line++;
    return p;
}

const char *csv_seek(struct csv_seek *s, const char *p, const char *end, char delimiter, bool first)
{
    for (; p < end; p++, s->n++) {
        if (first && s->n < 3 && s->mark == s->n && *p == CSV_MARK[s->n]) {
            s->mark++;
            s->state = s->mark == 3 ? CSV_CELL_START : CSV_PLAIN;
        } else if (*p == '"') {
            /* A second quote in a row is inside again. */
            if (s->state == CSV_CELL_START || s->state == CSV_QUOTE_SEEN)
                s->state = CSV_QUOTED;
            else if (s->state == CSV_QUOTED)
                s->state = CSV_QUOTE_SEEN;
        } else if (s->state != CSV_QUOTED) {
            if (*p == '\n')
                return p + 1;
            s->state = *p == delimiter ? CSV_CELL_START : CSV_PLAIN;
        }
    }
    return NULL;
}
