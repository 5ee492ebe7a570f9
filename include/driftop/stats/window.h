/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rolling windows of one version with all its features: a ladder of time buckets (15 of one
 * minute, 12 of five, 24 of an hour). A bucket holds one counter for each cell of each feature; the
 * owner knows at which offset a feature's cells begin. Counters are 8 bits wide and widen to 16 and
 * 32 where they overflow, in pages that exist only where something was counted. Each level keeps
 * its running totals, so a window is read without summing and a bucket leaves by subtraction.
 *
 * The row's own time decides the bucket. A row older than 24 hours is late, one more than two
 * minutes ahead of the clock is refused; in between it counts in every level that still reaches
 * back to it. The window never reads a clock. Not safe for several threads.
 */
#ifndef DRIFTOP_STATS_WINDOW_H
#define DRIFTOP_STATS_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct window;

/* A level of the ladder and the span it covers: buckets of 1 minute, 5 minutes, 1 hour. */
enum window_span { WINDOW_15M, WINDOW_1H, WINDOW_24H };
#define WINDOW_LEVELS   3
#define WINDOW_AHEAD_MS 120000

enum window_fate { WINDOW_COUNTED, WINDOW_LATE, WINDOW_AHEAD };

/* One bucket, as the store sees it: rows with start_ms <= time < end_ms. */
struct window_bucket {
    enum window_span level;
    int64_t start_ms, end_ms;
    uint64_t rows;
};

/* Width of a level's buckets and how many make the span. */
int64_t window_bucket_ms(enum window_span level);
size_t window_bucket_count(enum window_span level);

/* NULL when out of memory or n_cells is 0 or over 2^31. */
struct window *window_new(size_t n_cells);
void window_free(struct window *w);

/* Let go of what now_ms no longer reaches. What is dirty and not stored by then is lost from the
 * history: store first, then advance. A clock that jumped back drops the buckets of the future. */
void window_advance(struct window *w, int64_t now_ms);

/* Begin a row: advances, decides its fate, counts the row itself. After WINDOW_COUNTED call
 * window_count() once for each of the row's features (a missing one in its MISSING cell). */
enum window_fate window_row(struct window *w, int64_t row_ms, int64_t now_ms);
/* Add one to the cell in the buckets of the current row. Hot. ERR_INVALID when the cell does not
 * exist or no row was begun, ERR_NOMEM. */
int window_count(struct window *w, size_t cell);

/* Counts of the whole span, n_cells of them; borrowed, valid until the window is freed. */
const uint32_t *window_totals(const struct window *w, enum window_span span);
uint64_t window_rows(const struct window *w, enum window_span span);
/* Memory held, in bytes. */
size_t window_bytes(const struct window *w);

/* Walk the buckets that changed since they were last cleaned: start with *it = 0, ends with false.
 * The window must not change in between, but for window_clean(). */
bool window_dirty(const struct window *w, size_t *it, struct window_bucket *ret);
void window_clean(struct window *w, const struct window_bucket *bucket);

#endif
