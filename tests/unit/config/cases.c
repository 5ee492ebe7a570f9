/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each folder below tests/fixtures/config is a case: input.yaml, and expected.txt with what
 * `config --origin` says about it (valid) or the mistakes in it (invalid).
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "driftop/base/str.h"
#include "driftop/config/origin.h"
#include "support.h"

static void add_origin(const struct config_origin *origin, void *ctx)
{
    str_addf(ctx, "%s = %s (%s", origin->name, origin->value, origin->file);
    if (origin->line)
        str_addf(ctx, ":%d:%d", origin->line, origin->column);
    str_add(ctx, ")\n");
}

static void check_valid(const char *name, const struct str *input, struct str *ret)
{
    struct config *config = NULL;
    struct config_errors errors = {0};
    if (support_load(input->data, &config, &errors) < 0) {
        support_errors(&errors, ret);
        fail_msg("%s is refused:\n%s", name, ret->data);
    }
    assert_int_equal(config_each_origin(config, add_origin, ret), 0);
    config_free(config);
    config_errors_done(&errors);
}

static void check_invalid(const char *name, const struct str *input, struct str *ret)
{
    struct config *config = NULL;
    struct config_errors errors = {0};
    if (support_load(input->data, &config, &errors) == 0)
        fail_msg("%s is taken, and should be refused", name);
    assert_null(config);
    support_errors(&errors, ret);
    config_errors_done(&errors);
}

static void run_case(const char *folder,
                     void (*check)(const char *, const struct str *, struct str *))
{
    char path[1100];
    struct str input, output;
    str_init(&input, 0);
    str_init(&output, 0);
    snprintf(path, sizeof path, "%s/input.yaml", folder);
    support_read(path, &input);
    check(folder, &input, &output);
    snprintf(path, sizeof path, "%s/expected.txt", folder);
    support_golden(path, output.data);
    str_done(&input);
    str_done(&output);
}

static void run_cases(const char *group,
                      void (*check)(const char *, const struct str *, struct str *))
{
    char path[512], folder[1024];
    int n = 0;
    DIR *dir = opendir(support_source(path, sizeof path, group));
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (*entry->d_name == '.')
            continue;
        snprintf(folder, sizeof folder, "%s/%s", path, entry->d_name);
        run_case(folder, check);
        n++;
    }
    closedir(dir);
    assert_true(n > 0);
}

static void test_valid(void **state)
{
    (void)state;
    run_cases("tests/fixtures/config/valid", check_valid);
}

static void test_invalid(void **state)
{
    (void)state;
    run_cases("tests/fixtures/config/invalid", check_invalid);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_invalid),
    };
    /* What ${...} in the cases may count on. */
    setenv("HOME", "/home/sre", 1);
    unsetenv("XDG_STATE_HOME");
    setenv("DRIFTOP_TEST_HOST", "models.example", 1);
    setenv("DRIFTOP_TEST_SECRET", "not-to-be-seen", 1);
    unsetenv("DRIFTOP_TEST_UNSET");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
