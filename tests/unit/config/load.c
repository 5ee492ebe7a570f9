/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loading from files: where they are looked for, who may have written them, credentials.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "support.h"
#include "types.h"

#define REGISTRIES "registries:\n  main: {type: mlflow, url: \"http://h\"}\n"
#define COMMAND    "notify: {type: command, argv: [/bin/true]}\n"

struct world {
    char home[64], file[128], credentials[128];
    struct config *config;
    struct config_errors errors;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    support_home(w->home, sizeof w->home);
    snprintf(w->file, sizeof w->file, "%s/driftop/driftop.yaml", w->home);
    snprintf(w->credentials, sizeof w->credentials, "%s/driftop/credentials.yaml", w->home);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    config_free(w->config);
    config_errors_done(&w->errors);
    path_remove_tree(w->home, NULL);
    free(w);
    return 0;
}

static int load(struct world *w, const char *text, unsigned mode)
{
    support_write(w->file, text, mode);
    return config_load(NULL, &test_types, &w->config, &w->errors);
}

static void test_absent(void **state)
{
    struct world *w = *state;
    assert_int_equal(config_load(NULL, &test_types, &w->config, &w->errors), ERR_ABSENT);
    assert_int_equal(w->errors.n_errors, 1);
    assert_string_equal(w->errors.errors[0].where, w->file);
    assert_null(w->config);
}

static void test_fields(void **state)
{
    struct world *w = *state;
    assert_int_equal(load(w,
                          "poll: {interval: 1m, timeout: 2500ms}\nsink: {listen: \"[::1]:1\"}\n"
                          "read_only: true\nstore: {path: data/x.db}\n",
                          0644),
                     0);
    char path[160];
    snprintf(path, sizeof path, "%s/driftop/data/x.db", w->home);
    assert_string_equal(w->config->store_path, path);
    assert_string_equal(w->config->path, w->file);
    assert_int_equal(w->config->poll_interval_ms, 60000);
    assert_int_equal(w->config->timeout_ms, 2500);
    assert_int_equal(w->config->connect_timeout_ms, 1000);
    assert_int_equal(w->config->sink_spool_bytes, 64 << 20);
    assert_string_equal(w->config->sink_listen, "[::1]:1");
    assert_true(w->config->read_only);
    assert_true(w->config->loaded_ms > 0);
}

static void test_hashes(void **state)
{
    struct world *w = *state;
    char hash[HASH_HEX_SIZE], endpoints[HASH_HEX_SIZE];
    assert_int_equal(load(w, REGISTRIES, 0644), 0);
    assert_string_equal(hash_sha256(REGISTRIES, strlen(REGISTRIES), hash), w->config->hash);
    str_copy(endpoints, sizeof endpoints, w->config->endpoints_hash);
    config_free(w->config);
    /* Another interval acts on the same things; another registry does not. */
    assert_int_equal(load(w, REGISTRIES "poll: {interval: 9s}\n", 0644), 0);
    assert_string_not_equal(w->config->hash, hash);
    assert_string_equal(w->config->endpoints_hash, endpoints);
    config_free(w->config);
    assert_int_equal(load(w, "registries: {main: {type: mlflow, url: \"http://i\"}}", 0644), 0);
    assert_string_not_equal(w->config->endpoints_hash, endpoints);
}

static void test_commands_need_a_safe_file(void **state)
{
    struct world *w = *state;
    assert_int_equal(load(w, COMMAND, 0600), 0);
    config_free(w->config);
    assert_int_equal(load(w, "read_only: true\n", 0666), 0); /* no command, no matter */
    config_free(w->config);
    assert_int_equal(load(w, COMMAND, 0666), ERR_CONFIG);
    assert_null(w->config);
    assert_non_null(strstr(w->errors.errors[0].text, "commands"));
    config_errors_done(&w->errors);
    assert_int_equal(load(w,
                          "registries: {a: {type: mlflow, url: \"http://h\", "
                          "token: {command: [/bin/true]}}}",
                          0666),
                     ERR_CONFIG);
}

static void test_credentials(void **state)
{
    struct world *w = *state;
    char *secret = NULL;
    assert_int_equal(load(w, REGISTRIES, 0644), 0);
    assert_int_equal(config_load_credentials(w->config, &w->errors), 0);
    assert_null(config_credentials(w->config, "main"));
    support_write(w->credentials, "act: {main: {user: sre, password: \"${DRIFTOP_TEST_P}\"}}\n",
                  0600);
    assert_int_equal(config_load_credentials(w->config, &w->errors), 0);
    const struct option_set *set = config_credentials(w->config, "main");
    assert_non_null(set);
    assert_string_equal(option_text(set, "user"), "sre");
    setenv("DRIFTOP_TEST_P", "hush", 1);
    assert_int_equal(option_secret(set, "password", &secret, NULL), 0);
    assert_string_equal(secret, "hush");
    option_wipe(secret);
    assert_null(config_credentials(w->config, "other"));
}

static void test_credentials_of_environments(void **state)
{
    struct world *w = *state;
    assert_int_equal(load(w, "environment: prod\n" REGISTRIES, 0644), 0);
    support_write(w->credentials,
                  "act:\n"
                  "  main: {user: any, password: \"${X}\"}\n"
                  "  prod/main: {user: prod, password: \"${X}\"}\n"
                  "  test/main: {user: test, password: \"${X}\"}\n"
                  "  elsewhere: {nonsense: true}\n",
                  0600);
    assert_int_equal(config_load_credentials(w->config, &w->errors), 0);
    assert_int_equal(w->config->n_credentials, 1);
    assert_string_equal(option_text(config_credentials(w->config, "main"), "user"), "prod");
}

static void refuse_credentials(struct world *w, const char *text, unsigned mode, int code,
                               const char *part)
{
    support_write(w->credentials, text, mode);
    assert_int_equal(config_load_credentials(w->config, &w->errors), code);
    assert_true(w->errors.n_errors > 0);
    if (!strstr(w->errors.errors[0].text, part))
        fail_msg("%s", w->errors.errors[0].text);
    assert_int_equal(w->config->n_credentials, 0);
    config_errors_done(&w->errors);
}

static void test_bad_credentials(void **state)
{
    struct world *w = *state;
    assert_int_equal(load(w, REGISTRIES, 0644), 0);
    refuse_credentials(w, "act: {main: {token: \"${X}\"}}", 0644, ERR_DENIED, "");
    refuse_credentials(w, "act: {mian: {token: \"${X}\"}}", 0600, ERR_CONFIG, "'main'");
    refuse_credentials(w, "act: {default/other: {}}", 0600, ERR_CONFIG, "'other'");
    refuse_credentials(w, "act: {main: {token: abc}}", 0600, ERR_CONFIG, "a secret does not");
    refuse_credentials(w, "act: {main: {tokn: \"${X}\"}}", 0600, ERR_CONFIG, "'token'");
    refuse_credentials(w, "act: {main: {user: x}}", 0600, ERR_CONFIG, "password is missing");
    refuse_credentials(w, "main: {user: x}", 0600, ERR_CONFIG, "unknown key 'main'");
    refuse_credentials(w, "act: [main]", 0600, ERR_CONFIG, "a map belongs");
    refuse_credentials(w, "act: {main: text}", 0600, ERR_CONFIG, "not a map");
    refuse_credentials(w, "act: {", 0600, ERR_CONFIG, "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hashes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_commands_need_a_safe_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_credentials, setup, teardown),
        cmocka_unit_test_setup_teardown(test_credentials_of_environments, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_credentials, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
