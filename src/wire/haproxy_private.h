/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the readers of HAProxy's answers share: a copy of the answer that is cut into lines and
 * cells in place.
 */
#ifndef DRIFTOP_WIRE_HAPROXY_PRIVATE_H
#define DRIFTOP_WIRE_HAPROXY_PRIVATE_H

#include "driftop/wire/span.h"

struct err;

#define HAPROXY_ANSWER_BYTES ((size_t)16 << 20)
#define HAPROXY_CELLS        256 /* further ones of a line are left out */
#define HAPROXY_ROWS         100000

/* The next line without its newline; false at the end. */
bool haproxy_line(struct span *rest, struct span *ret);
/* Blank or nothing but CR. */
bool haproxy_blank(struct span line);
/* ERR_PROTOCOL: an answer without its closing empty line could miss half of the servers. */
int haproxy_cut_off(struct err *e);
/* Is `word` in the text? */
bool haproxy_contains(struct span text, const char *word);

#endif
