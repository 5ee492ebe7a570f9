/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Timers on the loop's injected clock. Timers that are due at the same moment run in the order in
 * which they were made. loop_cancel() ends one, also from inside its own callback.
 */
#ifndef DRIFTOP_LOOP_TIMER_H
#define DRIFTOP_LOOP_TIMER_H

#include "driftop/loop/id.h"

struct loop;

typedef void timer_fn(struct loop *loop, struct loop_id id, void *ctx);

/* Once, delay_ms from now (0 or less: in this turn or the next). The id is stale when the callback
 * runs. The result names nothing when out of memory. */
struct loop_id timer_once(struct loop *loop, int64_t delay_ms, timer_fn *fn, void *ctx);
/* First after first_ms, then every every_ms (at least 1) without drift; periods that were missed,
 * because the machine slept or the loop was busy, are skipped and not made up for. */
struct loop_id timer_repeat(struct loop *loop, int64_t first_ms, int64_t every_ms, timer_fn *fn,
                            void *ctx);

/* interval_ms spread evenly over (1 - spread_ratio, 1 + spread_ratio) of itself, so that 2,000
 * endpoints do not answer in the same moment. *state is the caller's, any seed, and moves on. */
int64_t timer_jitter(int64_t interval_ms, double spread_ratio, uint64_t *state);

#endif
