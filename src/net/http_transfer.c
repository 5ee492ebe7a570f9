/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One transfer as libcurl wants it: its URL checked, its headers and options set, its receiving
 * functions bounded.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/net/auth.h"
#include "driftop/net/gate.h"
#include "http_private.h"

#define HEADER_CEILING_BYTES ((size_t)64 << 10)

/* ---- URLs ---- */

static char *origin_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    return curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK ? text : NULL;
}

bool url_same_origin(const char *a, const char *b)
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

/* ---- receiving ---- */

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

/* ---- preparing ---- */

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

static void keep_easy(struct http *h, CURL *easy)
{
    if (h->n_idle == IDLE_EASY_LIMIT) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy); /* options go, the multi handle's connections stay */
    h->idle[h->n_idle++] = easy;
}

void transfer_free(struct transfer *t)
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

static struct transfer *transfer_allocate(struct http *h, const struct net_request *r)
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

int transfer_new(struct http *h, const struct net_request *request, const struct net_access *access,
                 const char *credential, struct transfer **ret, struct err *e)
{
    bool loopback = false;
    int code = check_request(h, request, &loopback, e);
    if (code < 0)
        return code;
    struct transfer *t = transfer_allocate(h, request);
    if (t == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    if (add_headers(t, request, credential) < 0) {
        transfer_free(t);
        return err_set(e, ERR_NOMEM, "out of memory");
    }
    set_options(t, request, loopback);
    set_access(t, access);
    *ret = t;
    return 0;
}
