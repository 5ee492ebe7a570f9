/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the recorder writes of rows: layouts with their codebooks, counts, summaries, metric history
 * and the position up to which each log has been counted. The counts and the position travel in
 * one transaction, so a restart neither loses nor repeats a row.
 */
#ifndef DRIFTOP_STORE_WRITE_COUNTS_H
#define DRIFTOP_STORE_WRITE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/base/hash.h"
#include "driftop/model/drift.h"

struct err;
struct store;

/* Finds or inserts the layout (by deployment and hash) and its codebooks; sets layout->id and makes
 * it the deployment's current one. What was said of the versions' drift on another one is dropped. */
int store_put_layout(struct store *s, struct layout *layout, struct err *e);

/* One bucket of one version: `packed` is window_pack()'s text. Replaces what was there. */
struct counts_key {
    int64_t version_id, layout_id;
    int level; /* enum window_span */
    int64_t start_ms;
};
int store_put_counts(struct store *s, const struct counts_key *key, uint32_t rows,
                     const void *packed, size_t length, struct err *e);
/* All summaries of a version, replacing the former ones. */
int store_put_summaries(struct store *s, int64_t version_id, int64_t layout_id, int64_t at_ms,
                        const struct drift_summary *items, size_t n, struct err *e);

/* The design effect of each feature of a version, in the layout's order. */
int store_put_designs(struct store *s, int64_t version_id, int64_t layout_id,
                      const struct design *items, size_t n, struct err *e);
/* What there is to say of one feature that drifts; dropped when it does no more. feature -1: all. */
int store_put_drift_note(struct store *s, int64_t version_id, const struct drift_note *note,
                         struct err *e);
int store_drop_drift_note(struct store *s, int64_t version_id, int64_t feature, struct err *e);

/* A point of a version's metric history. One point is kept for every 10 s, the last; NaN is none. */
enum metric { METRIC_RATE, METRIC_ERRORS, METRIC_P50, METRIC_P99, METRIC_SHARE, METRICS };
int store_put_metric(struct store *s, int64_t version_id, enum metric metric, int64_t at_ms,
                     double value, struct err *e);

/* How far a followed file has been counted. */
struct log_position {
    char source[MODEL_NAME_SIZE];
    char path[1024];
    uint64_t device, inode;
    char head_hash[HASH_HEX_SIZE]; /* of the first bytes, as many as follow.c keeps */
    uint32_t head_length;
    uint64_t offset, lines;
};
int store_put_position(struct store *s, const struct log_position *position, struct err *e);
int store_drop_position(struct store *s, const char *source, uint64_t device, uint64_t inode,
                        struct err *e);

/* Drop what is older than DESIGN 2 keeps (1 min for 1 h, 5 min for 24 h, 1 h for 30 days; metrics
 * thinned to a minute after 24 h), a bounded amount a call (some 10 ms): a transaction of its own,
 * every few seconds. Returns 1 when there is more to do. */
int store_prune(struct store *s, int64_t now_ms, struct err *e);

#endif
