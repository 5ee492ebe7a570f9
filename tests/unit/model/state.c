/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driftop/base/str.h"
#include "driftop/model/state.h"

static struct source_state polled(int64_t ok_ms)
{
    return (struct source_state){.health = SOURCE_OK,
                                 .tried_ms = 1000,
                                 .ok_ms = ok_ms,
                                 .interval_ms = 5000,
                                 .timeout_ms = 3000};
}

static void test_stale(void **state)
{
    struct source_state s = polled(100000), never = polled(0);

    (void)state;
    assert_false(source_stale(&s, 100000 + 18000));
    assert_true(source_stale(&s, 100000 + 18001));
    assert_true(source_stale(&never, 2000));
    never.tried_ms = 0; /* not asked yet: nothing to be stale */
    assert_false(source_stale(&never, 2000));
}

static void test_advice(void **state)
{
    struct source_state s = polled(100000);

    (void)state;
    assert_string_equal(source_advice(&s, 100000), "");
    str_copy(s.fault, sizeof s.fault, "index: status 500"); /* well, but for what it may lack */
    assert_non_null(strstr(source_advice(&s, 100000), "works without"));
    s.fault[0] = '\0';
    s.refused[REFUSED_TIME] = 3;
    s.refused[REFUSED_FIELD] = 2;
    assert_non_null(strstr(source_advice(&s, 100000), "time_field"));
    assert_non_null(strstr(source_advice(&s, 900000), "recorder"));
    s.health = SOURCE_AUTH;
    assert_non_null(strstr(source_advice(&s, 100000), "password"));
    s.kind = SOURCE_TRAFFIC;
    assert_non_null(strstr(source_advice(&s, 100000), "socket"));
    for (int kind = SOURCE_SERVER; kind <= SOURCE_NOTIFY; kind++) {
        const char *failing, *wrong;
        s.kind = (enum source_kind)kind;
        s.health = SOURCE_FAILING;
        failing = source_advice(&s, 100000);
        s.health = SOURCE_WRONG;
        wrong = source_advice(&s, 100000);
        assert_true(failing[0] && wrong[0]);
        assert_string_not_equal(failing, wrong);
        s.health = SOURCE_SECRET;
        assert_non_null(strstr(source_advice(&s, 100000), "nothing was asked"));
        assert_string_not_equal(source_kind_name(s.kind), "?");
    }
}

static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < SOURCE_REFUSALS; i++)
        assert_string_not_equal(source_refusal_name((enum source_refusal)i), "?");
    for (int i = SOURCE_UNKNOWN; i <= SOURCE_SECRET; i++)
        assert_string_not_equal(source_health_name((enum source_health)i), "?");
}

static void test_observations(void **state)
{
    struct observation_list list;
    struct observation *o;

    (void)state;
    observation_list_init(&list);
    o = observation_add(&list, OBSERVATION_ALIAS);
    str_copy(o->text, sizeof o->text, "champion");
    list.n_items = 0;
    o = observation_add(&list, OBSERVATION_READY); /* the same memory: cleared */
    assert_int_equal(o->kind, OBSERVATION_READY);
    assert_string_equal(o->text, "");
    for (int i = 1; i < 100000; i++)
        assert_non_null(observation_add(&list, OBSERVATION_VERSION));
    assert_null(observation_add(&list, OBSERVATION_VERSION));
    observation_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stale),
        cmocka_unit_test(test_advice),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_observations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
