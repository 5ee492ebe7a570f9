/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docs/CONFIGURATION.md and conf/driftop.yaml.example are what the tables say; GENERATE=1 rewrites
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "driftop/base/str.h"
#include "driftop/cmd/types.h"
#include "driftop/config/describe.h"
#include "support.h"

static void check(const char *name,
                  int (*describe)(const struct config_types *types, struct str *ret))
{
    char path[512];
    struct types types; /* what the program is built with */
    struct str text;

    types_fill(&types);
    str_init(&text, 0);
    assert_int_equal(describe(&types.types, &text), 0);
    support_golden(support_source(path, sizeof path, name), text.data);
    str_done(&text);
}

static void test_markdown(void **state)
{
    (void)state;
    check("docs/CONFIGURATION.md", config_describe_markdown);
}

static void test_example(void **state)
{
    (void)state;
    check("conf/driftop.yaml.example", config_describe_example);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
