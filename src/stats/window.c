/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/window.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "window_private.h"

int64_t window_bucket_ms(enum window_span level)
{
    static const int64_t widths[WINDOW_LEVELS] = {60000, 300000, 3600000};
    return widths[level];
}

size_t window_bucket_count(enum window_span level)
{
    static const size_t counts[WINDOW_LEVELS] = {15, 12, 24};
    return counts[level];
}

/* Buckets that a row ahead of the clock may open. */
static size_t ahead_count(enum window_span level)
{
    return (size_t)(1 + (WINDOW_AHEAD_MS - 1) / window_bucket_ms(level));
}

int64_t window_index(enum window_span level, int64_t ms)
{
    int64_t width = window_bucket_ms(level), index = ms / width;
    return ms % width < 0 ? index - 1 : index;
}

struct window *window_new(size_t n_cells)
{
    if (n_cells == 0 || n_cells > (size_t)1 << 31)
        return NULL;
    struct window *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->n_cells = n_cells;
    w->n_pages = (n_cells + PAGE_CELLS - 1) / PAGE_CELLS;
    w->bytes = sizeof *w;
    w->now_ms = INT64_MIN;
    for (int i = 0; i < WINDOW_LEVELS; i++) {
        struct level *l = &w->levels[i];
        l->n_slots = window_bucket_count((enum window_span)i) + ahead_count((enum window_span)i);
        l->totals = calloc(n_cells, sizeof *l->totals);
        w->bytes += n_cells * sizeof *l->totals;
        if (!l->totals) {
            window_free(w);
            return NULL;
        }
    }
    return w;
}

static size_t page_bytes(const struct page *p)
{
    return (size_t)p->width * PAGE_CELLS;
}

void window_free(struct window *w)
{
    if (!w)
        return;
    for (int i = 0; i < WINDOW_LEVELS; i++) {
        struct level *l = &w->levels[i];
        for (size_t s = 0; s < l->n_slots; s++) {
            for (size_t p = 0; l->slots[s].pages && p < w->n_pages; p++)
                free(l->slots[s].pages[p].counts.memory);
            free(l->slots[s].pages);
        }
        free(l->totals);
    }
    free(w);
}

static uint32_t page_get(const struct page *p, size_t i)
{
    switch (p->width) {
    case 1: return p->counts.narrow[i];
    case 2: return p->counts.middle[i];
    case 4: return p->counts.wide[i];
    default: return 0;
    }
}

uint32_t window_get(const struct bucket *b, size_t cell)
{
    return page_get(&b->pages[cell / PAGE_CELLS], cell % PAGE_CELLS);
}

/* Give the page's counters `width` bytes each. */
static int page_widen(struct window *w, struct page *p, uint8_t width)
{
    struct page wider = {.width = width};
    wider.counts.memory = calloc(PAGE_CELLS, width);
    if (!wider.counts.memory)
        return ERR_NOMEM;
    for (size_t i = 0; i < PAGE_CELLS; i++) {
        if (width == 1)
            wider.counts.narrow[i] = (uint8_t)page_get(p, i);
        else if (width == 2)
            wider.counts.middle[i] = (uint16_t)page_get(p, i);
        else
            wider.counts.wide[i] = page_get(p, i);
    }
    w->bytes += page_bytes(&wider) - page_bytes(p);
    free(p->counts.memory);
    *p = wider;
    return 0;
}

static void page_set(struct page *p, size_t i, uint32_t value)
{
    if (p->width == 1)
        p->counts.narrow[i] = (uint8_t)value;
    else if (p->width == 2)
        p->counts.middle[i] = (uint16_t)value;
    else
        p->counts.wide[i] = value;
}

int window_add(struct window *w, enum window_span level, struct bucket *b, size_t cell, uint32_t n)
{
    struct page *p = &b->pages[cell / PAGE_CELLS];
    uint64_t sum = (uint64_t)page_get(p, cell % PAGE_CELLS) + n;
    if (sum > UINT32_MAX || w->levels[level].totals[cell] > UINT32_MAX - n)
        return ERR_LIMIT;
    uint8_t width = sum <= UINT8_MAX ? 1 : sum <= UINT16_MAX ? 2 : 4;
    if (width > p->width && page_widen(w, p, width) < 0)
        return ERR_NOMEM;
    page_set(p, cell % PAGE_CELLS, (uint32_t)sum);
    w->levels[level].totals[cell] += n;
    return 0;
}

/* Take a page's counts out of its level's totals and free it. */
static void page_leave(struct window *w, struct level *l, struct page *p, size_t first)
{
    size_t n = w->n_cells - first < PAGE_CELLS ? w->n_cells - first : PAGE_CELLS;
    for (size_t i = 0; i < n; i++)
        l->totals[first + i] -= page_get(p, i);
    w->bytes -= page_bytes(p);
    free(p->counts.memory);
    *p = (struct page){.width = 0};
}

static void bucket_leave(struct window *w, struct level *l, struct bucket *b)
{
    for (size_t p = 0; p < w->n_pages; p++) {
        if (b->pages[p].width > 0)
            page_leave(w, l, &b->pages[p], p * PAGE_CELLS);
    }
    l->rows -= b->rows;
    b->rows = 0;
    b->used = b->dirty = false;
}

bool window_reaches(const struct window *w, enum window_span level, int64_t index)
{
    int64_t newest = window_index(level, w->now_ms);
    int64_t ahead = window_index(level, w->now_ms + WINDOW_AHEAD_MS);
    return index > newest - (int64_t)window_bucket_count(level) && index <= ahead;
}

void window_advance(struct window *w, int64_t now_ms)
{
    w->now_ms = now_ms;
    w->in_row = false;
    for (int i = 0; i < WINDOW_LEVELS; i++) {
        struct level *l = &w->levels[i];
        for (size_t s = 0; s < l->n_slots; s++) {
            struct bucket *b = &l->slots[s];
            if (b->used && !window_reaches(w, (enum window_span)i, b->index))
                bucket_leave(w, l, b);
        }
    }
}

static size_t slot_of(const struct level *l, int64_t index)
{
    int64_t slot = index % (int64_t)l->n_slots;
    return (size_t)(slot < 0 ? slot + (int64_t)l->n_slots : slot);
}

/* What is within reach spans fewer buckets than there are slots, so none is in another's place. */
struct bucket *window_open(struct window *w, enum window_span level, int64_t index)
{
    struct level *l = &w->levels[level];
    struct bucket *b = &l->slots[slot_of(l, index)];
    if (!b->pages) {
        b->pages = calloc(w->n_pages, sizeof *b->pages);
        if (!b->pages)
            return NULL;
        w->bytes += w->n_pages * sizeof *b->pages;
    }
    b->used = true;
    b->index = index;
    return b;
}

const struct bucket *window_find(const struct window *w, enum window_span level, int64_t index)
{
    const struct level *l = &w->levels[level];
    const struct bucket *b = &l->slots[slot_of(l, index)];
    return b->used && b->index == index ? b : NULL;
}

enum window_fate window_row(struct window *w, int64_t row_ms, int64_t now_ms)
{
    /* Most rows come within the millisecond of the last one. */
    if (now_ms != w->now_ms)
        window_advance(w, now_ms);
    w->in_row = false;
    if (row_ms > now_ms && (uint64_t)row_ms - (uint64_t)now_ms > WINDOW_AHEAD_MS)
        return WINDOW_AHEAD;
    if (!window_reaches(w, WINDOW_24H, window_index(WINDOW_24H, row_ms)))
        return WINDOW_LATE;
    for (int i = 0; i < WINDOW_LEVELS; i++) {
        enum window_span level = (enum window_span)i;
        int64_t index = window_index(level, row_ms);
        w->row[i] = window_reaches(w, level, index) ? window_open(w, level, index) : NULL;
        if (w->row[i]) {
            w->row[i]->rows++;
            w->row[i]->dirty = true;
            w->levels[i].rows++;
        }
    }
    w->in_row = true;
    return WINDOW_COUNTED;
}

int window_count(struct window *w, size_t cell)
{
    if (!w->in_row || cell >= w->n_cells)
        return ERR_INVALID;
    size_t in_page = cell % PAGE_CELLS;
    for (int i = 0; i < WINDOW_LEVELS; i++) {
        struct bucket *b = w->row[i];
        if (!b)
            continue;
        struct page *p = &b->pages[cell / PAGE_CELLS];
        /* The common case by hand: no widening in sight. */
        if (p->width == 1 && p->counts.narrow[in_page] < UINT8_MAX)
            p->counts.narrow[in_page]++;
        else if (p->width == 2 && p->counts.middle[in_page] < UINT16_MAX)
            p->counts.middle[in_page]++;
        else {
            int rc = window_add(w, (enum window_span)i, b, cell, 1);
            if (rc < 0)
                return rc;
            continue;
        }
        w->levels[i].totals[cell]++;
    }
    return 0;
}

const uint32_t *window_totals(const struct window *w, enum window_span span)
{
    return w->levels[span].totals;
}

uint64_t window_rows(const struct window *w, enum window_span span)
{
    return w->levels[span].rows;
}

size_t window_bytes(const struct window *w)
{
    return w->bytes;
}

bool window_dirty(const struct window *w, size_t *it, struct window_bucket *ret)
{
    for (; *it < WINDOW_LEVELS * MAX_SLOTS; ++*it) {
        enum window_span level = (enum window_span)(*it / MAX_SLOTS);
        const struct bucket *b = &w->levels[level].slots[*it % MAX_SLOTS];
        if (!b->used || !b->dirty)
            continue;
        int64_t width = window_bucket_ms(level);
        *ret = (struct window_bucket){level, b->index * width, (b->index + 1) * width, b->rows};
        ++*it;
        return true;
    }
    return false;
}

void window_clean(struct window *w, const struct window_bucket *bucket)
{
    struct level *l = &w->levels[bucket->level];
    int64_t index = window_index(bucket->level, bucket->start_ms);
    struct bucket *b = &l->slots[slot_of(l, index)];
    if (b->used && b->index == index)
        b->dirty = false;
}
