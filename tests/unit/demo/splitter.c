/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demo's splitter: its traffic follows the weights, and it speaks the same words as a real
 * HAProxy, which the dialogues are held with as well.
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
#include "dialogue.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/demo/splitter.h"
#include "driftop/demo/splitter_cli.h"
#include "driftop/loop/child.h"

#define HAPROXY "/usr/sbin/haproxy"

struct world {
    struct clock clock;
    struct loop *loop;
    struct splitter splitter;
    struct splitter_socket *server;
    char folder[40], socket[64];
    bool ended;
};

static int set_up(void **state)
{
    static struct world world;

    world = (struct world){.clock = clock_system(), .folder = "/tmp/driftop-splitter-XXXXXX"};
    *state = &world;
    world.loop = loop_new(&world.clock);
    if (world.loop == NULL || mkdtemp(world.folder) == NULL)
        return -1;
    snprintf(world.socket, sizeof world.socket, "%s/admin.sock", world.folder);
    splitter_init(&world.splitter, &world.clock);
    struct splitter_backend *b = splitter_add_backend(&world.splitter, "fraud-score");
    splitter_add_server(b, "v41", 1, 75);
    splitter_add_server(b, "v42", 2, 25);
    b = splitter_add_backend(&world.splitter, "eta-eu");
    splitter_add_server(b, "v7", 3, 100);
    splitter_add_server(b, "v8", 4, 0);
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    splitter_socket_close(w->server);
    loop_free(w->loop);
    return path_remove_tree(w->folder, NULL);
}

static void test_weights_split(void **state)
{
    struct world *w = *state;
    struct splitter_backend *b = splitter_backend(&w->splitter, "fraud-score");
    struct splitter_server *old = splitter_server(b, "v41"), *new = splitter_server(b, "v42");

    for (int i = 0; i < 1000; i++)
        splitter_choose(b);
    assert_int_equal(old->given, 750);
    assert_int_equal(new->given, 250);
    new->weight = 0;
    for (int i = 0; i < 100; i++)
        assert_ptr_equal(splitter_choose(b), old);
    splitter_set_admin(&w->splitter, old, SPLITTER_DRAIN);
    assert_null(splitter_choose(b));
    assert_int_equal(b->unserved, 1);
    assert_int_equal(new->given, 250);
    assert_null(splitter_backend(&w->splitter, "nope"));
    assert_null(splitter_server(b, "nope"));
}

static void test_dialogues(void **state)
{
    struct world *w = *state;

    assert_int_equal(splitter_socket_open(w->loop, w->socket, &w->splitter, &w->server, NULL), 0);
    assert_true(dialogue_run_all(w->loop, w->socket, "demo") >= 9);
}

static void on_end(struct loop *loop, struct loop_id id, struct child_result *result, void *ctx)
{
    (void)loop, (void)id;
    print_error("haproxy ended: %s\n", result->error_output->data);
    ((struct world *)ctx)->ended = true;
}

static bool says_level(struct world *w)
{
    char *answer = dialogue_ask(w->loop, w->socket, "show cli level\n", false);
    bool found = answer && strstr(answer, "admin");

    free(answer);
    return found;
}

static void test_dialogues_with_haproxy(void **state)
{
    struct world *w = *state;
    char path[64], text[1024];

    if (access(HAPROXY, X_OK) < 0) {
        print_message("no %s: the dialogues were not held with it\n", HAPROXY);
        skip();
    }
    snprintf(path, sizeof path, "%s/haproxy.cfg", w->folder);
    int n = snprintf(text, sizeof text,
                     "global\n  stats socket %s mode 600 level admin\n  node demo\n"
                     "defaults\n  mode http\n  timeout connect 1s\n  timeout client 1s\n"
                     "  timeout server 1s\n"
                     "backend fraud-score\n  balance roundrobin\n"
                     "  server v41 127.0.0.1:1 weight 75\n  server v42 127.0.0.1:2 weight 25\n"
                     "backend eta-eu\n  balance roundrobin\n"
                     "  server v7 127.0.0.1:3 weight 100\n  server v8 127.0.0.1:4 weight 0\n",
                     w->socket);
    assert_int_equal(path_write(path, text, (size_t)n, 0600, NULL), 0);
    const char *argv[] = {HAPROXY, "-db", "-q", "-f", path, NULL};
    struct child_options options = {.argv = argv};
    struct loop_id id;
    assert_int_equal(child_run(w->loop, &options, on_end, w, &id, NULL), 0);
    WAIT_FOR(w->loop, w->ended || access(w->socket, F_OK) == 0);
    WAIT_FOR(w->loop, w->ended || says_level(w));
    assert_false(w->ended);
    assert_true(dialogue_run_all(w->loop, w->socket, "HAProxy") >= 9);
}

/* More connections than sessions, none of which says anything more: new ones must still answer. */
static void test_hostile(void **state)
{
    struct world *w = *state;
    struct cli_session session = {0};
    struct str answer;
    char line[20000];

    str_init(&answer, 0);
    memset(line, ';', sizeof line);
    splitter_execute(&w->splitter, &session, line, 200, &answer);
    str_clear(&answer);
    memset(line, 'x', sizeof line);
    splitter_execute(&w->splitter, &session, line, sizeof line, &answer);
    assert_non_null(strstr(answer.data, "Unknown command"));
    str_clear(&answer);
    for (size_t i = 0; i < sizeof line; i += 2)
        line[i] = ' ';
    splitter_execute(&w->splitter, &session, line, sizeof line, &answer);
    str_clear(&answer);
    splitter_execute(&w->splitter, &session, "get weight \\", 12, &answer);
    assert_string_equal(answer.data, "Require 'backend/server'.\n\n");
    str_clear(&answer);
    splitter_execute(&w->splitter, &session, "set weight fraud-score/v41 99999999999999999999%", 48,
                     &answer);
    assert_true(splitter_server(&w->splitter.backends[0], "v41")->weight <= SPLITTER_WEIGHT_MAX);
    str_done(&answer);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_weights_split),
        TEST(test_dialogues),
        TEST(test_dialogues_with_haproxy),
        TEST(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
