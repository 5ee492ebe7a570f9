/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libcurl's multi interface on our loop: curl says which sockets and which time-out it wants
 * watched (on_socket, on_timer), the loop says what happened (on_fd, on_due), and after each such
 * step collect() takes what is complete.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "driftop/loop/fd.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"
#include "http_private.h"

#define PER_HOST_LIMIT 4
#define REDIRECT_LIMIT 3

/* What curl keeps for us with each of its sockets. */
struct watch {
    struct loop_id id;
};

static void collect(struct http *h);

/* ---- sockets and time ---- */

static void on_fd(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx)
{
    struct http *h = ctx;
    int mask = 0, running;
    (void)loop, (void)id;
    if (events & FD_READABLE)
        mask |= CURL_CSELECT_IN;
    if (events & FD_WRITABLE)
        mask |= CURL_CSELECT_OUT;
    if (events & FD_BROKEN)
        mask |= CURL_CSELECT_ERR;
    curl_multi_socket_action(h->multi, fd, mask, &running);
    collect(h);
}

static int forget_socket(struct http *h, curl_socket_t fd, struct watch *watch)
{
    if (watch != NULL)
        loop_cancel(h->loop, watch->id);
    free(watch);
    curl_multi_assign(h->multi, fd, NULL);
    return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
    struct http *h = ctx;
    struct watch *watch = socket_ctx;
    (void)easy;
    if (what == CURL_POLL_REMOVE)
        return forget_socket(h, fd, watch);
    unsigned events = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        events |= FD_READABLE;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        events |= FD_WRITABLE;
    if (watch != NULL)
        return fd_set_events(h->loop, watch->id, events);
    watch = calloc(1, sizeof *watch);
    if (watch == NULL || fd_watch(h->loop, fd, events, on_fd, h, &watch->id, NULL) < 0) {
        free(watch);
        return -1;
    }
    curl_multi_assign(h->multi, fd, watch);
    return 0;
}

static void on_due(struct loop *loop, struct loop_id id, void *ctx)
{
    struct http *h = ctx;
    int running;
    (void)loop, (void)id;
    curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect(h);
}

static int on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
    struct http *h = ctx;
    (void)multi;
    loop_cancel(h->loop, h->timer);
    h->timer = (struct loop_id){0};
    if (timeout_ms < 0)
        return 0;
    h->timer = timer_once(h->loop, timeout_ms, on_due, h);
    return loop_id_set(h->timer) ? 0 : -1;
}

static void copy_header(const struct transfer *t, const char *name, char *buf, size_t size)
{
    struct curl_header *header;
    buf[0] = '\0';
    if (curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
        strlen(header->value) < size)
        str_copy(buf, size, header->value);
}

static int64_t retry_after(const struct transfer *t)
{
    char text[16], *end;
    copy_header(t, "Retry-After", text, sizeof text);
    if (text[0] < '0' || text[0] > '9')
        return -1;
    long long seconds = strtoll(text, &end, 10);
    return *end == '\0' ? seconds : -1;
}

static void read_headers(struct transfer *t)
{
    long status = 0;
    curl_off_t total_us = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &total_us);
    t->reply.status = (int)status;
    t->reply.latency_ms = (total_us + 500) / 1000;
    t->reply.retry_after_s = retry_after(t);
    copy_header(t, "Content-Type", t->reply.content_type, sizeof t->reply.content_type);
    copy_header(t, "ETag", t->reply.etag, sizeof t->reply.etag);
}

/* ---- how a transfer ended ---- */

/* What curl's results mean. `unsent` says that certainly not one byte of the request has left; after
 * any other, and all that are not listed, it may have been executed. */
static const struct meaning {
    CURLcode result;
    int code;
    bool unsent;
} meanings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ERR_CONNECT, true},
    {CURLE_COULDNT_RESOLVE_PROXY, ERR_CONNECT, true},
    {CURLE_COULDNT_CONNECT, ERR_CONNECT, true},
    {CURLE_SSL_CONNECT_ERROR, ERR_CONNECT, true},
    {CURLE_PEER_FAILED_VERIFICATION, ERR_CONNECT, true},
    {CURLE_SSL_CACERT_BADFILE, ERR_CONFIG, true},
    {CURLE_SSL_CERTPROBLEM, ERR_CONFIG, true},
    {CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT, false}, /* but see was_sent() */
    {CURLE_FILESIZE_EXCEEDED, ERR_LIMIT, false},
    {CURLE_OUT_OF_MEMORY, ERR_NOMEM, false},
    {CURLE_WRITE_ERROR, ERR_NOMEM, false}, /* or too_large, which is looked at first */
    {CURLE_UNSUPPORTED_PROTOCOL, ERR_PROTOCOL, false},
    {CURLE_WEIRD_SERVER_REPLY, ERR_PROTOCOL, false},
    {CURLE_BAD_CONTENT_ENCODING, ERR_PROTOCOL, false},
};

static struct meaning meaning_of(CURLcode result)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].result == result)
            return meanings[i];
    return (struct meaning){result, ERR_IO, false};
}

/* A time-out tells by its moment: before the pre-transfer time is set nothing was written. */
static bool was_sent(const struct transfer *t, const struct meaning *m)
{
    curl_off_t pretransfer_us = 0;
    if (m->result == CURLE_OPERATION_TIMEDOUT) {
        curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer_us);
        return pretransfer_us != 0;
    }
    return !m->unsent;
}

static void set_outcome(struct transfer *t, CURLcode result)
{
    struct net_reply *r = &t->reply;
    if (result != CURLE_OK) {
        struct meaning m = meaning_of(result);
        const char *text = t->text[0] != '\0' ? t->text : curl_easy_strerror(result);
        if (t->too_large)
            m.code = ERR_LIMIT;
        if (m.code == ERR_LIMIT)
            text = "the answer is larger than its limit";
        r->outcome = was_sent(t, &m) ? NET_UNKNOWN : NET_BEFORE_SEND;
        r->code = err_set_at(&r->err, m.code, t->where, 0, 0, "%s", text);
    } else if (t->mutating && (r->status == 502 || r->status == 504)) {
        r->outcome = NET_UNKNOWN;
        r->code = err_set_at(&r->err, ERR_UNKNOWN, t->where, 0, 0,
                             "a proxy answered %d: it may have been executed", r->status);
    }
}

/* Start again at the place the server names, when it is a read and the place is its own. */
static bool follow_redirect(struct transfer *t)
{
    char *from = NULL, *to = NULL;
    if (t->mutating || t->n_redirects >= REDIRECT_LIMIT)
        return false;
    curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
    curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &from);
    if (to == NULL || from == NULL || !url_same_origin(from, to))
        return false;
    t->n_redirects++;
    t->header_bytes = 0;
    str_clear(&t->reply.body);
    return curl_easy_setopt(t->easy, CURLOPT_URL, to) == CURLE_OK &&
           curl_multi_add_handle(t->http->multi, t->easy) == CURLM_OK;
}

static void complete(struct transfer *t, CURLcode result)
{
    struct http *h = t->http;
    curl_multi_remove_handle(h->multi, t->easy);
    if (result == CURLE_OK && follow_redirect(t))
        return;
    read_headers(t);
    set_outcome(t, result);
    id_table_remove(&h->transfers, t->id);
    t->fn(t->id, &t->reply, t->ctx);
    transfer_free(t);
}

static void collect(struct http *h)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(h->multi, &left)) != NULL) {
        char *ctx = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &ctx);
        complete((struct transfer *)(void *)ctx, result);
    }
}

int http_send(struct http *h, const struct net_request *request, const struct net_access *access,
              const char *credential, net_fn *fn, void *ctx, struct loop_id *ret_id, struct err *e)
{
    struct transfer *t;
    int code = transfer_new(h, request, access, credential, &t, e);
    if (code < 0)
        return code;
    t->fn = fn;
    t->ctx = ctx;
    if (id_table_add(&h->transfers, t, &t->id) < 0) {
        transfer_free(t);
        return err_set(e, ERR_NOMEM, "out of memory");
    }
    if (curl_multi_add_handle(h->multi, t->easy) != CURLM_OK) {
        id_table_remove(&h->transfers, t->id);
        transfer_free(t);
        return err_set(e, ERR_INTERNAL, "libcurl does not take the request");
    }
    if (ret_id != NULL)
        *ret_id = t->id;
    return 0;
}

void http_cancel(struct http *h, struct loop_id id)
{
    struct transfer *t = id_table_remove(&h->transfers, id);
    if (t == NULL)
        return;
    curl_multi_remove_handle(h->multi, t->easy);
    transfer_free(t);
}

size_t http_in_flight(const struct http *h)
{
    return h->transfers.count;
}

/* ---- the client ---- */

/* How many idle connections to keep: half of the descriptors this process may have. */
static long connections_kept(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > 16384)
        return 8192;
    return limit.rlim_cur < 64 ? 16 : (long)(limit.rlim_cur / 2);
}

int http_new(struct loop *loop, const struct net_options *options, struct http **ret, struct err *e)
{
    static const struct net_options defaults;
    const struct net_options *o = options != NULL ? options : &defaults;
    struct http *h = calloc(1, sizeof *h);
    if (h == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(h);
        return err_set(e, ERR_NOMEM, "out of memory");
    }
    h->loop = loop;
    h->options = *o;
    h->user_agent = strdup(o->user_agent != NULL ? o->user_agent : "driftop");
    h->multi = curl_multi_init();
    id_table_init(&h->transfers);
    if (h->user_agent == NULL || h->multi == NULL) {
        http_free(h);
        return err_set(e, ERR_NOMEM, "out of memory");
    }
    long per_host = o->per_host_limit > 0 ? o->per_host_limit : PER_HOST_LIMIT;
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, per_host);
    curl_multi_setopt(h->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)o->connections_limit);
    curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, connections_kept());
    *ret = h;
    return 0;
}

void http_free(struct http *h)
{
    if (h == NULL)
        return;
    size_t position = 0;
    struct transfer *t;
    while ((t = id_table_next(&h->transfers, &position)) != NULL)
        http_cancel(h, t->id);
    while (h->n_idle > 0)
        curl_easy_cleanup(h->idle[--h->n_idle]);
    if (h->multi != NULL)
        curl_multi_cleanup(h->multi);
    loop_cancel(h->loop, h->timer);
    id_table_done(&h->transfers);
    free(h->user_agent);
    free(h);
    curl_global_cleanup();
}
