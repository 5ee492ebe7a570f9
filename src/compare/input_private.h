/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of a CSV file or of JSON lines, from a file, a pipe or standard input, which can all be read
 * twice: what cannot be rewound is copied to the spool on the way, when the caller asks for it.
 * A row is one value for each column known so far; JSON lines bring new columns at any row. The
 * first bad record ends the reading, with file, line and column.
 */
#ifndef DRIFTOP_COMPARE_INPUT_PRIVATE_H
#define DRIFTOP_COMPARE_INPUT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/map.h"
#include "driftop/base/str.h"
#include "driftop/base/value.h"
#include "driftop/compare/compare.h"
#include "driftop/wire/csv.h"
#include "spool_private.h"

struct err;
struct ndjson;

#define INPUT_BLOCK   ((size_t)1 << 18)
#define INPUT_COLUMNS 16384

struct input {
    const char *path;
    int fd;
    bool rewindable, copied, ended;
    struct spool copy;    /* what came through a pipe */
    uint64_t bytes, size; /* read so far; of the file, 0 when unknown */
    compare_progress *progress;
    void *progress_ctx;

    bool json;
    struct csv *csv;
    struct csv_row row;
    bool pending; /* row was read and not handed out */
    struct ndjson *ndjson;
    char *block;      /* INPUT_BLOCK bytes */
    struct str lines; /* JSON lines not used up: those before line_at are */
    size_t line_at;
    struct map by_name; /* the columns of JSON lines */
    int line;           /* of the row handed out */

    char **names; /* of the columns, not NULL-terminated list, each ended by a NUL */
    struct value *values;
    bool *wanted; /* whether anybody looks at the column; set by the caller, else true */
    size_t n_columns, columns_capacity;
};

/* path "-" is standard input. `twice` keeps what a pipe gives, for input_rewind(). ERR_ABSENT,
 * ERR_DATA (nothing in it, a column named twice) ... After it a CSV file's columns are known. */
int input_open(struct input *in, const char *path, const struct compare_options *options,
               bool twice, struct err *e);
void input_done(struct input *in);
/* From the first row again; the columns stay. */
int input_rewind(struct input *in, struct err *e);
/* 1 and in->values filled (borrowed until the next call), 0 at the end, or an error with its place. */
int input_next(struct input *in, struct err *e);
/* Where in its line a value of the row stands, from 1; 1 when that is not known. */
int input_position(const struct input *in, size_t column);

#endif
