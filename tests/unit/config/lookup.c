/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Versions and the names they have in a splitter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "driftop/base/err.h"
#include "support.h"

static const char text[] = "deployments:\n"
                           "- name: plain\n"
                           "- name: mixed\n"
                           "  versions:\n"
                           "    '*': {target: 'srv-{version}-x'}\n"
                           "    '41': {}\n"
                           "    '42': {target: blue}\n";

static void test_versions(void **state)
{
    const struct config_deployment *d = config_deployment(*state, "mixed");
    assert_string_equal(config_version(d, "42")->version, "42");
    assert_string_equal(config_version(d, "43")->version, "*");
    assert_null(config_version(config_deployment(*state, "plain"), "1"));
    assert_null(config_deployment(*state, "absent"));
}

static void test_targets(void **state)
{
    const struct config_deployment *d = config_deployment(*state, "mixed");
    char buf[64], small[4];
    assert_string_equal(config_target(d, "41", buf, sizeof buf), "srv-41-x");
    assert_string_equal(config_target(d, "42", buf, sizeof buf), "blue");
    assert_string_equal(config_target(d, "7", buf, sizeof buf), "srv-7-x");
    assert_string_equal(config_target(config_deployment(*state, "plain"), "7", buf, sizeof buf),
                        "v7");
    assert_string_equal(config_target(d, "41", small, sizeof small), "srv");
}

static void check_version(const struct config_deployment *d, const char *target,
                          const char *version)
{
    char buf[64];
    int r = config_target_version(d, target, buf, sizeof buf);
    assert_int_equal(r, version ? 0 : ERR_ABSENT);
    if (version)
        assert_string_equal(buf, version);
}

static void test_versions_of_targets(void **state)
{
    const struct config_deployment *d = config_deployment(*state, "mixed");
    check_version(d, "blue", "42");
    check_version(d, "srv-41-x", "41");
    check_version(d, "srv-7-x", "7");
    check_version(d, "srv-42-x", NULL); /* 42 stands behind blue */
    check_version(d, "srv--x", NULL);
    check_version(d, "srv-x", NULL);
    check_version(d, "green", NULL);
    check_version(config_deployment(*state, "plain"), "v7", "7");
    check_version(config_deployment(*state, "plain"), "v", NULL);
}

static int setup(void **state)
{
    struct config *config = NULL;
    struct config_errors errors = {0};
    int r = support_load(text, &config, &errors);
    *state = config;
    config_errors_done(&errors);
    return r;
}

static int teardown(void **state)
{
    config_free(*state);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_versions_of_targets),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
