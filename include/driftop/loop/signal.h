/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signals as callbacks on the loop (SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT, ...).
 * While a signal is watched its default action does not happen: who watches SIGTSTP stops the
 * process himself, with SIGSTOP, once the terminal is restored.
 */
#ifndef DRIFTOP_LOOP_SIGNAL_H
#define DRIFTOP_LOOP_SIGNAL_H

#include "driftop/loop/id.h"

struct loop;
struct err;

typedef void signal_fn(struct loop *loop, int number, void *ctx);

/* Until loop_cancel(). ERR_INVALID for a signal that cannot be caught. */
int signal_watch(struct loop *loop, int number, signal_fn *fn, void *ctx, struct loop_id *ret_id,
                 struct err *e);

#endif
