/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small HTTP server on the loop: the event sink, the metrics page, and the demo's servers and
 * registry. libmicrohttpd stands behind it, in listen.c only. Each exchange is answered by
 * listen_reply(), from inside the handler or any time later; many can be open at once. Request
 * bodies have a ceiling: a longer one gets 413, one that does not end after 64 MiB more is cut off.
 */
#ifndef DRIFTOP_NET_LISTEN_H
#define DRIFTOP_NET_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/loop/id.h"

struct err;
struct listener;
struct loop;

/* What a client asks; borrowed for the handler's call. */
struct listen_request {
    const char *method;
    const char *path; /* percent-decoded, without the query */
    const char *body; /* not NULL; not terminated */
    size_t body_length;
    void *connection; /* for the two look-ups below */
};

struct listen_answer {
    int status;               /* 200 when 0 */
    const char *content_type; /* NULL: "application/json" */
    const void *body;
    size_t body_length;
    const char *header_name, *header_value; /* one more header, or NULL */
    bool close;                             /* end the connection behind the answer */
};

/* Answers with listen_reply(l, exchange, ...) now, or keeps the id and does so later. */
typedef void listen_fn(struct listener *l, struct loop_id exchange,
                       const struct listen_request *request, void *ctx);

struct listen_options {
    const char *address; /* "127.0.0.1:0", "[::1]:9465" or "/path"; port 0: the kernel's choice */
    bool public_address; /* without it an address that is not loopback is refused */
    size_t body_ceiling; /* bytes; 0: 8 MiB */
    int idle_timeout_s;  /* of a connection; 0: 60 */
    unsigned connections_limit; /* 0: 256 */
    listen_fn *handler;
    void (*too_large)(void *ctx); /* told of each body beyond the ceiling; may be NULL */
    void *ctx;
};

/* The loop is borrowed. ERR_INVALID, ERR_REFUSED (not loopback), ERR_IO (address in use). */
int listen_open(struct loop *loop, const struct listen_options *options, struct listener **ret,
                struct err *e);
/* Ends open connections, without an answer where none was given. Not from inside the handler. */
void listen_close(struct listener *l);
int listen_port(const struct listener *l); /* 0 for a unix socket */

/* Copies the answer. ERR_ABSENT when the exchange is over, ERR_NOMEM. */
int listen_reply(struct listener *l, struct loop_id exchange, const struct listen_answer *answer);
/* Break the connection off without an answer. */
void listen_abort(struct listener *l, struct loop_id exchange);

/* NULL when absent. Header names compare without case; query values are decoded. */
const char *listen_header(const struct listen_request *request, const char *name);
const char *listen_query(const struct listen_request *request, const char *name);

#endif
