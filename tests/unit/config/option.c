/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sets made from a text, getters and secrets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../../src/config/helper.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/config/option.h"
#include "support.h"

static const struct option_row rows[] = {
    {.name = "interval", .type = OPTION_DURATION, .fallback = "5s", .help = "."},
    {.name = "ratio", .type = OPTION_RATIO, .help = "."},
    {.name = "size", .type = OPTION_SIZE, .help = "."},
    {.name = "on", .type = OPTION_BOOL, .help = "."},
    {.name = "at", .type = OPTION_TIME, .help = "."},
    {.name = "list", .type = OPTION_LIST, .fallback = "[a, b]", .help = "."},
    {.name = "must", .type = OPTION_TEXT, .flags = OPTION_REQUIRED, .help = "."},
    OPTION_AUTH_ROWS,
};
#define N_ROWS (sizeof rows / sizeof *rows)

static void test_values(void **state)
{
    struct option_set set;
    struct err e = {0};
    (void)state;
    if (option_set_parse("{must: x, ratio: 12.5%, size: 1.5KiB, on: true, at: '06:30'}", rows,
                         N_ROWS, &set, &e) < 0)
        fail_msg("%s", e.text);
    assert_int_equal(option_number(&set, "interval", 0), 5000);
    assert_false(option_get(&set, "interval")->given);
    assert_string_equal(option_get(&set, "interval")->file, "default");
    assert_true(option_number(&set, "ratio", 0) > 0.1249);
    assert_true(option_number(&set, "ratio", 1) < 0.1251);
    assert_int_equal(option_number(&set, "size", 0), 1536);
    assert_int_equal(option_number(&set, "at", 0), 390);
    assert_true(option_bool(&set, "on"));
    assert_string_equal(option_text(&set, "must"), "x");
    const struct option_value *list = option_get(&set, "list");
    assert_int_equal(list->n_items, 2);
    assert_string_equal(list->items[1], "b");
    assert_null(list->items[2]);
    /* No such row. */
    assert_null(option_text(&set, "nothing"));
    assert_int_equal(option_number(&set, "nothing", 7), 7);
    assert_false(option_bool(&set, "nothing"));
    option_set_done(&set);
}

static void test_mistakes(void **state)
{
    static const char *const texts[] = {"{}", "{must: x, ratio: 2}", "[", "[must]", "{musst: x}"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct option_set set;
        struct err e = {0};
        assert_int_equal(option_set_parse(texts[i], rows, N_ROWS, &set, &e), ERR_CONFIG);
        assert_true(*e.text);
        assert_null(set.memory);
    }
}

/* The token option resolved from `yaml`; the code, and what came in ret. */
static int resolve(const char *yaml, char ret[64], struct err *e)
{
    struct option_set set;
    char text[300], *secret = NULL;
    snprintf(text, sizeof text, "{must: x, token: %s}", yaml);
    if (option_set_parse(text, rows, N_ROWS, &set, e) < 0)
        fail_msg("%s", e->text);
    assert_string_equal(option_get(&set, "token")->written, "****");
    int r = option_secret(&set, "token", &secret, e);
    assert_true((r == 0) == (secret != NULL));
    str_copy(ret, 64, secret ? secret : "");
    option_wipe(secret);
    option_set_done(&set);
    return r;
}

static void test_secret_variable(void **state)
{
    char secret[64];
    struct err e = {0};
    (void)state;
    setenv("DRIFTOP_TEST_TOKEN", "t-1", 1);
    assert_int_equal(resolve("'${DRIFTOP_TEST_TOKEN}'", secret, &e), 0);
    assert_string_equal(secret, "t-1");
    setenv("DRIFTOP_TEST_TOKEN", "t-1\r\nHost: evil", 1);
    assert_int_equal(resolve("'${DRIFTOP_TEST_TOKEN}'", secret, &e), ERR_AUTH);
    assert_null(strstr(e.text, "evil"));
    setenv("DRIFTOP_TEST_TOKEN", "", 1);
    assert_int_equal(resolve("'${DRIFTOP_TEST_TOKEN}'", secret, &e), ERR_AUTH);
    unsetenv("DRIFTOP_TEST_TOKEN");
    assert_int_equal(resolve("'${DRIFTOP_TEST_TOKEN}'", secret, &e), ERR_AUTH);
    assert_non_null(strstr(e.text, "DRIFTOP_TEST_TOKEN"));
}

static void test_secret_file(void **state)
{
    char home[64], file[96], yaml[128], secret[64];
    struct err e = {0};
    (void)state;
    support_home(home, sizeof home);
    snprintf(file, sizeof file, "%s/token", home);
    snprintf(yaml, sizeof yaml, "{file: ~/token}");
    support_write(file, "from-a-file\n", 0600);
    assert_int_equal(resolve(yaml, secret, &e), 0);
    assert_string_equal(secret, "from-a-file");
    support_write(file, "from-a-file\n", 0644);
    assert_int_equal(resolve(yaml, secret, &e), ERR_DENIED);
    path_remove_tree(home, NULL);
    assert_int_equal(resolve(yaml, secret, &e), ERR_ABSENT);
}

static void test_secret_command(void **state)
{
    char secret[64];
    struct err e = {0};
    (void)state;
    assert_int_equal(resolve("{command: [/bin/echo, a b]}", secret, &e), 0);
    assert_string_equal(secret, "a b");
    assert_int_equal(resolve("{command: [/bin/false]}", secret, &e), ERR_AUTH);
    assert_non_null(strstr(e.text, "status 1"));
    assert_int_equal(resolve("{command: [/nonexistent/helper]}", secret, &e), ERR_AUTH);
    assert_int_equal(resolve("{command: [/bin/cat, /dev/zero]}", secret, &e), ERR_LIMIT);
}

static void test_command_deadline(void **state)
{
    char sleep[] = "/bin/sleep", time[] = "60", *argv[] = {sleep, time, NULL};
    struct str output;
    struct err e = {0};
    (void)state;
    str_init(&output, 100);
    assert_int_equal(helper_run(argv, 20, &output, &e), ERR_TIMEOUT);
    str_done(&output);
}

static void test_secret_absent(void **state)
{
    struct option_set set;
    char *secret = NULL;
    (void)state;
    assert_int_equal(option_set_parse("{must: x}", rows, N_ROWS, &set, NULL), 0);
    assert_int_equal(option_secret(&set, "token", &secret, NULL), ERR_ABSENT);
    assert_int_equal(option_secret(&set, "must", &secret, NULL), ERR_INVALID);
    option_set_done(&set);
    option_wipe(NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),          cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_secret_variable), cmocka_unit_test(test_secret_file),
        cmocka_unit_test(test_secret_command),  cmocka_unit_test(test_command_deadline),
        cmocka_unit_test(test_secret_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
