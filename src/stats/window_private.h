/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of a window, for window.c and window_pack.c.
 */
#ifndef DRIFTOP_STATS_WINDOW_PRIVATE_H
#define DRIFTOP_STATS_WINDOW_PRIVATE_H

#include "driftop/stats/window.h"

/* Cells share a page so that one busy feature does not widen the counters of all others. */
#define PAGE_CELLS 256
#define MAX_SLOTS  28

/* PAGE_CELLS counters of width 1, 2 or 4 bytes; width 0 while nothing was counted. */
struct page {
    union {
        uint8_t *narrow;
        uint16_t *middle;
        uint32_t *wide;
        void *memory;
    } counts;
    uint8_t width;
};

struct bucket {
    int64_t index; /* time / bucket width */
    uint64_t rows;
    bool used, dirty;
    struct page *pages; /* NULL until first used */
};

struct level {
    struct bucket slots[MAX_SLOTS]; /* bucket i stands in slot i modulo n_slots */
    size_t n_slots;
    uint32_t *totals;
    uint64_t rows;
};

struct window {
    size_t n_cells, n_pages;
    struct level levels[WINDOW_LEVELS];
    int64_t now_ms;
    struct bucket *row[WINDOW_LEVELS]; /* the current row's buckets; NULL where out of reach */
    bool in_row;
    size_t bytes;
};

/* Floor division, right for times before 1970 as well. */
int64_t window_index(enum window_span level, int64_t ms);
/* Whether the ladder at the window's time reaches that bucket. */
bool window_reaches(const struct window *w, enum window_span level, int64_t index);
/* The bucket of that index, made when it is not there; NULL when out of memory. */
struct bucket *window_open(struct window *w, enum window_span level, int64_t index);
/* NULL when the window does not hold it. */
const struct bucket *window_find(const struct window *w, enum window_span level, int64_t index);
/* Add to one counter of a bucket and to its level's total. */
int window_add(struct window *w, enum window_span level, struct bucket *b, size_t cell, uint32_t n);
uint32_t window_get(const struct bucket *b, size_t cell);

#endif
