/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/csv.h"

#include "driftop/base/hash.h"
#include "fuzz.h"

static uint64_t drain(struct csv *c, uint64_t sum)
{
    struct csv_row row;
    int code;
    while ((code = csv_next(c, &row, NULL)) != CSV_MORE) {
        sum = hash_fast(&code, sizeof code, sum);
        sum = hash_fast(&row.end_offset, sizeof row.end_offset, sum);
        sum = hash_fast(&row.line, sizeof row.line, sum);
        for (size_t i = 0; code == CSV_ROW && i < row.n_cells; i++)
            sum = hash_fast(row.cells[i].data, row.cells[i].length, sum);
        if (code == CSV_ROW)
            fuzz_check(csv_fields(c, &row) != NULL);
    }
    return sum;
}

/* The same rows and errors, however the bytes are cut into pieces. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv_options options = {0};
    unsigned picked = fuzz_pick(&data, &size, 64);
    options.delimiter = picked & 1 ? ';' : ',';
    options.no_header = picked & 2;
    size_t step = 1 + picked / 4;
    struct csv *c = csv_new(&options);
    fuzz_check(csv_feed(c, (const char *)data, size, true) == 0);
    uint64_t whole = drain(c, 1), pieces = 1;
    csv_clear(c);
    for (size_t at = 0; at < size; at += step) {
        size_t n = size - at < step ? size - at : step;
        fuzz_check(csv_feed(c, (const char *)data + at, n, at + n == size) == 0);
        pieces = drain(c, pieces);
    }
    fuzz_check(whole == pieces && csv_offset(c) == size);
    csv_free(c);
    return 0;
}
