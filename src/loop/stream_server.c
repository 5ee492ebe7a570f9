/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/loop/stream_server.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/str.h"
#include "driftop/loop/address.h"
#include "loop_private.h"

#define LINE_CEILING_BYTES ((size_t)64 << 10)
#define READ_CHUNK_BYTES   16384

union peer {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
};

struct server {
    struct loop_object object; /* first */
    union peer listening;
    struct address address;
    size_t line_ceiling;
    struct connection *first;
    stream_line_fn *on_line;
    void *ctx;
};

struct connection {
    struct loop_object object; /* first */
    union peer peer;
    struct server *server; /* which outlives its connections */
    struct connection *next;
    struct str inbox;     /* the line that is not complete */
    unsigned n_unwritten; /* replies under way */
    bool finishing;       /* close when nothing is unwritten */
    char chunk[READ_CHUNK_BYTES];
};

struct reply {
    uv_write_t request;
    struct connection *connection;
    char bytes[];
};

static void server_release(struct loop_object *object)
{
    free(object);
}

static void connection_release(struct loop_object *object)
{
    struct connection *c = (struct connection *)object;
    str_done(&c->inbox);
    object_closed(&c->server->object); /* a connection counts as something open of its server */
    free(c);
}

static void connection_cancel(struct loop_object *object)
{
    struct connection *c = (struct connection *)object;
    struct connection **link = &c->server->first;
    while (*link != NULL && *link != c)
        link = &(*link)->next;
    if (*link == c)
        *link = c->next;
    object_close_handle(&c->peer.handle);
}

static void connection_end(struct connection *c)
{
    loop_cancel(c->object.loop, c->object.id);
}

static void server_cancel(struct loop_object *object)
{
    struct server *s = (struct server *)object;
    while (s->first != NULL)
        connection_end(s->first);
    if (s->address.local)
        unlink(s->address.path);
    object_close_handle(&s->listening.handle);
}

static void close_when_written(struct connection *c)
{
    if (c->finishing && c->n_unwritten == 0)
        connection_end(c);
}

/* Hand over one line; the connection may be gone afterwards. */
static void deliver(struct connection *c, const char *line, size_t length)
{
    struct server *s = c->server;
    if (length > 0 && line[length - 1] == '\r')
        length--;
    s->on_line(s->object.loop, c->object.id, line, length, s->ctx);
}

static void deliver_lines(struct connection *c)
{
    struct loop *loop = c->object.loop;
    struct loop_id id = c->object.id;
    const char *end;
    while (!c->finishing && (end = memchr(c->inbox.data, '\n', c->inbox.length)) != NULL) {
        size_t length = (size_t)(end - c->inbox.data);
        deliver(c, c->inbox.data, length);
        if (!loop_has(loop, id))
            return;
        str_consume(&c->inbox, length + 1);
    }
    if (c->inbox.length > c->server->line_ceiling)
        connection_end(c);
}

/* The client has said all. Its last line counts without a line feed; a reply may still follow. */
static void input_ended(struct connection *c)
{
    struct loop *loop = c->object.loop;
    struct loop_id id = c->object.id;
    if (c->inbox.length > 0 && !c->finishing)
        deliver(c, c->inbox.data, c->inbox.length);
    if (!loop_has(loop, id))
        return;
    stream_server_finish(loop, id);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    struct connection *c = handle->data;
    (void)suggested;
    *ret = uv_buf_init(c->chunk, sizeof c->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct connection *c = stream->data;
    if (n == 0 || !loop_id_set(c->object.id))
        return;
    if (n == UV_EOF)
        input_ended(c);
    else if (n < 0 || str_add_bytes(&c->inbox, buf->base, (size_t)n) < 0)
        connection_end(c);
    else
        deliver_lines(c);
}

static int peer_init(struct server *s, union peer *peer)
{
    uv_loop_t *uv = &s->object.loop->uv;
    return s->address.local ? uv_pipe_init(uv, &peer->pipe, 0) : uv_tcp_init(uv, &peer->tcp);
}

static void on_connection(uv_stream_t *listening, int status)
{
    struct server *s = listening->data;
    struct connection *c = status == 0 ? calloc(1, sizeof *c) : NULL;
    if (c == NULL)
        return;
    /* One chunk beyond the ceiling, so that a full line and what follows it fit together. */
    str_init(&c->inbox, s->line_ceiling + READ_CHUNK_BYTES);
    c->server = s;
    if (object_add(&c->object, s->object.loop, connection_cancel, connection_release) < 0) {
        free(c);
        return;
    }
    object_opened(&s->object);
    if (peer_init(s, &c->peer) < 0) {
        object_end(&c->object);
        return;
    }
    c->peer.handle.data = c;
    object_opened(&c->object);
    c->next = s->first;
    s->first = c;
    if (uv_accept(listening, &c->peer.stream) < 0 ||
        uv_read_start(&c->peer.stream, on_alloc, on_read) < 0)
        connection_end(c);
}

static int server_listen(struct server *s, int *ret_port, struct err *e)
{
    int fd;
    int code = address_listen(&s->address, false, &fd, ret_port, e);
    if (code < 0)
        return code;
    int status = peer_init(s, &s->listening);
    if (status < 0) {
        close(fd);
        return err_set(e, ERR_IO, "cannot listen: %s", uv_strerror(status));
    }
    s->listening.handle.data = s;
    object_opened(&s->object);
    status = s->address.local ? uv_pipe_open(&s->listening.pipe, fd)
                              : uv_tcp_open(&s->listening.tcp, fd);
    if (status < 0)
        close(fd);
    else
        status = uv_listen(&s->listening.stream, SOMAXCONN, on_connection);
    return status < 0 ? err_set(e, ERR_IO, "cannot listen: %s", uv_strerror(status)) : 0;
}

int stream_server_open(struct loop *loop, const struct stream_server_options *options,
                       struct loop_id *ret_id, int *ret_port, struct err *e)
{
    struct address address;
    int code = address_parse(options->address, &address, e);
    if (code < 0)
        return code;
    struct server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    s->address = address;
    s->line_ceiling = options->line_ceiling > 0 ? options->line_ceiling : LINE_CEILING_BYTES;
    s->on_line = options->on_line;
    s->ctx = options->ctx;
    code = object_add(&s->object, loop, server_cancel, server_release);
    if (code < 0) {
        free(s);
        return err_set(e, code, "cannot listen");
    }
    code = server_listen(s, ret_port, e);
    if (code < 0) {
        if (s->object.n_open > 0)
            object_close_handle(&s->listening.handle);
        object_end(&s->object);
        return code;
    }
    *ret_id = s->object.id;
    return 0;
}

static struct connection *find(struct loop *loop, struct loop_id id)
{
    struct connection *c = id_table_get(&loop->objects, id);
    return c != NULL && c->object.cancel == connection_cancel ? c : NULL;
}

static void on_written(uv_write_t *request, int status)
{
    struct reply *reply = request->data;
    struct connection *c = reply->connection;
    free(reply);
    c->n_unwritten--;
    if (loop_id_set(c->object.id)) {
        if (status < 0)
            connection_end(c);
        else
            close_when_written(c);
    }
    object_closed(&c->object);
}

int stream_server_reply(struct loop *loop, struct loop_id connection, const void *bytes,
                        size_t length)
{
    struct connection *c = find(loop, connection);
    if (c == NULL)
        return ERR_ABSENT;
    if (length > UINT32_MAX)
        return ERR_LIMIT;
    struct reply *reply = malloc(sizeof *reply + length);
    if (reply == NULL)
        return ERR_NOMEM;
    if (length > 0)
        memcpy(reply->bytes, bytes, length);
    reply->connection = c;
    reply->request.data = reply;
    uv_buf_t buf = uv_buf_init(reply->bytes, (unsigned)length);
    if (uv_write(&reply->request, &c->peer.stream, &buf, 1, on_written) < 0) {
        free(reply);
        return ERR_IO;
    }
    object_opened(&c->object);
    c->n_unwritten++;
    return 0;
}

void stream_server_finish(struct loop *loop, struct loop_id connection)
{
    struct connection *c = find(loop, connection);
    if (c == NULL)
        return;
    c->finishing = true;
    uv_read_stop(&c->peer.stream);
    close_when_written(c);
}
