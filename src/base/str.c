/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "utf8_private.h"

/* What an empty str points at. It is constant memory: capacity 0 says that it is never written. */
static char *nothing(void)
{
    return (char *)(uintptr_t) "";
}

void str_init(struct str *s, size_t limit)
{
    const size_t most = PTRDIFF_MAX - 1; /* with its NUL it must stay an object of C */

    *s = (struct str){.data = nothing(), .limit = limit ? limit : STR_LIMIT_DEFAULT};
    if (s->limit > most)
        s->limit = most;
}

void str_done(struct str *s)
{
    if (s->capacity > 0)
        free(s->data);
    str_init(s, s->limit);
}

void str_clear(struct str *s)
{
    s->length = 0;
    s->failed = false;
    if (s->capacity > 0)
        s->data[0] = '\0';
}

static int fail(struct str *s, int code)
{
    s->failed = true;
    return code;
}

/* Make room for `extra` bytes and the NUL. The capacity doubles, but not past the limit. */
static int make_room(struct str *s, size_t extra)
{
    size_t capacity = s->capacity ? s->capacity : 32;
    char *data;

    if (extra > s->limit || s->length > s->limit - extra)
        return fail(s, ERR_LIMIT);
    if (s->capacity > s->length + extra)
        return 0;
    while (capacity <= s->length + extra)
        capacity = capacity > s->limit / 2 ? s->limit + 1 : capacity * 2;
    data = realloc(s->capacity ? s->data : NULL, capacity);
    if (!data)
        return fail(s, ERR_NOMEM);
    s->data = data;
    s->capacity = capacity;
    return 0;
}

int str_add(struct str *s, const char *text)
{
    return str_add_bytes(s, text, strlen(text));
}

int str_add_bytes(struct str *s, const void *bytes, size_t length)
{
    int code;

    if (length == 0)
        return 0;
    code = make_room(s, length);
    if (code < 0)
        return code;
    memcpy(s->data + s->length, bytes, length);
    s->length += length;
    s->data[s->length] = '\0';
    return 0;
}

int str_add_char(struct str *s, char c)
{
    return str_add_bytes(s, &c, 1);
}

int str_addf(struct str *s, const char *format, ...)
{
    va_list ap;
    int code;

    va_start(ap, format);
    code = str_addv(s, format, ap);
    va_end(ap);
    return code;
}

int str_addv(struct str *s, const char *format, va_list ap)
{
    char first[256]; /* most pieces are short: then they are formatted only once */
    va_list again;
    int length, code;

    va_copy(again, ap);
    length = vsnprintf(first, sizeof first, format, ap);
    if (length < 0)
        code = fail(s, ERR_INVALID);
    else if ((size_t)length < sizeof first)
        code = str_add_bytes(s, first, (size_t)length);
    else
        code = make_room(s, (size_t)length);
    if (code == 0 && length >= (int)sizeof first) {
        vsnprintf(s->data + s->length, (size_t)length + 1, format, again);
        s->length += (size_t)length;
    }
    va_end(again);
    return code;
}

void str_consume(struct str *s, size_t n)
{
    if (n >= s->length) {
        bool failed = s->failed;

        str_clear(s);
        s->failed = failed;
        return;
    }
    s->length -= n;
    memmove(s->data, s->data + n, s->length + 1);
}

char *str_take(struct str *s)
{
    char *taken = s->capacity > 0 ? s->data : calloc(1, 1);

    if (taken)
        str_init(s, s->limit);
    return taken;
}

char *str_copy(char *buf, size_t size, const char *text)
{
    size_t length;

    if (size == 0)
        return buf;
    length = strnlen(text, size);
    if (length == size)
        length = utf8_cut(text, size - 1);
    memmove(buf, text, length);
    buf[length] = '\0';
    return buf;
}
