/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Being told that a folder may have changed. The kernel's file events make it prompt, a period
 * makes it certain: events get lost (network file systems, too many watches), so fn is called at
 * least every every_ms whether or not something happened, and who is called looks for himself.
 */
#ifndef DRIFTOP_LOOP_FILE_H
#define DRIFTOP_LOOP_FILE_H

#include "driftop/loop/id.h"

struct loop;
struct err;

typedef void file_fn(struct loop *loop, struct loop_id id, void *ctx);

/* `path` is a folder or a file; it need not exist yet. Many events become one call, at the
 * soonest min_gap_ms after the one before. Ends with loop_cancel(). */
int file_watch(struct loop *loop, const char *path, int64_t every_ms, int64_t min_gap_ms,
               file_fn *fn, void *ctx, struct loop_id *ret_id, struct err *e);

#endif
