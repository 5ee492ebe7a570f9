/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libmicrohttpd without threads of its own: its epoll descriptor is watched by our loop, and its
 * time-outs become one of our timers. An exchange that the handler does not answer at once is
 * suspended, and resumed by listen_reply().
 */
#include "driftop/net/listen.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/loop/address.h"
#include "driftop/loop/fd.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"

#define BODY_CEILING_BYTES  ((size_t)8 << 20)
#define DISCARD_LIMIT_BYTES ((size_t)64 << 20)
#define IDLE_TIMEOUT_S      60
#define CONNECTIONS_LIMIT   256

struct listener {
    struct loop *loop;
    struct address address;
    int port;
    struct MHD_Daemon *daemon;
    struct loop_id watch, timer;
    struct id_table exchanges;
    size_t body_ceiling;
    listen_fn *handler;
    void (*too_large)(void *ctx);
    void *ctx;
};

struct exchange {
    struct listener *listener;
    struct loop_id id;
    struct MHD_Connection *connection;
    struct str body;
    size_t discarded_bytes; /* the body is too large when this is not 0 */
    bool in_handler, suspended, aborted;
    struct MHD_Response *response; /* the answer, once given */
    unsigned status;
};

static void run(struct listener *l);

static void on_ready(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx)
{
    (void)loop, (void)id, (void)fd, (void)events;
    run(ctx);
}

static void on_due(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id;
    run(ctx);
}

static void run_in(struct listener *l, int64_t delay_ms)
{
    loop_cancel(l->loop, l->timer);
    l->timer = timer_once(l->loop, delay_ms, on_due, l);
}

static void run(struct listener *l)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    MHD_run(l->daemon);
    if (MHD_get_timeout(l->daemon, &timeout_ms) == MHD_YES)
        run_in(l, (int64_t)(timeout_ms < INT32_MAX ? timeout_ms : INT32_MAX));
}

/* ---- one exchange ---- */

static enum MHD_Result queue_response(struct exchange *x)
{
    enum MHD_Result result = MHD_queue_response(x->connection, x->status, x->response);
    MHD_destroy_response(x->response);
    x->response = NULL;
    return result;
}

static enum MHD_Result refuse_body(struct MHD_Connection *connection)
{
    char text[] = "{\"error\":\"the body is larger than the limit\"}";
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_CONTENT_TOO_LARGE, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result begin(struct listener *l, struct MHD_Connection *connection, void **ret)
{
    struct exchange *x = calloc(1, sizeof *x);
    if (x == NULL)
        return MHD_NO;
    x->listener = l;
    x->connection = connection;
    str_init(&x->body, l->body_ceiling);
    if (id_table_add(&l->exchanges, x, &x->id) < 0) {
        free(x);
        return MHD_NO;
    }
    *ret = x;
    return MHD_YES;
}

static enum MHD_Result handle(struct exchange *x, const char *url, const char *method)
{
    struct listener *l = x->listener;
    struct listen_request request = {
        .method = method,
        .path = url,
        .body = x->body.data,
        .body_length = x->body.length,
        .connection = x->connection,
    };
    x->in_handler = true;
    l->handler(l, x->id, &request, l->ctx);
    x->in_handler = false;
    str_done(&x->body);
    if (x->aborted)
        return MHD_NO;
    if (x->response != NULL)
        return queue_response(x);
    x->suspended = true;
    MHD_suspend_connection(x->connection);
    return MHD_YES;
}

/* What is beyond the ceiling is read and dropped: a client that is still sending would not see an
 * answer given before. */
static enum MHD_Result take_body(struct exchange *x, const char *bytes, size_t length)
{
    if (x->discarded_bytes == 0 && str_add_bytes(&x->body, bytes, length) == 0)
        return MHD_YES;
    if (x->discarded_bytes == 0 && x->listener->too_large)
        x->listener->too_large(x->listener->ctx);
    x->discarded_bytes += length;
    return x->discarded_bytes <= DISCARD_LIMIT_BYTES ? MHD_YES : MHD_NO;
}

/* Called for each piece of a request: its head, its body in parts, its end, and once more when it
 * is resumed. */
static enum MHD_Result on_access(void *ctx, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *bytes,
                                 size_t *length, void **exchange)
{
    struct exchange *x = *exchange;
    (void)version;
    if (x == NULL)
        return begin(ctx, connection, exchange);
    if (*length > 0) {
        enum MHD_Result result = take_body(x, bytes, *length);
        *length = 0;
        return result;
    }
    if (x->aborted)
        return MHD_NO;
    if (x->discarded_bytes > 0)
        return refuse_body(connection);
    return x->response != NULL ? queue_response(x) : handle(x, url, method);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **exchange,
                         enum MHD_RequestTerminationCode why)
{
    struct listener *l = ctx;
    struct exchange *x = *exchange;
    (void)connection, (void)why;
    if (x == NULL)
        return;
    *exchange = NULL;
    id_table_remove(&l->exchanges, x->id);
    if (x->response != NULL)
        MHD_destroy_response(x->response);
    str_done(&x->body);
    free(x);
}

static void resume(struct exchange *x)
{
    if (!x->suspended)
        return;
    x->suspended = false;
    MHD_resume_connection(x->connection);
    run_in(x->listener, 0);
}

static struct MHD_Response *make_response(const struct listen_answer *answer)
{
    /* Copied at once, so the cast away from const is never written through. */
    void *body = (void *)(uintptr_t)answer->body;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->body_length, body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return NULL;
    MHD_add_response_header(response, "Content-Type",
                            answer->content_type != NULL ? answer->content_type
                                                         : "application/json");
    if (answer->header_name != NULL)
        MHD_add_response_header(response, answer->header_name, answer->header_value);
    if (answer->close)
        MHD_add_response_header(response, "Connection", "close");
    return response;
}

int listen_reply(struct listener *l, struct loop_id exchange, const struct listen_answer *answer)
{
    struct exchange *x = id_table_get(&l->exchanges, exchange);
    if (x == NULL || x->response != NULL || x->aborted || (!x->in_handler && !x->suspended))
        return ERR_ABSENT;
    x->response = make_response(answer);
    if (x->response == NULL)
        return ERR_NOMEM;
    x->status = answer->status > 0 ? (unsigned)answer->status : MHD_HTTP_OK;
    resume(x);
    return 0;
}

void listen_abort(struct listener *l, struct loop_id exchange)
{
    struct exchange *x = id_table_get(&l->exchanges, exchange);
    if (x == NULL)
        return;
    x->aborted = true;
    resume(x);
}

const char *listen_header(const struct listen_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *listen_query(const struct listen_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* ---- the listener ---- */

static void on_log(void *ctx, const char *format, va_list ap)
{
    (void)ctx, (void)format, (void)ap; /* what clients do wrong is not worth a log line */
}

static int start_daemon(struct listener *l, const struct listen_options *o, int fd, struct err *e)
{
    unsigned limit = o->connections_limit > 0 ? o->connections_limit : CONNECTIONS_LIMIT;
    unsigned idle_s = o->idle_timeout_s > 0 ? (unsigned)o->idle_timeout_s : IDLE_TIMEOUT_S;
    l->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
                                 NULL, NULL, on_access, l, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
                                 MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, limit,
                                 MHD_OPTION_CONNECTION_TIMEOUT, idle_s, MHD_OPTION_NOTIFY_COMPLETED,
                                 on_completed, l, MHD_OPTION_END);
    if (l->daemon == NULL) {
        close(fd);
        return err_set(e, ERR_IO, "cannot start the HTTP server");
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL)
        return err_set(e, ERR_INTERNAL, "the HTTP server has no descriptor to watch");
    return fd_watch(l->loop, info->epoll_fd, FD_READABLE, on_ready, l, &l->watch, e);
}

int listen_open(struct loop *loop, const struct listen_options *options, struct listener **ret,
                struct err *e)
{
    struct listener *l = calloc(1, sizeof *l);
    if (l == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    l->loop = loop;
    l->handler = options->handler;
    l->too_large = options->too_large;
    l->ctx = options->ctx;
    l->body_ceiling = options->body_ceiling > 0 ? options->body_ceiling : BODY_CEILING_BYTES;
    id_table_init(&l->exchanges);
    int fd;
    int code = address_parse(options->address, &l->address, e);
    if (code == 0)
        code = address_listen(&l->address, !options->public_address, &fd, &l->port, e);
    if (code == 0)
        code = start_daemon(l, options, fd, e);
    else
        l->address.local = false; /* nothing of ours to remove */
    if (code < 0) {
        listen_close(l);
        return code;
    }
    *ret = l;
    return 0;
}

void listen_close(struct listener *l)
{
    if (l == NULL)
        return;
    loop_cancel(l->loop, l->watch);
    size_t position = 0;
    struct exchange *x;
    while ((x = id_table_next(&l->exchanges, &position)) != NULL)
        listen_abort(l, x->id); /* libmicrohttpd must not stop while something is suspended */
    if (l->daemon != NULL)
        MHD_stop_daemon(l->daemon);
    loop_cancel(l->loop, l->timer);
    if (l->address.local)
        unlink(l->address.path);
    id_table_done(&l->exchanges);
    free(l);
}

int listen_port(const struct listener *l)
{
    return l->port;
}
