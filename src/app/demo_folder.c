/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/app/demo_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"

#define LOCK "lock"

/* Where temporary ones stand: this user's alone. */
static int parent_of_all(struct str *ret, struct err *e)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR"), *tmp = getenv("TMPDIR");
    int result;

    if (!(runtime && runtime[0] == '/') && tmp && tmp[0] == '/')
        result = str_addf(ret, "%s/driftop-%u/demo", tmp, (unsigned)getuid());
    else
        result = path_xdg(PATH_RUNTIME, "demo", ret);
    if (result < 0)
        return err_set(e, result, "no folder for the demo");
    result = path_make_folder(ret->data, e);
    return result < 0 ? result : path_check_owner(ret->data, false, e);
}

/* The descriptor that holds the lock; ERR_BUSY while another process has it. */
static int take_lock(const char *folder, int flags, struct err *e)
{
    struct str path;
    int fd;

    str_init(&path, 0);
    str_addf(&path, "%s/" LOCK, folder);
    fd = open(path.data, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (fd < 0)
        err_set_errno(e, errno, "%s", path.data);
    str_done(&path);
    if (fd < 0)
        return errno == ENOENT ? ERR_ABSENT : ERR_IO;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    return err_set(e, ERR_BUSY, "another demo runs in %s", folder);
}

static void remove_unless_used(const char *folder)
{
    int fd = take_lock(folder, 0, NULL);

    if (fd == ERR_BUSY || fd == ERR_IO)
        return;
    path_remove_tree(folder, NULL);
    if (fd >= 0)
        close(fd);
}

static void sweep(const char *parent)
{
    DIR *dir = opendir(parent);
    const struct dirent *entry;
    struct str path;

    if (!dir)
        return;
    str_init(&path, 0);
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        str_clear(&path);
        str_addf(&path, "%s/%s", parent, entry->d_name);
        remove_unless_used(path.data);
    }
    str_done(&path);
    closedir(dir);
}

/* Sweeping and beginning exclude each other, so that nobody takes a folder away whose lock is not
 * there yet. */
static int open_temporary(struct demo_folder *f, struct err *e)
{
    struct str path;
    int parent_fd = -1, result;

    str_init(&path, 4096);
    result = parent_of_all(&path, e);
    if (result == 0) {
        parent_fd = open(path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (parent_fd < 0 || flock(parent_fd, LOCK_EX) < 0)
            result = err_set_errno(e, errno, "%s", path.data);
    }
    if (result == 0) {
        sweep(path.data);
        str_add(&path, "/XXXXXX");
        if (path.failed || !mkdtemp(path.data))
            result = err_set_errno(e, errno, "%s", path.data);
        else
            f->lock_fd = result = take_lock(path.data, O_CREAT, e);
    }
    if (parent_fd >= 0)
        close(parent_fd);
    f->path = str_take(&path);
    return result < 0 ? result : 0;
}

/* A configuration and a store that stand there must be those of a former demo, whose configuration
 * says so in its first words (src/demo/manifest.c): the fleet writes over them. */
static int check_ours(const char *folder, struct err *e)
{
    static const char mark[] = "# Made by driftop-fleet";
    struct str path, text;
    bool ours = false;
    int result = 0;

    str_init(&path, 0);
    str_init(&text, 0);
    str_addf(&path, "%s/driftop.yaml", folder);
    if (path_read(path.data, &text, NULL) == 0)
        ours = strncmp(text.data, mark, sizeof mark - 1) == 0;
    if (!ours && access(path.data, F_OK) < 0) {
        str_clear(&path);
        str_addf(&path, "%s/driftop.db", folder);
        ours = access(path.data, F_OK) < 0;
    }
    if (!ours)
        result = err_set(e, ERR_REFUSED, "%s is not a demo's: name another folder", path.data);
    str_done(&text);
    str_done(&path);
    return result;
}

int demo_folder_open(const char *named, struct demo_folder *ret, struct err *e)
{
    int result;

    *ret = (struct demo_folder){.lock_fd = -1, .temporary = !named};
    if (!named) {
        result = open_temporary(ret, e);
    } else {
        result = path_make_folder(named, e);
        if (result == 0 && !(ret->path = realpath(named, NULL)))
            result = err_set_errno(e, errno, "%s", named);
        if (result == 0)
            result = check_ours(ret->path, e);
        if (result == 0)
            ret->lock_fd = result = take_lock(ret->path, O_CREAT, e);
    }
    if (result >= 0)
        return 0;
    free(ret->path);
    ret->path = NULL;
    return result;
}

void demo_folder_close(struct demo_folder *f)
{
    if (!f->path)
        return;
    if (f->temporary)
        path_remove_tree(f->path, NULL);
    if (f->lock_fd >= 0)
        close(f->lock_fd);
    free(f->path);
    *f = (struct demo_folder){.lock_fd = -1};
}
