/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A dialogue's path: resolve (host names only) -> connect -> write -> read -> finish. Whatever
 * ends it, also a time-out, goes through finish(), which calls back and then closes.
 */
#include "driftop/loop/stream.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/loop/address.h"
#include "driftop/loop/timer.h"
#include "loop_private.h"

#define CONNECT_TIMEOUT_MS 1000
#define TIMEOUT_MS         3000
#define CEILING_BYTES      ((size_t)1 << 20)
#define READ_CHUNK_BYTES   16384

struct dialogue {
    struct loop_object object; /* first */
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } peer;
    bool has_peer;
    uv_getaddrinfo_t resolve;
    uv_connect_t connect;
    uv_write_t write;
    uv_shutdown_t shutdown;
    struct loop_id connect_timer, timer;
    struct address address;
    char *request; /* a copy */
    size_t request_length;
    bool until_line, half_close;
    struct str body;
    bool sent;
    char chunk[READ_CHUNK_BYTES];
    stream_fn *fn;
    void *ctx;
};

static void dialogue_release(struct loop_object *object)
{
    struct dialogue *d = (struct dialogue *)object;
    str_done(&d->body);
    free(d->request);
    free(d);
}

static void dialogue_cancel(struct loop_object *object)
{
    struct dialogue *d = (struct dialogue *)object;
    loop_cancel(object->loop, d->connect_timer);
    loop_cancel(object->loop, d->timer);
    uv_cancel((uv_req_t *)&d->resolve); /* refuses when it is not under way */
    if (d->has_peer)
        object_close_handle(&d->peer.handle);
    object_end(object);
}

/* False once the dialogue has ended: what libuv still reports is of no interest then. */
static bool is_live(const struct dialogue *d)
{
    return loop_id_set(d->object.id);
}

static void finish(struct dialogue *d, struct stream_result *result)
{
    struct loop_id id = d->object.id;
    result->sent = d->sent;
    result->body = &d->body;
    object_retire(&d->object);
    d->fn(d->object.loop, id, result, d->ctx);
    dialogue_cancel(&d->object);
}

static void fail_text(struct dialogue *d, int code, const char *text)
{
    struct stream_result result = {.code = code};
    const struct address *a = &d->address;
    if (a->local)
        err_set(&result.err, code, "%s: %s", a->path, text);
    else
        err_set(&result.err, code, "%s:%s: %s", a->host, a->port, text);
    finish(d, &result);
}

static void fail(struct dialogue *d, int code, int uv_status)
{
    if (uv_status == UV_EACCES || uv_status == UV_EPERM)
        code = ERR_DENIED;
    fail_text(d, code, uv_strerror(uv_status));
}

static void succeed(struct dialogue *d)
{
    struct stream_result result = {0};
    finish(d, &result);
}

static void on_connect_timeout(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id;
    fail_text(ctx, ERR_TIMEOUT, "timed out while connecting");
}

static void on_timeout(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id;
    fail_text(ctx, ERR_TIMEOUT, "timed out");
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    struct dialogue *d = handle->data;
    (void)suggested;
    *ret = uv_buf_init(d->chunk, sizeof d->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct dialogue *d = stream->data;
    if (!is_live(d) || n == 0)
        return;
    if (n == UV_EOF) {
        if (d->until_line)
            fail_text(d, ERR_PROTOCOL, "closed before the end of its line");
        else
            succeed(d);
        return;
    }
    if (n < 0) {
        fail(d, ERR_IO, (int)n);
        return;
    }
    size_t length = (size_t)n;
    const char *end = d->until_line ? memchr(buf->base, '\n', length) : NULL;
    if (end != NULL)
        length = (size_t)(end - buf->base) + 1;
    int code = str_add_bytes(&d->body, buf->base, length);
    if (code < 0)
        fail_text(d, code, "the answer is larger than its limit");
    else if (end != NULL)
        succeed(d);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    (void)status; /* a peer that has already closed; reading tells the rest */
    object_closed(request->data);
}

static void on_write(uv_write_t *request, int status)
{
    struct dialogue *d = request->data;
    /* A peer may answer and close without taking all: the answer counts, so reading decides. */
    if (status == 0 && is_live(d) && d->half_close) {
        d->shutdown.data = d;
        if (uv_shutdown(&d->shutdown, &d->peer.stream, on_shutdown) == 0)
            object_opened(&d->object);
    }
    object_closed(&d->object);
}

static void on_connect(uv_connect_t *request, int status)
{
    struct dialogue *d = request->data;
    if (!is_live(d)) {
        object_closed(&d->object);
        return;
    }
    loop_cancel(d->object.loop, d->connect_timer);
    if (status == 0)
        status = uv_read_start(&d->peer.stream, on_alloc, on_read);
    if (status == 0) {
        uv_buf_t buf = uv_buf_init(d->request, (unsigned)d->request_length);
        d->write.data = d;
        status = uv_write(&d->write, &d->peer.stream, &buf, 1, on_write);
        if (status == 0) {
            object_opened(&d->object);
            d->sent = d->request_length > 0;
        }
    }
    if (status < 0)
        fail(d, ERR_CONNECT, status);
    object_closed(&d->object);
}

static void peer_ready(struct dialogue *d)
{
    d->peer.handle.data = d;
    d->has_peer = true;
    object_opened(&d->object);
    d->connect.data = d;
}

static int connect_tcp(struct dialogue *d, const struct sockaddr *address)
{
    int status = uv_tcp_init(&d->object.loop->uv, &d->peer.tcp);
    if (status < 0)
        return status;
    peer_ready(d);
    status = uv_tcp_connect(&d->connect, &d->peer.tcp, address, on_connect);
    if (status == 0)
        object_opened(&d->object);
    return status;
}

static int connect_local(struct dialogue *d)
{
    int status = uv_pipe_init(&d->object.loop->uv, &d->peer.pipe, 0);
    if (status < 0)
        return status;
    peer_ready(d);
    uv_pipe_connect(&d->connect, &d->peer.pipe, d->address.path, on_connect);
    object_opened(&d->object);
    return 0;
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *info)
{
    struct dialogue *d = request->data;
    if (is_live(d)) {
        if (status == 0)
            status = connect_tcp(d, info->ai_addr);
        if (status < 0)
            fail(d, ERR_CONNECT, status);
    }
    uv_freeaddrinfo(info);
    object_closed(&d->object);
}

/* Numeric addresses resolve at once too, but all take the same way: through the thread pool. */
static int begin(struct dialogue *d)
{
    if (d->address.local)
        return connect_local(d);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    d->resolve.data = d;
    int status = uv_getaddrinfo(&d->object.loop->uv, &d->resolve, on_resolved, d->address.host,
                                d->address.port, &hints);
    if (status == 0)
        object_opened(&d->object);
    return status;
}

static int dialogue_new(const struct stream_request *request, struct dialogue **ret, struct err *e)
{
    struct address address;
    int code = address_parse(request->address, &address, e);
    if (code < 0)
        return code;
    struct dialogue *d = calloc(1, sizeof *d);
    char *copy = malloc(request->length + 1);
    if (d == NULL || copy == NULL || request->length > UINT32_MAX) {
        free(copy);
        free(d);
        return err_set(e, ERR_NOMEM, "out of memory");
    }
    if (request->length > 0)
        memcpy(copy, request->bytes, request->length);
    d->address = address;
    d->request = copy;
    d->request_length = request->length;
    d->until_line = request->until_line;
    d->half_close = request->half_close;
    str_init(&d->body, request->ceiling_bytes > 0 ? request->ceiling_bytes : CEILING_BYTES);
    *ret = d;
    return 0;
}

int stream_ask(struct loop *loop, const struct stream_request *request, stream_fn *fn, void *ctx,
               struct loop_id *ret_id, struct err *e)
{
    struct dialogue *d;
    int code = dialogue_new(request, &d, e);
    if (code < 0)
        return code;
    d->fn = fn;
    d->ctx = ctx;
    code = object_add(&d->object, loop, dialogue_cancel, dialogue_release);
    if (code < 0) {
        dialogue_release(&d->object);
        return err_set(e, code, "cannot start a dialogue");
    }
    int connect_ms =
        request->connect_timeout_ms > 0 ? request->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    int total_ms = request->timeout_ms > 0 ? request->timeout_ms : TIMEOUT_MS;
    d->connect_timer = timer_once(loop, connect_ms, on_connect_timeout, d);
    d->timer = timer_once(loop, total_ms, on_timeout, d);
    int status = begin(d);
    if (status < 0) {
        object_retire(&d->object);
        dialogue_cancel(&d->object);
        return err_set(e, ERR_CONNECT, "%s: %s", request->address, uv_strerror(status));
    }
    *ret_id = d->object.id;
    return 0;
}
