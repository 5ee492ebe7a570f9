/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/window_pack.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "window_private.h"

#define VERSION     1
#define VARINT_SIZE 10

static void put_varint(struct str *out, uint64_t v)
{
    char raw[VARINT_SIZE];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        raw[n++] = (char)(unsigned char)(v | 0x80);
    raw[n++] = (char)v;
    str_add_bytes(out, raw, n);
}

/* A packed bucket while it is written: zeros are held back until their run ends. */
struct packer {
    struct str *out;
    uint64_t zeros;
};

static void pack_header(struct packer *p, size_t n_cells, uint64_t rows)
{
    str_add_char(p->out, VERSION);
    put_varint(p->out, n_cells);
    put_varint(p->out, rows);
}

static void flush_zeros(struct packer *p)
{
    if (p->zeros > 0)
        put_varint(p->out, 2 * p->zeros);
    p->zeros = 0;
}

static void pack_cell(struct packer *p, uint32_t count)
{
    if (count == 0) {
        p->zeros++;
        return;
    }
    flush_zeros(p);
    put_varint(p->out, 2 * (uint64_t)count - 1);
}

static int pack_end(struct packer *p)
{
    flush_zeros(p);
    return p->out->failed ? ERR_LIMIT : 0;
}

int window_pack_counts(const uint32_t *counts, size_t n, uint64_t rows, struct str *out)
{
    struct packer p = {out, 0};
    pack_header(&p, n, rows);
    for (size_t i = 0; i < n; i++)
        pack_cell(&p, counts[i]);
    return pack_end(&p);
}

int window_pack(const struct window *w, const struct window_bucket *bucket, struct str *out)
{
    const struct bucket *b =
        window_find(w, bucket->level, window_index(bucket->level, bucket->start_ms));
    if (!b)
        return ERR_ABSENT;
    struct packer p = {out, 0};
    pack_header(&p, w->n_cells, b->rows);
    for (size_t i = 0; i < w->n_cells; i++)
        pack_cell(&p, window_get(b, i));
    return pack_end(&p);
}

struct reader {
    const unsigned char *at, *end;
};

/* ERR_DATA when it is cut off or over 64 bits. */
static int get_varint(struct reader *r, uint64_t *ret)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (r->at == r->end)
            return ERR_DATA;
        uint64_t byte = *r->at++;
        if (shift == 63 && byte > 1)
            return ERR_DATA;
        v |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            *ret = v;
            return 0;
        }
    }
    return ERR_DATA;
}

static int get_header(struct reader *r, size_t n, uint64_t *ret_rows)
{
    uint64_t n_cells;
    if (r->at == r->end)
        return ERR_DATA;
    if (*r->at++ != VERSION)
        return ERR_VERSION;
    if (get_varint(r, &n_cells) < 0 || n_cells != n)
        return ERR_DATA;
    return get_varint(r, ret_rows);
}

int window_unpack(const void *bytes, size_t length, uint32_t *counts, size_t n, uint64_t *ret_rows)
{
    if (length == 0) /* and bytes may be NULL */
        return ERR_DATA;
    struct reader r = {bytes, (const unsigned char *)bytes + length};
    uint64_t rows;
    int rc = get_header(&r, n, &rows);
    if (rc < 0)
        return rc;
    size_t cell = 0;
    while (cell < n) {
        uint64_t token;
        if (get_varint(&r, &token) < 0 || token == 0)
            return ERR_DATA;
        if (token % 2 == 0) {
            if (token / 2 > n - cell)
                return ERR_DATA;
            memset(&counts[cell], 0, (size_t)(token / 2) * sizeof *counts);
            cell += (size_t)(token / 2);
        } else {
            if (token / 2 >= UINT32_MAX)
                return ERR_DATA;
            counts[cell++] = (uint32_t)(token / 2 + 1);
        }
    }
    if (ret_rows)
        *ret_rows = rows;
    return r.at == r.end ? 0 : ERR_DATA;
}

/* Add whole counts to a bucket that now_ms reaches. */
static int add_counts(struct window *w, enum window_span level, int64_t index,
                      const uint32_t *counts, uint64_t rows)
{
    struct bucket *b = window_open(w, level, index);
    if (!b)
        return ERR_NOMEM;
    for (size_t i = 0; i < w->n_cells; i++) {
        int rc = counts[i] > 0 ? window_add(w, level, b, i, counts[i]) : 0;
        if (rc < 0)
            return rc;
    }
    b->rows += rows;
    w->levels[level].rows += rows;
    return 0;
}

int window_restore(struct window *w, enum window_span level, int64_t start_ms, int64_t now_ms,
                   const void *bytes, size_t length)
{
    int64_t index = window_index(level, start_ms);
    if (start_ms % window_bucket_ms(level) != 0)
        return ERR_INVALID;
    window_advance(w, now_ms);
    if (!window_reaches(w, level, index))
        return ERR_ABSENT;
    uint32_t *counts = calloc(w->n_cells, sizeof *counts);
    if (!counts)
        return ERR_NOMEM;
    uint64_t rows;
    int rc = window_unpack(bytes, length, counts, w->n_cells, &rows);
    if (rc == 0)
        rc = add_counts(w, level, index, counts, rows);
    free(counts);
    return rc;
}

static int merge_level(struct window *w, const struct window *from, enum window_span level,
                       uint32_t *counts)
{
    for (size_t s = 0; s < from->levels[level].n_slots; s++) {
        const struct bucket *b = &from->levels[level].slots[s];
        if (!b->used || !window_reaches(w, level, b->index))
            continue;
        for (size_t i = 0; i < w->n_cells; i++)
            counts[i] = window_get(b, i);
        int rc = add_counts(w, level, b->index, counts, b->rows);
        if (rc < 0)
            return rc;
        window_open(w, level, b->index)->dirty = true;
    }
    return 0;
}

int window_merge(struct window *w, const struct window *from, int64_t now_ms)
{
    if (w->n_cells != from->n_cells || w == from)
        return ERR_INVALID;
    uint32_t *counts = calloc(w->n_cells, sizeof *counts);
    if (!counts)
        return ERR_NOMEM;
    window_advance(w, now_ms);
    int rc = 0;
    for (int i = 0; rc == 0 && i < WINDOW_LEVELS; i++)
        rc = merge_level(w, from, (enum window_span)i, counts);
    free(counts);
    return rc;
}
