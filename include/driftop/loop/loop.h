/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event loop: one thread, callbacks, nothing blocks. libuv stands behind it, in src/loop only.
 * The other headers of this folder put things on it (timers, descriptors, streams, children,
 * signals, files, work); each of them is named by a struct loop_id and ended by loop_cancel().
 *
 * A turn is: the before-sleep hook, then waiting, then the callbacks of what is ready, then the
 * timers that are due. Timers follow the injected clock, so a test turns the clock by hand and
 * calls loop_turn(loop, 0).
 *
 * Nobody calls loop_run(), loop_turn() or loop_free() from inside a callback. The loop is not
 * thread-safe; loop/work.h is the only way to another thread. loop_new() makes the process ignore
 * SIGPIPE, because a peer that went away must be an error and not the end.
 */
#ifndef DRIFTOP_LOOP_LOOP_H
#define DRIFTOP_LOOP_LOOP_H

#include "driftop/loop/id.h"

struct clock;
struct loop;

typedef void loop_hook(struct loop *loop, void *ctx);

/* The clock is borrowed and outlives the loop. NULL when out of memory or out of descriptors. */
struct loop *loop_new(const struct clock *clock);
/* Cancels all that is left, children and their process groups are killed, then frees. Waits for
 * work that is already running on another thread. NULL is allowed. */
void loop_free(struct loop *loop);

/* Turn after turn until loop_stop() is called or nothing is left that could ever happen. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* One turn that waits at most timeout_ms (0: not at all, -1: until something happens). False when
 * nothing is left that could ever happen. */
bool loop_turn(struct loop *loop, int timeout_ms);

const struct clock *loop_clock(const struct loop *loop);
/* The injected clock's monotonic time, read now. */
int64_t loop_now_ms(const struct loop *loop);

/* Called once a turn before waiting: the place where the store is flushed and the screen drawn.
 * There is one hook; NULL takes it away. */
void loop_before_sleep(struct loop *loop, loop_hook *hook, void *ctx);

/* End what the id names, whatever kind it is. Its callback does not come any more (work.h is the
 * exception, because it owns an argument). A stale id does nothing. */
void loop_cancel(struct loop *loop, struct loop_id id);
bool loop_has(const struct loop *loop, struct loop_id id);

#endif
