/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static char *key_of(int i, char buf[32])
{
    snprintf(buf, 32, "key-%d", i);
    return buf;
}

static void test_empty(void **state)
{
    struct map m;

    (void)state;
    map_init(&m);
    assert_null(map_get(&m, "x"));
    assert_false(map_remove(&m, "x"));
    map_done(&m);
    map_done(&m);
}

static void test_put_makes_once_and_copies_the_key(void **state)
{
    char key[] = "name";
    struct map m;
    bool is_new;

    (void)state;
    map_init(&m);
    union map_value *value = map_put(&m, key, &is_new);
    assert_true(is_new);
    assert_int_equal(value->number, 0);
    value->number = 7;
    key[0] = 'X';
    assert_int_equal(map_get(&m, "name")->number, 7);
    assert_null(map_get(&m, key));
    assert_ptr_equal(map_put(&m, "name", &is_new), map_get(&m, "name"));
    assert_false(is_new);
    assert_int_equal(map_put(&m, "name", NULL)->number, 7);
    assert_int_equal(m.count, 1);
    map_done(&m);
}

static void test_keys_are_bytes(void **state)
{
    struct map m;

    (void)state;
    map_init(&m);
    map_put_bytes(&m, "a\0b", 3, NULL)->number = 1;
    map_put_bytes(&m, "a\0c", 3, NULL)->number = 2;
    map_put_bytes(&m, "a", 1, NULL)->number = 3;
    map_put_bytes(&m, NULL, 0, NULL)->number = 4;
    assert_int_equal(map_get_bytes(&m, "a\0b", 3)->number, 1);
    assert_int_equal(map_get_bytes(&m, "a\0c", 3)->number, 2);
    assert_int_equal(map_get(&m, "a")->number, 3);
    assert_int_equal(map_get(&m, "")->number, 4);
    assert_int_equal(m.entries[0].key_length, 3);
    assert_int_equal(m.entries[0].key[3], '\0');
    map_done(&m);
}

static void test_growth_keeps_all_in_order(void **state)
{
    const int n = 20000;
    char buf[32];
    struct map m;

    (void)state;
    map_init(&m);
    for (int i = 0; i < n; i++)
        map_put(&m, key_of(i, buf), NULL)->number = i;
    assert_int_equal(m.count, n);
    for (int i = 0; i < n; i++) {
        assert_int_equal(map_get(&m, key_of(i, buf))->number, i);
        assert_int_equal(m.entries[i].value.number, i);
    }
    assert_null(map_get(&m, key_of(n, buf)));
    map_done(&m);
}

/* Odd keys go, come back behind the even ones, and no probe chain breaks on the way. */
static void test_removal_and_return(void **state)
{
    const int n = 2000;
    char buf[32];
    struct map m;
    int64_t last = -1;

    (void)state;
    map_init(&m);
    for (int i = 0; i < n; i++)
        map_put(&m, key_of(i, buf), NULL)->number = i;
    for (int i = 1; i < n; i += 2) {
        assert_true(map_remove(&m, key_of(i, buf)));
        assert_false(map_remove(&m, key_of(i, buf)));
    }
    assert_int_equal(m.count, n / 2);
    for (int i = 0; i < n; i++)
        assert_int_equal(map_get(&m, key_of(i, buf)) != NULL, i % 2 == 0);
    for (int i = 1; i < n; i += 2)
        map_put(&m, key_of(i, buf), NULL)->number = n + i;
    assert_int_equal(m.count, n);
    for (size_t i = 0; i < m.n_entries; i++) {
        if (!m.entries[i].key)
            continue;
        assert_true(m.entries[i].value.number > last);
        last = m.entries[i].value.number;
    }
    map_done(&m);
}

static void test_removal_while_walking(void **state)
{
    char buf[32];
    struct map m;
    size_t seen = 0;

    (void)state;
    map_init(&m);
    for (int i = 0; i < 100; i++)
        map_put(&m, key_of(i, buf), NULL)->number = i;
    for (size_t i = 0; i < m.n_entries; i++) {
        seen++;
        assert_true(map_remove(&m, m.entries[i].key));
    }
    assert_int_equal(seen, 100);
    assert_int_equal(m.count, 0);
    map_done(&m);
}

/* A map in which keys come and go for ever must not grow for ever. */
static void test_churn_stays_small(void **state)
{
    char buf[32];
    struct map m;

    (void)state;
    map_init(&m);
    for (int i = 0; i < 100000; i++) {
        map_put(&m, key_of(i, buf), NULL)->number = i;
        if (i >= 10)
            assert_true(map_remove(&m, key_of(i - 10, buf)));
    }
    assert_int_equal(m.count, 10);
    assert_true(m.n_slots <= 64);
    assert_true(m.entries_capacity <= 64);
    map_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_put_makes_once_and_copies_the_key),
        cmocka_unit_test(test_keys_are_bytes),
        cmocka_unit_test(test_growth_keeps_all_in_order),
        cmocka_unit_test(test_removal_and_return),
        cmocka_unit_test(test_removal_while_walking),
        cmocka_unit_test(test_churn_stays_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
