/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What everybody may read of rows: layouts, counts, summaries, metric history; and, for the
 * recorder's start, positions. Same rules as store/read.h.
 */
#ifndef DRIFTOP_STORE_READ_DRIFT_H
#define DRIFTOP_STORE_READ_DRIFT_H

#include "driftop/store/read.h"
#include "driftop/store/write_counts.h"

/* The deployment's current layout with decoded codebooks; free with layout_free(). ERR_ABSENT. */
int store_layout(struct store *s, int64_t deployment_id, struct layout **ret, struct err *e);
/* The same without codebooks and cells, which are most of the work: for who needs names only. */
int store_layout_names(struct store *s, int64_t deployment_id, struct layout **ret, struct err *e);

/* Each stored bucket of the version's level with start_ms in [from, to), oldest first; a negative
 * result of fn ends the walk and is returned. `packed` is borrowed for the call. */
typedef int store_counts_fn(void *ctx, int64_t start_ms, uint32_t rows, const void *packed,
                            size_t length);
int store_each_counts(struct store *s, const struct counts_key *key, int64_t to_ms,
                      store_counts_fn *fn, void *ctx, struct err *e);
/* Adds the buckets of the key's level from its start_ms on and before to_ms to counts and *ret_rows. */
int store_sum_range(struct store *s, const struct counts_key *key, int64_t to_ms, size_t n_cells,
                    uint32_t *counts, uint64_t *ret_rows, struct err *e);
/* The sum over a span that ends now: counts[layout->n_cells] and the rows. */
int store_sum_counts(struct store *s, int64_t version_id, const struct layout *layout,
                     enum window_span span, int64_t now_ms, uint32_t *counts, uint64_t *ret_rows,
                     struct err *e);
/* The summaries of a version on one span, in the layout's order; span -1: the shortest with `enough`
 * rows, else the longest. free() the items. */
struct drift_summaries {
    struct drift_summary *items;
    size_t n; /* 0: none yet */
    int64_t at_ms;
    enum window_span span;
    uint32_t rows; /* of the span */
};
int store_summaries(struct store *s, int64_t version_id, int span, uint32_t enough,
                    struct drift_summaries *ret, struct err *e);
/* The design effects of n features; 1 where there is none yet. */
int store_designs(struct store *s, int64_t version_id, int64_t layout_id, struct design *ret,
                  size_t n, struct err *e);
/* What there is to say of the version's drifting features, in the layout's order; free() them. */
int store_drift_notes(struct store *s, int64_t version_id, struct drift_note **ret, size_t *ret_n,
                      struct err *e);
/* n points that end at to_ms, step_ms apart, each the mean of its step, NaN where there is none. */
int store_metric(struct store *s, int64_t version_id, enum metric metric, int64_t to_ms,
                 int64_t step_ms, double *points, size_t n, struct err *e);
int store_positions(struct store *s, const char *source, struct log_position **ret, size_t *ret_n,
                    struct err *e);

#endif
