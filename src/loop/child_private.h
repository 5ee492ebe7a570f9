/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Starting a process, for the two ways of child.h.
 */
#ifndef DRIFTOP_LOOP_CHILD_PRIVATE_H
#define DRIFTOP_LOOP_CHILD_PRIVATE_H

#include "driftop/loop/child.h"
#include "loop_private.h"

enum { INPUT, OUTPUT, ERROR_OUTPUT, N_PIPES };

/* uv_spawn() without inherited descriptors, its failure as one of our errors. */
int child_spawn_process(struct loop *loop, uv_process_t *process,
                        const uv_process_options_t *options, struct err *e);
/* libuv's type for a list that neither of us writes to. */
char **child_argument_list(const char *const *list);

#endif
