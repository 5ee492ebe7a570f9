/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A bucket of a window as bytes, for the store and for merging across machines. The coding is a
 * version byte, the number of cells, the number of rows, then a list of variable-length integers:
 * an even one, 2z, stands for z cells of zero, an odd one, 2c - 1, for one cell with count c. It
 * has no byte order. Bytes read back are hostile.
 */
#ifndef DRIFTOP_STATS_WINDOW_PACK_H
#define DRIFTOP_STATS_WINDOW_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/stats/window.h"

struct str;

/* Append counts[n] as one packed bucket. ERR_NOMEM, ERR_LIMIT. */
int window_pack_counts(const uint32_t *counts, size_t n, uint64_t rows, struct str *out);
/* Append one bucket of the window. ERR_ABSENT when the window no longer holds it. */
int window_pack(const struct window *w, const struct window_bucket *bucket, struct str *out);

/* Read into counts[n], overwriting all of them; ret_rows may be NULL. ERR_DATA when the bytes are
 * not a bucket of exactly n cells (counts is then undefined), ERR_VERSION. */
int window_unpack(const void *bytes, size_t length, uint32_t *counts, size_t n, uint64_t *ret_rows);

/* Add a packed bucket to the window, as at start. It does not become dirty by it. ERR_ABSENT when
 * now_ms no longer reaches (or not yet reaches) it, ERR_INVALID when start_ms is no bucket's start. */
int window_restore(struct window *w, enum window_span level, int64_t start_ms, int64_t now_ms,
                   const void *bytes, size_t length);

/* Add the buckets of `from`, which has as many cells, to those of w that now_ms still reaches; they
 * become dirty. ERR_INVALID, ERR_NOMEM. */
int window_merge(struct window *w, const struct window *from, int64_t now_ms);

#endif
