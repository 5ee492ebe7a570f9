/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_COMPARE_READ_PRIVATE_H
#define DRIFTOP_COMPARE_READ_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/compare/compare.h"
#include "table_private.h"

/* The whole of one file into the table; the reference first, because it says what is a category. */
int read_side(struct table *t, const char *path, enum table_side side,
              const struct compare_options *options, struct err *e);

/* Whether a list of names (a,b or "a,b",c where a name has a comma) begins with this one. Moves to the
 * next name; NULL when there is none. */
bool read_list_step(const char **at, const char *name);
/* Whether a list has this name; a NULL list has none. */
bool read_listed(const char *list, const char *name);

#endif
