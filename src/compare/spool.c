/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spool_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/err.h"

void spool_init(struct spool *s, size_t limit_bytes)
{
    *s = (struct spool){.fd = -1, .limit_bytes = limit_bytes};
}

void spool_done(struct spool *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

static int open_nameless(struct err *e)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    if (!folder || folder[0] != '/')
        folder = "/var/tmp";
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && snprintf(path, sizeof path, "%s/driftop-XXXXXX", folder) < (int)sizeof path) {
        /* a file system that knows no file without a name */
        fd = mkostemp(path, O_CLOEXEC);
        if (fd >= 0)
            unlink(path);
    }
    if (fd < 0)
        return err_set_errno(e, errno, "a temporary file in %s", folder);
    return fd;
}

int spool_write(struct spool *s, const void *bytes, size_t length, struct extent *ret,
                struct err *e)
{
    const char *p = bytes;
    if (s->fd < 0) {
        int fd = open_nameless(e);
        if (fd < 0)
            return fd;
        s->fd = fd;
    }
    *ret = (struct extent){s->end, length};
    while (length > 0) {
        ssize_t n = pwrite(s->fd, p, length, (off_t)s->end);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_set_errno(e, n < 0 ? errno : EIO, "writing a temporary file");
        p += n;
        s->end += (uint64_t)n;
        length -= (size_t)n;
    }
    return 0;
}

int spool_read(const struct spool *s, uint64_t offset, void *bytes, size_t length, struct err *e)
{
    char *p = bytes;
    while (length > 0) {
        ssize_t n = pread(s->fd, p, length, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_set_errno(e, n < 0 ? errno : EIO, "reading a temporary file");
        p += n;
        offset += (uint64_t)n;
        length -= (size_t)n;
    }
    return 0;
}

static int map_room(size_t bytes, struct room *ret, struct err *e)
{
    int fd = open_nameless(e);
    if (fd < 0)
        return fd;
    /* Reserved, not just sized: a full disk must be an error here and not a signal later. */
    int failed = posix_fallocate(fd, 0, (off_t)bytes);
    void *p = failed ? MAP_FAILED : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    int why = failed ? failed : errno;
    close(fd);
    if (p == MAP_FAILED)
        return err_set_errno(e, why, "a temporary file of %zu bytes", bytes);
    ret->values = p;
    ret->mapped_bytes = bytes;
    return 0;
}

int spool_room(struct spool *s, size_t n, struct room *ret, struct err *e)
{
    size_t bytes = (n ? n : 1) * sizeof(double);
    *ret = (struct room){.n = n};
    if (s->used_bytes + bytes > s->limit_bytes)
        return map_room(bytes, ret, e);
    ret->values = malloc(bytes);
    if (!ret->values)
        return err_set(e, ERR_NOMEM, "no memory for %zu values", n);
    s->used_bytes += bytes;
    return 0;
}

void spool_release(struct spool *s, struct room *room)
{
    if (room->mapped_bytes)
        munmap(room->values, room->mapped_bytes);
    else if (room->values) {
        s->used_bytes -= (room->n ? room->n : 1) * sizeof(double);
        free(room->values);
    }
    *room = (struct room){.n = 0};
}
