/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/base/vec.h"
#include "follow_private.h"

void follow_close_file(struct follow *f, size_t index)
{
    struct followed *file = &f->files[index];
    if (file->decoder)
        f->adapter->close(file->decoder);
    close(file->fd);
    f->files[index] = f->files[--f->n_files];
}

/* The stored hash of the head, of `length` bytes, is that of this file. */
static bool is_head_of(int fd, const struct log_position *p)
{
    char head[FOLLOW_HEAD_BYTES], hash[HASH_HEX_SIZE];
    if (p->head_length > sizeof head ||
        pread(fd, head, p->head_length, 0) != (ssize_t)p->head_length)
        return false;
    hash_sha256(head, p->head_length, hash);
    return strcmp(hash, p->head_hash) == 0;
}

void follow_take_head(struct followed *file)
{
    struct log_position *p = &file->position;
    if (p->head_length >= sizeof file->head)
        return;
    ssize_t n = pread(file->fd, file->head, sizeof file->head, 0);
    if (n < (ssize_t)p->head_length || (n == (ssize_t)p->head_length && p->head_hash[0]))
        return;
    p->head_length = (uint32_t)n;
    hash_sha256(file->head, p->head_length, p->head_hash);
}

/* What begins as it did but is shorter was cut; unless not even a line is left, which is how a file
 * looks that is being written anew. */
enum follow_past follow_past(const struct followed *file)
{
    const struct log_position *p = &file->position;
    char now[FOLLOW_HEAD_BYTES];
    struct stat st;
    ssize_t n = pread(file->fd, now, p->head_length, 0);

    if (n < 0 || fstat(file->fd, &st) < 0)
        return PAST_KEPT; /* reading will say what is wrong */
    if (memcmp(now, file->head, (size_t)n) != 0)
        return PAST_GONE;
    if ((uint64_t)st.st_size >= p->offset && n == (ssize_t)p->head_length)
        return PAST_KEPT;
    return memchr(now, '\n', (size_t)n) ? PAST_CUT : PAST_GONE;
}

static void lost(struct follow *f, const char *path, const char *why)
{
    f->source->refused[REFUSED_LOST]++;
    f->lost_ms = f->now_ms;
    snprintf(f->source->fault, sizeof f->source->fault, "%.160s %s: rows lost, how many is unknown",
             path, why);
}

/* The file was emptied or written anew in place. What was behind our position cannot be had. */
static void restart_file(struct follow *f, struct followed *file)
{
    if (file->position.offset)
        file->former = file->position;
    if (file->decoder)
        f->adapter->close(file->decoder);
    file->decoder = NULL;
    file->fresh = true;
    file->skipping = false;
    file->position.offset = file->position.lines = 0;
    file->position.head_length = 0;
    file->position.head_hash[0] = '\0';
    file->dirty = true;
}

/* What is left was read before. */
static void cut_file(struct follow *f, struct followed *file, off_t size)
{
    uint64_t end = (uint64_t)size < file->position.offset ? (uint64_t)size : file->position.offset;
    lost(f, file->position.path, "shrank");
    restart_file(f, file);
    file->position.offset = end;
}

static struct followed *find_file(struct follow *f, const struct stat *st)
{
    for (size_t i = 0; i < f->n_files; i++)
        if (f->files[i].position.device == st->st_dev && f->files[i].position.inode == st->st_ino)
            return &f->files[i];
    return NULL;
}

/* The stored position of this very file, taken out of the list. False when it is a new one, or when
 * other bytes stand there now: then *ret is where the last recorder was. */
static bool take_restored(struct follow *f, int fd, const struct stat *st, struct log_position *ret)
{
    for (size_t i = 0; i < f->n_restored; i++) {
        struct log_position *p = &f->restored[i];
        if (p->device != st->st_dev || p->inode != st->st_ino)
            continue;
        *ret = *p;
        f->restored[i] = f->restored[--f->n_restored];
        return is_head_of(fd, ret) && (uint64_t)st->st_size >= ret->offset;
    }
    return false;
}

/* Whether this file begins with all the bytes up to that position. Of what is shorter than a head the
 * hash says so; of what is longer it does as far as rows tell each other apart. */
static bool is_copy(int fd, const struct stat *st, const struct log_position *p)
{
    uint64_t told = p->offset < FOLLOW_HEAD_BYTES ? p->offset : FOLLOW_HEAD_BYTES;
    return p->offset > 0 && p->head_length >= told && (uint64_t)st->st_size >= p->offset &&
           is_head_of(fd, p);
}

/* logrotate's copytruncate: what is new under this name was read under another. What the other had
 * still to give is read here. */
static bool take_copied(const struct follow *f, int fd, const struct stat *st,
                        struct log_position *ret)
{
    const struct log_position *of = NULL;
    for (size_t i = 0; i < f->n_files && !of; i++) {
        const struct followed *file = &f->files[i];
        of = is_copy(fd, st, &file->position) ? &file->position
             : is_copy(fd, st, &file->former) ? &file->former
                                              : NULL;
    }
    for (size_t i = 0; i < f->n_restored && !of; i++)
        if (is_copy(fd, st, &f->restored[i]))
            of = &f->restored[i];
    if (of)
        *ret = *of;
    return of != NULL;
}

static int add_file(struct follow *f, const char *path, const struct stat *seen)
{
    struct stat now, *st = &now;

    if (f->n_files >= FOLLOW_FILES_MAX ||
        VEC_ROOM(f->files, f->n_files, f->files_capacity, 1) < 0) {
        errno = EMFILE;
        return ERR_LIMIT;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return ERR_IO;
    /* Rotated between the look and the opening: the next scan finds both. */
    if (fstat(fd, st) < 0 || st->st_dev != seen->st_dev || st->st_ino != seen->st_ino) {
        close(fd);
        errno = EAGAIN;
        return ERR_AGAIN;
    }
    struct followed *file = &f->files[f->n_files];
    memset(file, 0, sizeof *file);
    file->fd = fd;
    if (!take_restored(f, fd, st, &file->position)) {
        file->former = file->position;
        file->anew = file->former.offset > 0;
        memset(&file->position, 0, sizeof file->position);
        (void)take_copied(f, fd, st, &file->position);
        file->dirty = true;
    }
    str_copy(file->position.source, sizeof file->position.source, f->source->name);
    str_copy(file->position.path, sizeof file->position.path, path);
    file->position.device = st->st_dev;
    file->position.inode = st->st_ino;
    file->seen = true;
    if (file->position.head_length)
        (void)!pread(fd, file->head, file->position.head_length, 0);
    follow_take_head(file);
    f->n_files++;
    return 0;
}

static void look_at(struct follow *f, const char *path)
{
    struct stat st;
    /* Only regular files: a FIFO or device has no position to come back to. */
    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return;
    struct followed *file = find_file(f, &st);
    if (!file) {
        int r = add_file(f, path, &st);
        if (r < 0 && r != ERR_AGAIN) {
            snprintf(f->source->fault, sizeof f->source->fault, "cannot open %.160s: %s", path,
                     strerror(errno));
            f->source->health = SOURCE_FAILING;
        }
        return;
    }
    file->seen = true;
    str_copy(file->position.path, sizeof file->position.path, path);
    switch (follow_past(file)) {
    case PAST_KEPT: break;
    case PAST_CUT: cut_file(f, file, st.st_size); break;
    case PAST_GONE: restart_file(f, file); break;
    }
    follow_take_head(file);
}

/* A removed file's inode soon belongs to another: the head must be the same, too. */
static bool is_file_of(const char *path, const struct log_position *p)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool same = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_dev == p->device &&
                st.st_ino == p->inode && p->head_length > 0 && is_head_of(fd, p);
    close(fd);
    return same;
}

/* A file that the last recorder was reading has a new name, as logrotate gives: read its rest. */
static bool find_renamed(struct follow *f, const struct log_position *p, bool *ret_looked)
{
    char folder[sizeof p->path];
    str_copy(folder, sizeof folder, p->path);
    char *slash = strrchr(folder, '/');
    if (!slash)
        return false;
    *slash = '\0';
    DIR *dir = opendir(folder[0] ? folder : "/");
    if (!dir) {
        *ret_looked = false;
        return false;
    }
    bool found = false;
    for (struct dirent *d = readdir(dir); d && !found; d = readdir(dir)) {
        if (d->d_ino != p->inode)
            continue;
        char path[sizeof folder + sizeof d->d_name + 1];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        if (is_file_of(path, p) && stat(path, &st) == 0 && !find_file(f, &st))
            found = add_file(f, path, &st) == 0;
    }
    closedir(dir);
    return found;
}

static bool has_copy(const struct follow *f, size_t which)
{
    struct stat st;
    for (size_t i = 0; i < f->n_files; i++)
        if (i != which && fstat(f->files[i].fd, &st) == 0 &&
            is_copy(f->files[i].fd, &st, &f->files[which].former))
            return true;
    return false;
}

static void settle_anew(struct follow *f)
{
    for (size_t i = 0; i < f->n_files; i++) {
        if (f->files[i].anew && !has_copy(f, i))
            lost(f, f->files[i].position.path, "was written anew while nobody recorded");
        f->files[i].anew = false;
    }
}

/* What is left of the last recorder's positions after the first look at the folder. */
static void settle_restored(struct follow *f)
{
    for (size_t i = f->n_restored; i-- > 0;) {
        struct log_position p = f->restored[i];
        size_t before = f->n_restored;
        bool looked = true;
        find_renamed(f, &p, &looked);
        /* A folder that is not there may be a disk that comes later: the file's place is kept, or all
         * of it would be counted again. */
        if (f->n_restored < before || !looked)
            continue;
        f->restored[i] = f->restored[--f->n_restored];
        lost(f, p.path, "went away while nobody recorded");
        if (VEC_ROOM(f->dropped, f->n_dropped, f->dropped_capacity, 1) == 0)
            f->dropped[f->n_dropped++] = p;
    }
}

/* Files that no name matches any more were rotated: they are read to their end, then let go. A
 * removed one has no name to find it by after a restart, so its position is soon of no use. */
static bool may_go(struct followed *file)
{
    struct stat st;
    bool removed = fstat(file->fd, &st) == 0 && st.st_nlink == 0;
    return ++file->idle_scans >= (removed ? FOLLOW_REMOVED_SCANS : FOLLOW_IDLE_SCANS);
}

static void let_go(struct follow *f)
{
    for (size_t i = f->n_files; i-- > 0;) {
        struct followed *file = &f->files[i];
        if (file->seen || !may_go(file))
            continue;
        if (VEC_ROOM(f->dropped, f->n_dropped, f->dropped_capacity, 1) < 0)
            continue;
        f->dropped[f->n_dropped++] = file->position;
        follow_close_file(f, i);
    }
}

static bool any_seen(const struct follow *f)
{
    for (size_t i = 0; i < f->n_files; i++)
        if (f->files[i].seen)
            return true;
    return false;
}

static uint64_t bytes_behind(const struct follow *f)
{
    uint64_t behind = 0;
    for (size_t i = 0; i < f->n_files; i++) {
        struct stat st;
        if (fstat(f->files[i].fd, &st) == 0 && (uint64_t)st.st_size > f->files[i].position.offset)
            behind += (uint64_t)st.st_size - f->files[i].position.offset;
    }
    return behind;
}

void follow_scan(struct follow *f, int64_t now_ms)
{
    glob_t found;

    f->now_ms = now_ms;
    f->source->tried_ms = now_ms;
    if (f->source->health != SOURCE_OK || now_ms - f->lost_ms > FOLLOW_LOST_MS)
        f->source->fault[0] = '\0';
    f->source->health = SOURCE_OK;
    for (size_t i = 0; i < f->n_files; i++)
        f->files[i].seen = false;
    int r = glob(f->pattern, GLOB_NOSORT, NULL, &found);
    for (size_t i = 0; r == 0 && i < found.gl_pathc; i++)
        look_at(f, found.gl_pathv[i]);
    if (r == 0)
        globfree(&found);
    settle_restored(f);
    settle_anew(f);
    let_go(f);
    f->source->bytes_behind = bytes_behind(f);
    /* Files that were moved away are still read to their end, but nothing new will come. */
    if (!any_seen(f) && f->source->health == SOURCE_OK) {
        snprintf(f->source->fault, sizeof f->source->fault, "no file matches %.200s", f->pattern);
        f->source->health = SOURCE_FAILING;
    }
    if (f->source->health == SOURCE_OK)
        f->source->ok_ms = now_ms;
}
