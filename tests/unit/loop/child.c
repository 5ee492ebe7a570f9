/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/loop/child.h"
#include "wait.h"

struct world {
    struct clock clock;
    struct loop *loop;
    bool done;
    struct child_result result;
    char output[4096], error_output[4096];
    char folder[32];
};

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){.clock = clock_system(), .folder = "/tmp/driftop-child-XXXXXX"};
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

static void on_done(struct loop *loop, struct loop_id id, struct child_result *result, void *ctx)
{
    struct world *w = ctx;
    assert_false(loop_has(loop, id));
    assert_false(w->done);
    w->done = true;
    w->result = *result;
    str_copy(w->output, sizeof w->output, result->output->data);
    str_copy(w->error_output, sizeof w->error_output, result->error_output->data);
}

static struct loop_id start(struct world *w, struct child_options options, const char *script)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    struct loop_id id;
    options.argv = argv;
    w->done = false;
    assert_int_equal(child_run(w->loop, &options, on_done, w, &id, NULL), 0);
    return id;
}

static void run(struct world *w, struct child_options options, const char *script)
{
    start(w, options, script);
    WAIT_FOR(w->loop, w->done);
}

static void test_outputs_and_status(void **state)
{
    struct world *w = *state;
    run(w, (struct child_options){0}, "echo out; echo err >&2; exit 7");
    assert_int_equal(w->result.code, 0);
    assert_int_equal(w->result.exit_status, 7);
    assert_string_equal(w->output, "out\n");
    assert_string_equal(w->error_output, "err\n");
}

static void test_input(void **state)
{
    struct world *w = *state;
    run(w, (struct child_options){.input = "abc", .input_length = 3}, "cat; echo .");
    assert_string_equal(w->output, "abc.\n");
    run(w, (struct child_options){0}, "cat; echo .");
    assert_string_equal(w->output, ".\n");
    static char large[1 << 20]; /* a child that does not read it */
    run(w, (struct child_options){.input = large, .input_length = sizeof large}, "exit 0");
    assert_int_equal(w->result.exit_status, 0);
}

static void test_environment_and_folder(void **state)
{
    struct world *w = *state;
    const char *env[] = {"PATH=/usr/bin:/bin", "ONLY=this", NULL};
    run(w, (struct child_options){.env = env, .folder = w->folder}, "echo $ONLY $HOME; pwd");
    char expected[64];
    snprintf(expected, sizeof expected, "this\n%s\n", w->folder);
    assert_string_equal(w->output, expected);
}

static void test_ceiling(void **state)
{
    struct world *w = *state;
    run(w, (struct child_options){.output_ceiling = 100}, "head -c 1000000 /dev/zero | tr '\\0' x");
    assert_true(w->result.truncated);
    assert_int_equal(w->result.exit_status, 0);
    assert_int_equal(strlen(w->output), 100);
}

/* Gone, or a zombie that nobody is there to reap: kill() would not tell that from alive. */
static bool is_dead(pid_t pid)
{
    char path[64], line[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return true;
    bool empty = fgets(line, sizeof line, file) == NULL;
    fclose(file);
    return empty || strstr(line, ") Z") != NULL;
}

static void test_timeout_ends_the_grandchildren_too(void **state)
{
    struct world *w = *state;
    run(w, (struct child_options){.timeout_ms = 50}, "sleep 100 & echo $!; wait");
    assert_int_equal(w->result.code, ERR_TIMEOUT);
    pid_t grandchild = (pid_t)strtol(w->output, NULL, 10);
    assert_true(grandchild > 1);
    WAIT_FOR(w->loop, is_dead(grandchild));
}

static void test_sigterm_ignored(void **state)
{
    struct world *w = *state;
    w->clock = clock_fake(0, 0);
    char script[256], path[64];
    snprintf(path, sizeof path, "%s/ready", w->folder);
    snprintf(script, sizeof script, "trap '' TERM; echo > %s; while :; do sleep 1; done", path);
    start(w, (struct child_options){.timeout_ms = 50, .folder = w->folder}, script);
    WAIT_FOR(w->loop, access(path, F_OK) == 0);
    w->clock.fake_mono_ms = 50;
    loop_turn(w->loop, 0);
    loop_turn(w->loop, 20);
    assert_false(w->done);
    w->clock.fake_mono_ms = 1050;
    loop_turn(w->loop, 0);
    w->clock.fake_mono_ms = 5000;
    WAIT_FOR(w->loop, w->done);
    assert_int_equal(w->result.code, ERR_TIMEOUT);
    assert_int_equal(w->result.signal, SIGKILL);
}

static void test_a_daemon_does_not_hold_the_result(void **state)
{
    struct world *w = *state;
    run(w, (struct child_options){0}, "sleep 3 & echo $!");
    assert_int_equal(w->result.exit_status, 0);
    pid_t daemon_pid = (pid_t)strtol(w->output, NULL, 10);
    assert_true(daemon_pid > 1);
    kill(daemon_pid, SIGKILL);
}

static void test_cannot_start(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    struct loop_id id;
    const char *absent[] = {"/nonexistent/program", NULL};
    const char *denied[] = {"/etc/passwd", NULL};
    struct child_options options = {.argv = absent};
    assert_int_equal(child_run(w->loop, &options, on_done, w, &id, &e), ERR_ABSENT);
    assert_non_null(strstr(e.text, "/nonexistent/program"));
    options.argv = denied;
    assert_int_equal(child_run(w->loop, &options, on_done, w, &id, &e), ERR_DENIED);
}

static void test_descriptors_are_not_inherited(void **state)
{
    struct world *w = *state;
    int fd = open("/dev/null", O_RDONLY); /* on purpose without O_CLOEXEC */
    char script[64];
    snprintf(script, sizeof script, "test -e /proc/$$/fd/%d && echo leaked", fd);
    run(w, (struct child_options){0}, script);
    assert_string_equal(w->output, "");
    close(fd);
}

static void test_cancel_kills(void **state)
{
    struct world *w = *state;
    char script[128], path[64];
    struct str pid;
    str_init(&pid, 64);
    snprintf(path, sizeof path, "%s/pid", w->folder);
    snprintf(script, sizeof script, "trap '' TERM; echo $$ > %s; sleep 100", path);
    struct loop_id id = start(w, (struct child_options){0}, script);
    WAIT_FOR(w->loop, (str_clear(&pid), path_read(path, &pid, NULL) == 0) && pid.length > 1);
    loop_cancel(w->loop, id);
    WAIT_FOR(w->loop, is_dead((pid_t)strtol(pid.data, NULL, 10)));
    assert_false(w->done);
    str_done(&pid);
}

static void test_freed_in_flight(void **state)
{
    struct world *w = *state;
    start(w, (struct child_options){0}, "sleep 100");
    start(w, (struct child_options){.timeout_ms = 1000}, "sleep 100");
}

static void test_detached_outlives_the_loop(void **state)
{
    struct world *w = *state;
    struct loop *loop = loop_new(&w->clock);
    char log[64], text[64];
    int pid = 0;
    snprintf(log, sizeof log, "%s/log", w->folder);
    const char *argv[] = {"sh", "-c", "echo started; ps -o sid= -p $$ >&2; sleep 100", NULL};
    assert_int_equal(child_detach(loop, argv, NULL, log, &pid, NULL), 0);
    assert_false(loop_turn(loop, 0)); /* it does not keep the loop */
    struct str content;
    str_init(&content, 4096);
    WAIT_FOR(w->loop, (str_clear(&content), path_read(log, &content, NULL) == 0) &&
                          content.length > strlen("started\n") &&
                          content.data[content.length - 1] == '\n');
    loop_free(loop);
    assert_int_equal(kill(pid, 0), 0);
    assert_memory_equal(content.data, "started\n", 8);
    snprintf(text, sizeof text, "%d\n", pid); /* leads a session of its own */
    assert_string_equal(content.data + 8 + strspn(content.data + 8, " "), text);
    struct stat st;
    assert_int_equal(stat(log, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    str_done(&content);
    kill(-pid, SIGKILL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_outputs_and_status),
        TEST(test_input),
        TEST(test_environment_and_folder),
        TEST(test_ceiling),
        TEST(test_timeout_ends_the_grandchildren_too),
        TEST(test_sigterm_ignored),
        TEST(test_a_daemon_does_not_hold_the_result),
        TEST(test_cannot_start),
        TEST(test_descriptors_are_not_inherited),
        TEST(test_cancel_kills),
        TEST(test_freed_in_flight),
        TEST(test_detached_outlives_the_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
