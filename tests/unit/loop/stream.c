/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dialogues against a server on the same loop, over TCP and unix sockets.
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

#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/loop/address.h"
#include "driftop/loop/stream.h"
#include "driftop/loop/stream_server.h"
#include "wait.h"

struct world {
    struct clock clock;
    struct loop *loop;
    struct loop_id server;
    char folder[32];
    char address[64];
    unsigned n_lines, n_results;
    struct stream_result result; /* of the last dialogue, its body moved here */
    struct str body;
};

/* The server: "echo X" answers X and closes, "hang" says nothing, "flood" answers 300 kB, "stay"
 * answers one line and leaves the connection open, "drop" closes at once. */
static void on_line(struct loop *loop, struct loop_id connection, const char *line, size_t length,
                    void *ctx)
{
    struct world *w = ctx;
    static const char block[100000];
    w->n_lines++;
    if (length > 5 && memcmp(line, "echo ", 5) == 0) {
        stream_server_reply(loop, connection, line + 5, length - 5);
        stream_server_reply(loop, connection, "\n", 1);
        stream_server_finish(loop, connection);
    } else if (length == 5 && memcmp(line, "flood", 5) == 0) {
        for (int i = 0; i < 3; i++)
            stream_server_reply(loop, connection, block, sizeof block);
        stream_server_finish(loop, connection);
    } else if (length == 4 && memcmp(line, "stay", 4) == 0) {
        stream_server_reply(loop, connection, "here\nmore", 9);
    } else if (length == 4 && memcmp(line, "drop", 4) == 0) {
        stream_server_finish(loop, connection);
    }
}

static void open_server(struct world *w, const char *address)
{
    struct stream_server_options options = {
        .address = address, .line_ceiling = 1000, .on_line = on_line, .ctx = w};
    int port;
    assert_int_equal(stream_server_open(w->loop, &options, &w->server, &port, NULL), 0);
    if (port == 0)
        str_copy(w->address, sizeof w->address, address);
    else
        snprintf(w->address, sizeof w->address, "127.0.0.1:%d", port);
}

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){.clock = clock_system(), .folder = "/tmp/driftop-stream-XXXXXX"};
    str_init(&world.body, 0);
    world.loop = loop_new(&world.clock);
    *state = &world;
    if (world.loop == NULL || mkdtemp(world.folder) == NULL)
        return -1;
    open_server(&world, "127.0.0.1:0");
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    loop_free(w->loop);
    str_done(&w->body);
    return path_remove_tree(w->folder, NULL);
}

static void on_result(struct loop *loop, struct loop_id id, struct stream_result *result, void *ctx)
{
    struct world *w = ctx;
    assert_false(loop_has(loop, id));
    w->n_results++;
    w->result = *result;
    str_done(&w->body);
    w->body = *result->body;
    str_init(result->body, 0);
}

static struct loop_id start(struct world *w, struct stream_request request, const char *text)
{
    struct loop_id id;
    struct err e = {0};
    if (request.address == NULL)
        request.address = w->address;
    request.bytes = text;
    request.length = strlen(text);
    w->n_results = 0;
    assert_int_equal(stream_ask(w->loop, &request, on_result, w, &id, &e), 0);
    assert_int_equal(w->n_results, 0);
    return id;
}

static int ask(struct world *w, struct stream_request request, const char *text)
{
    start(w, request, text);
    WAIT_FOR(w->loop, w->n_results == 1);
    return w->result.code;
}

static void test_answer(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, (struct stream_request){0}, "echo hello\n"), 0);
    assert_string_equal(w->body.data, "hello\n");
    assert_true(w->result.sent);
    assert_int_equal(ask(w, (struct stream_request){0}, "drop\r\n"), 0);
    assert_int_equal(w->body.length, 0);
}

static void test_half_close_and_no_line_end(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, (struct stream_request){.half_close = true}, "echo hello"), 0);
    assert_string_equal(w->body.data, "hello\n");
}

static void test_one_line(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, (struct stream_request){.until_line = true}, "stay\n"), 0);
    assert_string_equal(w->body.data, "here\n");
    assert_int_equal(ask(w, (struct stream_request){.until_line = true}, "drop\n"), ERR_PROTOCOL);
}

static void test_unix_socket_and_a_stale_one(void **state)
{
    struct world *w = *state;
    char path[64];
    struct stat st;
    struct address address;
    int fd;
    snprintf(path, sizeof path, "%s/s.sock", w->folder);
    assert_int_equal(address_parse(path, &address, NULL), 0);
    assert_int_equal(address_listen(&address, false, &fd, NULL, NULL), 0);
    close(fd); /* the file stays, as after kill -9 */
    assert_int_equal(stat(path, &st), 0);
    open_server(w, path);
    assert_int_equal(ask(w, (struct stream_request){0}, "echo hello\n"), 0);
    assert_string_equal(w->body.data, "hello\n");
    /* A living one is left alone. */
    assert_int_equal(address_listen(&address, false, &fd, NULL, NULL), ERR_IO);
    loop_cancel(w->loop, w->server);
    assert_int_equal(stat(path, &st), -1);
    assert_int_equal(ask(w, (struct stream_request){0}, "echo hello\n"), ERR_CONNECT);
    assert_false(w->result.sent);
}

static void test_refused(void **state)
{
    struct world *w = *state;
    loop_cancel(w->loop, w->server);
    loop_turn(w->loop, 0);
    assert_int_equal(ask(w, (struct stream_request){0}, "echo hello\n"), ERR_CONNECT);
    assert_false(w->result.sent);
    assert_non_null(strstr(w->result.err.text, "127.0.0.1"));
}

static void test_ceiling(void **state)
{
    struct world *w = *state;
    struct stream_request request = {.ceiling_bytes = 65536};
    assert_int_equal(ask(w, request, "flood\n"), ERR_LIMIT);
    assert_true(w->result.sent);
    assert_true(w->body.length <= 65536);
    request.ceiling_bytes = 300000;
    assert_int_equal(ask(w, request, "flood\n"), 0);
    assert_int_equal(w->body.length, 300000);
}

static void test_timeout_on_the_injected_clock(void **state)
{
    struct world *w = *state;
    w->clock = clock_fake(0, 0);
    start(w, (struct stream_request){.timeout_ms = 500}, "hang\n");
    WAIT_FOR(w->loop, w->n_lines == 1);
    w->clock.fake_mono_ms = 499;
    loop_turn(w->loop, 0);
    assert_int_equal(w->n_results, 0);
    w->clock.fake_mono_ms = 500;
    WAIT_FOR(w->loop, w->n_results == 1);
    assert_int_equal(w->result.code, ERR_TIMEOUT);
    assert_true(w->result.sent);
}

static void test_cancel(void **state)
{
    struct world *w = *state;
    struct loop_id id = start(w, (struct stream_request){0}, "hang\n");
    loop_cancel(w->loop, id); /* before it is connected */
    id = start(w, (struct stream_request){0}, "hang\n");
    WAIT_FOR(w->loop, w->n_lines == 1);
    loop_cancel(w->loop, id);
    assert_int_equal(ask(w, (struct stream_request){0}, "echo x\n"), 0);
    assert_int_equal(w->n_results, 1);
}

static void test_freed_in_flight(void **state)
{
    struct world *w = *state;
    start(w, (struct stream_request){0}, "hang\n");
    start(w, (struct stream_request){.address = "localhost:1"}, "hang\n");
    loop_turn(w->loop, 0);
    /* tear_down frees the loop; the sanitizers would tell of anything left. */
}

static void test_line_too_long_ends_the_connection(void **state)
{
    struct world *w = *state;
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ask(w, (struct stream_request){0}, text);
    assert_int_equal(w->n_lines, 0);
    assert_int_equal(w->body.length, 0);
}

static void test_addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"/run/x", "unix:/run/x", "127.0.0.1:80", "tcp:host:1",
                                       "[::1]:65535"};
    static const char *const bad[] = {
        "", "x", "unix:", ":80", "host:", "host:65536", "host:8a", "::1:80", "host:123456"};
    struct address a;
    struct err e = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(address_parse(good[i], &a, &e), 0);
    assert_string_equal(a.host, "::1");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(address_parse(bad[i], &a, &e), ERR_INVALID);
    char path[200] = "/";
    memset(path + 1, 'x', 150);
    assert_int_equal(address_parse(path, &a, &e), ERR_INVALID);
    int fd;
    assert_int_equal(address_parse("0.0.0.0:0", &a, &e), 0);
    assert_int_equal(address_listen(&a, true, &fd, NULL, &e), ERR_REFUSED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_answer),
        TEST(test_half_close_and_no_line_end),
        TEST(test_one_line),
        TEST(test_unix_socket_and_a_stale_one),
        TEST(test_refused),
        TEST(test_ceiling),
        TEST(test_timeout_on_the_injected_clock),
        TEST(test_cancel),
        TEST(test_freed_in_flight),
        TEST(test_line_too_long_ends_the_connection),
        TEST(test_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
