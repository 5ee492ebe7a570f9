/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "driftop/store/lease.h"

static void test_take_and_drop(void **state)
{
    struct world *w = *state;
    struct lease *lease, *second;
    struct err e = {0};
    char text[256];
    assert_false(lease_held(w->store, "recorder", text, sizeof text));
    assert_string_equal(text, "");
    assert_int_equal(lease_take(w->store, "recorder", "ann\x1b[2J pid 7", &lease, &e), 0);
    assert_true(lease_held(w->store, "recorder", text, sizeof text));
    assert_non_null(strstr(text, "ann?[2J pid 7 since 20"));
    assert_int_equal(lease_take(w->store, "recorder", "ben", &second, &e), ERR_BUSY);
    assert_null(second);
    assert_non_null(strstr(e.text, "ann"));
    /* Another name is another lease, whatever letters it has. */
    assert_int_equal(lease_take(w->store, "../up/fraud score", "ben", &second, &e), 0);
    assert_true(lease_held(w->store, "../up/fraud score", text, sizeof text));
    lease_drop(second);
    lease_drop(lease);
    assert_false(lease_held(w->store, "recorder", text, sizeof text));
    assert_int_equal(lease_take(w->store, "recorder", "ben", &lease, &e), 0);
    lease_drop(lease);
    lease_drop(NULL);
}

/* What the holder says stands beside who it is, and goes with it. */
static void test_note(void **state)
{
    struct world *w = *state;
    struct lease *lease;
    char text[256];
    assert_int_equal(lease_take(w->store, "recorder", "ann", &lease, NULL), 0);
    assert_false(lease_noted(w->store, "recorder", text, sizeof text));
    assert_int_equal(lease_note(lease, "a longer complaint,\nwith an escape \x1b[2J"), 0);
    assert_int_equal(lease_note(lease, "disk full"), 0);
    assert_true(lease_noted(w->store, "recorder", text, sizeof text));
    assert_string_equal(text, "disk full");
    assert_true(lease_held(w->store, "recorder", text, sizeof text));
    assert_non_null(strstr(text, "ann since"));
    assert_null(strstr(text, "disk"));
    assert_int_equal(lease_note(lease, ""), 0);
    assert_false(lease_noted(w->store, "recorder", text, sizeof text));
    assert_int_equal(lease_note(lease, "disk full"), 0);
    lease_drop(lease);
    assert_false(lease_noted(w->store, "recorder", text, sizeof text));
}

struct holder {
    struct world *w;
    int ready[2];
};

static int hold_until_killed(void *ctx)
{
    struct holder *h = ctx;
    struct lease *lease;
    if (lease_take(h->w->store, "fraud", "ann", &lease, NULL) < 0 ||
        write(h->ready[1], "r", 1) != 1)
        return 1;
    for (;;)
        pause();
}

static void test_killed_holder(void **state)
{
    struct holder h = {.w = *state};
    struct lease *lease;
    char text[256], c;
    assert_int_equal(pipe(h.ready), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(hold_until_killed(&h));
    assert_int_equal(read(h.ready[0], &c, 1), 1);
    assert_true(lease_held(h.w->store, "fraud", text, sizeof text));
    assert_int_equal(lease_take(h.w->store, "fraud", "ben", &lease, NULL), ERR_BUSY);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    assert_false(lease_held(h.w->store, "fraud", text, sizeof text));
    assert_int_equal(lease_take(h.w->store, "fraud", "ben", &lease, NULL), 0);
    lease_drop(lease);
    close(h.ready[0]);
    close(h.ready[1]);
}

static int look_all_the_time(void *ctx)
{
    struct world *w = ctx;
    char text[256];
    for (int i = 0; i < 20000; i++)
        lease_held(w->store, "recorder", text, sizeof text);
    return 0;
}

/* Those who only look never make a taker believe that somebody holds it. */
static void test_lookers(void **state)
{
    struct world *w = *state;
    struct lease *lease;
    struct err e = {0};
    assert_int_equal(lease_take(w->store, "recorder", "ann", &lease, &e), 0);
    lease_drop(lease);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(look_all_the_time(w));
    int status, failures = 0;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (lease_take(w->store, "recorder", "ann", &lease, &e) < 0)
            failures++;
        else
            lease_drop(lease);
    }
    assert_int_equal(failures, 0);
}

static int take_as_nobody(void *ctx)
{
    struct world *w = ctx;
    struct lease *lease;
    struct err e = {0};
    char text[256];
    if (!world_become_nobody())
        return 1;
    if (lease_take(w->store, "new", "nobody", &lease, &e) != ERR_DENIED)
        return 2;
    if (!lease_held(w->store, "recorder", text, sizeof text) || !strstr(text, "ann"))
        return 3;
    return 0;
}

static void test_read_only_folder(void **state)
{
    struct world *w = *state;
    struct lease *lease;
    assert_int_equal(lease_take(w->store, "recorder", "ann", &lease, NULL), 0);
    chmod(w->folder, 0555);
    assert_int_equal(world_in_child(take_as_nobody, w), 0);
    lease_drop(lease);
}

int main(void)
{
#define LEASE_TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        LEASE_TEST(test_take_and_drop),    LEASE_TEST(test_note),
        LEASE_TEST(test_killed_holder),    LEASE_TEST(test_lookers),
        LEASE_TEST(test_read_only_folder),
    };
    return cmocka_run_group_tests_name("store-lease", tests, NULL, NULL);
}
