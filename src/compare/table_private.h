/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything collected from both files: for each group of rows (all, a segment, a period) and each
 * column the numbers or the counted texts of both sides. The kind of a column is the reference's:
 * it is numeric until a text comes. A text that comes late, behind numbers whose bytes are gone,
 * marks the column, and its values are read again as texts.
 */
#ifndef DRIFTOP_COMPARE_TABLE_PRIVATE_H
#define DRIFTOP_COMPARE_TABLE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/map.h"
#include "driftop/base/value.h"
#include "numbers_private.h"
#include "spool_private.h"
#include "texts_private.h"

struct err;

enum table_side { TABLE_REFERENCE, TABLE_CURRENT };

struct table_column {
    char *name;
    bool has[2]; /* by enum table_side */
    bool categorical;
    bool late; /* must be read again as texts */
};

/* One column of one side of one group; one of the two is used. */
struct bin {
    struct numbers numbers;
    struct texts texts;
};

struct side {
    uint64_t rows;
    struct bin *bins; /* by column; fewer than columns until table_complete() */
    size_t n_bins, bins_capacity;
};

struct group {
    char *label; /* of a segment */
    int64_t start_ms;
    struct side sides[2]; /* a period has no reference of its own */
};

struct table {
    struct spool spool;
    struct table_column *columns;
    size_t n_columns, columns_capacity;
    struct map by_name;
    char **seen; /* every name of both files, also of columns that nobody asked for */
    size_t n_seen, seen_capacity;
    struct group **groups; /* the first: all rows */
    size_t n_groups, groups_capacity;
    struct map segments, periods; /* to the index of the group */
};

/* ERR_NOMEM. table_done() may be called after a failure too. */
int table_init(struct table *t, size_t limit_bytes);
void table_done(struct table *t);

/* A file has a column of this name. ERR_NOMEM. */
int table_see(struct table *t, const char *name);
/* The column of that name on a side, made when it is new. The index, or ERR_NOMEM. */
int table_column(struct table *t, const char *name, enum table_side side);
/* The group of a segment's value or of a period, made when it is new: the index, or ERR_NOMEM, or
 * ERR_LIMIT beyond COMPARE_GROUPS. */
int table_segment(struct table *t, const char *label, size_t length, struct err *e);
int table_period(struct table *t, int64_t start_ms, struct err *e);

/* One row of a group more, before its values. */
int table_row(struct table *t, size_t group, enum table_side side, struct err *e);
/* One value, in the columns that the table has. */
int table_add(struct table *t, size_t group, enum table_side side, size_t column,
              const struct value *value, struct err *e);
/* After each row: move everything to the spool when memory is at its limit. */
int table_check(struct table *t, struct err *e);

/* At the end: bins for every column, also those that no row of a side came to. ERR_NOMEM. */
int table_complete(struct table *t, struct err *e);

/* Empty the reference's bins of the late columns and make them categorical; whether there are any. */
bool table_restart_late(struct table *t);

#endif
