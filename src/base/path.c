/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

/* An XDG variable counts only when it is absolute. NULL otherwise. */
static const char *absolute(const char *variable)
{
    const char *value = getenv(variable);

    return value && value[0] == '/' ? value : NULL;
}

int path_xdg(enum path_xdg kind, const char *name, struct str *ret_path)
{
    static const struct {
        const char *variable, *below_home;
    } rows[] = {
        [PATH_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
        [PATH_STATE] = {"XDG_STATE_HOME", ".local/state"},
        [PATH_CACHE] = {"XDG_CACHE_HOME", ".cache"},
        [PATH_RUNTIME] = {"XDG_RUNTIME_DIR", NULL},
    };
    const char *base = absolute(rows[kind].variable), *home = absolute("HOME");

    str_clear(ret_path);
    if (base)
        str_addf(ret_path, "%s/driftop", base);
    else if (!rows[kind].below_home)
        str_addf(ret_path, "/tmp/driftop-%u", (unsigned)getuid());
    else if (home)
        str_addf(ret_path, "%s/%s/driftop", home, rows[kind].below_home);
    else
        return ERR_ABSENT;
    if (name && name[0])
        str_addf(ret_path, "/%s", name);
    return ret_path->failed ? ERR_NOMEM : 0;
}

/* mkdir, content with a folder that is there already. */
static int make_one(const char *path, struct err *e)
{
    struct stat st;
    int error;

    if (mkdir(path, 0700) == 0)
        return 0;
    error = errno;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return 0;
    return err_set_errno(e, error, "cannot create the folder %s", path);
}

/* Create the folder named by the first `length` bytes of path, parents first. */
static int make_prefix(const char *path, size_t length, struct err *e)
{
    char *copy = strndup(path, length);
    int code = copy ? 0 : err_set(e, ERR_NOMEM, "out of memory");

    for (size_t i = 1; code == 0 && i <= length; i++) {
        if ((copy[i] != '/' && copy[i] != '\0') || copy[i - 1] == '/')
            continue;
        copy[i] = '\0';
        code = make_one(copy, e);
        if (i < length)
            copy[i] = '/';
    }
    free(copy);
    return code;
}

int path_make_folder(const char *path, struct err *e)
{
    return make_prefix(path, strlen(path), e);
}

int path_make_parent(const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');

    return slash && slash > path ? make_prefix(path, (size_t)(slash - path), e) : 0;
}

static int read_all(int fd, const char *name, struct str *ret, struct err *e)
{
    char block[16384];
    ssize_t n;
    int code;

    for (;;) {
        n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set_errno(e, errno, "cannot read %s", name);
        if (n == 0)
            return 0;
        code = str_add_bytes(ret, block, (size_t)n);
        if (code == ERR_LIMIT)
            return err_set(e, code, "%s is larger than %zu bytes", name, ret->limit);
        if (code < 0)
            return err_set(e, code, "no memory for %s", name);
    }
}

int path_read(const char *path, struct str *ret, struct err *e)
{
    const bool standard_input = strcmp(path, "-") == 0;
    const size_t before = ret->length;
    int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int code;

    if (fd < 0)
        return err_set_errno(e, errno, "cannot open %s", path);
    code = read_all(fd, standard_input ? "standard input" : path, ret, e);
    if (code < 0 && ret->length > before) {
        ret->length = before;
        ret->data[before] = '\0';
    }
    if (!standard_input)
        close(fd);
    return code;
}

static int write_all(int fd, const void *bytes, size_t length)
{
    const char *p = bytes;

    while (length > 0) {
        ssize_t n = write(fd, p, length);

        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0) {
            p += n;
            length -= (size_t)n;
        }
    }
    return 0;
}

/* Make a rename last through a power cut. Some file systems cannot; that is no failure. */
static void sync_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *parent = slash ? strndup(path, slash > path ? (size_t)(slash - path) : 1) : strdup(".");
    int fd = parent ? open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(parent);
}

int path_write(const char *path, const void *bytes, size_t length, unsigned mode, struct err *e)
{
    char *beside = NULL;
    int fd = -1, code = 0;

    if (asprintf(&beside, "%s.XXXXXX", path) < 0)
        return err_set(e, ERR_NOMEM, "out of memory");
    fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0) {
        code = err_set_errno(e, errno, "cannot write beside %s", path);
        free(beside);
        return code;
    }
    if (write_all(fd, bytes, length) < 0 || fchmod(fd, (mode_t)mode) < 0 || fsync(fd) < 0)
        code = err_set_errno(e, errno, "cannot write %s", path);
    if (close(fd) < 0 && code == 0)
        code = err_set_errno(e, errno, "cannot write %s", path);
    if (code == 0 && rename(beside, path) < 0)
        code = err_set_errno(e, errno, "cannot replace %s", path);
    if (code < 0)
        unlink(beside);
    else
        sync_parent(path);
    free(beside);
    return code;
}

int path_self(struct str *ret_path)
{
    static const char gone[] = " (deleted)"; /* what Linux adds once the file was replaced */
    char target[4096];
    ssize_t n = readlink("/proc/self/exe", target, sizeof target);
    size_t length = (size_t)n, tail = sizeof gone - 1;

    if (n < 0)
        return ERR_IO;
    if (length == sizeof target)
        return ERR_LIMIT;
    if (length > tail && memcmp(target + length - tail, gone, tail) == 0)
        length -= tail;
    str_clear(ret_path);
    return str_add_bytes(ret_path, target, length);
}
