/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP server, asked by our own client on the same loop.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../loop/wait.h"
#include "driftop/loop/stream.h"
#include "driftop/net/listen.h"
#include "driftop/net/send.h"

#define PARKED 8

struct world {
    struct clock clock;
    struct loop *loop;
    struct net *net;
    struct listener *listener;
    struct loop_id parked[PARKED];
    unsigned n_parked, n_handled, n_replies;
    struct net_reply reply;
};

static bool always(void *ctx)
{
    (void)ctx;
    return true;
}

/* "/echo" answers what it got, "/later" is parked, "/abort" breaks off. */
static void handle(struct listener *l, struct loop_id exchange,
                   const struct listen_request *request, void *ctx)
{
    struct world *w = ctx;
    char text[512];
    w->n_handled++;
    if (strcmp(request->path, "/later") == 0) {
        assert_true(w->n_parked < PARKED);
        w->parked[w->n_parked++] = exchange;
    } else if (strcmp(request->path, "/abort") == 0) {
        listen_abort(l, exchange);
    } else {
        const char *header = listen_header(request, "x-one"), *query = listen_query(request, "q");
        snprintf(text, sizeof text, "%s %s %s %s %zu:%.*s", request->method, request->path,
                 header != NULL ? header : "-", query != NULL ? query : "-", request->body_length,
                 request->body_length < 100 ? (int)request->body_length : 0, request->body);
        struct listen_answer answer = {.status = 201,
                                       .content_type = "text/plain",
                                       .body = text,
                                       .body_length = strlen(text),
                                       .header_name = "ETag",
                                       .header_value = "\"7\""};
        assert_int_equal(listen_reply(l, exchange, &answer), 0);
        assert_int_equal(listen_reply(l, exchange, &answer), ERR_ABSENT); /* once only */
    }
}

static int open_listener(struct world *w, const char *address, struct err *e)
{
    struct listen_options options = {
        .address = address, .body_ceiling = 100000, .handler = handle, .ctx = w};
    return listen_open(w->loop, &options, &w->listener, e);
}

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){.clock = clock_system()};
    net_reply_init(&world.reply);
    world.loop = loop_new(&world.clock);
    *state = &world;
    struct net_options options = {.armed = always, .per_host_limit = PARKED};
    if (world.loop == NULL || net_new(world.loop, &options, &world.net, NULL) < 0)
        return -1;
    return open_listener(&world, "127.0.0.1:0", NULL);
}

static int tear_down(void **state)
{
    struct world *w = *state;
    net_free(w->net);
    listen_close(w->listener);
    loop_free(w->loop);
    net_reply_done(&w->reply);
    return 0;
}

static void on_reply(struct loop_id id, struct net_reply *reply, void *ctx)
{
    struct world *w = ctx;
    (void)id;
    w->n_replies++;
    net_reply_done(&w->reply);
    w->reply = *reply;
    str_init(&reply->body, 0);
}

static struct loop_id start(struct world *w, const char *method, const char *path, const char *body)
{
    struct net_request r;
    struct loop_id id;
    net_request_init(&r, NET_HTTP);
    net_request_method(&r, method);
    net_request_address(&r, "http://127.0.0.1:%d%s", listen_port(w->listener), path);
    net_request_header(&r, "X-One", "1");
    str_add(&r.body, body);
    if (strcmp(method, "GET") != 0)
        r.flags = NET_MUTATING;
    assert_int_equal(net_send(w->net, &r, NULL, on_reply, w, &id, NULL), 0);
    net_request_done(&r);
    return id;
}

static int ask(struct world *w, const char *method, const char *path, const char *body)
{
    w->n_replies = 0;
    start(w, method, path, body);
    WAIT_FOR(w->loop, w->n_replies == 1);
    return w->reply.code;
}

static void test_request_and_answer(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, "GET", "/a%20b?q=x%26y", ""), 0);
    assert_int_equal(w->reply.status, 201);
    assert_string_equal(w->reply.content_type, "text/plain");
    assert_string_equal(w->reply.etag, "\"7\"");
    assert_string_equal(w->reply.body.data, "GET /a b 1 x&y 0:");
    assert_int_equal(ask(w, "POST", "/echo", "{\"a\":1}"), 0);
    assert_string_equal(w->reply.body.data, "POST /echo 1 - 7:{\"a\":1}");
}

static void test_body_ceiling(void **state)
{
    struct world *w = *state;
    struct str body;
    str_init(&body, 0);
    for (size_t i = 0; i < 100000; i++)
        str_add_char(&body, 'x');
    assert_int_equal(ask(w, "POST", "/echo", body.data), 0);
    assert_int_equal(w->reply.status, 201);
    assert_non_null(strstr(w->reply.body.data, " 100000:"));
    str_add_char(&body, 'x');
    ask(w, "POST", "/echo", body.data);
    assert_int_equal(w->reply.status, 413);
    assert_int_equal(w->n_handled, 1);
    str_done(&body);
}

static void on_stream_end(struct loop *loop, struct loop_id id, struct stream_result *result,
                          void *ctx)
{
    (void)loop, (void)id;
    *(int *)ctx = result->code == 0 ? (int)result->body->length : result->code;
}

static void test_unannounced_body_meets_the_ceiling_too(void **state)
{
    struct world *w = *state;
    char address[32];
    int ended = INT32_MIN;
    struct str text;
    snprintf(address, sizeof address, "127.0.0.1:%d", listen_port(w->listener));
    str_init(&text, 0);
    str_add(&text, "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 64; i++)
        str_addf(&text, "1000\r\n%04096d\r\n", 0);
    str_add(&text, "0\r\n\r\n");
    struct stream_request request = {.address = address, .bytes = text.data, .length = text.length};
    struct loop_id id;
    assert_int_equal(stream_ask(w->loop, &request, on_stream_end, &ended, &id, NULL), 0);
    WAIT_FOR(w->loop, ended != INT32_MIN);
    assert_int_equal(w->n_handled, 0);
    assert_true(ended > 0); /* the 413, and the connection closed */
    str_done(&text);
}

static void test_delayed_answers_in_any_order(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 3; i++)
        start(w, "GET", "/later", "");
    WAIT_FOR(w->loop, w->n_parked == 3);
    assert_int_equal(w->n_replies, 0);
    for (unsigned i = 3; i > 0; i--) {
        struct listen_answer answer = {.body = "abc", .body_length = i};
        assert_int_equal(listen_reply(w->listener, w->parked[i - 1], &answer), 0);
        assert_int_equal(listen_reply(w->listener, w->parked[i - 1], &answer), ERR_ABSENT);
        WAIT_FOR(w->loop, w->n_replies == 4 - i);
        assert_int_equal(w->reply.status, 200);
        assert_int_equal(w->reply.body.length, i);
    }
}

static void test_abort(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, "POST", "/abort", ""), ERR_IO);
    assert_int_equal(w->reply.outcome, NET_UNKNOWN);
    w->n_replies = 0;
    start(w, "POST", "/later", "");
    WAIT_FOR(w->loop, w->n_parked == 1);
    listen_abort(w->listener, w->parked[0]);
    WAIT_FOR(w->loop, w->n_replies == 1);
    assert_int_equal(w->reply.code, ERR_IO);
}

static void test_client_leaves_while_parked(void **state)
{
    struct world *w = *state;
    struct loop_id id = start(w, "GET", "/later", "");
    WAIT_FOR(w->loop, w->n_parked == 1);
    net_cancel(w->net, id);
    loop_turn(w->loop, 0);
    struct listen_answer answer = {0};
    listen_reply(w->listener, w->parked[0], &answer);
    assert_int_equal(ask(w, "GET", "/echo", ""), 0);
    assert_int_equal(listen_reply(w->listener, w->parked[0], &answer), ERR_ABSENT);
}

static void test_closed_while_parked(void **state)
{
    struct world *w = *state;
    start(w, "GET", "/later", "");
    WAIT_FOR(w->loop, w->n_parked == 1);
    listen_close(w->listener);
    w->listener = NULL;
    WAIT_FOR(w->loop, w->n_replies == 1);
    assert_int_equal(w->reply.code, ERR_IO);
}

static void test_addresses(void **state)
{
    struct world *w = *state;
    struct listener *first = w->listener;
    char text[64];
    struct err e = {0};
    snprintf(text, sizeof text, "127.0.0.1:%d", listen_port(first));
    assert_true(listen_port(first) > 0);
    assert_int_equal(open_listener(w, text, &e), ERR_IO);
    assert_int_equal(open_listener(w, "0.0.0.0:0", &e), ERR_REFUSED);
    assert_int_equal(open_listener(w, "nonsense", &e), ERR_INVALID);
    w->listener = first;
}

static void test_unix_socket(void **state)
{
    struct world *w = *state;
    struct listener *first = w->listener;
    char folder[] = "/tmp/driftop-listen-XXXXXX", path[64];
    struct stat st;
    int ended = INT32_MIN;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/s", folder);
    assert_int_equal(open_listener(w, path, NULL), 0);
    assert_int_equal(listen_port(w->listener), 0);
    static const char text[] = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    struct stream_request request = {.address = path, .bytes = text, .length = sizeof text - 1};
    struct loop_id id;
    assert_int_equal(stream_ask(w->loop, &request, on_stream_end, &ended, &id, NULL), 0);
    WAIT_FOR(w->loop, ended != INT32_MIN);
    assert_true(ended > 0);
    listen_close(w->listener);
    assert_int_equal(stat(path, &st), -1);
    w->listener = first;
    rmdir(folder);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_request_and_answer),
        TEST(test_body_ceiling),
        TEST(test_unannounced_body_meets_the_ceiling_too),
        TEST(test_delayed_answers_in_any_order),
        TEST(test_abort),
        TEST(test_client_leaves_while_parked),
        TEST(test_closed_while_parked),
        TEST(test_addresses),
        TEST(test_unix_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
