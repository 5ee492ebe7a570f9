/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/haproxy_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/wire/haproxy.h"

static void test_commands(void **state)
{
    struct str s;
    (void)state;
    str_init(&s, 0);
    assert_int_equal(haproxy_show_stat(&s, NULL, NULL), 0);
    assert_int_equal(haproxy_show_stat(&s, "fraud-score", NULL), 0);
    assert_int_equal(haproxy_show_servers(&s, "a_b:c.d-9", NULL), 0);
    assert_int_equal(haproxy_show_info(&s), 0);
    assert_int_equal(haproxy_get_weight(&s, "b", "v41", NULL), 0);
    assert_int_equal(haproxy_set_weight(&s, "b", "v41", 0, NULL), 0);
    assert_int_equal(haproxy_set_weight(&s, "b", "v41", 256, NULL), 0);
    assert_int_equal(haproxy_set_state(&s, "b", "v41", HAPROXY_STATE_DRAIN, NULL), 0);
    assert_string_equal(s.data, "show stat\n"
                                "show stat fraud-score 6 -1\n"
                                "show servers state a_b:c.d-9\n"
                                "show info\n"
                                "get weight b/v41\n"
                                "set severity-output number;set weight b/v41 0\n"
                                "set severity-output number;set weight b/v41 256\n"
                                "set severity-output number;set server b/v41 state drain\n");
    str_done(&s);
}

/* Nothing that could end a command or begin another one gets through. */
static void test_injection(void **state)
{
    static const char *const names[] = {"", "a b", "a;disable", "a\nb", "a/b", "a\\", "\xc3\xa4"};
    char name[HAPROXY_NAME_MAX + 2];
    struct str s;
    (void)state;
    str_init(&s, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(haproxy_set_weight(&s, names[i], "v", 1, NULL), ERR_INVALID);
        assert_int_equal(haproxy_set_weight(&s, "b", names[i], 1, NULL), ERR_INVALID);
        assert_int_equal(haproxy_set_state(&s, "b", names[i], HAPROXY_STATE_READY, NULL),
                         ERR_INVALID);
        assert_int_equal(haproxy_get_weight(&s, names[i], "v", NULL), ERR_INVALID);
        assert_int_equal(haproxy_show_stat(&s, names[i], NULL), ERR_INVALID);
        assert_int_equal(haproxy_show_servers(&s, names[i], NULL), ERR_INVALID);
    }
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(haproxy_get_weight(&s, name, "v", NULL), ERR_INVALID);
    name[HAPROXY_NAME_MAX] = '\0';
    assert_true(haproxy_name_valid(name));
    assert_int_equal(haproxy_set_weight(&s, "b", "v", 257, NULL), ERR_INVALID);
    assert_int_equal(haproxy_set_weight(&s, "b", "v", -1, NULL), ERR_INVALID);
    assert_int_equal(s.length, 0);
    str_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_commands),
                                       cmocka_unit_test(test_injection)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
