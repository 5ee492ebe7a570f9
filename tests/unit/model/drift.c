/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driftop/base/str.h"
#include "driftop/model/drift.h"

/* Two features, counted on 1 .. n each. */
static struct layout *make(const char *first, const char *second, size_t n)
{
    struct layout *l = calloc(1, sizeof *l);
    const char *const names[] = {first, second};
    struct value values[100];

    assert_non_null(l);
    l->features = calloc(2, sizeof *l->features);
    assert_non_null(l->features);
    l->n_features = 2;
    for (size_t i = 0; i < n; i++)
        values[i] = value_from_number((double)i + 1);
    for (size_t i = 0; i < 2; i++) {
        str_copy(l->features[i].name, sizeof l->features[i].name, names[i]);
        assert_int_equal(codebook_build(values, n, NULL, &l->features[i].codebook, NULL), 0);
    }
    assert_int_equal(layout_close(l), 0);
    return l;
}

static void test_close(void **state)
{
    struct layout *l = make("amount", "age", 50);

    (void)state;
    assert_int_equal(l->features[0].first_cell, 0);
    assert_int_equal(l->features[1].first_cell, l->features[0].n_cells);
    assert_int_equal(l->n_cells, 2 * l->features[0].n_cells);
    assert_int_equal(strlen(l->hash), 64);
    layout_free(l);
    layout_free(NULL);
}

static void test_hash(void **state)
{
    struct layout *a = make("amount", "age", 50), *same = make("amount", "age", 50),
                  *order = make("age", "amount", 50), *values = make("amount", "age", 51),
                  *names = make("amounta", "ge", 50);

    (void)state;
    assert_string_equal(a->hash, same->hash);
    assert_string_not_equal(a->hash, order->hash);
    assert_string_not_equal(a->hash, values->hash);
    assert_string_not_equal(a->hash, names->hash);
    layout_free(a);
    layout_free(same);
    layout_free(order);
    layout_free(values);
    layout_free(names);
}

static void test_find(void **state)
{
    struct layout *l = make("amount", "age", 10);

    (void)state;
    assert_int_equal(layout_find(l, "age=3", 3), 1);
    assert_int_equal(layout_find(l, "amount", 6), 0);
    assert_int_equal(layout_find(l, "amoun", 5), -1);
    assert_int_equal(layout_find(l, "", 0), -1);
    layout_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_find),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
