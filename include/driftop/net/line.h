/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes in any pieces to whole lines. Feed a piece, then take lines until there is none:
 *
 *     line_feed(&l, bytes, length);
 *     while (line_next(&l, &text, &n)) ...
 *
 * A line longer than the ceiling is dropped and counted, and never held in memory. CR before LF is
 * taken off. A line inside one piece is handed out without copying.
 */
#ifndef DRIFTOP_NET_LINE_H
#define DRIFTOP_NET_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/str.h"

struct line {
    struct str pending; /* the start of a line whose end has not come */
    const char *bytes;  /* the rest of the piece, borrowed from the caller */
    size_t length;
    bool skipping;           /* inside a line that is too long */
    bool handed_out;         /* pending holds the line that was handed out last */
    uint64_t n_too_long;     /* lines dropped */
    uint64_t consumed_bytes; /* from the very start to behind the last line handed out or dropped */
    uint64_t partial_bytes;  /* fed behind that: the line that is not complete */
};

void line_init(struct line *l, size_t ceiling_bytes);
void line_done(struct line *l);
/* The bytes stay the caller's and must live until line_next() says false. */
void line_feed(struct line *l, const char *bytes, size_t length);
/* The text is not terminated and lives until the next call. */
bool line_next(struct line *l, const char **ret_text, size_t *ret_length);
/* At the end of the input: the last line without its line feed, if there is one. */
bool line_rest(struct line *l, const char **ret_text, size_t *ret_length);
/* Forget everything but the two counters: the source starts anew. */
void line_reset(struct line *l);

#endif
