/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The documents made from the tables. The committed copies are compared with what all adapters
 * bring in document.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "driftop/base/str.h"
#include "driftop/config/describe.h"
#include "support.h"
#include "types.h"

static void load(const char *text)
{
    struct config *config = NULL;
    struct config_errors errors = {0};
    if (support_load(text, &config, &errors) < 0)
        fail_msg("line %d: %s\n%s", errors.errors[0].line, errors.errors[0].text, text);
    assert_int_equal(config->n_deployments, 1);
    assert_int_equal(config->n_registries, 1);
    assert_int_equal(config->deployments[0].n_features, 3);
    assert_int_equal(config->deployments[0].versions[0].n_servers, 1);
    assert_non_null(config->deployments[0].traffic);
    config_free(config);
}

static void test_example_loads(void **state)
{
    struct str s;
    (void)state;
    str_init(&s, 0);
    assert_int_equal(config_describe_example(&test_types, &s), 0);
    load(s.data);
    assert_null(strstr(s.data, "quiet"));
    str_done(&s);
}

/* Every `#name: value` is valid by itself: the shown values pass the checks they document. */
static void test_each_line_of_the_example(void **state)
{
    struct str s, one;
    (void)state;
    str_init(&s, 0);
    str_init(&one, 0);
    assert_int_equal(config_describe_example(&test_types, &s), 0);
    for (char *p = s.data; (p = strchr(p, '#')); p++) {
        char *name = p + 1, *end = strchr(p, '\n');
        size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789");
        /* Other types of a single adapter, and what needs a second option, go together. */
        if (!length || name[length] != ':' || !strncmp(name, "type:", 5) ||
            !strncmp(name, "reference:", 10) || !strncmp(name, "path: /path/to/file", 19) ||
            !strncmp(name, "user:", 5) || !strncmp(name, "password:", 9) ||
            !strncmp(name, "header:", 7) || !strncmp(name, "model:", 6) ||
            !strncmp(name, "use:", 4) || !strncmp(name, "champion:", 9))
            continue;
        str_clear(&one);
        str_add_bytes(&one, s.data, (size_t)(p - s.data));
        str_add_bytes(&one, name, (size_t)(end - name));
        str_add(&one, end);
        load(one.data);
    }
    str_done(&s);
    str_done(&one);
}

static void test_markdown(void **state)
{
    struct str s;
    (void)state;
    str_init(&s, 0);
    assert_int_equal(config_describe_markdown(&test_types, &s), 0);
    assert_non_null(strstr(s.data, "| `poll.interval` | duration, 1s to 1h | `5s` |"));
    assert_non_null(strstr(s.data, "| `int` | whole number of rows, -1 to 9 | | An int. |"));
    assert_non_null(strstr(s.data, "| `choice` | red, green or blue | | A choice. |"));
    assert_non_null(strstr(s.data, "| `sockets` | list of addresses | required |"));
    assert_non_null(strstr(s.data, "A \\| text."));
    assert_null(strstr(s.data, "quiet"));
    str_done(&s);
}

static void test_full(void **state)
{
    struct str s;
    (void)state;
    str_init(&s, 500);
    assert_true(config_describe_markdown(&test_types, &s) < 0);
    str_done(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example_loads),
        cmocka_unit_test(test_each_line_of_the_example),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
