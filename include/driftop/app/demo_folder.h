/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The folder one demo lives in. A temporary one goes when the demo ends; one that was left by a
 * killed demo goes when the next begins. Which are still in use a lock in each tells, which the
 * kernel frees with its owner.
 */
#ifndef DRIFTOP_APP_DEMO_FOLDER_H
#define DRIFTOP_APP_DEMO_FOLDER_H

#include <stdbool.h>

struct err;

struct demo_folder {
    char *path; /* absolute */
    int lock_fd;
    bool temporary;
};

/* named NULL: a new temporary folder below XDG_RUNTIME_DIR, else TMPDIR, else /tmp, after those
 * that were left there have been removed. ERR_BUSY when another demo has the named one. */
int demo_folder_open(const char *named, struct demo_folder *ret, struct err *e);
/* Removes a temporary one. Its processes must have ended. */
void demo_folder_close(struct demo_folder *f);

#endif
