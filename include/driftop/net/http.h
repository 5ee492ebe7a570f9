/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP client: many transfers at once on the loop. libcurl stands behind it, in http.c only.
 *
 * Reads reuse connections, accept gzip, and follow up to 3 redirects within the same scheme, host
 * and port; any other redirect is handed back as the reply. Writes (NET_MUTATING) get a fresh
 * connection that is closed afterwards, HTTP/1.1, no redirects and no "Expect", because libcurl
 * itself resends on a dead reused connection. Only http and https, TLS verified by default, no
 * proxy for loopback. The ceiling holds for the decoded body and while it streams in.
 *
 * A failure is NET_BEFORE_SEND only when certainly nothing was sent; 502 and 504 to a write are
 * NET_UNKNOWN, because the proxy that says so does not know either.
 */
#ifndef DRIFTOP_NET_HTTP_H
#define DRIFTOP_NET_HTTP_H

#include "driftop/net/send.h"

struct http;

/* The loop is borrowed. Of the options all fields count. */
int http_new(struct loop *loop, const struct net_options *options, struct http **ret,
             struct err *e);
/* Ends all transfers without a callback. Not from inside a callback. */
void http_free(struct http *h);

/* As net_send(), for NET_HTTP; access->auth is not looked at: `credential` is a whole header line
 * ("Authorization: Bearer ...") or NULL, and never follows a redirect to another place. */
int http_send(struct http *h, const struct net_request *request, const struct net_access *access,
              const char *credential, net_fn *fn, void *ctx, struct loop_id *ret_id, struct err *e);
void http_cancel(struct http *h, struct loop_id id);
size_t http_in_flight(const struct http *h);

#endif
