/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/store/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"

struct lease {
    int fd;
    off_t holder_end; /* of the holder's line; what the holder has to say stands behind it */
};

/* "STORE.NAME.lock"; bytes of a name that could lead elsewhere are escaped. */
static int lock_path(const char *store_path, const char *name, struct str *ret)
{
    str_addf(ret, "%s.", store_path);
    for (const char *c = name; *c; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("-_.", *c);
        if (plain)
            str_add_char(ret, *c);
        else
            str_addf(ret, "%%%02X", (unsigned char)*c);
    }
    str_add(ret, ".lock");
    return ret->failed ? ERR_NOMEM : 0;
}

/* Line 1 is the holder, line 2 what it has to say; buf gets "" for one that is not there. */
static void read_line(int fd, int line, char *buf, size_t size)
{
    char text[1024];
    ssize_t n = pread(fd, text, sizeof text, 0);
    const char *at = text, *stop = text + (n > 0 ? n : 0);
    while (--line > 0) {
        const char *end = memchr(at, '\n', (size_t)(stop - at));
        at = end ? end + 1 : stop;
    }
    const char *end = memchr(at, '\n', (size_t)(stop - at));
    utf8_clean(buf, size, at, (size_t)((end ? end : stop) - at));
}

/* The text is for people; a lease without it is still one, so a full disk is no failure. */
static void write_holder(struct lease *lease, const char *who)
{
    char text[512], since[CLOCK_TEXT_SIZE], clean[256];
    struct clock clock = clock_system();
    utf8_clean(clean, sizeof clean, who, strlen(who));
    clock_format_s(clock_wall(&clock), since);
    int length = snprintf(text, sizeof text, "%s since %s\n", clean, since);
    lease->holder_end = length;
    if (ftruncate(lease->fd, 0) < 0 || pwrite(lease->fd, text, (size_t)length, 0) != length) {
        (void)!ftruncate(lease->fd, 0);
        lease->holder_end = 0;
    }
}

/* A lock of the open file and not of the process: like flock it goes when the last descriptor does,
 * and unlike flock others can ask about it without taking it for a moment, in which a taker would
 * be turned away. */
static int lock(int fd, int command, struct flock *ret)
{
    *ret = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, command, ret);
}

static int take(const char *path, const char *name, const char *who, struct lease *lease,
                struct err *e)
{
    char holder[256];
    struct flock range;
    lease->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (lease->fd < 0)
        return err_set_errno(e, errno, "%s", path);
    if (lock(lease->fd, F_OFD_SETLK, &range) < 0) {
        int saved = errno;
        read_line(lease->fd, 1, holder, sizeof holder);
        close(lease->fd);
        if (saved != EAGAIN && saved != EACCES)
            return err_set_errno(e, saved, "%s", path);
        return err_set(e, ERR_BUSY, "%s is held by %s", name, holder[0] ? holder : "somebody");
    }
    write_holder(lease, who);
    return 0;
}

int lease_take(const char *store_path, const char *name, const char *who, struct lease **ret,
               struct err *e)
{
    struct str path;
    *ret = NULL;
    struct lease *lease = malloc(sizeof *lease);
    str_init(&path, 0);
    int rc = lease ? lock_path(store_path, name, &path) : ERR_NOMEM;
    if (rc < 0)
        err_set(e, rc, "taking the lease of %s", name);
    else
        rc = take(path.data, name, who, lease, e);
    str_done(&path);
    if (rc < 0) {
        free(lease);
        return rc;
    }
    *ret = lease;
    return 0;
}

void lease_drop(struct lease *lease)
{
    if (!lease)
        return;
    /* The file stays: removing it would race with somebody who has just opened it. */
    (void)!ftruncate(lease->fd, 0);
    close(lease->fd);
    free(lease);
}

int lease_note(struct lease *lease, const char *note)
{
    char text[400];
    utf8_clean(text, sizeof text - 1, note, strlen(note));
    size_t length = strlen(text);
    if (length > 0)
        text[length++] = '\n';
    if (lease->holder_end == 0 && length > 0)
        return ERR_FULL;
    if (pwrite(lease->fd, text, length, lease->holder_end) != (ssize_t)length ||
        ftruncate(lease->fd, lease->holder_end + (off_t)length) < 0)
        return ERR_IO;
    return 0;
}

static bool read_held(const char *store_path, const char *name, int line, char *buf, size_t size)
{
    struct str path;
    str_copy(buf, size, "");
    str_init(&path, 0);
    int fd = -1;
    if (lock_path(store_path, name, &path) == 0)
        fd = open(path.data, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    str_done(&path);
    if (fd < 0)
        return false;
    struct flock range;
    bool held = lock(fd, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
    if (held)
        read_line(fd, line, buf, size);
    close(fd);
    return held;
}

bool lease_held(const char *store_path, const char *name, char *buf, size_t size)
{
    return read_held(store_path, name, 1, buf, size);
}

bool lease_noted(const char *store_path, const char *name, char *buf, size_t size)
{
    return read_held(store_path, name, 2, buf, size) && buf[0];
}
