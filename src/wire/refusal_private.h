/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the HTTP answers of all systems share when they say no.
 */
#ifndef DRIFTOP_WIRE_REFUSAL_PRIVATE_H
#define DRIFTOP_WIRE_REFUSAL_PRIVATE_H

#include <stddef.h>

struct err;
struct json;

#define REFUSAL_TEXT 256

/* The code of a status of 400 or more; ERR_PROTOCOL for one that is none. */
int refusal_code(int status);
/* What the answer says in words, cleaned, into buf: a bare JSON text; "message", "error" or "detail"
 * (also FastAPI's list of {"msg"}); else the bytes as they are. "" when there is nothing. Returns
 * buf. */
char *refusal_text(const char *bytes, size_t length, const struct json *root, char *buf,
                   size_t size);

#endif
