/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One struct pending for each request. It waits first for its credentials, if they need a helper
 * command, then for the transport's answer.
 */
#include "driftop/net/send.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/loop/loop.h"
#include "driftop/loop/stream.h"
#include "driftop/net/auth.h"
#include "driftop/net/gate.h"
#include "driftop/net/http.h"

struct net {
    struct loop *loop;
    struct net_options options;
    struct http *http;
    struct id_table pending;
};

struct pending {
    struct net *net;
    struct loop_id id;
    struct loop_id auth_id, http_id, stream_id; /* of the step it waits for */
    struct net_request request;                 /* kept only while credentials are awaited */
    struct net_access access;
    char *files[3]; /* the copies access points to */
    bool starting;  /* still inside net_send() */
    int code;       /* how starting failed */
    struct err *e;
    int64_t start_ms;
    net_fn *fn;
    void *ctx;
};

static void pending_free(struct pending *p)
{
    id_table_remove(&p->net->pending, p->id);
    net_request_done(&p->request);
    for (size_t i = 0; i < sizeof p->files / sizeof *p->files; i++)
        free(p->files[i]);
    free(p);
}

static void deliver(struct pending *p, struct net_reply *reply)
{
    struct loop_id id = p->id;
    net_fn *fn = p->fn;
    void *ctx = p->ctx;
    pending_free(p);
    fn(id, reply, ctx);
}

static void on_http(struct loop_id id, struct net_reply *reply, void *ctx)
{
    struct pending *p = ctx;
    (void)id;
    if (reply->status == 401 && p->access.auth != NULL)
        auth_forget(p->access.auth);
    deliver(p, reply);
}

static void on_stream(struct loop *loop, struct loop_id id, struct stream_result *result, void *ctx)
{
    struct pending *p = ctx;
    struct net_reply reply;
    (void)id;
    net_reply_init(&reply);
    reply.code = result->code;
    reply.err = result->err;
    reply.latency_ms = loop_now_ms(loop) - p->start_ms;
    if (result->code < 0)
        reply.outcome = result->sent ? NET_UNKNOWN : NET_BEFORE_SEND;
    reply.body = *result->body;
    str_init(result->body, 0);
    deliver(p, &reply);
    net_reply_done(&reply);
}

/* Inside net_send() its caller is told by the return value, later by a reply. */
static void fail(struct pending *p, int code, const struct err *why)
{
    if (p->starting) {
        p->code = code;
        if (p->e != NULL)
            *p->e = *why;
        return;
    }
    struct net_reply reply;
    net_reply_init(&reply);
    reply.outcome = NET_BEFORE_SEND;
    reply.code = code;
    reply.err = *why;
    deliver(p, &reply);
    net_reply_done(&reply);
}

static void on_credential(int code, const char *header, const struct err *why, void *ctx)
{
    struct pending *p = ctx;
    struct err e = {0};
    p->auth_id = (struct loop_id){0};
    if (code == 0) {
        code =
            http_send(p->net->http, &p->request, &p->access, header, on_http, p, &p->http_id, &e);
        why = &e;
    }
    if (code < 0)
        fail(p, code, why);
}

static int copy_access(struct pending *p, const struct net_access *access)
{
    p->access = *access;
    const char **fields[] = {&p->access.ca_file, &p->access.cert_file, &p->access.key_file};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (*fields[i] == NULL)
            continue;
        p->files[i] = strdup(*fields[i]);
        if (p->files[i] == NULL)
            return ERR_NOMEM;
        *fields[i] = p->files[i];
    }
    return 0;
}

static int start_http(struct pending *p, const struct net_request *request,
                      const struct net_access *access, struct err *e)
{
    if (access == NULL || access->auth == NULL)
        return http_send(p->net->http, request, access, NULL, on_http, p, &p->http_id, e);
    net_request_done(&p->request);
    if (net_request_copy(request, &p->request) < 0 || copy_access(p, access) < 0)
        return err_set(e, ERR_NOMEM, "out of memory");
    p->starting = true;
    p->e = e;
    auth_resolve(access->auth, p->net->loop, on_credential, p, &p->auth_id);
    p->starting = false;
    return p->code;
}

static int start_stream(struct pending *p, const struct net_request *request,
                        const struct net_access *access, struct err *e)
{
    if (request->address == NULL)
        return err_set(e, ERR_INVALID, "the request has no address");
    bool mutating = (request->flags & NET_MUTATING) != 0;
    struct stream_request r = {
        .address = request->address,
        .bytes = request->body.data,
        .length = request->body.length,
        .connect_timeout_ms = mutating ? 3000 : 1000,
        .timeout_ms = mutating ? 30000 : 3000,
        .ceiling_bytes = request->ceiling_bytes > 0 ? request->ceiling_bytes : NET_CEILING_DEFAULT,
        .until_line = (request->flags & NET_UNTIL_LINE) != 0,
        .half_close = (request->flags & NET_HALF_CLOSE) != 0,
    };
    if (access != NULL && access->connect_timeout_ms > 0)
        r.connect_timeout_ms = access->connect_timeout_ms;
    if (access != NULL && access->timeout_ms > 0)
        r.timeout_ms = access->timeout_ms;
    return stream_ask(p->net->loop, &r, on_stream, p, &p->stream_id, e);
}

int net_send(struct net *n, const struct net_request *request, const struct net_access *access,
             net_fn *fn, void *ctx, struct loop_id *ret_id, struct err *e)
{
    if (request->failed || request->body.failed)
        return err_set(e, ERR_NOMEM, "the request is not complete");
    int code =
        net_gate(request, n->options.armed != NULL && n->options.armed(n->options.armed_ctx), e);
    if (code < 0)
        return code;
    struct pending *p = calloc(1, sizeof *p);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    p->net = n;
    p->fn = fn;
    p->ctx = ctx;
    p->start_ms = loop_now_ms(n->loop);
    net_request_init(&p->request, request->transport);
    code = id_table_add(&n->pending, p, &p->id);
    if (code == 0)
        code = request->transport == NET_HTTP ? start_http(p, request, access, e)
                                              : start_stream(p, request, access, e);
    if (code < 0) {
        pending_free(p);
        return code;
    }
    if (ret_id != NULL)
        *ret_id = p->id;
    return 0;
}

void net_cancel(struct net *n, struct loop_id id)
{
    struct pending *p = id_table_get(&n->pending, id);
    if (p == NULL)
        return;
    if (p->access.auth != NULL)
        auth_cancel(p->access.auth, p->auth_id);
    http_cancel(n->http, p->http_id);
    loop_cancel(n->loop, p->stream_id);
    pending_free(p);
}

size_t net_in_flight(const struct net *n)
{
    return n->pending.count;
}

int net_new(struct loop *loop, const struct net_options *options, struct net **ret, struct err *e)
{
    struct net *n = calloc(1, sizeof *n);
    if (n == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    n->loop = loop;
    if (options != NULL)
        n->options = *options;
    id_table_init(&n->pending);
    int code = http_new(loop, options, &n->http, e);
    if (code < 0) {
        free(n);
        return code;
    }
    *ret = n;
    return 0;
}

void net_free(struct net *n)
{
    if (n == NULL)
        return;
    size_t position = 0;
    struct pending *p;
    while ((p = id_table_next(&n->pending, &position)) != NULL)
        net_cancel(n, p->id);
    http_free(n->http);
    id_table_done(&n->pending);
    free(n);
}
