/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"

struct world {
    char folder[32];
    char file[64];
    struct str text;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    if (!w)
        return -1;
    str_init(&w->text, 0);
    snprintf(w->folder, sizeof w->folder, "/tmp/driftop-log-XXXXXX");
    if (!mkdtemp(w->folder))
        return -1;
    snprintf(w->file, sizeof w->file, "%s/log", w->folder);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    log_open(NULL, NULL);
    log_set_level(LOG_LEVEL_INFO);
    path_remove_tree(w->folder, NULL);
    str_done(&w->text);
    free(w);
    return 0;
}

/* What was logged so far. */
static const char *content(struct world *w)
{
    str_clear(&w->text);
    assert_int_equal(path_read(w->file, &w->text, NULL), 0);
    return w->text.data;
}

static void test_a_line(void **state)
{
    struct world *w = *state;
    struct stat st;

    assert_int_equal(log_open(w->file, NULL), 0);
    log_warn("disk %d%%", 93);
    assert_int_equal(strlen(content(w)), strlen("2026-11-21T03:07:41Z warn: disk 93%\n"));
    assert_string_equal(w->text.data + 20, " warn: disk 93%\n");
    assert_int_equal(stat(w->file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_lines_are_added(void **state)
{
    struct world *w = *state;

    log_open(w->file, NULL);
    log_error("one");
    log_open(NULL, NULL);
    log_open(w->file, NULL);
    log_info("two");
    assert_non_null(strstr(content(w), " error: one\n"));
    assert_non_null(strstr(content(w), " info: two\n"));
}

static void test_levels(void **state)
{
    struct world *w = *state;

    log_open(w->file, NULL);
    log_debug("hidden");
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("shown");
    log_set_level(LOG_LEVEL_ERROR);
    log_warn("hidden");
    log_error("shown too");
    assert_null(strstr(content(w), "hidden"));
    assert_non_null(strstr(content(w), " debug: shown\n"));
    assert_non_null(strstr(content(w), " error: shown too\n"));
}

/* Names from the network reach the log: they must neither steer a terminal nor forge a line. */
static void test_control_characters_are_replaced(void **state)
{
    struct world *w = *state;

    log_open(w->file, NULL);
    log_info("%s", "a\x1b[2Jb\n2026 error: forged\r\xff");
    assert_string_equal(content(w) + 20, " info: a?[2Jb 2026 error: forged ?\n");
}

static void test_long_lines_are_cut_and_whole(void **state)
{
    struct world *w = *state;
    char text[10000];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    log_open(w->file, NULL);
    log_info("%s", text);
    assert_in_range(strlen(content(w)), 1000, 4096);
    assert_int_equal(w->text.data[w->text.length - 1], '\n');
}

static void test_errno_survives(void **state)
{
    struct world *w = *state;

    log_open(w->file, NULL);
    errno = ENOTTY;
    log_info("x");
    assert_int_equal(errno, ENOTTY);
}

static void test_a_bad_path_keeps_the_sink(void **state)
{
    struct world *w = *state;
    struct err e;

    log_open(w->file, NULL);
    assert_int_equal(log_open("/nowhere/at/all/log", &e), ERR_ABSENT);
    log_info("still here");
    assert_non_null(strstr(content(w), "still here"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lines_are_added, setup, teardown),
        cmocka_unit_test_setup_teardown(test_levels, setup, teardown),
        cmocka_unit_test_setup_teardown(test_control_characters_are_replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_lines_are_cut_and_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errno_survives, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_bad_path_keeps_the_sink, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
