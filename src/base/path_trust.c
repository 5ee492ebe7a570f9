/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of base/path.h that asks what a place can be trusted with, and that clears one away.
 */
#include "driftop/base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "driftop/base/err.h"

#define MOST_DEPTH 64

/* f_type of statfs(2). Those without a name in linux/magic.h are from statfs(2) and the projects'
 * own sources. */
static const struct {
    uint32_t magic;
    const char *kind;
} network_kinds[] = {
    {NFS_SUPER_MAGIC, "nfs"},     {SMB_SUPER_MAGIC, "smb"}, {0xff534d42, "cifs"},
    {0xfe534d42, "smb2"},         {V9FS_MAGIC, "9p"},       {AFS_SUPER_MAGIC, "afs"},
    {AFS_FS_MAGIC, "afs"},        {0x73757245, "coda"},     {0x00c36400, "ceph"},
    {0x0bd00bd0, "lustre"},       {0x47504653, "gpfs"},     {0x01161970, "gfs2"},
    {OCFS2_SUPER_MAGIC, "ocfs2"}, {0x20030528, "orangefs"}, {0xaad7aaea, "panfs"},
};

/* Of FUSE's many file systems these keep their data on this machine. */
static bool fuse_is_local(const char *type)
{
    static const char *const local[] = {"fuseblk",      "fuse.fuse-overlayfs", "fuse.mergerfs",
                                        "fuse.encfs",   "fuse.gocryptfs",      "fuse.bindfs",
                                        "fuse.ntfs-3g", "fuse.lxcfs"};

    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
        if (strcmp(type, local[i]) == 0)
            return true;
    }
    return false;
}

/* The type of the mounted device by its line in mountinfo (proc(5)): "id parent major:minor root
 * mount options ... - type source options". */
static bool mounted_type(dev_t device, char *buf, size_t size)
{
    FILE *file = fopen("/proc/self/mountinfo", "re");
    char *line = NULL;
    size_t line_size = 0;
    bool found = false;
    char wanted[32];

    if (!file)
        return false;
    snprintf(wanted, sizeof wanted, " %u:%u ", major(device), minor(device));
    while (!found && getline(&line, &line_size, file) > 0) {
        const char *dash = strstr(line, " - ");

        if (!strstr(line, wanted) || strstr(line, wanted) > strchr(line, '/') || !dash)
            continue;
        snprintf(buf, size, "%.*s", (int)strcspn(dash + 3, " "), dash + 3);
        found = true;
    }
    free(line);
    fclose(file);
    return found;
}

/* The file itself, or the nearest folder above it that exists. */
static bool stat_nearest(const char *path, struct statfs *ret_fs, struct stat *ret_st)
{
    char *copy = strdup(path);
    bool found = false;

    while (copy && !found) {
        char *slash = strrchr(copy, '/');

        found = statfs(copy, ret_fs) == 0 && stat(copy, ret_st) == 0;
        if (found || errno != ENOENT || strcmp(copy, "/") == 0 || strcmp(copy, ".") == 0)
            break;
        if (!slash)
            memcpy(copy, ".", 2); /* copy was not empty: statfs("") cannot get here twice */
        else
            slash[slash == copy] = '\0';
    }
    free(copy);
    return found;
}

bool path_on_network(const char *path, const char **ret_kind)
{
    struct statfs fs;
    struct stat st;
    char type[64];

    if (!path[0] || !stat_nearest(path, &fs, &st))
        return false;
    for (size_t i = 0; i < sizeof network_kinds / sizeof network_kinds[0]; i++) {
        if ((uint32_t)fs.f_type == network_kinds[i].magic) {
            *ret_kind = network_kinds[i].kind;
            return true;
        }
    }
    if ((uint32_t)fs.f_type != FUSE_SUPER_MAGIC)
        return false;
    if (mounted_type(st.st_dev, type, sizeof type) && fuse_is_local(type))
        return false;
    *ret_kind = "fuse";
    return true;
}

static bool trusted_owner(uid_t owner)
{
    return owner == geteuid() || owner == 0;
}

/* Whoever may write the folder may replace the file, unless the sticky bit is set. */
static int check_parent(const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    char *parent = slash ? strndup(path, slash > path ? (size_t)(slash - path) : 1) : strdup(".");
    struct stat st;
    int code = 0;

    if (!parent)
        return err_set(e, ERR_NOMEM, "out of memory");
    if (stat(parent, &st) < 0)
        code = err_set_errno(e, errno, "%s", parent);
    else if (!trusted_owner(st.st_uid))
        code = err_set(e, ERR_DENIED, "the folder of %s belongs to somebody else", path);
    else if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
        code = err_set(e, ERR_DENIED, "the folder of %s can be written by anybody", path);
    free(parent);
    return code;
}

int path_check_owner(const char *path, bool secret, struct err *e)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return err_set_errno(e, errno, "%s", path);
    if (!trusted_owner(st.st_uid))
        return err_set(e, ERR_DENIED, "%s belongs to somebody else", path);
    if (st.st_mode & (S_IWGRP | S_IWOTH))
        return err_set(e, ERR_DENIED, "%s can be written by others (chmod go-w)", path);
    if (secret && (st.st_mode & (S_IRWXG | S_IRWXO)))
        return err_set(e, ERR_DENIED, "%s can be read by others (chmod 600)", path);
    return check_parent(path, e);
}

/* Works on descriptors and follows no link, so that nobody can lead it elsewhere by swapping a
 * folder for a link. Returns 0 or -1 with errno. */
static int remove_at(int parent_fd, const char *name, int depth)
{
    int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const struct dirent *entry;
    int result = 0;
    DIR *dir;

    if (fd < 0)
        return -1;
    dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return -1;
    }
    while (result == 0 && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(fd, entry->d_name, 0) == 0 || errno == ENOENT)
            continue;
        if (errno != EISDIR && errno != EPERM)
            result = -1;
        else if (depth == MOST_DEPTH)
            result = (errno = ELOOP, -1);
        else
            result = remove_at(fd, entry->d_name, depth + 1);
    }
    closedir(dir);
    return result == 0 ? unlinkat(parent_fd, name, AT_REMOVEDIR) : -1;
}

int path_remove_tree(const char *path, struct err *e)
{
    if (remove_at(AT_FDCWD, path, 0) == 0 || errno == ENOENT)
        return 0;
    return err_set_errno(e, errno, "cannot remove %s", path);
}
