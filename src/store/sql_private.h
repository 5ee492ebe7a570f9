/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * struct sql: one use of a prepared statement, which the store keeps for the next. Parameters are put
 * and columns are got in the order in which the SQL names them, so that a table, its statement and
 * the struct are read side by side. The first failure is remembered and reported by sql_step() or
 * sql_run(). A statement is reset as soon as its last row is read.
 */
#ifndef DRIFTOP_STORE_SQL_PRIVATE_H
#define DRIFTOP_STORE_SQL_PRIVATE_H

#include "store_private.h"

struct sql {
    struct store *store;
    sqlite3_stmt *stmt;
    size_t place; /* in store->statements; SIZE_MAX: its own, freed at the end */
    int next;     /* parameter or column */
    int rc;       /* SQLite's first complaint */
};

void sql_open(struct sql *q, struct store *s, const char *text);
void sql_end(struct sql *q);
/* 1: a row, 0: no more (ended), or an error (ended). */
int sql_step(struct sql *q, struct err *e);
/* To the end, rows ignored. */
int sql_run(struct sql *q, struct err *e);

void sql_put_int(struct sql *q, int64_t value);
void sql_put_real(struct sql *q, double value);      /* NaN is stored as NULL */
void sql_put_text(struct sql *q, const char *value); /* NULL as NULL */
void sql_put_bytes(struct sql *q, const void *bytes, size_t length);

int64_t sql_get_int(struct sql *q);
double sql_get_real(struct sql *q); /* NULL is NaN */
void sql_get_text(struct sql *q, char *buf, size_t size);
const void *sql_get_bytes(struct sql *q, size_t *ret_length); /* until the next step */

#endif
