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

static void read_holder(int fd, char *buf, size_t size)
{
    char text[512];
    ssize_t n = pread(fd, text, sizeof text, 0);
    size_t length = n > 0 ? (size_t)n : 0;
    const char *end = memchr(text, '\n', length);
    utf8_clean(buf, size, text, end ? (size_t)(end - text) : length);
}

/* The text is for people; a lease without it is still one, so a full disk is no failure. */
static void write_holder(int fd, const char *who)
{
    char text[512], since[CLOCK_TEXT_SIZE], clean[256];
    struct clock clock = clock_system();
    utf8_clean(clean, sizeof clean, who, strlen(who));
    clock_format_s(clock_wall(&clock), since);
    int length = snprintf(text, sizeof text, "%s since %s\n", clean, since);
    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)length, 0) != length)
        (void)!ftruncate(fd, 0);
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
        read_holder(lease->fd, holder, sizeof holder);
        close(lease->fd);
        if (saved != EAGAIN && saved != EACCES)
            return err_set_errno(e, saved, "%s", path);
        return err_set(e, ERR_BUSY, "%s is held by %s", name, holder[0] ? holder : "somebody");
    }
    write_holder(lease->fd, who);
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

bool lease_held(const char *store_path, const char *name, char *buf, size_t size)
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
        read_holder(fd, buf, size);
    close(fd);
    return held;
}
