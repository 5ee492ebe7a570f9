/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Columns of a small CSV without quotes, for the tests of the statistics; and a repeatable stream
 * of random numbers.
 */
#ifndef TESTS_UNIT_STATS_COLUMNS_H
#define TESTS_UNIT_STATS_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/base/value.h"

struct columns {
    char *text; /* the file; names and values point into it */
    char **names;
    size_t n_columns, n_rows;
    struct value *values; /* column after column */
};

/* Read a file below tests/data of the source tree. Fails the test when it is not there. */
char *columns_read(const char *path, size_t *ret_length);
void columns_load(struct columns *c, const char *path);
/* The same with the text of a CSV, which c owns afterwards. */
void columns_split(struct columns *c, char *text, size_t length);
/* NULL when there is no such file. The caller frees it. */
char *columns_read_at(const char *full_path, size_t *ret_length);
void columns_done(struct columns *c);
const struct value *columns_at(const struct columns *c, size_t column);
const struct value *columns_named(const struct columns *c, const char *name);

/* splitmix64: the next number, and as a double in [0, 1). */
uint64_t random_next(uint64_t *state);
double random_unit(uint64_t *state);

#endif
