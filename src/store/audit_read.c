/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"

static bool is_digits(const char *text)
{
    for (size_t i = 0; i < AUDIT_DIGITS; i++) {
        if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
            return false;
    }
    return true;
}

/* True when the last bytes of text are the end of an event. */
static bool has_end(const char *text, size_t length, char *ret_previous, char *ret_hash)
{
    if (length < AUDIT_END + 1)
        return false;
    const char *previous = text + length - AUDIT_END;
    const char *hash = previous + AUDIT_PREVIOUS_PART;
    size_t name = sizeof AUDIT_PREVIOUS; /* and the comma before it */
    if (memcmp(previous, "," AUDIT_PREVIOUS, name) != 0 || !is_digits(previous + name) ||
        memcmp(hash - 1, "\"" AUDIT_HASH, sizeof AUDIT_HASH) != 0 ||
        !is_digits(hash + sizeof AUDIT_HASH - 1) || memcmp(text + length - 2, "\"}", 2) != 0)
        return false;
    memcpy(ret_previous, previous + name, AUDIT_DIGITS);
    memcpy(ret_hash, hash + sizeof AUDIT_HASH - 1, AUDIT_DIGITS);
    ret_previous[AUDIT_DIGITS] = ret_hash[AUDIT_DIGITS] = '\0';
    return true;
}

/* An event's end inside the last line: somebody changed the newline behind it. A killed writer
 * leaves nothing of the kind, and cutting the line off would take an event with it. */
static bool holds_end(const char *text, size_t length)
{
    char previous[HASH_HEX_SIZE], hash[HASH_HEX_SIZE];
    const char *at = text;
    while ((at = memmem(at, length - (size_t)(at - text), "," AUDIT_PREVIOUS,
                        sizeof AUDIT_PREVIOUS)) != NULL) {
        size_t end = (size_t)(at - text) + AUDIT_END;
        if (end <= length && has_end(text, end, previous, hash))
            return true;
        at++;
    }
    return false;
}

bool audit_next_line(const struct str *content, size_t *at, struct audit_line *ret)
{
    if (*at >= content->length)
        return false;
    const char *text = content->data + *at;
    size_t left = content->length - *at;
    const char *end = memchr(text, '\n', left);
    *ret = (struct audit_line){.text = text, .ended = end != NULL};
    ret->length = end ? (size_t)(end - text) : left;
    *at += ret->length + (end ? 1 : 0);
    if (has_end(text, ret->length, ret->previous, ret->hash))
        ret->kind = AUDIT_EVENT;
    else if (ret->ended || holds_end(text, ret->length))
        ret->kind = AUDIT_BROKEN;
    else
        ret->kind = AUDIT_HALF;
    return true;
}

static int read_file(const char *path, struct str *ret, struct err *e)
{
    struct stat st;
    if (stat(path, &st) < 0 && errno == ENOENT)
        return 0;
    return path_read(path, ret, e);
}

static void copy_text(const struct json *line, const char *key, char *buf, size_t size)
{
    const char *text = json_text(json_get(line, key), NULL);
    str_copy(buf, size, text ? text : "");
}

static int parse_event(const struct audit_line *line, struct audit_event *ret)
{
    struct json *json = NULL;
    int64_t seq = 0;
    size_t length = 0;
    *ret = (struct audit_event){0};
    int rc = json_parse(line->text, line->length, &json, NULL);
    if (rc < 0)
        return rc;
    copy_text(json, "act", ret->act, sizeof ret->act);
    copy_text(json, "state", ret->state, sizeof ret->state);
    copy_text(json, "by", ret->by, sizeof ret->by);
    json_int(json_get(json, "seq"), &seq);
    ret->seq = seq > 0 && seq <= UINT32_MAX ? (unsigned)seq : 0;
    const char *at = json_text(json_get(json, "at"), &length);
    if (!at || clock_parse(at, length, &ret->at_ms) < 0)
        ret->at_ms = 0;
    memcpy(ret->previous, line->previous, sizeof ret->previous);
    memcpy(ret->hash, line->hash, sizeof ret->hash);
    struct json *body = json_get(json, "body");
    ret->body = body ? json_keep(body) : NULL;
    json_drop(json);
    return 0;
}

static int parse_log(const struct str *content, struct audit_log *ret, struct err *e)
{
    struct audit_line line;
    size_t at = 0;
    int rc = 0;
    while (rc == 0 && audit_next_line(content, &at, &line)) {
        /* Readers show what can be read; audit_verify() is who complains. */
        if (line.kind != AUDIT_EVENT)
            continue;
        rc = VEC_ROOM(ret->events, ret->n_events, ret->events_capacity, 1);
        if (rc < 0)
            err_set(e, rc, "reading the audit log");
        else if (parse_event(&line, &ret->events[ret->n_events]) == 0)
            ret->n_events++;
        memcpy(ret->head, line.hash, sizeof ret->head);
    }
    if (rc < 0)
        audit_log_done(ret);
    return rc;
}

int audit_read(const char *path, struct audit_log *ret, struct err *e)
{
    struct str content;
    *ret = (struct audit_log){.head = AUDIT_FIRST};
    str_init(&content, AUDIT_FILE_MAX);
    int rc = read_file(path, &content, e);
    if (rc == 0)
        rc = parse_log(&content, ret, e);
    str_done(&content);
    return rc;
}

/* The last bytes of the file, without the line that they begin in the middle of. */
static int read_end(const char *path, size_t max_bytes, struct str *ret, struct err *e)
{
    char piece[8192];
    ssize_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? 0 : err_set_errno(e, errno, "%s", path);
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = size > (off_t)max_bytes ? size - (off_t)max_bytes : 0;
    int rc = size < 0 || lseek(fd, from, SEEK_SET) < 0 ? ERR_IO : 0;
    while (rc == 0 && (n = read(fd, piece, sizeof piece)) > 0)
        rc = str_add_bytes(ret, piece, (size_t)n);
    if (n < 0)
        rc = ERR_IO;
    close(fd);
    if (rc < 0)
        return err_set(e, rc, "%s cannot be read", path);
    const char *first = from > 0 ? memchr(ret->data, '\n', ret->length) : NULL;
    if (from > 0)
        str_consume(ret, first ? (size_t)(first - ret->data) + 1 : ret->length);
    return 0;
}

int audit_read_tail(const char *path, size_t max_bytes, struct audit_log *ret, struct err *e)
{
    struct str content;
    *ret = (struct audit_log){.head = AUDIT_FIRST};
    str_init(&content, AUDIT_FILE_MAX);
    int rc = read_end(path, max_bytes, &content, e);
    if (rc == 0)
        rc = parse_log(&content, ret, e);
    str_done(&content);
    return rc;
}

void audit_log_done(struct audit_log *log)
{
    for (size_t i = 0; i < log->n_events; i++)
        json_drop(log->events[i].body);
    free(log->events);
    *log = (struct audit_log){0};
}

/* What is wrong with a line, or NULL. */
static const char *line_fault(const struct audit_line *line, const char *head)
{
    char hash[HASH_HEX_SIZE];
    struct audit_event event;
    if (line->kind != AUDIT_EVENT)
        return "is not an event";
    hash_sha256(line->text, line->length - AUDIT_HASH_PART, hash);
    if (strcmp(hash, line->hash) != 0)
        return "was changed";
    if (strcmp(head, line->previous) != 0)
        return "does not follow the one before";
    if (parse_event(line, &event) < 0)
        return "is not JSON";
    json_drop(event.body);
    return NULL;
}

static int verify(const char *path, const struct str *content, const char *noted,
                  size_t *ret_events, struct err *e)
{
    char head[HASH_HEX_SIZE] = AUDIT_FIRST;
    bool found = !noted || strcmp(noted, head) == 0;
    struct audit_line line;
    size_t at = 0;
    while (audit_next_line(content, &at, &line) && line.kind != AUDIT_HALF) {
        const char *fault = line_fault(&line, head);
        if (fault)
            return err_set_at(e, ERR_CHAIN, path, (int)*ret_events + 1, 0, "the line %s", fault);
        memcpy(head, line.hash, sizeof head);
        found = found || strcmp(noted, head) == 0;
        ++*ret_events;
    }
    if (!found)
        return err_set_at(e, ERR_CHAIN, path, (int)*ret_events + 1, 0,
                          "the noted head %.12s is not in the log: its end was cut off or replaced",
                          noted);
    return 0;
}

int audit_verify(const char *path, const char *head, size_t *ret_events, struct err *e)
{
    struct str content;
    size_t events = 0;
    str_init(&content, AUDIT_FILE_MAX);
    int rc = read_file(path, &content, e);
    if (rc == 0)
        rc = verify(path, &content, head, &events, e);
    str_done(&content);
    if (ret_events)
        *ret_events = events;
    return rc;
}
