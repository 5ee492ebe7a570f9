/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/adapt/adapter.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "reply_private.h"

#define REQUESTS_MAX 1000

void adapt_requests_init(struct adapt_requests *list)
{
    *list = (struct adapt_requests){0};
}

void adapt_requests_done(struct adapt_requests *list)
{
    for (size_t i = 0; i < list->n_items; i++)
        net_request_done(&list->items[i].request);
    free(list->items);
    *list = (struct adapt_requests){0};
}

struct adapt_request *adapt_requests_add(struct adapt_requests *list, const char *what)
{
    struct adapt_request *r;

    if (list->n_items >= REQUESTS_MAX ||
        VEC_ROOM(list->items, list->n_items, list->items_capacity, 1) < 0)
        return NULL;
    r = &list->items[list->n_items++];
    memset(r, 0, sizeof *r);
    net_request_init(&r->request, NET_HTTP);
    str_copy(r->what, sizeof r->what, what);
    return r;
}

const struct adapter *adapt_find(const struct adapter *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp((*list)->name, name) == 0)
            return *list;
    return NULL;
}

int reply_check(const struct net_reply *reply, struct err *e)
{
    if (reply->outcome == NET_OK)
        return 0;
    return err_set(e, reply->code < 0 ? reply->code : ERR_IO, "%s", reply->err.text);
}

int reply_sent(const struct net_reply *reply, struct err *e)
{
    if (reply->outcome == NET_BEFORE_SEND)
        return err_set(e, reply->code < 0 ? reply->code : ERR_CONNECT, "nothing was sent: %s",
                       reply->err.text);
    /* A proxy's 502 and 504 say that the answer was lost, not that nothing happened. */
    if (reply->outcome == NET_UNKNOWN || reply->status == 502 || reply->status == 504)
        return err_set(e, ERR_UNKNOWN, "it may have been carried out: %s",
                       reply->err.text[0] ? reply->err.text : "the answer was lost");
    return 0;
}

void reply_add_headers(struct net_request *request, const struct option_set *options)
{
    const struct option_value *headers = option_get(options, "headers");
    const char *host = option_text(options, "host_header");

    for (size_t i = 0; headers && i + 1 < headers->n_items; i += 2)
        net_request_header(request, headers->items[i], headers->items[i + 1]);
    if (host)
        net_request_header(request, "Host", host);
}

int reply_base(const struct option_set *options, const char *name, const char **ret_url,
               int *ret_length)
{
    const char *url = option_text(options, name);
    size_t length = url ? strlen(url) : 0;

    while (length > 0 && url[length - 1] == '/')
        length--;
    *ret_url = url;
    *ret_length = (int)length;
    return length > 0 ? 0 : ERR_ABSENT;
}
