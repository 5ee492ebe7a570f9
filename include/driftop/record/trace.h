/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is remembered of one version's values beside their counts: for every feature how long it has
 * shown one and the same value and whether values come in another type; and, of features that drift, a
 * sample of the values since then. Samples of all traces together are bounded: beyond that a drift stays
 * without a shape.
 */
#ifndef DRIFTOP_RECORD_TRACE_H
#define DRIFTOP_RECORD_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/model/drift.h"

#define TRACE_VALUES      1024 /* of a sample */
#define TRACE_SAMPLES_MAX 2000 /* at a time: 16 MiB */

struct trace;

/* n_samples counts the samples of all traces that share it. NULL without memory. */
struct trace *trace_new(const struct layout *layout, size_t *n_samples);
void trace_free(struct trace *t);

/* One more value, and the cell of the feature's codebook that it fell into. Hot. */
void trace_add(struct trace *t, size_t feature, const struct value *value, size_t cell);

/* Rows in a row that had the same value, which is in *ret_cell. 0 while it is missing or unknown. */
uint32_t trace_run(const struct trace *t, size_t feature, size_t *ret_cell);
/* Most of the last rows were texts where the reference has numbers, or numbers where it has texts. */
bool trace_foreign(const struct trace *t, size_t feature);

/* Collect values from now on, or throw away what was collected. */
void trace_sample(struct trace *t, size_t feature, bool on);
/* The newest finite values that were collected, at most TRACE_VALUES; returns how many. */
size_t trace_values(const struct trace *t, size_t feature, double *ret);
/* The commonest text that the reference never had; "" when none was collected. */
const char *trace_unseen(const struct trace *t, size_t feature);

#endif
