/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What http.c, which runs transfers, and http_transfer.c, which prepares one, share. These three
 * files are the only ones that know libcurl.
 */
#ifndef DRIFTOP_NET_HTTP_PRIVATE_H
#define DRIFTOP_NET_HTTP_PRIVATE_H

#include <curl/curl.h>

#include "driftop/net/http.h"

#define IDLE_EASY_LIMIT 64

struct http {
    struct loop *loop;
    struct net_options options;
    char *user_agent;
    CURLM *multi;
    struct loop_id timer;
    struct id_table transfers;
    CURL *idle[IDLE_EASY_LIMIT]; /* easy handles used before */
    size_t n_idle;
};

struct transfer {
    struct http *http;
    struct loop_id id;
    CURL *easy;
    struct curl_slist *headers;
    bool mutating;
    struct str body; /* of the request: curl does not copy it */
    char *where;     /* the address without secrets, for error texts */
    struct net_reply reply;
    size_t header_bytes;
    bool too_large;
    unsigned n_redirects;
    char text[CURL_ERROR_SIZE];
    net_fn *fn;
    void *ctx;
};

/* A transfer that is ready to be added to the multi handle; it has no id yet. ERR_REFUSED,
 * ERR_INVALID, ERR_NOMEM as http_send(). */
int transfer_new(struct http *h, const struct net_request *request, const struct net_access *access,
                 const char *credential, struct transfer **ret, struct err *e);
/* Gives its easy handle back for the next one and wipes the credential. */
void transfer_free(struct transfer *t);

/* The same scheme, host and port. */
bool url_same_origin(const char *a, const char *b);

#endif
