/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "texts_private.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/hash.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "text_run_private.h"

#define FIRST_SLOTS 64
#define FIRST_BLOCK 512
#define LAST_BLOCK  ((size_t)256 << 10)

/* Of the tables of one process; values come from a file that its owner compares. */
#define HASH_SEED UINT64_C(0x636f6d70617265)

static void account(struct texts *t, struct spool *s, size_t bytes)
{
    t->total_bytes += bytes;
    s->used_bytes += bytes;
}

static void forget_memory(struct texts *t, struct spool *s)
{
    for (size_t i = 0; i < t->n_blocks; i++)
        free(t->blocks[i]);
    free(t->blocks);
    free(t->entries);
    free(t->slots);
    s->used_bytes -= t->total_bytes;
    *t = (struct texts){
        .runs = t->runs, .n_runs = t->n_runs, .runs_capacity = t->runs_capacity, .rows = t->rows};
}

void texts_done(struct texts *t, struct spool *s)
{
    forget_memory(t, s);
    free(t->runs);
    *t = (struct texts){.n = 0};
}

static void place(struct texts *t, size_t entry)
{
    size_t mask = t->n_slots - 1, i = (size_t)t->entries[entry].hash & mask;
    while (t->slots[i])
        i = (i + 1) & mask;
    t->slots[i] = (uint32_t)entry + 1;
}

/* Slots stay at most half full. */
static int make_slots(struct texts *t, struct spool *s)
{
    size_t n = t->n_slots ? 2 * t->n_slots : FIRST_SLOTS;
    if (t->n >= UINT32_MAX / 2)
        return ERR_LIMIT;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (!slots)
        return ERR_NOMEM;
    account(t, s, (n - t->n_slots) * sizeof *slots);
    free(t->slots);
    t->slots = slots;
    t->n_slots = n;
    for (size_t i = 0; i < t->n; i++)
        place(t, i);
    return 0;
}

static int add_block(struct texts *t, struct spool *s, size_t least)
{
    size_t bytes = t->block_bytes ? 2 * t->block_bytes : FIRST_BLOCK;
    if (bytes > LAST_BLOCK)
        bytes = LAST_BLOCK;
    if (bytes < least)
        bytes = least;
    if (VEC_ROOM(t->blocks, t->n_blocks, t->blocks_capacity, 1) < 0)
        return ERR_NOMEM;
    char *block = malloc(bytes);
    if (!block)
        return ERR_NOMEM;
    t->blocks[t->n_blocks++] = block;
    t->block_bytes = bytes;
    t->block_used = 0;
    account(t, s, bytes);
    return 0;
}

static int add_entry(struct texts *t, struct spool *s, struct text_entry entry)
{
    size_t had = t->capacity;
    if (t->block_used + entry.length > t->block_bytes && add_block(t, s, entry.length) < 0)
        return ERR_NOMEM;
    if (VEC_ROOM(t->entries, t->n, t->capacity, 1) < 0)
        return ERR_NOMEM;
    account(t, s, (t->capacity - had) * sizeof *t->entries);
    if (entry.length > 0) {
        char *bytes = t->blocks[t->n_blocks - 1] + t->block_used;
        memcpy(bytes, entry.bytes, entry.length);
        entry.bytes = bytes;
        t->block_used += entry.length;
    }
    t->entries[t->n] = entry;
    place(t, t->n++);
    return 0;
}

int texts_add(struct texts *t, struct spool *s, const char *bytes, size_t length)
{
    uint64_t hash = hash_fast(bytes, length, HASH_SEED);
    if (2 * (t->n + 1) > t->n_slots) {
        int rc = make_slots(t, s);
        if (rc < 0)
            return rc;
    }
    t->rows++;
    size_t mask = t->n_slots - 1;
    for (size_t i = (size_t)hash & mask; t->slots[i]; i = (i + 1) & mask) {
        struct text_entry *found = &t->entries[t->slots[i] - 1];
        if (found->hash == hash && found->length == length &&
            memcmp(found->bytes, bytes, length) == 0) {
            found->count++;
            return 0;
        }
    }
    return add_entry(t, s, (struct text_entry){hash, 1, bytes, length});
}

int text_order(const struct text_entry *a, const struct text_entry *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = shorter ? memcmp(a->bytes, b->bytes, shorter) : 0;
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int compare_entries(const void *a, const void *b)
{
    return text_order(a, b);
}

/* The slots are wrong afterwards: nothing is added between a stream and the end. */
void texts_sort(struct texts *t)
{
    if (t->n > 0)
        qsort(t->entries, t->n, sizeof *t->entries, compare_entries);
}

int texts_spill(struct texts *t, struct spool *s, struct err *e)
{
    struct str bytes;
    struct extent run = {s->end, 0};
    int rc = 0;
    if (t->n == 0)
        return 0;
    if (VEC_ROOM(t->runs, t->n_runs, t->runs_capacity, 1) < 0)
        return err_set(e, ERR_NOMEM, "out of memory");
    texts_sort(t);
    str_init(&bytes, 0);
    for (size_t i = 0; rc == 0 && i < t->n; i++) {
        struct extent piece;
        rc = text_run_put(&bytes, &t->entries[i]);
        if (rc == 0 && (bytes.length >= TEXT_RUN_PIECE || i + 1 == t->n)) {
            rc = spool_write(s, bytes.data, bytes.length, &piece, e);
            run.length += piece.length;
            str_clear(&bytes);
        }
    }
    str_done(&bytes);
    if (rc < 0)
        return rc;
    t->runs[t->n_runs++] = run;
    forget_memory(t, s);
    return 0;
}
