/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../../src/adapt/weights_private.h"

static const double nothing[3] = {0, 0, 0};

static void test_round_numbers(void **state)
{
    static const struct {
        double ratio[3];
        int weight[3];
    } cases[] = {
        {{0.75, 0.25, 0}, {75, 25, 0}},
        {{1, 0, 0}, {100, 0, 0}},
        {{0.05, 0.95, 0}, {5, 95, 0}},
        {{0.5, 0.3, 0.2}, {50, 30, 20}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int weight[3];
        double error = weights_choose(cases[i].ratio, nothing, 3, 256, weight);
        assert_float_equal(error, 0, 1e-9);
        for (int k = 0; k < 3; k++)
            assert_int_equal(weight[k], cases[i].weight[k]);
    }
}

static void test_thirds_are_exact(void **state)
{
    const double ratio[3] = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    int weight[3];

    (void)state;
    assert_float_equal(weights_choose(ratio, nothing, 3, 256, weight), 0, 1e-9);
    assert_int_equal(weight[0], weight[1]);
    assert_int_equal(weight[1], weight[2]);
}

static void test_never_silently_zero(void **state)
{
    const double ratio[2] = {0.9999, 0.0001};
    int weight[2];

    (void)state;
    weights_choose(ratio, nothing, 2, 256, weight);
    assert_int_equal(weight[0], 256);
    assert_int_equal(weight[1], 1);
}

/* The receiving target keeps what it has while the other is lowered. */
static void test_no_dip(void **state)
{
    const double before[2] = {256, 256}, ratio[2] = {0.75, 0.25};
    int weight[2];

    (void)state;
    assert_true(weights_choose(ratio, before, 2, 256, weight) < 0.0025);
    assert_int_equal(weight[0], 256);
    assert_int_equal(weight[1], 85);
}

/* Any shares in whole percents come out exactly. */
static void test_all_percents(void **state)
{
    (void)state;
    for (int a = 0; a <= 100; a++)
        for (int b = 0; a + b <= 100; b++) {
            const double ratio[3] = {a / 100.0, b / 100.0, (100 - a - b) / 100.0};
            int weight[3];
            assert_float_equal(weights_choose(ratio, nothing, 3, 256, weight), 0, 1e-9);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_numbers),       cmocka_unit_test(test_thirds_are_exact),
        cmocka_unit_test(test_never_silently_zero), cmocka_unit_test(test_no_dip),
        cmocka_unit_test(test_all_percents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
