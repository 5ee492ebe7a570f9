/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The numbers of one column of one side: collected in the order of their rows, in memory and
 * behind that in the spool; at the end sorted, in memory or by merging sorted runs.
 */
#ifndef DRIFTOP_COMPARE_NUMBERS_PRIVATE_H
#define DRIFTOP_COMPARE_NUMBERS_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/stats/sides.h"
#include "spool_private.h"

struct err;

struct numbers {
    double *values; /* finite ones, the last of their order */
    size_t n, capacity;
    struct extent *extents; /* the earlier ones, in the spool */
    size_t n_extents, extents_capacity;
    uint64_t spooled; /* values there */
    uint64_t positive, negative, invalid;
};

void numbers_done(struct numbers *x, struct spool *s);
/* Make room for one more value at least. ERR_NOMEM. */
int numbers_grow(struct numbers *x, struct spool *s);
/* Move what is in memory to the spool. */
int numbers_spill(struct numbers *x, struct spool *s, struct err *e);
/* Values, wherever they are. */
size_t numbers_count(const struct numbers *x);

/* Sort them into `room`, and describe the side; its `rows` and `missing` are the caller's. The
 * collected numbers are gone afterwards. The room is given back by spool_release(). */
int numbers_sort(struct numbers *x, struct spool *s, struct room *ret_room,
                 struct side_numbers *ret, struct err *e);

#endif
