/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What counts as a read. One pure function decides, for HTTP and for HAProxy's runtime API, and
 * both http.c and send.c ask it, so that a bug above cannot write: GET and HEAD; POST to a path
 * that ends in /v2/repository/index (a listing); on a stream, commands that start with "show " or
 * "get ", or "set severity-output " which lasts for the connection only. NET_MUTATING is always a
 * write. What is not recognised is a write.
 */
#ifndef DRIFTOP_NET_GATE_H
#define DRIFTOP_NET_GATE_H

#include <stdbool.h>

struct err;
struct net_request;

bool net_is_read(const struct net_request *request);
/* 0, or ERR_REFUSED for a write that is not armed. A write on HTTP without NET_MUTATING is refused
 * even when armed (ERR_INVALID): it would be sent by the rules for reads. */
int net_gate(const struct net_request *request, bool armed, struct err *e);

#endif
