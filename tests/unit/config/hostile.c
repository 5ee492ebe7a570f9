/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that nobody wrote with good intentions: they are refused, quickly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "driftop/base/str.h"
#include "support.h"
#include "types.h"

static int refuse(const char *bytes, size_t length, struct config_errors *errors)
{
    struct config *config = NULL;
    int r = config_load_bytes(bytes, length, "input.yaml", &test_types, &config, errors);
    assert_null(config);
    assert_true(errors->n_errors > 0);
    return r;
}

static void test_nul(void **state)
{
    static const char bytes[] = "theme: x\nglyphs: a\0b\n";
    struct config_errors errors = {0};
    (void)state;
    assert_int_equal(refuse(bytes, sizeof bytes - 1, &errors), ERR_CONFIG);
    assert_int_equal(errors.errors[0].line, 2);
    config_errors_done(&errors);
}

static void test_huge(void **state)
{
    struct config_errors errors = {0};
    size_t length = ((size_t)8 << 20) + 1;
    char *bytes = malloc(length);
    (void)state;
    assert_non_null(bytes);
    memset(bytes, '#', length);
    assert_int_equal(refuse(bytes, length, &errors), ERR_CONFIG);
    free(bytes);
    config_errors_done(&errors);
}

static void test_many_mistakes(void **state)
{
    struct config_errors errors = {0};
    struct str s;
    (void)state;
    str_init(&s, 0);
    for (int i = 0; i < 20000; i++)
        str_addf(&s, "intervaal%d: 1\n", i);
    assert_int_equal(refuse(s.data, s.length, &errors), ERR_CONFIG);
    assert_int_equal(errors.n_errors, 100);
    assert_int_equal(errors.errors[0].line, 1);
    assert_int_equal(errors.errors[98].line, 99);
    assert_non_null(strstr(errors.errors[99].text, "more mistakes"));
    str_done(&s);
    config_errors_done(&errors);
}

static void test_many_deployments(void **state)
{
    struct config *config = NULL;
    struct config_errors errors = {0};
    struct str s;
    (void)state;
    str_init(&s, 0);
    str_add(&s, "deployments:\n");
    for (int i = 0; i < 10000; i++)
        str_addf(&s, "- name: d%d\n", i);
    assert_int_equal(support_load(s.data, &config, &errors), 0);
    assert_int_equal(config->n_deployments, 10000);
    assert_non_null(config_deployment(config, "d9999"));
    config_free(config);
    str_done(&s);
}

static void test_garbage(void **state)
{
    static const char *const garbage[] = {
        "\xff\xfe\x00", "\x80\x81",     "%YAML 9.9\n---\n", "a: !!binary x",
        "? [a]\n: b",   "--- a\n--- b", "&a [*a]",          "{",
        "\t\t",         "- - - -",      "a: b: c",          "<<: {a: b}",
        "*x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        struct config *config = NULL;
        struct config_errors errors = {0};
        int r =
            config_load_bytes(garbage[i], strlen(garbage[i]), "x", &test_types, &config, &errors);
        assert_true((r == 0) == (config != NULL));
        assert_true((r == 0) == (errors.n_errors == 0));
        config_free(config);
        config_errors_done(&errors);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nul),           cmocka_unit_test(test_huge),
        cmocka_unit_test(test_many_mistakes), cmocka_unit_test(test_many_deployments),
        cmocka_unit_test(test_garbage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
