/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Paths and small files: XDG folders, reading a whole file under a ceiling, writing one so that
 * a reader sees the old or the new content and never half.
 */
#ifndef DRIFTOP_BASE_PATH_H
#define DRIFTOP_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

enum path_xdg { PATH_CONFIG, PATH_STATE, PATH_CACHE, PATH_RUNTIME };

/* "$XDG_CONFIG_HOME/driftop/NAME" or what stands for it by the XDG rules (an unset or relative
 * variable counts as absent), in place of ret_path's content. PATH_RUNTIME falls back to
 * /tmp/driftop-UID. ERR_ABSENT without a home folder. */
int path_xdg(enum path_xdg kind, const char *name, struct str *ret_path);
/* Create the folder and its parents (0700). */
int path_make_folder(const char *path, struct err *e);
/* The parent of path created, as above. */
int path_make_parent(const char *path, struct err *e);
/* Append the file's content to ret; ERR_LIMIT when it is larger than ret can hold. "-" is
 * standard input. */
int path_read(const char *path, struct str *ret, struct err *e);
/* Write beside the file, fsync, rename. */
int path_write(const char *path, const void *bytes, size_t length, unsigned mode, struct err *e);
/* True on NFS, CIFS, 9p, FUSE-over-network and their like, where SQLite's locks do not hold. */
bool path_on_network(const char *path, const char **ret_kind);
/* Refuses (ERR_DENIED) a file that others could have written: it must belong to this user or
 * root, and so must its folder, which must not let anybody replace the file; `secret` also refuses
 * any access by group or others. */
int path_check_owner(const char *path, bool secret, struct err *e);
/* Remove a folder and all below it; for temporary folders. Follows no link; 0 when it is not
 * there. */
int path_remove_tree(const char *path, struct err *e);
/* The running binary's own path. */
int path_self(struct str *ret_path);

#endif
