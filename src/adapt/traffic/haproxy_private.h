/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the two halves of the HAProxy adapter: reading (haproxy.c) and acting
 * (haproxy_control.c).
 */
#ifndef DRIFTOP_ADAPT_TRAFFIC_HAPROXY_PRIVATE_H
#define DRIFTOP_ADAPT_TRAFFIC_HAPROXY_PRIVATE_H

#include "driftop/adapt/controller.h"

/* Facts in the text of CONTROL observations, "balance roundrobin". */
#define HAPROXY_FACT_BALANCE "balance "
#define HAPROXY_FACT_LEVEL   "level "
#define HAPROXY_FACT_PROCESS "process "

/* Words in observed_target.state for a server that an operator took out. */
#define HAPROXY_WORD_MAINT "maint"
#define HAPROXY_WORD_DRAIN "drain"

extern const struct controller haproxy_controller;

/* The option `backend`, else the deployment's name. */
const char *haproxy_backend(const struct adapt_scope *scope);
/* The i-th socket of the option, NULL beyond the last. */
const char *haproxy_socket(const struct adapt_scope *scope, unsigned i);

/* NULL when that socket did not name it. */
const struct observation *haproxy_find_target(const struct control_snapshot *s, unsigned endpoint,
                                              const char *target);
const struct control_share *haproxy_find_share(const struct control_intent *intent,
                                               const char *target);
/* An operator drained it or put it into maintenance. */
bool haproxy_out_of_service(const struct observation *o);
/* 0, ERR_INVALID for a wish that makes no sense, ERR_REFUSED with the reason. */
int haproxy_check(const struct adapt_scope *scope, const struct control_snapshot *before,
                  const struct control_intent *intent, struct err *e);

#endif
