/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

struct world {
    char folder[32];
    char name[128]; /* the last that at() made */
    struct str text;
    struct err e;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    if (!w)
        return -1;
    str_init(&w->text, 0);
    snprintf(w->folder, sizeof w->folder, "/tmp/driftop-path-XXXXXX");
    if (!mkdtemp(w->folder))
        return -1;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    path_remove_tree(w->folder, NULL);
    str_done(&w->text);
    free(w);
    return 0;
}

static const char *at(struct world *w, const char *name)
{
    snprintf(w->name, sizeof w->name, "%s/%s", w->folder, name);
    return w->name;
}

static void put(struct world *w, const char *name, const char *text)
{
    assert_int_equal(path_write(at(w, name), text, strlen(text), 0600, &w->e), 0);
}

static const char *content(struct world *w, const char *name)
{
    str_clear(&w->text);
    assert_int_equal(path_read(at(w, name), &w->text, &w->e), 0);
    return w->text.data;
}

static void expect_xdg(struct world *w, enum path_xdg kind, const char *name, const char *wanted)
{
    assert_int_equal(path_xdg(kind, name, &w->text), 0);
    assert_string_equal(w->text.data, wanted);
}

static void test_xdg(void **state)
{
    struct world *w = *state;
    char runtime[64];

    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_RUNTIME_DIR");
    setenv("XDG_STATE_HOME", "relative", 1);
    setenv("XDG_CACHE_HOME", "/var/c", 1);
    setenv("HOME", "/home/kim", 1);
    expect_xdg(w, PATH_CONFIG, "driftop.yaml", "/home/kim/.config/driftop/driftop.yaml");
    expect_xdg(w, PATH_STATE, "a.db", "/home/kim/.local/state/driftop/a.db");
    expect_xdg(w, PATH_CACHE, "x", "/var/c/driftop/x");
    expect_xdg(w, PATH_CACHE, NULL, "/var/c/driftop");
    snprintf(runtime, sizeof runtime, "/tmp/driftop-%u/s", (unsigned)getuid());
    expect_xdg(w, PATH_RUNTIME, "s", runtime);
    setenv("XDG_CONFIG_HOME", "/etc/xdg", 1);
    setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
    expect_xdg(w, PATH_CONFIG, "", "/etc/xdg/driftop");
    expect_xdg(w, PATH_RUNTIME, "s", "/run/user/7/driftop/s");
    unsetenv("HOME");
    assert_int_equal(path_xdg(PATH_STATE, "x", &w->text), ERR_ABSENT);
    setenv("HOME", "kim", 1);
    assert_int_equal(path_xdg(PATH_STATE, "x", &w->text), ERR_ABSENT);
}

static void test_make_folder(void **state)
{
    struct world *w = *state;
    struct stat st;

    assert_int_equal(path_make_folder(at(w, "a//b/c/"), &w->e), 0);
    assert_int_equal(stat(at(w, "a/b/c"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(path_make_folder(at(w, "a/b/c"), &w->e), 0);
    assert_int_equal(path_make_parent(at(w, "d/e/file"), &w->e), 0);
    assert_int_equal(stat(at(w, "d/e"), &st), 0);
    assert_int_equal(stat(at(w, "d/e/file"), &st), -1);
    assert_int_equal(path_make_parent("file", &w->e), 0);
    assert_int_equal(path_make_parent("/file", &w->e), 0);
    put(w, "file", "x");
    assert_true(path_make_folder(at(w, "file/below"), &w->e) < 0);
    assert_non_null(strstr(w->e.text, "file"));
}

static void test_read(void **state)
{
    struct world *w = *state;

    put(w, "f", "hello");
    str_add(&w->text, "> ");
    assert_int_equal(path_read(at(w, "f"), &w->text, &w->e), 0);
    assert_string_equal(w->text.data, "> hello");
    assert_int_equal(path_read(at(w, "none"), &w->text, &w->e), ERR_ABSENT);
    assert_true(path_read(w->folder, &w->text, &w->e) < 0);
    assert_string_equal(w->text.data, "> hello");
}

static void test_read_has_a_ceiling(void **state)
{
    struct world *w = *state;
    struct str small;

    str_init(&small, 8);
    put(w, "f", "12345678");
    assert_int_equal(path_read(at(w, "f"), &small, &w->e), 0);
    str_clear(&small);
    str_add(&small, "x");
    assert_int_equal(path_read(at(w, "f"), &small, &w->e), ERR_LIMIT);
    assert_string_equal(small.data, "x");
    str_clear(&small);
    assert_int_equal(path_read("/dev/zero", &small, &w->e), ERR_LIMIT);
    str_done(&small);
}

static void test_write_replaces(void **state)
{
    struct world *w = *state;
    struct stat st;

    put(w, "f", "old and long");
    assert_int_equal(path_write(at(w, "f"), "new", 3, 0640, &w->e), 0);
    assert_string_equal(content(w, "f"), "new");
    assert_int_equal(stat(at(w, "f"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(path_write(at(w, "no/f"), "x", 1, 0600, &w->e), ERR_ABSENT);
}

/* A disk that fills in the middle leaves the old content and no litter. */
static void test_failed_write_changes_nothing(void **state)
{
    struct world *w = *state;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct rlimit had, small;
    char block[8192] = "";
    int code;

    put(w, "f", "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &had), 0);
    small = (struct rlimit){.rlim_cur = 4096, .rlim_max = had.rlim_max};
    assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    code = path_write(at(w, "f"), block, sizeof block, 0600, &w->e);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &had), 0);
    assert_int_equal(code, ERR_FULL);
    assert_string_equal(content(w, "f"), "old");
    assert_int_equal(unlink(at(w, "f")), 0);
    assert_int_equal(rmdir(w->folder), 0); /* nothing else was in it */
}

static void test_local_folder_is_not_on_network(void **state)
{
    struct world *w = *state;
    const char *kind = NULL;

    assert_false(path_on_network(w->folder, &kind));
    assert_false(path_on_network(at(w, "not/yet/there"), &kind));
    assert_false(path_on_network("/proc/self/status", &kind));
    assert_false(path_on_network("relative-and-absent", &kind));
    assert_false(path_on_network("", &kind));
    assert_null(kind);
}

static void test_owner_and_mode(void **state)
{
    struct world *w = *state;

    put(w, "f", "x");
    assert_int_equal(path_check_owner(at(w, "f"), true, &w->e), 0);
    assert_int_equal(chmod(w->name, 0644), 0);
    assert_int_equal(path_check_owner(w->name, false, &w->e), 0);
    assert_int_equal(path_check_owner(w->name, true, &w->e), ERR_DENIED);
    assert_int_equal(chmod(w->name, 0620), 0);
    assert_int_equal(path_check_owner(w->name, false, &w->e), ERR_DENIED);
    assert_int_equal(chmod(w->name, 0602), 0);
    assert_int_equal(path_check_owner(w->name, false, &w->e), ERR_DENIED);
    assert_int_equal(chmod(w->name, 0600), 0);
    assert_int_equal(chmod(w->folder, 0777), 0);
    assert_int_equal(path_check_owner(w->name, false, &w->e), ERR_DENIED);
    assert_int_equal(chmod(w->folder, 01777), 0);
    assert_int_equal(path_check_owner(w->name, false, &w->e), 0);
    assert_int_equal(path_check_owner(at(w, "none"), false, &w->e), ERR_ABSENT);
}

static void test_somebody_elses_file(void **state)
{
    struct world *w = *state;

    put(w, "f", "x");
    if (chown(at(w, "f"), 12345, (gid_t)-1) != 0)
        skip(); /* only root can give a file away */
    assert_int_equal(path_check_owner(w->name, false, &w->e), ERR_DENIED);
}

static void test_remove_tree(void **state)
{
    struct world *w = *state;

    assert_int_equal(path_make_folder(at(w, "t/a/b/c"), &w->e), 0);
    put(w, "t/a/f", "x");
    put(w, "t/.hidden", "x");
    put(w, "outside", "kept");
    assert_int_equal(symlink("../outside", at(w, "t/link")), 0);
    assert_int_equal(symlink("..", at(w, "t/folder-link")), 0);
    assert_int_equal(path_remove_tree(at(w, "t"), &w->e), 0);
    assert_int_equal(access(at(w, "t"), F_OK), -1);
    assert_string_equal(content(w, "outside"), "kept");
    assert_int_equal(path_remove_tree(at(w, "t"), &w->e), 0);
    assert_int_equal(path_make_folder(at(w, "real"), &w->e), 0);
    put(w, "real/f", "kept");
    assert_int_equal(symlink("real", at(w, "link")), 0);
    assert_true(path_remove_tree(at(w, "link"), &w->e) < 0);
    assert_string_equal(content(w, "real/f"), "kept");
}

static void test_self(void **state)
{
    struct world *w = *state;

    assert_int_equal(path_self(&w->text), 0);
    assert_int_equal(access(w->text.data, X_OK), 0);
    assert_non_null(strstr(w->text.data, "base-path"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_xdg),
        TEST(test_make_folder),
        TEST(test_read),
        TEST(test_read_has_a_ceiling),
        TEST(test_write_replaces),
        TEST(test_failed_write_changes_nothing),
        TEST(test_local_folder_is_not_on_network),
        TEST(test_owner_and_mode),
        TEST(test_somebody_elses_file),
        TEST(test_remove_tree),
        TEST(test_self),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
