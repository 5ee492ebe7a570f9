/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/utf8.h"

#include <stdbool.h>
#include <string.h>

#include "utf8_private.h"

/* The length that a first byte announces; 0 when no character starts with it. */
static size_t announced(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if (first >= 0xe0 && first < 0xf0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t utf8_decode(const char *bytes, size_t length, uint32_t *ret_char)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000}; /* less is an overlong form */
    const unsigned char first = (unsigned char)bytes[0];
    const size_t n = announced(first);
    uint32_t c;

    *ret_char = UTF8_REPLACEMENT;
    if (n == 0 || n > length)
        return 1;
    c = n == 1 ? first : first & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (!continues(bytes[i]))
            return 1;
        c = c << 6 | ((unsigned char)bytes[i] & 0x3f);
    }
    if (c < smallest[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 1;
    *ret_char = c;
    return n;
}

size_t utf8_encode(uint32_t c, char buf[4])
{
    if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        c = UTF8_REPLACEMENT;
    if (c < 0x80) {
        buf[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        buf[0] = (char)(0xc0 | c >> 6);
        buf[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        buf[0] = (char)(0xe0 | c >> 12);
        buf[1] = (char)(0x80 | (c >> 6 & 0x3f));
        buf[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    buf[0] = (char)(0xf0 | c >> 18);
    buf[1] = (char)(0x80 | (c >> 12 & 0x3f));
    buf[2] = (char)(0x80 | (c >> 6 & 0x3f));
    buf[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

size_t utf8_cut(const char *bytes, size_t length)
{
    size_t tail = 0; /* continuation bytes at the end */

    while (tail < 3 && tail < length && continues(bytes[length - 1 - tail]))
        tail++;
    if (tail == length)
        return length;
    return announced((unsigned char)bytes[length - 1 - tail]) > tail + 1 ? length - 1 - tail
                                                                         : length;
}

size_t utf8_fit(const char *text, int columns, int *ret_columns)
{
    const size_t length = strlen(text);
    size_t at = 0;
    int taken = 0;

    while (at < length) {
        uint32_t c;
        size_t n = utf8_decode(text + at, length - at, &c);
        int width = utf8_width(c);

        if (width > columns - taken)
            break;
        taken += width;
        at += n;
    }
    if (ret_columns)
        *ret_columns = taken;
    return at;
}

int utf8_columns(const char *text)
{
    const size_t length = strlen(text);
    int columns = 0;

    for (size_t at = 0; at < length;) {
        uint32_t c;

        at += utf8_decode(text + at, length - at, &c);
        columns += utf8_width(c);
    }
    return columns;
}

static bool steers(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool breaks_line(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

/* What is written is never longer than what was read, so buf may be text itself. */
char *utf8_clean(char *buf, size_t size, const char *text, size_t length)
{
    size_t used = 0;

    for (size_t at = 0; at < length && size > 0;) {
        uint32_t c;
        size_t n = utf8_decode(text + at, length - at, &c);
        bool broken = c == UTF8_REPLACEMENT && n == 1;
        size_t wanted = breaks_line(c) || broken || steers(c) ? 1 : n;

        if (wanted > size - 1 - used)
            break;
        if (breaks_line(c))
            buf[used] = ' ';
        else if (broken || steers(c))
            buf[used] = '?';
        else
            memmove(buf + used, text + at, n);
        used += wanted;
        at += n;
    }
    if (size > 0)
        buf[used] = '\0';
    return buf;
}
