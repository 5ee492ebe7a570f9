/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request and its reply as plain data, the same for HTTP and for a raw dialogue over a socket.
 * Adapters build requests and decode replies with this header alone: nothing here opens a socket,
 * knows a secret (net/auth.h adds credentials when sending) or looks at a clock.
 *
 * Ownership: a request or reply owns everything it points to. Who inits it calls done. Setting a
 * text copies it. A failed allocation sets `failed` in the request, and sending then refuses it
 * with ERR_NOMEM, so a builder may set many fields and check nothing.
 */
#ifndef DRIFTOP_NET_MSG_H
#define DRIFTOP_NET_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

#define NET_CEILING_DEFAULT ((size_t)8 << 20)

enum net_transport { NET_HTTP, NET_STREAM };

enum net_flag {
    NET_MUTATING = 1,   /* sent once, on its own connection, never resent, never redirected */
    NET_HALF_CLOSE = 2, /* NET_STREAM: close the sending side behind the body */
    NET_UNTIL_LINE = 4  /* NET_STREAM: the answer is one line */
};

struct net_header {
    char *name, *value;
};

struct net_request {
    enum net_transport transport;
    unsigned flags;             /* of enum net_flag */
    char method[16];            /* NET_HTTP: "GET" unless set */
    char *address;              /* a URL, or an address as in loop/stream.h */
    struct net_header *headers; /* NET_HTTP; no credentials */
    size_t n_headers, headers_capacity;
    struct str body;      /* NET_STREAM: the bytes to write */
    size_t ceiling_bytes; /* of the decoded reply body; 0: NET_CEILING_DEFAULT */
    bool failed;
};

enum net_outcome {
    NET_OK,          /* an answer came, whole; its HTTP status may still say no */
    NET_BEFORE_SEND, /* nothing left this machine: trying again is safe */
    NET_UNKNOWN      /* it may have been executed: find out by reading, never by sending again */
};

struct net_reply {
    enum net_outcome outcome;
    int code;               /* 0 for NET_OK, else ERR_CONNECT, _TIMEOUT, _LIMIT, _PROTOCOL, ... */
    int status;             /* HTTP status, also of a broken answer; 0: none came, or NET_STREAM */
    char content_type[128]; /* "" when absent */
    char etag[128];         /* "" when absent or longer */
    int64_t retry_after_s;  /* -1 when absent or a date */
    struct str body;        /* decoded; after an error what came until then */
    int64_t latency_ms;     /* from sending to the last byte; includes connecting */
    struct err err;         /* text for code; holds no credentials */
};

void net_request_init(struct net_request *r, enum net_transport transport);
void net_request_done(struct net_request *r);
void net_request_method(struct net_request *r, const char *method);
void net_request_address(struct net_request *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Names and values with control characters set `failed`: they could smuggle a second header. */
void net_request_header(struct net_request *r, const char *name, const char *value);
/* ret is initialised by this call, also on ERR_NOMEM. */
int net_request_copy(const struct net_request *r, struct net_request *ret);
/* Append text percent-encoded for use inside one path segment or query value. */
int net_percent_encode(struct str *s, const char *text);

void net_reply_init(struct net_reply *r);
void net_reply_done(struct net_reply *r);

#endif
