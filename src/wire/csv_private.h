/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two readers behind driftop/wire/csv.h: one cuts a record into cells, the other only finds a
 * record's end across pieces. Both follow the same rules of quoting.
 */
#ifndef DRIFTOP_WIRE_CSV_PRIVATE_H
#define DRIFTOP_WIRE_CSV_PRIVATE_H

#include "driftop/wire/csv.h"

/* Cutting: cells of one record, and the first fault in it. */
struct csv_split {
    char delimiter;
    bool whole; /* the end of the bytes is the end of the record */
    struct span *cells;
    size_t n_cells, cells_capacity;
    char *scratch; /* of CSV_RECORD_BYTES: quoted cells with doubled quotes; made when needed */
    size_t scratch_used;

    const char *line_start;
    int line;
    int code, fault_line, fault_column; /* 0: no fault */
    const char *fault;
};

/* Cut the record at `p`. Behind it (behind its newline), or NULL when it does not end here. A record
 * with a fault is read to its end. Sets s->line to the line behind. */
const char *csv_split(struct csv_split *s, const char *p, const char *end);
void csv_split_done(struct csv_split *s);

/* Finding: what the bytes of an unfinished record left open. */
enum csv_state { CSV_CELL_START, CSV_PLAIN, CSV_QUOTED, CSV_QUOTE_SEEN };

struct csv_seek {
    enum csv_state state;
    size_t n;    /* bytes seen of this record */
    size_t mark; /* bytes seen of a byte order mark at its beginning */
};

/* Go on through the bytes. Behind the record's newline, or NULL when it is not there. `first`: the
 * record is the stream's first one and may begin with a byte order mark. */
const char *csv_seek(struct csv_seek *s, const char *p, const char *end, char delimiter,
                     bool first);

#define CSV_MARK "\xef\xbb\xbf"

#endif
