/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pure function on another thread. `run` may touch its argument and nothing else of ours; `done`
 * is called on the loop's thread, exactly once, so that the argument always has an owner.
 */
#ifndef DRIFTOP_LOOP_WORK_H
#define DRIFTOP_LOOP_WORK_H

#include "driftop/loop/id.h"

struct loop;

typedef void work_run_fn(void *argument);
/* cancelled: `run` was not run, or loop_cancel() or loop_free() came before its end. */
typedef void work_done_fn(struct loop *loop, void *argument, bool cancelled);

/* ERR_NOMEM; then neither function is called. */
int work_start(struct loop *loop, work_run_fn *run, work_done_fn *done, void *argument,
               struct loop_id *ret_id);

#endif
