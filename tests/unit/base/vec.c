/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "driftop/base/err.h"

struct pair {
    int a;
    double b;
};

static void test_grows_and_keeps(void **state)
{
    struct pair *pairs = NULL;
    size_t n_pairs = 0, capacity = 0, growths = 0;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        size_t before = capacity;

        assert_int_equal(VEC_ROOM(pairs, n_pairs, capacity, 1), 0);
        growths += capacity != before;
        pairs[n_pairs++] = (struct pair){i, i / 2.0};
    }
    for (int i = 0; i < 10000; i++)
        assert_int_equal(pairs[i].a, i);
    assert_true(capacity >= n_pairs);
    assert_true(growths < 20);
    free(pairs);
}

static void test_room_for_many_at_once(void **state)
{
    char *bytes = NULL;
    size_t capacity = 0;

    (void)state;
    assert_int_equal(VEC_ROOM(bytes, 0, capacity, 0), 0);
    assert_null(bytes);
    assert_int_equal(VEC_ROOM(bytes, 0, capacity, 1000), 0);
    assert_true(capacity >= 1000);
    assert_int_equal(VEC_ROOM(bytes, 1000, capacity, 1), 0);
    assert_true(capacity >= 1001);
    free(bytes);
}

static void test_overflow_leaves_the_array_alone(void **state)
{
    struct pair *pairs = NULL;
    size_t capacity = 0, had;
    struct pair *before;

    (void)state;
    assert_int_equal(VEC_ROOM(pairs, 0, capacity, 4), 0);
    before = pairs;
    had = capacity;
    assert_int_equal(VEC_ROOM(pairs, 4, capacity, SIZE_MAX), ERR_NOMEM);
    assert_int_equal(VEC_ROOM(pairs, 4, capacity, SIZE_MAX / sizeof *pairs), ERR_NOMEM);
    assert_int_equal(VEC_ROOM(pairs, 4, capacity, PTRDIFF_MAX / sizeof *pairs), ERR_NOMEM);
    assert_ptr_equal(pairs, before);
    assert_int_equal(capacity, had);
    free(pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows_and_keeps),
        cmocka_unit_test(test_room_for_many_at_once),
        cmocka_unit_test(test_overflow_leaves_the_array_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
