/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Watching a descriptor: the terminal, a pipe, or the sockets that a library (libcurl,
 * libmicrohttpd) opened itself. The descriptor stays the caller's, who cancels the watch before
 * closing it. Its blocking mode is left as it was, because a terminal shares it with the shell.
 * One watch per descriptor; regular files cannot be watched.
 */
#ifndef DRIFTOP_LOOP_FD_H
#define DRIFTOP_LOOP_FD_H

#include "driftop/loop/id.h"

struct loop;
struct err;

enum fd_events {
    FD_READABLE = 1,
    FD_WRITABLE = 2,
    FD_BROKEN = 4 /* reported only: error or hang-up; reading will tell which */
};

typedef void fd_fn(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx);

/* Calls fn whenever one of the events holds, until loop_cancel(). ERR_INVALID for a descriptor
 * that cannot be watched, ERR_NOMEM. */
int fd_watch(struct loop *loop, int fd, unsigned events, fd_fn *fn, void *ctx,
             struct loop_id *ret_id, struct err *e);
/* Watch for other events from now on; 0 pauses. ERR_ABSENT for a stale id. */
int fd_set_events(struct loop *loop, struct loop_id id, unsigned events);

#endif
