/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/window_buckets.h"

#include <string.h>

#include "window_private.h"

bool window_bucket_counts(const struct window *w, enum window_span level, int64_t at_ms,
                          size_t first, size_t n, uint32_t *ret, uint64_t *ret_rows)
{
    const struct bucket *b = window_find(w, level, window_index(level, at_ms));
    for (size_t i = 0; i < n; i++)
        ret[i] = b && first + i < w->n_cells ? window_get(b, first + i) : 0;
    if (ret_rows)
        *ret_rows = b ? b->rows : 0;
    return b != NULL;
}

static void add_page(const struct page *p, size_t n, uint32_t *ret)
{
    if (p->width == 1)
        for (size_t i = 0; i < n; i++)
            ret[i] += p->counts.narrow[i];
    else if (p->width == 2)
        for (size_t i = 0; i < n; i++)
            ret[i] += p->counts.middle[i];
    else if (p->width == 4)
        for (size_t i = 0; i < n; i++)
            ret[i] += p->counts.wide[i];
}

static void add_bucket(const struct window *w, const struct bucket *b, uint32_t *ret)
{
    for (size_t p = 0; p < w->n_pages; p++) {
        size_t first = p * PAGE_CELLS, left = w->n_cells - first;
        add_page(&b->pages[p], left < PAGE_CELLS ? left : PAGE_CELLS, ret + first);
    }
}

static const struct bucket *partner(const struct window *w, enum window_span level,
                                    const struct bucket *b)
{
    const struct bucket *other = b->used && b->rows > 0 ? window_find(w, level, b->index) : NULL;
    return other && other->rows > 0 ? other : NULL;
}

void window_common(const struct window *a, const struct window *b, enum window_span level,
                   uint32_t *ret_a, uint32_t *ret_b, uint64_t ret_rows[2])
{
    const struct level *l = &a->levels[level];
    memset(ret_a, 0, a->n_cells * sizeof *ret_a);
    memset(ret_b, 0, a->n_cells * sizeof *ret_b);
    ret_rows[0] = ret_rows[1] = 0;
    for (size_t i = 0; i < l->n_slots; i++) {
        const struct bucket *mine = &l->slots[i], *theirs = partner(b, level, mine);
        if (!theirs)
            continue;
        add_bucket(a, mine, ret_a);
        add_bucket(b, theirs, ret_b);
        ret_rows[0] += mine->rows;
        ret_rows[1] += theirs->rows;
    }
}
