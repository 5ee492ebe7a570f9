/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"

#define RECORD_LIMIT ((size_t)16 << 20)

static void segment_path(const struct spool *s, uint64_t segment, char *buf, size_t size)
{
    snprintf(buf, size, "%s.%" PRIu64, s->base, segment);
}

void spool_remove(const struct spool *s, uint64_t segment)
{
    char path[sizeof s->base + 24];
    segment_path(s, segment, path, sizeof path);
    unlink(path);
}

static int open_segment(struct spool *s, uint64_t segment, struct err *e)
{
    char path[sizeof s->base + 24];
    struct stat st;

    segment_path(s, segment, path, sizeof path);
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set_errno(e, errno, "cannot open the spool %s", path);
    if (fstat(fd, &st) < 0) {
        close(fd);
        return err_set_errno(e, errno, "cannot look at the spool %s", path);
    }
    s->fd = fd;
    s->segment = segment;
    s->bytes = (uint64_t)st.st_size;
    return 0;
}

int spool_open(struct spool *s, const char *store_path, uint64_t segment, uint64_t limit,
               struct err *e)
{
    memset(s, 0, sizeof *s);
    s->fd = -1;
    s->limit = limit;
    if (snprintf(s->base, sizeof s->base, "%s.spool", store_path) >= (int)sizeof s->base)
        return err_set(e, ERR_LIMIT, "the store's path is too long for a spool beside it");
    int r = open_segment(s, segment, e);
    if (r < 0)
        return r;
    spool_remove(s, segment + 1);
    if (segment)
        spool_remove(s, segment - 1);
    return 0;
}

void spool_close(struct spool *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

/* "DT1 AT HEADERS BODY\n", then as many header lines, then the body and a newline. */
static int encode(const struct spool_record *record, struct str *out)
{
    str_addf(out, "DT1 %" PRId64 " %zu %zu\n", record->at_ms, record->n_headers, record->length);
    for (size_t i = 0; i < record->n_headers; i++)
        str_addf(out, "%s: %s\n", record->names[i], record->values[i]);
    str_add_bytes(out, record->body, record->length);
    return str_add_char(out, '\n');
}

int spool_append(struct spool *s, const struct spool_record *record, struct err *e)
{
    struct str bytes;
    str_init(&bytes, RECORD_LIMIT);
    int r = encode(record, &bytes);
    if (r < 0 || bytes.failed) {
        r = err_set(e, ERR_LIMIT, "the event is too large for the spool");
    } else if (s->bytes + bytes.length > s->limit) {
        r = err_set(e, ERR_FULL, "the spool is full");
    } else {
        ssize_t n = write(s->fd, bytes.data, bytes.length);
        if (n == (ssize_t)bytes.length) {
            s->bytes += bytes.length;
        } else {
            int why = n < 0 ? errno : ENOSPC;
            /* A half record would hide every later one from the replay. */
            if (ftruncate(s->fd, (off_t)s->bytes) < 0)
                why = errno;
            r = err_set_errno(e, why, "cannot write the spool");
        }
    }
    str_done(&bytes);
    return r;
}

static bool read_number(char **at, int64_t *ret)
{
    char *end;
    errno = 0;
    long long n = strtoll(*at, &end, 10);
    if (end == *at || errno || n < 0)
        return false;
    *at = end;
    *ret = n;
    return true;
}

/* Cuts the buffer into texts in place. Returns the end of the record, NULL when it is not whole. */
static char *decode(char *at, char *end, struct spool_record *ret)
{
    char *line_end = memchr(at, '\n', (size_t)(end - at));
    int64_t n_headers, length;

    memset(ret, 0, sizeof *ret);
    if (!line_end || strncmp(at, "DT1 ", 4) != 0)
        return NULL;
    at += 4;
    if (!read_number(&at, &ret->at_ms) || !read_number(&at, &n_headers) ||
        !read_number(&at, &length) || n_headers > SPOOL_HEADERS || at != line_end)
        return NULL;
    at = line_end + 1;
    for (int64_t i = 0; i < n_headers; i++) {
        line_end = memchr(at, '\n', (size_t)(end - at));
        char *colon = line_end ? memchr(at, ':', (size_t)(line_end - at)) : NULL;
        if (!colon || colon + 2 > line_end)
            return NULL;
        *colon = *line_end = '\0';
        ret->names[ret->n_headers] = at;
        ret->values[ret->n_headers++] = colon + 2;
        at = line_end + 1;
    }
    if (length >= end - at) /* and its newline */
        return NULL;
    ret->body = at;
    ret->length = (size_t)length;
    return at + length + 1;
}

int spool_replay(struct spool *s, int (*fn)(void *ctx, const struct spool_record *record),
                 void *ctx, struct err *e)
{
    char path[sizeof s->base + 24];
    struct spool_record record;
    struct str bytes;

    segment_path(s, s->segment, path, sizeof path);
    /* The limit may have been lowered since: what was promised is read all the same. */
    str_init(&bytes, (size_t)(s->bytes > s->limit ? s->bytes : s->limit) + RECORD_LIMIT);
    int r = path_read(path, &bytes, e);
    char *at = bytes.data, *end = bytes.data + bytes.length;
    while (r == 0 && at < end) {
        char *next = decode(at, end, &record);
        if (!next)
            break;
        r = fn(ctx, &record);
        at = next;
    }
    if (r == 0 && at < end) {
        s->bytes = (uint64_t)(at - bytes.data);
        if (ftruncate(s->fd, (off_t)s->bytes) < 0)
            r = err_set_errno(e, errno, "cannot cut the spool %s", path);
    }
    str_done(&bytes);
    return r;
}

int spool_next(struct spool *s, struct err *e)
{
    spool_remove(s, s->segment + 1);
    return open_segment(s, s->segment + 1, e);
}

void spool_back(struct spool *s, int former_fd, uint64_t former_bytes)
{
    close(s->fd);
    spool_remove(s, s->segment);
    s->fd = former_fd;
    s->bytes = former_bytes;
    s->segment--;
}
