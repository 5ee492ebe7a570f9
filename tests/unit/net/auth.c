/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../loop/wait.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/net/auth.h"

struct world {
    struct clock clock;
    struct loop *loop;
    char folder[32];
    unsigned n_calls;
    int code;
    char header[256], error[512];
};

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){.clock = clock_system(), .folder = "/tmp/driftop-auth-XXXXXX"};
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

static void on_answer(int code, const char *header, const struct err *e, void *ctx)
{
    struct world *w = ctx;
    w->n_calls++;
    w->code = code;
    str_copy(w->header, sizeof w->header, header != NULL ? header : "");
    str_copy(w->error, sizeof w->error, e->text);
    assert_true(code == 0 || header == NULL);
}

static struct auth *make(struct auth_options options)
{
    struct auth *a = NULL;
    assert_int_equal(auth_new(&options, &a, NULL), 0);
    return a;
}

static int resolve(struct world *w, struct auth *a)
{
    w->n_calls = 0;
    auth_resolve(a, w->loop, on_answer, w, NULL);
    WAIT_FOR(w->loop, w->n_calls == 1);
    return w->code;
}

static void test_kinds(void **state)
{
    struct world *w = *state;
    struct auth *a = make((struct auth_options){.kind = AUTH_NONE});
    assert_int_equal(resolve(w, a), 0);
    assert_string_equal(w->header, "");
    auth_free(a);
    a = make((struct auth_options){.kind = AUTH_BEARER, .secret = "abc\n"});
    assert_int_equal(resolve(w, a), 0);
    assert_string_equal(w->header, "Authorization: Bearer abc");
    auth_free(a);
    a = make((struct auth_options){.kind = AUTH_HEADER, .header_name = "X-Key", .secret = "abc"});
    assert_int_equal(resolve(w, a), 0);
    assert_string_equal(w->header, "X-Key: abc");
    auth_free(a);
}

static void test_base64_padding(void **state)
{
    struct world *w = *state;
    static const char *const pairs[][3] = {
        {"a", "b", "YTpi"}, {"a", "bc", "YTpiYw=="}, {"a", "bcd", "YTpiY2Q="}};
    for (size_t i = 0; i < 3; i++) {
        struct auth *a = make(
            (struct auth_options){.kind = AUTH_BASIC, .user = pairs[i][0], .secret = pairs[i][1]});
        assert_int_equal(resolve(w, a), 0);
        assert_string_equal(w->header + strlen("Authorization: Basic "), pairs[i][2]);
        auth_free(a);
    }
}

static void test_file_is_read_again(void **state)
{
    struct world *w = *state;
    char path[64];
    snprintf(path, sizeof path, "%s/token", w->folder);
    struct auth *a =
        make((struct auth_options){.kind = AUTH_BEARER, .source = AUTH_FILE, .secret = path});
    assert_true(resolve(w, a) < 0);
    assert_int_equal(path_write(path, "one\n", 4, 0600, NULL), 0);
    w->clock = clock_fake(0, 1000);
    assert_int_equal(resolve(w, a), 0);
    assert_string_equal(w->header, "Authorization: Bearer one");
    assert_int_equal(path_write(path, "two\n", 4, 0600, NULL), 0);
    assert_int_equal(resolve(w, a), 0);
    assert_string_equal(w->header, "Authorization: Bearer one"); /* still kept */
    auth_forget(a);
    assert_int_equal(resolve(w, a), 0);
    assert_string_equal(w->header, "Authorization: Bearer two");
    assert_int_equal(path_write(path, "three\n", 6, 0600, NULL), 0);
    w->clock.fake_mono_ms += 60000;
    assert_int_equal(resolve(w, a), 0);
    assert_string_equal(w->header, "Authorization: Bearer three");
    assert_int_equal(chmod(path, 0644), 0);
    auth_forget(a);
    assert_int_equal(resolve(w, a), ERR_DENIED);
    auth_free(a);
}

static void test_environment(void **state)
{
    struct world *w = *state;
    struct auth *a =
        make((struct auth_options){.kind = AUTH_BEARER, .source = AUTH_ENV, .secret = "DRIFTOP_T"});
    assert_int_equal(resolve(w, a), ERR_AUTH);
    setenv("DRIFTOP_T", "hush\x01hush", 1);
    assert_int_equal(resolve(w, a), ERR_AUTH);
    assert_null(strstr(w->error, "hush"));
    setenv("DRIFTOP_T", "secret", 1);
    assert_int_equal(resolve(w, a), 0);
    unsetenv("DRIFTOP_T");
    auth_free(a);
}

static void test_command_runs_once_for_all_who_wait(void **state)
{
    struct world *w = *state;
    char script[128];
    snprintf(script, sizeof script, "echo x >> %s/runs; echo abc", w->folder);
    const char *argv[] = {"sh", "-c", script, NULL};
    struct auth *a =
        make((struct auth_options){.kind = AUTH_BEARER, .source = AUTH_COMMAND, .argv = argv});
    struct loop_id ids[3];
    for (size_t i = 0; i < 3; i++)
        auth_resolve(a, w->loop, on_answer, w, &ids[i]);
    auth_cancel(a, ids[1]);
    WAIT_FOR(w->loop, w->n_calls == 2);
    assert_string_equal(w->header, "Authorization: Bearer abc");
    assert_int_equal(resolve(w, a), 0); /* known now */
    char path[64];
    struct str runs;
    snprintf(path, sizeof path, "%s/runs", w->folder);
    str_init(&runs, 64);
    assert_int_equal(path_read(path, &runs, NULL), 0);
    assert_string_equal(runs.data, "x\n");
    str_done(&runs);
    auth_free(a);
}

static void test_command_that_fails(void **state)
{
    struct world *w = *state;
    const char *failing[] = {"sh", "-c", "echo secret; exit 1", NULL};
    const char *absent[] = {"/nonexistent/helper", NULL};
    struct auth *a =
        make((struct auth_options){.kind = AUTH_BEARER, .source = AUTH_COMMAND, .argv = failing});
    assert_int_equal(resolve(w, a), ERR_AUTH);
    assert_null(strstr(w->error, "secret"));
    auth_free(a);
    a = make((struct auth_options){.kind = AUTH_BEARER, .source = AUTH_COMMAND, .argv = absent});
    assert_int_equal(resolve(w, a), ERR_ABSENT);
    auth_free(a);
}

static void test_options_that_do_not_fit(void **state)
{
    (void)state;
    struct auth *a;
    const struct auth_options bad[] = {
        {.kind = AUTH_BEARER},
        {.kind = AUTH_BASIC, .secret = "x"},
        {.kind = AUTH_BASIC, .user = "a:b", .secret = "x"},
        {.kind = AUTH_HEADER, .secret = "x"},
        {.kind = AUTH_HEADER, .header_name = "X\r\nY", .secret = "x"},
        {.kind = AUTH_BEARER, .source = AUTH_COMMAND},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(auth_new(&bad[i], &a, NULL), ERR_INVALID);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_kinds),
        TEST(test_base64_padding),
        TEST(test_file_is_read_again),
        TEST(test_environment),
        TEST(test_command_runs_once_for_all_who_wait),
        TEST(test_command_that_fails),
        TEST(test_options_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
