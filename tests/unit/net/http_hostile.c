/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP client against servers that fail, lie or flood, and against being stopped midway.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "world.h"

#define OK_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define MIB      ((size_t)1 << 20)

static struct raw_answer say_ok(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    (void)s, (void)n, (void)request, (void)ctx;
    return (struct raw_answer){.bytes = OK_REPLY};
}

static struct raw_answer hang(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    (void)s, (void)n, (void)request, (void)ctx;
    return (struct raw_answer){0};
}

static void test_refused(void **state)
{
    struct world *w = *state;
    struct net_request r;
    net_request_init(&r, NET_HTTP);
    net_request_method(&r, "POST");
    r.flags = NET_MUTATING;
    /* A port that was just free again. */
    struct raw_server *gone = raw_server_new(w->loop, say_ok, NULL);
    net_request_address(&r, "http://u:secret@127.0.0.1:%d/x?token=secret", gone->port);
    raw_server_free(gone);
    assert_int_equal(world_send(w, &r, NULL), ERR_CONNECT);
    assert_int_equal(w->reply.outcome, NET_BEFORE_SEND);
    assert_int_equal(w->reply.status, 0);
    char text[1024];
    err_format(&w->reply.err, text, sizeof text);
    assert_null(strstr(text, "secret"));
    assert_non_null(strstr(text, "127.0.0.1"));
}

static void test_hang_is_a_timeout(void **state)
{
    struct world *w = *state;
    w->script = hang;
    struct net_access access = {.timeout_ms = 100};
    struct net_request r = world_request(w, "GET", "/");
    assert_int_equal(world_send(w, &r, &access), ERR_TIMEOUT);
    assert_int_equal(w->reply.outcome, NET_UNKNOWN);
    assert_in_range(w->reply.latency_ms, 90, 5000);
    r = world_request(w, "POST", "/");
    assert_int_equal(world_send(w, &r, &access), ERR_TIMEOUT);
    assert_int_equal(w->reply.outcome, NET_UNKNOWN);
    assert_int_equal(w->server->n_requests, 2);
}

static struct raw_answer half_body(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    (void)s, (void)n, (void)request, (void)ctx;
    return (struct raw_answer){.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                               .close = true};
}

static void test_half_a_body(void **state)
{
    struct world *w = *state;
    w->script = half_body;
    assert_int_equal(world_ask(w, "GET", "/"), ERR_IO);
    assert_int_equal(w->reply.outcome, NET_UNKNOWN);
    assert_int_equal(w->reply.status, 200);
    assert_int_equal(world_ask(w, "PUT", "/"), ERR_IO);
    assert_int_equal(w->reply.outcome, NET_UNKNOWN);
    assert_int_equal(w->server->n_requests, 2);
}

static struct raw_answer garbage(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    (void)s, (void)request, (void)ctx;
    static const char *const texts[] = {"\x1b[2J\x01\x02 not http\r\n\r\n", "HTTP/9.9 abc\r\n\r\n",
                                        "HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n",
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz"};
    return (struct raw_answer){.bytes = texts[(n - 1) % 4], .close = true};
}

static void test_garbage(void **state)
{
    struct world *w = *state;
    w->script = garbage;
    for (int i = 0; i < 4; i++) {
        int code = world_ask(w, "GET", "/");
        assert_true(code == ERR_PROTOCOL || code == ERR_IO);
        assert_null(strchr(w->reply.err.text, '\x1b'));
    }
    w->script = say_ok;
    assert_int_equal(world_ask(w, "GET", "/"), 0);
}

static struct raw_answer flood(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    (void)s, (void)n, (void)ctx;
    if (strstr(request, "/announced") != NULL)
        return (struct raw_answer){.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
                                   .flood_bytes = 100 * MIB,
                                   .close = true};
    return (struct raw_answer){
        .bytes = "HTTP/1.1 200 OK\r\n\r\n", .flood_bytes = 100 * MIB, .close = true};
}

static size_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    char line[128], *at;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    strtoul(line, &at, 10); /* the whole size comes first */
    unsigned long resident = strtoul(at, NULL, 10);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static void test_flood_stops_at_the_ceiling(void **state)
{
    struct world *w = *state;
    w->script = flood;
    size_t before = resident_bytes();
    struct net_request r = world_request(w, "GET", "/");
    r.ceiling_bytes = 2 * MIB;
    assert_int_equal(world_send(w, &r, NULL), ERR_LIMIT);
    assert_true(w->reply.body.length <= 2 * MIB);
    assert_true(w->server->n_sent_bytes < 50 * MIB); /* cut off, not read to its end */
    r = world_request(w, "GET", "/announced");
    r.ceiling_bytes = 2 * MIB;
    assert_int_equal(world_send(w, &r, NULL), ERR_LIMIT);
    assert_int_equal(w->reply.body.length, 0);
    assert_true(resident_bytes() < before + 6 * MIB);
}

/* 64 KiB of zeros, compressed. */
static const unsigned char zeros_gzip[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x01, 0x01, 0x00, 0x00,
    0x00, 0x80, 0x90, 0xfe, 0xaf, 0xee, 0x08, 0x0a, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x6a, 0xeb, 0x8e, 0x97, 0xd7, 0x00, 0x00, 0x01, 0x00,
};

static struct raw_answer compressed(struct raw_server *s, unsigned n, const char *request,
                                    void *ctx)
{
    static char text[512];
    (void)s, (void)n, (void)ctx;
    assert_non_null(strstr(request, "Accept-Encoding: gzip"));
    int head = snprintf(text, sizeof text,
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
                        sizeof zeros_gzip);
    memcpy(text + head, zeros_gzip, sizeof zeros_gzip);
    return (struct raw_answer){.bytes = text, .length = (size_t)head + sizeof zeros_gzip};
}

static void test_ceiling_counts_decoded_bytes(void **state)
{
    struct world *w = *state;
    w->script = compressed;
    assert_int_equal(world_ask(w, "GET", "/"), 0);
    assert_int_equal(w->reply.body.length, 65536);
    struct net_request r = world_request(w, "GET", "/");
    r.ceiling_bytes = 10000;
    assert_int_equal(world_send(w, &r, NULL), ERR_LIMIT);
}

static struct raw_answer many_headers(struct raw_server *s, unsigned n, const char *request,
                                      void *ctx)
{
    static char text[120000];
    (void)s, (void)n, (void)request, (void)ctx;
    size_t length = (size_t)snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\n");
    while (length < sizeof text - 100)
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "X-%zu: %060d\r\n", length, 0);
    return (struct raw_answer){.bytes = text, .length = length};
}

static void test_headers_without_end(void **state)
{
    struct world *w = *state;
    w->script = many_headers;
    assert_int_equal(world_ask(w, "GET", "/"), ERR_LIMIT);
}

static void test_dead_connection_costs_a_read_nothing(void **state)
{
    struct world *w = *state;
    w->script = say_ok;
    assert_int_equal(world_ask(w, "GET", "/"), 0);
    raw_server_free(w->server); /* takes the idle connection with it */
    w->server = raw_server_new(w->loop, world_answer, w);
    assert_int_equal(world_ask(w, "GET", "/"), 0);
}

static void test_cancel_in_flight(void **state)
{
    struct world *w = *state;
    w->script = hang;
    struct loop_id ids[8];
    for (size_t i = 0; i < 8; i++) {
        struct net_request r = world_request(w, i % 2 != 0 ? "GET" : "POST", "/");
        assert_int_equal(net_send(w->net, &r, NULL, world_on_reply, w, &ids[i], NULL), 0);
        net_request_done(&r);
    }
    net_cancel(w->net, ids[0]);                    /* before anything has happened */
    WAIT_FOR(w->loop, w->server->n_requests == 4); /* as many as one host may have */
    for (size_t i = 0; i < 8; i++)
        net_cancel(w->net, ids[i]);
    assert_int_equal(net_in_flight(w->net), 0);
    w->script = say_ok;
    assert_int_equal(world_ask(w, "GET", "/"), 0);
    assert_int_equal(w->n_replies, 1);
}

static void on_reply_cancel_others(struct loop_id id, struct net_reply *reply, void *ctx)
{
    struct world *w = ctx;
    (void)reply;
    w->n_replies++;
    for (uint32_t i = 0; i < 4; i++)
        if (i != id.index)
            net_cancel(w->net, (struct loop_id){i, 1});
}

static void test_cancel_inside_a_callback(void **state)
{
    struct world *w = *state;
    w->script = say_ok;
    for (int i = 0; i < 4; i++) {
        struct net_request r = world_request(w, "GET", "/");
        assert_int_equal(net_send(w->net, &r, NULL, on_reply_cancel_others, w, NULL, NULL), 0);
        net_request_done(&r);
    }
    WAIT_FOR(w->loop, net_in_flight(w->net) == 0);
    assert_int_equal(w->n_replies, 1);
}

static void test_freed_in_flight(void **state)
{
    struct world *w = *state;
    w->script = hang;
    const char *argv[] = {"sleep", "100", NULL};
    struct auth_options options = {.kind = AUTH_BEARER, .source = AUTH_COMMAND, .argv = argv};
    struct net_access access = {0};
    assert_int_equal(auth_new(&options, &access.auth, NULL), 0);
    for (int i = 0; i < 4; i++) {
        struct net_request r = world_request(w, "GET", "/");
        assert_int_equal(
            net_send(w->net, &r, i == 3 ? &access : NULL, world_on_reply, w, NULL, NULL), 0);
        net_request_done(&r);
    }
    WAIT_FOR(w->loop, w->server->n_requests == 3);
    net_free(w->net);
    auth_free(access.auth);
    w->net = NULL;
    assert_int_equal(w->n_replies, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_refused),
        TEST(test_hang_is_a_timeout),
        TEST(test_half_a_body),
        TEST(test_garbage),
        TEST(test_flood_stops_at_the_ceiling),
        TEST(test_ceiling_counts_decoded_bytes),
        TEST(test_headers_without_end),
        TEST(test_dead_connection_costs_a_read_nothing),
        TEST(test_cancel_in_flight),
        TEST(test_cancel_inside_a_callback),
        TEST(test_freed_in_flight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
