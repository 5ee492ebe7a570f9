/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tokens of a JSON line, for driftop/wire/ndjson.h: one pass over the bytes, and base/json for
 * every token that is not plain.
 */
#ifndef DRIFTOP_WIRE_NDJSON_PRIVATE_H
#define DRIFTOP_WIRE_NDJSON_PRIVATE_H

#include "driftop/base/value.h"
#include "driftop/wire/ndjson.h"

struct json;

/* Decoded strings, alive until the next line. */
struct ndjson_kept {
    struct json **values;
    size_t n, capacity;
};

struct ndjson_scan {
    const char *at, *end;
    struct ndjson_kept *kept;
    enum ndjson_reason reason; /* set by the token that failed */
    bool no_memory;
};

void ndjson_blanks(struct ndjson_scan *s);
/* Take this byte, with blanks before it; false (and nothing taken) when another stands there. */
bool ndjson_take(struct ndjson_scan *s, char c);
/* A string, from its opening quote. False with the reason. */
bool ndjson_string(struct ndjson_scan *s, const char **ret, size_t *ret_length);
/* A number, true, false or null. */
bool ndjson_scalar(struct ndjson_scan *s, struct value *ret);
/* Pass over an object or an array that may nest `depth` levels. */
bool ndjson_nested(struct ndjson_scan *s, int depth);
void ndjson_forget(struct ndjson_kept *k);

#endif
