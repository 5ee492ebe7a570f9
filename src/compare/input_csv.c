/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/err.h"
#include "driftop/base/map.h"
#include "driftop/wire/csv.h"
#include "input_part_private.h"

/* CSV_ROW, 0 at the end of the file, or an error. */
static int next_row(struct input *in, struct csv_row *row, struct err *e)
{
    for (;;) {
        int rc = csv_next(in->csv, row, e);
        if (rc != CSV_MORE || in->ended)
            return rc;
        size_t n;
        rc = input_read(in, &n, e);
        if (rc < 0)
            return rc;
        csv_feed(in->csv, in->block, n, in->ended);
    }
}

/* A name that two columns have could not be told apart later. */
static int take_name(struct input *in, struct map *seen, struct span name, int column,
                     struct err *e)
{
    bool fresh = false;
    union map_value *at = map_put_bytes(seen, name.data, name.length, &fresh);
    if (!at)
        return err_set(e, ERR_NOMEM, "out of memory");
    if (!fresh)
        return err_set_at(e, ERR_DATA, "", 1, column,
                          "two columns are called \"%.*s\": number %d and number %zu",
                          (int)(name.length < 60 ? name.length : 60), name.data, (int)at->number,
                          in->n_columns + 1);
    at->number = (int64_t)in->n_columns + 1;
    return input_column(in, name.data, name.length, e);
}

static int take_header(struct input *in, struct err *e)
{
    size_t n;
    int column = 1, rc = 0;
    struct map seen;
    const struct span *names = csv_header(in->csv, &n);
    if (n == 0)
        return err_set(e, ERR_DATA, "the file has no header");
    map_init(&seen);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rc = take_name(in, &seen, names[i], column, e);
        column += (int)names[i].length + 1;
    }
    map_done(&seen);
    return rc < 0 ? rc : 0;
}

/* The header comes with the first row, which waits for the first input_next(). */
int input_csv_open(struct input *in, struct err *e)
{
    int rc = next_row(in, &in->row, e);
    in->pending = rc == CSV_ROW;
    return rc < 0 ? rc : take_header(in, e);
}

int input_csv_next(struct input *in, struct err *e)
{
    int rc = in->pending ? CSV_ROW : next_row(in, &in->row, e);
    in->pending = false;
    if (rc != CSV_ROW)
        return rc;
    for (size_t i = 0; i < in->n_columns; i++) {
        if (in->wanted[i])
            in->values[i] = value_from_text(in->row.cells[i].data, in->row.cells[i].length);
    }
    in->line = in->row.line;
    return 1;
}
