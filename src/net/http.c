/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libcurl's multi interface on our loop: curl says which sockets and which time-out it wants
 * watched (on_socket, on_timer), the loop says what happened (on_fd, on_due), and after each such
 * step collect() takes what is complete.
 */
#include "driftop/net/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "driftop/loop/fd.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"
#include "driftop/net/auth.h"
#include "driftop/net/gate.h"

#define PER_HOST_LIMIT       4
#define REDIRECT_LIMIT       3
#define HEADER_CEILING_BYTES ((size_t)64 << 10)
#define IDLE_EASY_LIMIT      64

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

/* ---- what a transfer receives ---- */

static size_t on_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    if (str_add_bytes(&t->reply.body, bytes, size * n) == 0)
        return size * n;
    t->too_large = t->reply.body.length + size * n > t->reply.body.limit;
    return 0;
}

/* Headers have a ceiling of their own: curl keeps them all. */
static size_t on_header(char *bytes, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    (void)bytes;
    t->header_bytes += size * n;
    if (t->header_bytes <= HEADER_CEILING_BYTES)
        return size * n;
    t->too_large = true;
    return 0;
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

static int error_code(const struct transfer *t, CURLcode result)
{
    if (t->too_large)
        return ERR_LIMIT;
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION: return ERR_CONNECT;
    case CURLE_OPERATION_TIMEDOUT: return ERR_TIMEOUT;
    case CURLE_FILESIZE_EXCEEDED: return ERR_LIMIT;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_WRITE_ERROR: return ERR_NOMEM;
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM: return ERR_CONFIG;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return ERR_PROTOCOL;
    default: return ERR_IO;
    }
}

/* Only these say that not one byte of the request has left. All others may have been executed. */
static bool before_send(const struct transfer *t, CURLcode result)
{
    curl_off_t pretransfer_us = 0;
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_PEER_FAILED_VERIFICATION: return true;
    case CURLE_OPERATION_TIMEDOUT:
        curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer_us);
        return pretransfer_us == 0;
    default: return false;
    }
}

static void set_outcome(struct transfer *t, CURLcode result)
{
    struct net_reply *r = &t->reply;
    if (result != CURLE_OK) {
        const char *text = t->text[0] != '\0' ? t->text : curl_easy_strerror(result);
        if (t->too_large || result == CURLE_FILESIZE_EXCEEDED)
            text = "the answer is larger than its limit";
        r->outcome = before_send(t, result) ? NET_BEFORE_SEND : NET_UNKNOWN;
        r->code = err_set_at(&r->err, error_code(t, result), t->where, 0, 0, "%s", text);
    } else if (t->mutating && (r->status == 502 || r->status == 504)) {
        r->outcome = NET_UNKNOWN;
        r->code = err_set_at(&r->err, ERR_UNKNOWN, t->where, 0, 0,
                             "a proxy answered %d: it may have been executed", r->status);
    }
}

static char *origin_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    return curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK ? text : NULL;
}

static bool same_origin(const char *a, const char *b)
{
    static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT};
    CURLU *u = curl_url(), *v = curl_url();
    bool same = u != NULL && v != NULL && curl_url_set(u, CURLUPART_URL, a, 0) == CURLUE_OK &&
                curl_url_set(v, CURLUPART_URL, b, 0) == CURLUE_OK;
    for (size_t i = 0; same && i < sizeof parts / sizeof *parts; i++) {
        char *x = origin_part(u, parts[i]), *y = origin_part(v, parts[i]);
        same = x != NULL && y != NULL && curl_strequal(x, y);
        curl_free(x);
        curl_free(y);
    }
    curl_url_cleanup(u);
    curl_url_cleanup(v);
    return same;
}

/* Start again at the place the server names, when it is a read and the place is its own. */
static bool follow_redirect(struct transfer *t)
{
    char *from = NULL, *to = NULL;
    if (t->mutating || t->n_redirects >= REDIRECT_LIMIT)
        return false;
    curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
    curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &from);
    if (to == NULL || from == NULL || !same_origin(from, to))
        return false;
    t->n_redirects++;
    t->header_bytes = 0;
    str_clear(&t->reply.body);
    return curl_easy_setopt(t->easy, CURLOPT_URL, to) == CURLE_OK &&
           curl_multi_add_handle(t->http->multi, t->easy) == CURLM_OK;
}

static void keep_easy(struct http *h, CURL *easy)
{
    if (h->n_idle == IDLE_EASY_LIMIT) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy); /* options go, the multi handle's connections stay */
    h->idle[h->n_idle++] = easy;
}

static void transfer_free(struct transfer *t)
{
    for (struct curl_slist *l = t->headers; l != NULL; l = l->next)
        explicit_bzero(l->data, strlen(l->data));
    curl_slist_free_all(t->headers);
    if (t->easy != NULL)
        keep_easy(t->http, t->easy);
    net_reply_done(&t->reply);
    str_done(&t->body);
    free(t->where);
    free(t);
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

/* ---- preparing a transfer ---- */

static bool is_loopback(const char *host)
{
    size_t length = strlen(host);
    return curl_strequal(host, "localhost") || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "[::1]") == 0 ||
           (length > 10 && curl_strequal(host + length - 10, ".localhost"));
}

static int check_url(const char *address, bool *ret_loopback, struct err *e)
{
    CURLU *url = curl_url();
    char *scheme = NULL, *host = NULL;
    int code = 0;
    if (url == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    if (address == NULL || curl_url_set(url, CURLUPART_URL, address, 0) != CURLUE_OK ||
        (scheme = origin_part(url, CURLUPART_SCHEME)) == NULL ||
        (host = origin_part(url, CURLUPART_HOST)) == NULL)
        code = err_set(e, ERR_INVALID, "not a URL");
    else if (!curl_strequal(scheme, "http") && !curl_strequal(scheme, "https"))
        code = err_set(e, ERR_INVALID, "a URL is http:// or https://, not %s://", scheme);
    else
        *ret_loopback = is_loopback(host);
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(url);
    return code;
}

static int add_header(struct transfer *t, const char *line)
{
    struct curl_slist *longer = curl_slist_append(t->headers, line);
    if (longer == NULL)
        return ERR_NOMEM;
    t->headers = longer;
    return 0;
}

static int add_headers(struct transfer *t, const struct net_request *r, const char *credential)
{
    int code = add_header(t, "Expect:");
    bool has_type = false;
    for (size_t i = 0; i < r->n_headers && code == 0; i++) {
        struct str line;
        str_init(&line, HEADER_CEILING_BYTES);
        has_type = has_type || curl_strequal(r->headers[i].name, "Content-Type");
        code = str_addf(&line, "%s: %s", r->headers[i].name, r->headers[i].value);
        if (code == 0)
            code = add_header(t, line.data);
        str_done(&line);
    }
    if (code == 0 && !has_type)
        code = add_header(t, "Content-Type:"); /* curl's own guess would be a form's */
    if (code == 0 && credential != NULL)
        code = add_header(t, credential);
    return code;
}

static void set_method(struct transfer *t, const char *method)
{
    if (strcmp(method, "GET") == 0) {
        curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    } else if (strcmp(method, "HEAD") == 0) {
        curl_easy_setopt(t->easy, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, method);
        if (t->body.length > 0 || strcmp(method, "DELETE") != 0) {
            curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.length);
            curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body.data);
        }
    }
}

static void set_access(struct transfer *t, const struct net_access *access)
{
    static const struct net_access none;
    const struct net_access *a = access != NULL ? access : &none;
    int connect_ms = a->connect_timeout_ms > 0 ? a->connect_timeout_ms : t->mutating ? 3000 : 1000;
    int total_ms = a->timeout_ms > 0 ? a->timeout_ms : t->mutating ? 30000 : 3000;
    curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)total_ms);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, a->insecure ? 0L : 1L);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, a->insecure ? 0L : 2L);
    if (a->ca_file != NULL)
        curl_easy_setopt(t->easy, CURLOPT_CAINFO, a->ca_file);
    if (a->cert_file != NULL)
        curl_easy_setopt(t->easy, CURLOPT_SSLCERT, a->cert_file);
    if (a->key_file != NULL)
        curl_easy_setopt(t->easy, CURLOPT_SSLKEY, a->key_file);
}

/* What differs between a write, which must happen at most once, and a read, which is to be cheap. */
static void set_kind(struct transfer *t)
{
    if (t->mutating) {
        /* On a reused connection that dies curl would send again, and so execute twice. */
        curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE, 1L);
    } else {
        /* Not brotli or zstd: their windows alone are larger than our memory limit. */
        curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    }
}

static void set_options(struct transfer *t, const struct net_request *r, bool loopback)
{
    CURL *easy = t->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->text);
    curl_easy_setopt(easy, CURLOPT_URL, r->address);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, t->http->user_agent);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->reply.body.limit);
    if (loopback)
        curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* also not the environment's */
    set_method(t, r->method);
    set_kind(t);
}

static struct transfer *transfer_new(struct http *h, const struct net_request *r)
{
    struct transfer *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->http = h;
    t->mutating = (r->flags & NET_MUTATING) != 0;
    net_reply_init(&t->reply);
    str_init(&t->reply.body, r->ceiling_bytes > 0 ? r->ceiling_bytes : NET_CEILING_DEFAULT);
    str_init(&t->body, r->body.limit);
    struct str where;
    str_init(&where, 0);
    auth_redact_url(&where, r->address);
    t->where = str_take(&where);
    str_done(&where);
    t->easy = h->n_idle > 0 ? h->idle[--h->n_idle] : curl_easy_init();
    if (t->where == NULL || t->easy == NULL ||
        str_add_bytes(&t->body, r->body.data, r->body.length) < 0) {
        transfer_free(t);
        return NULL;
    }
    return t;
}

static int check_request(struct http *h, const struct net_request *r, bool *ret_loopback,
                         struct err *e)
{
    if (r->failed || r->body.failed)
        return err_set(e, ERR_NOMEM, "the request is not complete");
    bool armed = h->options.armed != NULL && h->options.armed(h->options.armed_ctx);
    int code = net_gate(r, armed, e);
    return code < 0 ? code : check_url(r->address, ret_loopback, e);
}

int http_send(struct http *h, const struct net_request *request, const struct net_access *access,
              const char *credential, net_fn *fn, void *ctx, struct loop_id *ret_id, struct err *e)
{
    bool loopback = false;
    int code = check_request(h, request, &loopback, e);
    if (code < 0)
        return code;
    struct transfer *t = transfer_new(h, request);
    if (t == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    t->fn = fn;
    t->ctx = ctx;
    if (add_headers(t, request, credential) < 0 || id_table_add(&h->transfers, t, &t->id) < 0) {
        transfer_free(t);
        return err_set(e, ERR_NOMEM, "out of memory");
    }
    set_options(t, request, loopback);
    set_access(t, access);
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
