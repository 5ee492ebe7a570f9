/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/store/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "audit_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"

#define AHEAD_BYTES ((off_t)256 << 10) /* kept allocated behind the end ... */
#define AHEAD_LEAST ((off_t)128 << 10) /* ... and filled up when less is left */
#define LOCK_TRIES  500
#define LOCK_NS     2000000

char *audit_path(const char *store_path, char *buf, size_t size)
{
    /* A path that is cut would be another file. */
    int length = snprintf(buf, size, "%s-audit.jsonl", store_path);
    if (size > 0 && (length < 0 || (size_t)length >= size))
        buf[0] = '\0';
    return buf;
}

/* A file system that cannot do it is no failure: the event is then written like any other file. */
static void keep_ahead(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0 || (off_t)st.st_blocks * 512 - st.st_size >= AHEAD_LEAST)
        return;
    (void)!fallocate(fd, FALLOC_FL_KEEP_SIZE, st.st_size, AHEAD_BYTES);
}

/* A new file's name is on disk only when its folder is. */
static void sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof folder)
        return;
    memcpy(folder, path, length);
    folder[length] = '\0';
    int fd = open(length ? folder : slash ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static int open_locked(const char *path, int *ret_fd, struct err *e)
{
    struct timespec wait = {.tv_nsec = LOCK_NS};
    if (!path[0])
        return err_set(e, ERR_INVALID, "no path for the audit log");
    int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
        if (fd >= 0)
            sync_folder(path);
    }
    if (fd < 0)
        return err_set_errno(e, errno, "%s", path);
    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
        if ((errno == EWOULDBLOCK || errno == EINTR) && i < LOCK_TRIES) {
            nanosleep(&wait, NULL);
            continue;
        }
        int rc = errno == EWOULDBLOCK ? err_set(e, ERR_BUSY, "%s: locked by another process", path)
                                      : err_set_errno(e, errno, "%s", path);
        close(fd);
        return rc;
    }
    *ret_fd = fd;
    return 0;
}

int audit_prepare(const char *path, struct err *e)
{
    int fd = -1;
    int rc = open_locked(path, &fd, e);
    if (rc < 0)
        return rc;
    keep_ahead(fd);
    close(fd);
    return 0;
}

static int read_content(int fd, struct str *ret, struct err *e)
{
    char buf[1 << 15];
    off_t at = 0;
    for (;;) {
        ssize_t n = pread(fd, buf, sizeof buf, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set_errno(e, errno, "reading the audit log");
        if (n == 0)
            return 0;
        at += n;
        int rc = str_add_bytes(ret, buf, (size_t)n);
        if (rc < 0)
            return err_set(e, rc, "the audit log is too large: move it away");
    }
}

/* What the next event builds on. */
struct chain {
    char head[HASH_HEX_SIZE];
    unsigned seq;    /* the act's last */
    off_t end;       /* of the last line that stays */
    bool unfinished; /* that line lacks its newline */
};

/* Lines begin {"act":"ID","seq":N, which is enough to count an act's events. */
static unsigned seq_of(const struct audit_line *line, const char *act)
{
    char start[64], digits[16] = "";
    int length = snprintf(start, sizeof start, "{\"act\":\"%s\",\"seq\":", act);
    if (length < 0 || (size_t)length >= line->length ||
        memcmp(line->text, start, (size_t)length) != 0)
        return 0;
    size_t left = line->length - (size_t)length;
    memcpy(digits, line->text + length, left < sizeof digits ? left : sizeof digits - 1);
    unsigned long seq = strtoul(digits, NULL, 10);
    return seq > 1000000 ? 0 : (unsigned)seq;
}

static void follow_chain(const struct str *content, const char *act, struct chain *ret)
{
    struct audit_line line;
    size_t at = 0;
    *ret = (struct chain){.head = AUDIT_FIRST};
    while (audit_next_line(content, &at, &line)) {
        if (line.kind == AUDIT_HALF)
            return;
        ret->end = (off_t)at;
        ret->unfinished = !line.ended;
        if (line.kind != AUDIT_EVENT)
            continue;
        memcpy(ret->head, line.hash, sizeof ret->head);
        unsigned seq = seq_of(&line, act);
        if (seq > ret->seq)
            ret->seq = seq;
    }
}

static bool plain_word(const char *word, size_t size)
{
    size_t length = strnlen(word, size);
    if (length == 0 || length == size)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = word[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              strchr("-_.:", c)))
            return false;
    }
    return true;
}

/* The words and numbers are written here and not by the JSON library, for the order and the blanks
 * (there are none) are part of the format. */
static int build_line(const struct audit_event *event, struct str *ret)
{
    char at[CLOCK_TEXT_SIZE];
    struct json *by = json_new_text(event->by);
    str_addf(ret, "{\"act\":\"%s\",\"seq\":%u,\"state\":\"%s\",\"at\":\"%s\",\"by\":", event->act,
             event->seq, event->state, clock_format_ms(event->at_ms, at));
    int rc = by ? json_write(by, 0, ret) : ERR_NOMEM;
    json_drop(by);
    str_add(ret, ",\"body\":");
    if (rc == 0 && event->body)
        rc = json_write(event->body, 0, ret);
    else
        str_add(ret, "null");
    str_addf(ret, "," AUDIT_PREVIOUS "%s\"", event->previous);
    return rc < 0 ? rc : ret->failed ? ERR_LIMIT : 0;
}

static int write_all(int fd, const char *bytes, size_t length, struct err *e)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set_errno(e, errno, "writing the audit log");
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

/* Half a line behind the last event was never promised to anybody: cut it off. An event without its
 * newline was written whole: end it. */
static int write_line(int fd, const struct chain *chain, const struct str *line, struct err *e)
{
    int rc = 0;
    struct stat st;
    if (fstat(fd, &st) < 0 || (st.st_size > chain->end && ftruncate(fd, chain->end) < 0))
        return err_set_errno(e, errno, "mending the audit log");
    if (chain->unfinished)
        rc = write_all(fd, "\n", 1, e);
    if (rc == 0)
        rc = write_all(fd, line->data, line->length, e);
    if (rc == 0 && fdatasync(fd) < 0)
        rc = err_set_errno(e, errno, "writing the audit log");
    if (rc < 0)
        (void)!ftruncate(fd, chain->end);
    keep_ahead(fd);
    return rc;
}

static int append(int fd, struct audit_event *event, struct err *e)
{
    struct str content, line;
    struct chain chain;
    str_init(&content, AUDIT_FILE_MAX);
    str_init(&line, AUDIT_LINE_MAX);
    int rc = read_content(fd, &content, e);
    if (rc < 0)
        goto out;
    follow_chain(&content, event->act, &chain);
    memcpy(event->previous, chain.head, sizeof event->previous);
    if (event->seq == 0)
        event->seq = chain.seq + 1;
    rc = build_line(event, &line);
    if (rc == 0) {
        hash_sha256(line.data, line.length, event->hash);
        rc = str_addf(&line, AUDIT_HASH "%s\"}\n", event->hash);
    }
    if (rc < 0) {
        err_set(e, rc, "an event of act %s: %s", event->act, err_message(rc));
        goto out;
    }
    rc = write_line(fd, &chain, &line, e);
out:
    str_done(&line);
    str_done(&content);
    return rc;
}

int audit_append(const char *path, struct audit_event *event, struct err *e)
{
    int fd = -1;
    if (!plain_word(event->act, sizeof event->act) ||
        !plain_word(event->state, sizeof event->state) ||
        !memchr(event->by, '\0', sizeof event->by))
        return err_set(e, ERR_INVALID, "an event needs an act and a state of plain letters");
    int rc = open_locked(path, &fd, e);
    if (rc < 0)
        return rc;
    rc = append(fd, event, e);
    close(fd);
    return rc;
}
