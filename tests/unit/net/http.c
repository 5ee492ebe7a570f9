/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP client against servers that behave, and its rules for writes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "world.h"

#define OK_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"

static struct raw_answer say_ok(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    (void)s, (void)n, (void)request, (void)ctx;
    return (struct raw_answer){.bytes = OK_REPLY};
}

static void test_get(void **state)
{
    struct world *w = *state;
    w->script = say_ok;
    struct net_request r = world_request(w, "GET", "/v2/health/ready?x=1");
    net_request_header(&r, "X-One", "1");
    assert_int_equal(world_send(w, &r, NULL), 0);
    assert_int_equal(w->reply.outcome, NET_OK);
    assert_int_equal(w->reply.status, 200);
    assert_string_equal(w->reply.body.data, "ok");
    assert_string_equal(w->reply.content_type, "text/plain");
    assert_int_equal(w->reply.retry_after_s, -1);
    assert_memory_equal(w->seen, "GET /v2/health/ready?x=1 HTTP/1.1\r\n", 35);
    assert_non_null(strstr(w->seen, "\r\nX-One: 1\r\n"));
    assert_non_null(strstr(w->seen, "\r\nUser-Agent: driftop\r\n"));
    assert_null(strstr(w->seen, "Content-Type"));
}

static struct raw_answer say_no(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    (void)s, (void)n, (void)request, (void)ctx;
    return (struct raw_answer){.bytes =
                                   "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 17\r\n"
                                   "ETag: \"a1\"\r\n\r\n"};
}

static void test_status_is_an_answer(void **state)
{
    struct world *w = *state;
    w->script = say_no;
    assert_int_equal(world_ask(w, "GET", "/"), 0);
    assert_int_equal(w->reply.outcome, NET_OK);
    assert_int_equal(w->reply.status, 503);
    assert_int_equal(w->reply.retry_after_s, 17);
    assert_string_equal(w->reply.etag, "\"a1\"");
}

static void test_reads_share_a_connection_writes_do_not(void **state)
{
    struct world *w = *state;
    w->script = say_ok;
    for (int i = 0; i < 5; i++)
        assert_int_equal(world_ask(w, "GET", "/"), 0);
    assert_int_equal(w->server->n_connections, 1);
    assert_int_equal(world_ask(w, "POST", "/"), 0);
    assert_int_equal(world_ask(w, "POST", "/"), 0);
    assert_int_equal(w->server->n_connections, 3);
}

static void test_write_has_its_body_and_no_expect(void **state)
{
    struct world *w = *state;
    w->script = say_ok;
    struct net_request r = world_request(w, "PATCH", "/x");
    net_request_header(&r, "Content-Type", "application/merge-patch+json");
    str_add(&r.body, "{\"a\":1}");
    assert_int_equal(world_send(w, &r, NULL), 0);
    assert_memory_equal(w->seen, "PATCH /x HTTP/1.1\r\n", 19);
    assert_non_null(strstr(w->seen, "\r\nContent-Type: application/merge-patch+json\r\n"));
    assert_non_null(strstr(w->seen, "\r\nContent-Length: 7\r\n"));
    assert_null(strcasestr(w->seen, "Expect"));
    assert_null(strstr(w->seen, "Accept-Encoding"));
    assert_non_null(strstr(w->seen, "\r\n\r\n{\"a\":1}"));
    assert_int_equal(world_ask(w, "DELETE", "/x"), 0);
    assert_null(strstr(w->seen, "Content-Length"));
}

/* The first request is answered and kept alive, the second is read whole and then dropped. */
static struct raw_answer lose_second(struct raw_server *s, unsigned n, const char *request,
                                     void *ctx)
{
    (void)s, (void)request, (void)ctx;
    return n == 1 ? (struct raw_answer){.bytes = OK_REPLY} : (struct raw_answer){.close = true};
}

static void test_lost_reply_is_unknown_and_sent_once(void **state)
{
    struct world *w = *state;
    w->script = lose_second;
    assert_int_equal(world_ask(w, "GET", "/"), 0);
    assert_int_equal(world_ask(w, "POST", "/set"), ERR_IO);
    assert_int_equal(w->reply.outcome, NET_UNKNOWN);
    assert_int_equal(w->server->n_requests, 2); /* not a third: curl did not resend */
}

static struct raw_answer bad_gateway(struct raw_server *s, unsigned n, const char *request,
                                     void *ctx)
{
    (void)s, (void)n, (void)request, (void)ctx;
    return (struct raw_answer){.bytes = "HTTP/1.1 504 Late\r\nContent-Length: 0\r\n\r\n"};
}

static void test_gateway_error_to_a_write_is_unknown(void **state)
{
    struct world *w = *state;
    w->script = bad_gateway;
    assert_int_equal(world_ask(w, "POST", "/set"), ERR_UNKNOWN);
    assert_int_equal(w->reply.outcome, NET_UNKNOWN);
    assert_int_equal(w->reply.status, 504);
    assert_int_equal(world_ask(w, "GET", "/set"), 0);
    assert_int_equal(w->reply.outcome, NET_OK);
}

static struct raw_answer redirect(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    static char here[256];
    (void)n, (void)ctx;
    if (strstr(request, " /end ") != NULL)
        return (struct raw_answer){.bytes = OK_REPLY};
    if (strstr(request, " /here ") != NULL) {
        snprintf(here, sizeof here,
                 "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/end\r\n"
                 "Content-Length: 4\r\n\r\nmore",
                 s->port);
        return (struct raw_answer){.bytes = here};
    }
    if (strstr(request, " /round ") != NULL)
        return (struct raw_answer){
            .bytes = "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n"};
    return (struct raw_answer){
        .bytes =
            "HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n"};
}

static void test_redirects(void **state)
{
    struct world *w = *state;
    w->script = redirect;
    assert_int_equal(world_ask(w, "GET", "/here"), 0);
    assert_int_equal(w->reply.status, 200);
    assert_string_equal(w->reply.body.data, "ok");
    assert_int_equal(world_ask(w, "GET", "/elsewhere"), 0); /* handed back, not followed */
    assert_int_equal(w->reply.status, 302);
    w->server->n_requests = 0;
    assert_int_equal(world_ask(w, "GET", "/round"), 0);
    assert_int_equal(w->reply.status, 302);
    assert_int_equal(w->server->n_requests, 4);
    w->server->n_requests = 0;
    assert_int_equal(world_ask(w, "POST", "/here"), 0);
    assert_int_equal(w->reply.status, 302);
    assert_int_equal(w->server->n_requests, 1);
}

static void test_read_only(void **state)
{
    struct world *w = *state;
    w->script = say_ok;
    w->armed = false;
    assert_int_equal(world_ask(w, "POST", "/set"), ERR_REFUSED);
    assert_int_equal(world_ask(w, "DELETE", "/set"), ERR_REFUSED);
    struct net_request r = world_request(w, "GET", "/set");
    r.flags |= NET_MUTATING;
    assert_int_equal(world_send(w, &r, NULL), ERR_REFUSED);
    r = world_request(w, "POST", "/v2/repository/index");
    r.flags = 0;
    assert_int_equal(world_send(w, &r, NULL), 0);
    assert_int_equal(w->server->n_requests, 1);
    /* A sender that was made for reading only. */
    struct net *reader;
    assert_int_equal(net_new(w->loop, NULL, &reader, NULL), 0);
    r = world_request(w, "PUT", "/set");
    assert_int_equal(net_send(reader, &r, NULL, world_on_reply, w, NULL, NULL), ERR_REFUSED);
    net_request_done(&r);
    net_free(reader);
}

static void test_what_is_no_url(void **state)
{
    struct world *w = *state;
    static const char *const bad[] = {
        "", "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:80", "http://", "http://a b/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct net_request r;
        net_request_init(&r, NET_HTTP);
        net_request_address(&r, "%s", bad[i]);
        assert_int_equal(world_send(w, &r, NULL), ERR_INVALID);
    }
    struct net_request r = world_request(w, "GET", "/");
    net_request_header(&r, "X-Bad", "1\r\nX-Smuggled: 2");
    assert_int_equal(world_send(w, &r, NULL), ERR_NOMEM);
}

static void test_no_proxy_for_loopback(void **state)
{
    struct world *w = *state;
    w->script = say_ok;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    assert_int_equal(world_ask(w, "GET", "/"), 0);
    unsetenv("http_proxy");
}

static void test_credentials(void **state)
{
    struct world *w = *state;
    w->script = redirect; /* a 302 elsewhere, which is not followed: nothing is carried away */
    struct auth_options options = {
        .kind = AUTH_BASIC, .source = AUTH_VALUE, .user = "Aladdin", .secret = "open sesame"};
    struct net_access access = {0};
    assert_int_equal(auth_new(&options, &access.auth, NULL), 0);
    struct net_request r = world_request(w, "GET", "/end");
    assert_int_equal(world_send(w, &r, &access), 0);
    assert_non_null(strstr(w->seen, "\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
    auth_free(access.auth);
}

static void test_credentials_from_a_command(void **state)
{
    struct world *w = *state;
    w->script = say_ok;
    const char *argv[] = {"echo", "t0ken", NULL};
    const char *failing[] = {"false", NULL};
    struct auth_options options = {.kind = AUTH_BEARER, .source = AUTH_COMMAND, .argv = argv};
    struct net_access access = {0};
    assert_int_equal(auth_new(&options, &access.auth, NULL), 0);
    struct net_request r = world_request(w, "POST", "/");
    assert_int_equal(world_send(w, &r, &access), 0);
    assert_non_null(strstr(w->seen, "\r\nAuthorization: Bearer t0ken\r\n"));
    auth_free(access.auth);
    options.argv = failing;
    assert_int_equal(auth_new(&options, &access.auth, NULL), 0);
    r = world_request(w, "POST", "/");
    assert_int_equal(world_send(w, &r, &access), ERR_AUTH);
    assert_int_equal(w->reply.outcome, NET_BEFORE_SEND);
    assert_int_equal(w->server->n_requests, 1);
    auth_free(access.auth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_get),
        TEST(test_status_is_an_answer),
        TEST(test_reads_share_a_connection_writes_do_not),
        TEST(test_write_has_its_body_and_no_expect),
        TEST(test_lost_reply_is_unknown_and_sent_once),
        TEST(test_gateway_error_to_a_write_is_unknown),
        TEST(test_redirects),
        TEST(test_read_only),
        TEST(test_what_is_no_url),
        TEST(test_no_proxy_for_loopback),
        TEST(test_credentials),
        TEST(test_credentials_from_a_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
