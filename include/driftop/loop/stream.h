/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One question, one answer over a plain byte stream: connect, write, read to the end, close. It is
 * how HAProxy's runtime socket is spoken to. Every dialogue has a connect time-out, a total
 * time-out and a ceiling for the answer, and calls back exactly once unless it is cancelled.
 * Addresses are texts as in address.h.
 */
#ifndef DRIFTOP_LOOP_STREAM_H
#define DRIFTOP_LOOP_STREAM_H

#include "driftop/base/err.h"
#include "driftop/loop/id.h"

struct loop;
struct str;

struct stream_request {
    const char *address;
    const void *bytes;
    size_t length;
    int connect_timeout_ms; /* 0: 1000 */
    int timeout_ms;         /* of the whole; 0: 3000 */
    size_t ceiling_bytes;   /* 0: 1 MiB */
    bool until_line;        /* the answer ends at its first line feed, not when the peer closes */
    bool half_close;        /* tell the peer that nothing follows the request */
};

struct stream_result {
    int code;         /* 0, or ERR_CONNECT, _DENIED, _TIMEOUT, _LIMIT, _IO, _NOMEM */
    bool sent;        /* bytes may have left: the other side may have acted */
    struct str *body; /* what came, also before an error; borrowed, the callback may move it out */
    struct err err;   /* text for code */
};

typedef void stream_fn(struct loop *loop, struct loop_id id, struct stream_result *result,
                       void *ctx);

/* Copies the request. ERR_INVALID for an address that is none, ERR_NOMEM; then there is no
 * callback. Otherwise fn is called later, never from inside this function. */
int stream_ask(struct loop *loop, const struct stream_request *request, stream_fn *fn, void *ctx,
               struct loop_id *ret_id, struct err *e);

#endif
