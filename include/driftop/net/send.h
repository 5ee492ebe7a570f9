/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sending a struct net_request, whichever transport it names. This is the header the recorder and
 * the acting side use; http.h and loop/stream.h are below it.
 *
 * A read-only gate stands in front: see gate.h. A sender without `armed` can only read, whatever
 * it is handed. Nothing is ever sent twice by this layer except idempotent reads whose reused
 * connection had died.
 */
#ifndef DRIFTOP_NET_SEND_H
#define DRIFTOP_NET_SEND_H

#include "driftop/loop/id.h"
#include "driftop/net/msg.h"

struct auth;
struct loop;
struct net;

struct net_options {
    bool (*armed)(void *ctx); /* asked at each write; NULL: reads only, for ever */
    void *armed_ctx;
    int per_host_limit;     /* connections to one host and port; 0: 4 */
    int connections_limit;  /* in all; 0: no limit but that of the process's descriptors */
    const char *user_agent; /* NULL: "driftop" */
};

/* How an endpoint is reached, beside its address. Copied when sending, except auth. */
struct net_access {
    int connect_timeout_ms;           /* 0: 1000, 3000 when mutating */
    int timeout_ms;                   /* of the whole; 0: 3000, 30000 when mutating */
    struct auth *auth;                /* NULL: none; borrowed, outlives the request */
    const char *ca_file;              /* NULL: the system's */
    const char *cert_file, *key_file; /* client certificate, or NULL */
    bool insecure;                    /* do not verify the peer */
};

/* The reply is borrowed; the callback may move its body out (copy the struct, str_init the
 * original). Never called from inside net_send(). */
typedef void net_fn(struct loop_id id, struct net_reply *reply, void *ctx);

/* The loop is borrowed. */
int net_new(struct loop *loop, const struct net_options *options, struct net **ret, struct err *e);
/* Cancels what is in flight: no callback comes any more. Free it before its loop. */
void net_free(struct net *n);

/* Copies the request; access may be NULL. ERR_REFUSED by the gate, ERR_INVALID for an address,
 * ERR_NOMEM: then nothing was sent and there is no callback. */
int net_send(struct net *n, const struct net_request *request, const struct net_access *access,
             net_fn *fn, void *ctx, struct loop_id *ret_id, struct err *e);
/* No callback comes any more. What had been sent stays sent. A stale id does nothing. */
void net_cancel(struct net *n, struct loop_id id);
size_t net_in_flight(const struct net *n);

#endif
