/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)16 << 10)

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* the newest first; only it is filled */
    size_t total;
};

struct arena *arena_new(void)
{
    return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static struct block *block_new(struct arena *a, size_t size)
{
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    if (room > ARENA_LIMIT - a->total)
        return NULL;
    struct block *b = calloc(1, sizeof *b + room);
    if (!b)
        return NULL;
    b->size = room;
    b->next = a->blocks;
    a->blocks = b;
    a->total += room;
    return b;
}

void *arena_get(struct arena *a, size_t n, size_t size)
{
    if (size && n > ARENA_LIMIT / size)
        return NULL;
    size_t bytes = n * size;
    bytes += -bytes % alignof(max_align_t);
    struct block *b = a->blocks;
    if (!b || bytes > b->size - b->used)
        b = block_new(a, bytes);
    if (!b)
        return NULL;
    void *result = b->bytes + b->used;
    b->used += bytes;
    return result;
}

char *arena_text_bytes(struct arena *a, const char *bytes, size_t length)
{
    if (length >= ARENA_LIMIT)
        return NULL;
    char *copy = arena_get(a, length + 1, 1);
    if (copy)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_text(struct arena *a, const char *text)
{
    return arena_text_bytes(a, text, strlen(text));
}

char *arena_textf(struct arena *a, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int length = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (length < 0)
        return NULL;
    char *text = arena_get(a, (size_t)length + 1, 1);
    if (!text)
        return NULL;
    va_start(ap, format);
    vsnprintf(text, (size_t)length + 1, format, ap);
    va_end(ap);
    return text;
}
