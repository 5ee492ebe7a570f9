/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The runtime socket's dialogue through net_send(): against a stand-in, and against a real HAProxy
 * where one is installed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../loop/wait.h"
#include "driftop/base/path.h"
#include "driftop/loop/child.h"
#include "driftop/loop/stream_server.h"
#include "driftop/net/send.h"

#define HAPROXY "/usr/sbin/haproxy"

struct world {
    struct clock clock;
    struct loop *loop;
    struct net *net;
    char folder[32], socket[64];
    bool armed;
    unsigned n_lines, n_replies;
    struct net_reply reply;
};

static bool is_armed(void *ctx)
{
    return ((struct world *)ctx)->armed;
}

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){
        .clock = clock_system(), .armed = true, .folder = "/tmp/driftop-haproxy-XXXXXX"};
    net_reply_init(&world.reply);
    world.loop = loop_new(&world.clock);
    *state = &world;
    struct net_options options = {.armed = is_armed, .armed_ctx = &world};
    if (world.loop == NULL || mkdtemp(world.folder) == NULL)
        return -1;
    snprintf(world.socket, sizeof world.socket, "%s/admin.sock", world.folder);
    return net_new(world.loop, &options, &world.net, NULL);
}

static int tear_down(void **state)
{
    struct world *w = *state;
    net_free(w->net);
    loop_free(w->loop);
    net_reply_done(&w->reply);
    return path_remove_tree(w->folder, NULL);
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

static int say(struct world *w, const char *command, unsigned flags)
{
    struct net_request r;
    net_request_init(&r, NET_STREAM);
    net_request_address(&r, "unix:%s", w->socket);
    str_add(&r.body, command);
    r.flags = flags;
    w->n_replies = 0;
    struct net_access access = {.timeout_ms = 500};
    int code = net_send(w->net, &r, &access, on_reply, w, NULL, NULL);
    net_request_done(&r);
    if (code < 0)
        return code;
    WAIT_FOR(w->loop, w->n_replies == 1);
    return w->reply.code;
}

/* One command a connection, an empty line behind its output; "get never" hangs. */
static void on_line(struct loop *loop, struct loop_id connection, const char *line, size_t length,
                    void *ctx)
{
    struct world *w = ctx;
    w->n_lines++;
    if (length == 9 && memcmp(line, "get never", 9) == 0)
        return;
    const char *text = memcmp(line, "get ", 4) == 0 ? "10 (initial 10)\n\n" : "\n";
    stream_server_reply(loop, connection, text, strlen(text));
    stream_server_finish(loop, connection);
}

static void test_stand_in(void **state)
{
    struct world *w = *state;
    struct loop_id id;
    struct stream_server_options options = {.address = w->socket, .on_line = on_line, .ctx = w};
    assert_int_equal(say(w, "get weight be/v2\n", 0), ERR_CONNECT);
    assert_int_equal(w->reply.outcome, NET_BEFORE_SEND);
    assert_int_equal(stream_server_open(w->loop, &options, &id, NULL, NULL), 0);
    assert_int_equal(say(w, "get weight be/v2\n", 0), 0);
    assert_string_equal(w->reply.body.data, "10 (initial 10)\n\n");
    assert_int_equal(w->reply.outcome, NET_OK);
    assert_int_equal(say(w, "get weight be/v2", NET_HALF_CLOSE), 0);
    assert_string_equal(w->reply.body.data, "10 (initial 10)\n\n");
    assert_int_equal(say(w, "set weight be/v2 25\n", NET_MUTATING), 0);
    assert_string_equal(w->reply.body.data, "\n");
    assert_int_equal(say(w, "get never\n", NET_MUTATING), ERR_TIMEOUT);
    assert_int_equal(w->reply.outcome, NET_UNKNOWN);
    assert_int_equal(w->n_lines, 4);
    w->armed = false;
    assert_int_equal(say(w, "set weight be/v2 25\n", NET_MUTATING), ERR_REFUSED);
    assert_int_equal(say(w, "get x;set weight be/v2 25\n", 0), ERR_REFUSED);
    assert_int_equal(w->n_lines, 4);
}

static void on_exit_unexpected(struct loop *loop, struct loop_id id, struct child_result *result,
                               void *ctx)
{
    (void)loop, (void)id, (void)ctx;
    fail_msg("haproxy ended: %s", result->error_output->data);
}

static void start_haproxy(struct world *w)
{
    char path[64];
    struct str text;
    str_init(&text, 0);
    str_addf(&text,
             "global\n  stats socket %s mode 600 level admin\n"
             "defaults\n  mode http\n  timeout connect 1s\n  timeout client 1s\n"
             "  timeout server 1s\n"
             "backend be\n  balance roundrobin\n  server v1 127.0.0.1:1 weight 90\n"
             "  server v2 127.0.0.1:2 weight 10\n",
             w->socket);
    snprintf(path, sizeof path, "%s/haproxy.cfg", w->folder);
    assert_int_equal(path_write(path, text.data, text.length, 0600, NULL), 0);
    str_done(&text);
    const char *argv[] = {HAPROXY, "-db", "-q", "-f", path, NULL};
    struct child_options options = {.argv = argv};
    struct loop_id id;
    assert_int_equal(child_run(w->loop, &options, on_exit_unexpected, w, &id, NULL), 0);
    WAIT_FOR(w->loop, say(w, "show info\n", 0) == 0);
}

static void test_real_haproxy(void **state)
{
    struct world *w = *state;
    if (access(HAPROXY, X_OK) < 0)
        skip();
    start_haproxy(w);
    assert_int_equal(say(w, "get weight be/v2\n", 0), 0);
    assert_string_equal(w->reply.body.data, "10 (initial 10)\n\n");
    assert_int_equal(say(w, "set weight be/v2 25\n", NET_MUTATING), 0);
    assert_string_equal(w->reply.body.data, "\n");
    assert_int_equal(say(w, "get weight be/v2\n", 0), 0);
    assert_string_equal(w->reply.body.data, "25 (initial 10)\n\n");
    assert_int_equal(say(w, "set weight be/v2 300\n", NET_MUTATING), 0);
    assert_non_null(strstr(w->reply.body.data, "between 0 and 256"));
    assert_int_equal(say(w, "show stat be 4 -1\n", 0), 0);
    assert_memory_equal(w->reply.body.data, "# pxname,svname,", 16);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stand_in),
        TEST(test_real_haproxy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
