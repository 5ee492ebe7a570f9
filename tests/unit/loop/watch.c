/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is watched: descriptors, signals, folders, and work on other threads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/loop/fd.h"
#include "driftop/loop/file.h"
#include "driftop/loop/signal.h"
#include "driftop/loop/work.h"
#include "wait.h"

struct world {
    struct clock clock;
    struct loop *loop;
    unsigned n_calls;
    unsigned events; /* of all calls together */
    char folder[32];
};

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){.clock = clock_system(), .folder = "/tmp/driftop-watch-XXXXXX"};
    world.loop = loop_new(&world.clock);
    *state = &world;
    return world.loop == NULL || mkdtemp(world.folder) == NULL;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    loop_free(w->loop);
    return path_remove_tree(w->folder, NULL);
}

static void on_events(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx)
{
    struct world *w = ctx;
    char bytes[16];
    (void)loop, (void)id;
    w->n_calls++;
    w->events |= events;
    if (events & FD_READABLE)
        assert_true(read(fd, bytes, sizeof bytes) >= 0);
}

static void test_descriptor(void **state)
{
    struct world *w = *state;
    int pair[2];
    struct loop_id id;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(fd_watch(w->loop, pair[0], FD_READABLE, on_events, w, &id, NULL), 0);
    assert_int_equal(fcntl(pair[0], F_GETFL) & O_NONBLOCK, 0); /* as it was */
    loop_turn(w->loop, 0);
    assert_int_equal(w->n_calls, 0);
    assert_int_equal(write(pair[1], "x", 1), 1);
    WAIT_FOR(w->loop, w->events == FD_READABLE);
    assert_int_equal(fd_set_events(w->loop, id, FD_WRITABLE), 0);
    WAIT_FOR(w->loop, w->events & FD_WRITABLE);
    assert_int_equal(fd_set_events(w->loop, id, 0), 0);
    w->n_calls = 0;
    assert_int_equal(write(pair[1], "x", 1), 1);
    loop_turn(w->loop, 0);
    assert_int_equal(w->n_calls, 0);
    loop_cancel(w->loop, id);
    assert_int_equal(fd_set_events(w->loop, id, FD_READABLE), ERR_ABSENT);
    close(pair[0]);
    close(pair[1]);
}

static void test_descriptor_closed_and_watched_again_at_once(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 3; i++) {
        int pair[2];
        struct loop_id id;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        assert_int_equal(fd_watch(w->loop, pair[0], FD_READABLE, on_events, w, &id, NULL), 0);
        assert_int_equal(write(pair[1], "x", 1), 1);
        w->n_calls = 0;
        WAIT_FOR(w->loop, w->n_calls == 1);
        loop_cancel(w->loop, id);
        close(pair[0]);
        close(pair[1]);
    }
}

static void test_what_cannot_be_watched(void **state)
{
    struct world *w = *state;
    struct loop_id id;
    struct err e = {0};
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(fd_watch(w->loop, fd, FD_READABLE, on_events, w, &id, &e), ERR_INVALID);
    assert_int_equal(e.code, ERR_INVALID);
    close(fd);
    assert_int_equal(fd_watch(w->loop, fd, FD_READABLE, on_events, w, &id, &e), ERR_INVALID);
}

static void on_signal(struct loop *loop, int number, void *ctx)
{
    struct world *w = ctx;
    (void)loop;
    assert_int_equal(number, SIGUSR1);
    w->n_calls++;
}

static void test_signal(void **state)
{
    struct world *w = *state;
    struct loop_id id;
    struct err e;
    assert_int_equal(signal_watch(w->loop, SIGUSR1, on_signal, w, &id, NULL), 0);
    raise(SIGUSR1);
    WAIT_FOR(w->loop, w->n_calls == 1);
    loop_cancel(w->loop, id);
    assert_int_equal(signal_watch(w->loop, SIGKILL, on_signal, w, &id, &e), ERR_INVALID);
}

static void on_change(struct loop *loop, struct loop_id id, void *ctx)
{
    struct world *w = ctx;
    (void)loop, (void)id;
    w->n_calls++;
}

static void touch(const struct world *w, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", w->folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

static void test_folder_change(void **state)
{
    struct world *w = *state;
    struct loop_id id;
    assert_int_equal(file_watch(w->loop, w->folder, 60000, 0, on_change, w, &id, NULL), 0);
    touch(w, "one");
    touch(w, "two");
    WAIT_FOR(w->loop, w->n_calls > 0);
    assert_int_equal(w->n_calls, 1); /* several events, one call */
    touch(w, "three");
    WAIT_FOR(w->loop, w->n_calls == 2);
}

static void test_folder_that_does_not_exist_is_asked_about(void **state)
{
    struct world *w = *state;
    struct clock fake = clock_fake(0, 0);
    struct loop *loop = loop_new(&fake);
    struct loop_id id;
    assert_int_equal(file_watch(loop, "/nonexistent/x", 1000, 0, on_change, w, &id, NULL), 0);
    for (unsigned i = 1; i <= 3; i++) {
        fake.fake_mono_ms += 1000;
        loop_turn(loop, 0);
        assert_int_equal(w->n_calls, i);
    }
    loop_free(loop);
}

struct sum {
    int from, result;
    bool done, cancelled;
};

static void run_sum(void *argument)
{
    struct sum *s = argument;
    for (int i = s->from; i > 0; i--)
        s->result += i;
}

static void on_sum(struct loop *loop, void *argument, bool cancelled)
{
    struct sum *s = argument;
    (void)loop;
    assert_false(s->done);
    s->done = true;
    s->cancelled = cancelled;
}

static void test_work(void **state)
{
    struct world *w = *state;
    struct sum sum = {.from = 100};
    struct loop_id id;
    assert_int_equal(work_start(w->loop, run_sum, on_sum, &sum, &id), 0);
    WAIT_FOR(w->loop, sum.done);
    assert_false(sum.cancelled);
    assert_int_equal(sum.result, 5050);
}

static void test_work_is_reported_when_the_loop_goes(void **state)
{
    (void)state;
    struct clock clock = clock_system();
    struct loop *loop = loop_new(&clock);
    struct sum sums[16] = {{0}};
    for (size_t i = 0; i < 16; i++) {
        struct loop_id id;
        sums[i].from = 10;
        assert_int_equal(work_start(loop, run_sum, on_sum, &sums[i], &id), 0);
    }
    loop_free(loop);
    for (size_t i = 0; i < 16; i++)
        assert_true(sums[i].done && sums[i].cancelled);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_descriptor),
        TEST(test_descriptor_closed_and_watched_again_at_once),
        TEST(test_what_cannot_be_watched),
        TEST(test_signal),
        TEST(test_folder_change),
        TEST(test_folder_that_does_not_exist_is_asked_about),
        TEST(test_work),
        TEST(test_work_is_reported_when_the_loop_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
