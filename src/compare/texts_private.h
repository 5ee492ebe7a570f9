/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The texts of one column of one side, counted: different bytes and how often each came. In memory
 * a hash table; beyond the limit runs in the spool, sorted by bytes. Whoever wants them gets one
 * stream in the order of bytes, each text once, however they were stored.
 */
#ifndef DRIFTOP_COMPARE_TEXTS_PRIVATE_H
#define DRIFTOP_COMPARE_TEXTS_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/stats/sides.h"
#include "spool_private.h"

struct err;

struct text_entry {
    uint64_t hash, count;
    const char *bytes; /* in a block */
    size_t length;
};

struct texts {
    struct text_entry *entries;
    size_t n, capacity;
    uint32_t *slots; /* entry + 1, 0 is free */
    size_t n_slots;
    char **blocks; /* where the bytes lie */
    size_t n_blocks, blocks_capacity;
    size_t block_used, block_bytes; /* of the last block */
    size_t total_bytes;             /* everything, as counted in the spool's use */
    struct extent *runs;
    size_t n_runs, runs_capacity;
    uint64_t rows; /* texts counted */
};

void texts_done(struct texts *t, struct spool *s);
/* Count one more. ERR_NOMEM. The memory it takes is added to the spool's use. */
int texts_add(struct texts *t, struct spool *s, const char *bytes, size_t length);
/* Move what is in memory to the spool as a sorted run. */
int texts_spill(struct texts *t, struct spool *s, struct err *e);

/* Whether no text came twice, and there are at least two. */
int texts_all_different(struct texts *t, const struct spool *s, bool *ret, struct err *e);

struct text_stream;

/* ERR_NOMEM, ERR_IO. t must not change while it lives, but its entries get sorted by it. */
int text_stream_new(struct texts *t, const struct spool *s, struct text_stream **ret,
                    struct err *e);
void text_stream_free(struct text_stream *st);
/* 1 and the next text (bytes borrowed until the next call), 0 at the end, or an error. */
int text_stream_next(struct text_stream *st, struct text_entry *ret, struct err *e);

#endif
