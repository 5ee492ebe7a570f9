/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all adapters do with requests and replies, so that each says only what is its own.
 */
#ifndef DRIFTOP_ADAPT_REPLY_PRIVATE_H
#define DRIFTOP_ADAPT_REPLY_PRIVATE_H

#include "driftop/config/option.h"
#include "driftop/net/msg.h"

struct err;

/* 0 when a whole answer came, else its error. */
int reply_check(const struct net_reply *reply, struct err *e);
/* Of a change: 0 when an answer came that can be judged, ERR_UNKNOWN when it may have been carried
 * out, ERR_CONNECT and its like when nothing was sent. */
int reply_sent(const struct net_reply *reply, struct err *e);
/* The options `headers` and `host_header`. */
void reply_add_headers(struct net_request *request, const struct option_set *options);
/* A URL option without slashes at its end, for "%.*s/path". ERR_ABSENT when it is not set. */
int reply_base(const struct option_set *options, const char *name, const char **ret_url,
               int *ret_length);

/* Option rows for what reply_add_headers() reads. */
/* clang-format off */
#define REPLY_HEADER_ROWS                                                                          \
    {.name = "headers", .type = OPTION_MAP,                                                        \
     .help = "More headers to send; not for secrets.", .example = "{X-Tenant: risk}"},             \
    {.name = "host_header", .type = OPTION_TEXT,                                                   \
     .help = "Host header, where a gateway routes by name.", .example = "fraud.example"}
/* clang-format on */

#endif
