/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CSV by RFC 4180, in pieces: files are followed while they grow. A UTF-8 byte order mark is
 * dropped, lines end with LF or CR LF, quoted cells may hold delimiters, newlines and doubled
 * quotes; a quote inside a cell that does not start with one is an ordinary character. Lines
 * without any byte are skipped. A bad record is an error with its position, and the reader goes on
 * behind it.
 *
 *     csv_feed(c, bytes, length, last);
 *     while ((result = csv_next(c, &row, &e)) != CSV_MORE)
 *         ... a row, or a negative error of one record
 */
#ifndef DRIFTOP_WIRE_CSV_H
#define DRIFTOP_WIRE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/value.h"
#include "driftop/wire/span.h"

struct err;

#define CSV_RECORD_BYTES ((size_t)1 << 20)
#define CSV_CELLS        16384
#define CSV_CELL_BYTES   65536

#define CSV_ROW  1
#define CSV_MORE 0

struct csv_options {
    char delimiter; /* 0: a comma */
    bool no_header; /* the first record is a row, columns have no names */
};

/* Borrowed until the next csv_next() or csv_feed(). */
struct csv_row {
    const struct span *cells; /* never absent, without their quotes */
    size_t n_cells;
    uint64_t offset, end_offset; /* of the record in the stream, from 0; end behind its newline */
    int line;                    /* from 1; newlines inside quotes count */
};

struct csv;

struct csv *csv_new(const struct csv_options *options); /* NULL options: the defaults */
void csv_free(struct csv *c);
/* Forget everything but the options, to read another file. */
void csv_clear(struct csv *c);

/* Hand over the next piece. The bytes are borrowed until csv_next() says CSV_MORE, which must come
 * before the next feed. `last`: the stream ends here, so that a last line without a newline is
 * a record; without it such a line waits. To go on in the middle of a file, feed its header line first
 * and then the bytes from there: offsets count what was fed. ERR_INVALID when the piece before is
 * not used up. */
int csv_feed(struct csv *c, const char *bytes, size_t length, bool last);

/* CSV_ROW, CSV_MORE, or an error of one record: ERR_DATA (more or fewer cells than the header, text
 * behind a closing quote, a quote never closed), ERR_LIMIT (a ceiling above); ERR_NOMEM. e (may be
 * NULL) gets line, column and what is wrong. The header is not handed out as a row. */
int csv_next(struct csv *c, struct csv_row *ret, struct err *e);

/* The header's names, NULL and 0 until it was read. Live until csv_clear(). */
const struct span *csv_header(const struct csv *c, size_t *ret_n);
/* The column of that name, -1 when there is none. */
int csv_column(const struct csv *c, const char *name);
/* The row with names and values, by value_from_text(). Same lifetime as the row; NULL when out of
 * memory. */
const struct field *csv_fields(struct csv *c, const struct csv_row *row);
/* Where the first record that is not complete yet begins: a follower may go on from here. */
uint64_t csv_offset(const struct csv *c);

#endif
