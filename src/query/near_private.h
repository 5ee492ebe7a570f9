/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answer to a name that does not exist: those that somebody may have meant.
 */
#ifndef DRIFTOP_QUERY_NEAR_PRIVATE_H
#define DRIFTOP_QUERY_NEAR_PRIVATE_H

#include <stddef.h>

struct err;

/* The i-th known name; NULL behind the last. */
typedef const char *near_name_fn(const void *ctx, size_t i);
/* ERR_ABSENT: "no deployment is called fraud: fraud-score, ..." (`what` is the kind of thing). */
int near_absent(const char *what, const char *name, near_name_fn *at, const void *ctx,
                struct err *e);

#endif
