/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A piece of somebody else's bytes: what decoders hand out so that nothing is copied. A span owns
 * nothing, is not terminated, and lives as long as the bytes it was cut from; each decoder says
 * how long that is. Absent is data == NULL; present but empty is data != NULL and length 0.
 */
#ifndef DRIFTOP_WIRE_SPAN_H
#define DRIFTOP_WIRE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *data;
    size_t length;
};

/* NULL gives the absent span. */
static inline struct span span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* True when it is present and equal to text. */
static inline bool span_is(struct span a, const char *text)
{
    return a.data && span_equal(a, span_of(text));
}

static inline bool span_starts(struct span a, const char *prefix)
{
    size_t length = strlen(prefix);
    return a.length >= length && memcmp(a.data, prefix, length) == 0;
}

#endif
