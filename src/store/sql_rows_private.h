/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_STORE_SQL_ROWS_PRIVATE_H
#define DRIFTOP_STORE_SQL_ROWS_PRIVATE_H

#include "sql_private.h"

/* Every row becomes an element of a new array: `get` fills one from the current row. The caller frees. */
typedef void sql_get_fn(struct sql *q, void *element);
int sql_all(struct sql *q, size_t size, sql_get_fn *get, void **ret, size_t *ret_n, struct err *e);

#endif
