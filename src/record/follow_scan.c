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

/* Hash of the first `length` bytes; false when the file no longer has so many. */
static bool head_hash(int fd, uint32_t length, char buf[HASH_HEX_SIZE])
{
    char head[FOLLOW_HEAD_BYTES];
    if (length > sizeof head || pread(fd, head, length, 0) != (ssize_t)length)
        return false;
    hash_sha256(head, length, buf);
    return true;
}

static bool same_head(int fd, const struct log_position *p)
{
    char hash[HASH_HEX_SIZE];
    return head_hash(fd, p->head_length, hash) && strcmp(hash, p->head_hash) == 0;
}

/* The head is taken anew while the file is still shorter than it. */
static void take_head(struct followed *file, off_t size)
{
    uint32_t length = size < FOLLOW_HEAD_BYTES ? (uint32_t)size : FOLLOW_HEAD_BYTES;
    if (length <= file->position.head_length && file->position.head_hash[0])
        return;
    if (head_hash(file->fd, length, file->position.head_hash))
        file->position.head_length = length;
}

static void lost(struct follow *f, const char *path, const char *why)
{
    f->source->refused[REFUSED_LOST]++;
    snprintf(f->source->fault, sizeof f->source->fault, "%.160s %s: rows lost, how many is unknown",
             path, why);
}

/* The file was emptied or written anew in place. What was behind our position cannot be had. */
static void restart_file(struct follow *f, struct followed *file)
{
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

static struct followed *find_file(struct follow *f, const struct stat *st)
{
    for (size_t i = 0; i < f->n_files; i++)
        if (f->files[i].position.device == st->st_dev && f->files[i].position.inode == st->st_ino)
            return &f->files[i];
    return NULL;
}

/* The stored position of this very file, taken out of the list; NULL when it is a new one. */
static bool take_restored(struct follow *f, int fd, const struct stat *st, struct log_position *ret)
{
    for (size_t i = 0; i < f->n_restored; i++) {
        struct log_position *p = &f->restored[i];
        if (p->device != st->st_dev || p->inode != st->st_ino)
            continue;
        *ret = *p;
        f->restored[i] = f->restored[--f->n_restored];
        if (same_head(fd, ret) && (uint64_t)st->st_size >= ret->offset)
            return true;
        lost(f, ret->path, "was written anew while nobody recorded");
        return false;
    }
    return false;
}

static int add_file(struct follow *f, const char *path, const struct stat *st)
{
    if (f->n_files >= FOLLOW_FILES_MAX || VEC_ROOM(f->files, f->n_files, f->files_capacity, 1) < 0)
        return ERR_LIMIT;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return ERR_IO;
    struct followed *file = &f->files[f->n_files];
    memset(file, 0, sizeof *file);
    file->fd = fd;
    if (!take_restored(f, fd, st, &file->position)) {
        memset(&file->position, 0, sizeof file->position);
        file->dirty = true;
    }
    str_copy(file->position.source, sizeof file->position.source, f->source->name);
    str_copy(file->position.path, sizeof file->position.path, path);
    file->position.device = st->st_dev;
    file->position.inode = st->st_ino;
    file->seen = true;
    take_head(file, st->st_size);
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
        if (add_file(f, path, &st) < 0) {
            snprintf(f->source->fault, sizeof f->source->fault, "cannot open %.160s: %s", path,
                     strerror(errno));
            f->source->health = SOURCE_FAILING;
        }
        return;
    }
    file->seen = true;
    str_copy(file->position.path, sizeof file->position.path, path);
    if ((uint64_t)st.st_size < file->position.offset || !same_head(file->fd, &file->position))
        restart_file(f, file);
    take_head(file, st.st_size);
}

/* A file that the last recorder was reading has a new name, as logrotate gives: read its rest. */
static bool find_renamed(struct follow *f, const struct log_position *p)
{
    char folder[sizeof p->path];
    str_copy(folder, sizeof folder, p->path);
    char *slash = strrchr(folder, '/');
    if (!slash)
        return false;
    *slash = '\0';
    DIR *dir = opendir(folder[0] ? folder : "/");
    if (!dir)
        return false;
    bool found = false;
    for (struct dirent *d = readdir(dir); d && !found; d = readdir(dir)) {
        if (d->d_ino != p->inode)
            continue;
        char path[sizeof folder + sizeof d->d_name + 1];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_dev == p->device &&
            !find_file(f, &st))
            found = add_file(f, path, &st) == 0;
    }
    closedir(dir);
    return found;
}

/* What is left of the last recorder's positions after the first look at the folder. */
static void settle_restored(struct follow *f)
{
    while (f->n_restored) {
        struct log_position p = f->restored[f->n_restored - 1];
        size_t before = f->n_restored;
        if (find_renamed(f, &p) && f->n_restored < before)
            continue;
        if (f->n_restored < before)
            continue;
        f->n_restored--;
        lost(f, p.path, "went away while nobody recorded");
        if (VEC_ROOM(f->dropped, f->n_dropped, f->dropped_capacity, 1) == 0)
            f->dropped[f->n_dropped++] = p;
    }
}

/* Files that no name matches any more were rotated: they are read to their end, then let go. */
static void let_go(struct follow *f)
{
    for (size_t i = f->n_files; i-- > 0;) {
        struct followed *file = &f->files[i];
        if (file->seen || ++file->idle_scans < FOLLOW_IDLE_SCANS)
            continue;
        if (VEC_ROOM(f->dropped, f->n_dropped, f->dropped_capacity, 1) < 0)
            continue;
        f->dropped[f->n_dropped++] = file->position;
        follow_close_file(f, i);
    }
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
    if (f->source->health != SOURCE_OK)
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
    let_go(f);
    f->source->bytes_behind = bytes_behind(f);
    if (f->n_files == 0 && f->source->health == SOURCE_OK) {
        snprintf(f->source->fault, sizeof f->source->fault, "no file matches %.200s", f->pattern);
        f->source->health = SOURCE_FAILING;
    }
    if (f->source->health == SOURCE_OK)
        f->source->ok_ms = now_ms;
}
