/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "driftop/loop/address.h"
#include "driftop/loop/fd.h"
#include "driftop/loop/loop.h"
#include "raw_server.h"

static void drop(struct raw_connection *c)
{
    loop_cancel(c->server->loop, c->watch);
    close(c->fd);
    c->fd = -1;
}

/* The length of the whole request at the start of the text, 0 when it is not complete. */
static size_t request_length(const char *text, size_t length)
{
    const char *end = strstr(text, "\r\n\r\n");
    if (end == NULL)
        return 0;
    const char *field = strcasestr(text, "\r\nContent-Length:");
    size_t body = field != NULL && field < end ? strtoul(field + 17, NULL, 10) : 0;
    size_t whole = (size_t)(end - text) + 4 + body;
    return whole <= length ? whole : 0;
}

static void flood(struct raw_connection *c)
{
    static const char zeros[65536];
    while (c->flood_bytes > 0) {
        size_t n = c->flood_bytes < sizeof zeros ? c->flood_bytes : sizeof zeros;
        ssize_t sent = send(c->fd, zeros, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            break;
        c->server->n_sent_bytes += (uint64_t)sent;
        c->flood_bytes -= (uint64_t)sent;
    }
    fd_set_events(c->server->loop, c->watch, c->flood_bytes > 0 ? FD_WRITABLE : FD_READABLE);
    if (c->flood_bytes == 0 && c->close)
        drop(c);
}

static void answer(struct raw_connection *c)
{
    struct raw_server *s = c->server;
    struct raw_answer a = s->fn(s, ++s->n_requests, c->request, s->ctx);
    size_t length = a.length > 0 || a.bytes == NULL ? a.length : strlen(a.bytes);
    if (length > 0)
        assert_int_equal(send(c->fd, a.bytes, length, MSG_NOSIGNAL), length);
    c->close = a.close;
    c->flood_bytes = a.flood_bytes;
    flood(c);
}

static void on_connection(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx)
{
    struct raw_connection *c = ctx;
    (void)loop, (void)id;
    if (events & FD_WRITABLE) {
        flood(c);
        return;
    }
    ssize_t n = recv(fd, c->request + c->length, sizeof c->request - 1 - c->length, 0);
    if (n <= 0 || (events & FD_BROKEN)) {
        drop(c);
        return;
    }
    c->length += (size_t)n;
    c->request[c->length] = '\0';
    size_t whole = request_length(c->request, c->length);
    if (whole == 0)
        return;
    answer(c);
    c->length -= whole;
    memmove(c->request, c->request + whole, c->length + 1);
}

static void on_listening(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx)
{
    struct raw_server *s = ctx;
    struct raw_connection *c = s->connections;
    (void)id, (void)events;
    while (c->fd >= 0)
        assert_true(++c < s->connections + RAW_CONNECTIONS);
    c->fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    assert_true(c->fd >= 0);
    s->n_connections++;
    c->length = 0;
    assert_int_equal(fd_watch(loop, c->fd, FD_READABLE, on_connection, c, &c->watch, NULL), 0);
}

struct raw_server *raw_server_new(struct loop *loop, raw_fn *fn, void *ctx)
{
    struct raw_server *s = calloc(1, sizeof *s);
    struct address address;
    assert_non_null(s);
    s->loop = loop;
    s->fn = fn;
    s->ctx = ctx;
    for (size_t i = 0; i < RAW_CONNECTIONS; i++)
        s->connections[i] = (struct raw_connection){.server = s, .fd = -1};
    assert_int_equal(address_parse("127.0.0.1:0", &address, NULL), 0);
    assert_int_equal(address_listen(&address, true, &s->fd, &s->port, NULL), 0);
    assert_int_equal(fd_watch(loop, s->fd, FD_READABLE, on_listening, s, &s->watch, NULL), 0);
    return s;
}

void raw_server_free(struct raw_server *s)
{
    for (size_t i = 0; i < RAW_CONNECTIONS; i++)
        if (s->connections[i].fd >= 0)
            drop(&s->connections[i]);
    loop_cancel(s->loop, s->watch);
    close(s->fd);
    free(s);
}
