/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * UTF-8 without the locale: decoding, column widths, and cleaning of what came from outside.
 */
#ifndef DRIFTOP_BASE_UTF8_H
#define DRIFTOP_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xfffdu

/* Decode one character of at most `length` bytes (length > 0). Returns the bytes it took (at least
 * 1); a broken sequence gives UTF8_REPLACEMENT and takes 1. */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *ret_char);
/* Returns the number of bytes written, 1 to 4. */
size_t utf8_encode(uint32_t c, char buf[4]);
/* Columns a character takes: 0 (combining), 1 or 2. Control characters count 1: they are shown
 * replaced. */
int utf8_width(uint32_t c);
/* Columns of a NUL-terminated text. */
int utf8_columns(const char *text);
/* Bytes of the longest prefix of `text` that fits in `columns`; *ret_columns are those it takes. */
size_t utf8_fit(const char *text, int columns, int *ret_columns);
/* Copy `text` into buf without anything that could steer a terminal: C0, C1, DEL, bidi controls and
 * broken bytes become '?', tabs and newlines a blank. Cut at size - 1, on a whole character.
 * Returns buf, which may be `text`. */
char *utf8_clean(char *buf, size_t size, const char *text, size_t length);

#endif
