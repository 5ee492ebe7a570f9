/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys of the history tables: a series in the upper bits, the time in the lower ones, so that a
 * range of time in one series is a range of keys.
 */
#ifndef DRIFTOP_STORE_HISTORY_PRIVATE_H
#define DRIFTOP_STORE_HISTORY_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/store/write_counts.h"
#include "driftop/stats/window.h"

#define HOUR_MS        INT64_C(3600000)
#define DAY_MS         (24 * HOUR_MS)
#define SLOT_MS        INT64_C(10000)
#define HOUR_SLOTS     360
#define HOUR_MINUTES   60
#define MINUTE_SLOTS   6
#define METRIC_ID_BITS 3
#define HOUR_BITS      24
#define SECOND_BITS    32

_Static_assert(METRICS <= 1 << METRIC_ID_BITS, "a metric's number fits its bits");

struct err;
struct store;

static inline int64_t metric_key(int64_t version_id, int metric, int64_t hour)
{
    return ((version_id << METRIC_ID_BITS | metric) << HOUR_BITS) + hour;
}

/* The key of a bucket that starts at start_ms, or of the first after it. */
static inline int64_t counts_bound(int64_t series, int64_t start_ms)
{
    int64_t end = (INT64_C(1) << SECOND_BITS) - 1;
    int64_t second = start_ms <= 0 ? 0 : (start_ms - 1) / 1000 + 1;
    return (series << SECOND_BITS) + (second > end ? end : second);
}

/* ERR_ABSENT when nothing was ever stored under it. */
int counts_series(struct store *s, int64_t version_id, int64_t layout_id, int level,
                  int64_t *ret_series, struct err *e);
/* How long a level's buckets are kept. */
int64_t counts_keep_ms(int level);

/* Pack the version's oldest ended hour of recent points. Returns 1 when there was one. */
int metric_pack_hour(struct store *s, int64_t version_id, int64_t now_ms, struct err *e);
int metric_drop(struct store *s, int64_t version_id, int64_t now_ms, struct err *e);

#endif
