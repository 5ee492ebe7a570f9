/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sliding window against sorting its values again after every step.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "driftop/base/err.h"
#include "driftop/stats/exact.h"
#include "driftop/stats/quantile.h"

enum { MOST = 300 };

/* Some laws tie within a side, some across, some leave the reference's range. */
static double draw(uint64_t *random, int law)
{
    double u = random_unit(random);
    switch (law) {
    case 0: return u;
    case 1: return floor(u * 12);
    case 2: return u < 0.5 ? 0 : u;
    default: return floor(u * 30) / 2 - 3;
    }
}

static void check_step(const struct exact *x, const double *reference, size_t n, const double *last,
                       size_t count, size_t window)
{
    double sorted[MOST], scratch[MOST];
    memcpy(sorted, last, count * sizeof *sorted);
    quantile_sort(sorted, scratch, count);
    struct ks_gap want = ks_gap_sorted(reference, n, sorted, count), got = exact_locate(x);
    assert_int_equal(exact_count(x), count);
    assert_int_equal(got.gap, want.gap);
    assert_int_equal(got.direction, want.direction);
    if (want.gap > 0) {
        assert_true(fabs(got.location - want.location) <= 0);
        assert_int_equal(got.reference_below, want.reference_below);
        assert_int_equal(got.current_below, want.current_below);
    }
    assert_int_equal(exact_gap(x), count == window ? want.gap : 0);
}

static void slide(uint64_t seed, size_t n, size_t window, int reference_law, int law)
{
    enum { STEPS = 400 };
    double reference[MOST], sorted[MOST], scratch[MOST], stream[STEPS];
    struct exact *x;
    for (size_t i = 0; i < n; i++)
        sorted[i] = reference[i] = draw(&seed, reference_law);
    quantile_sort(sorted, scratch, n);
    assert_int_equal(exact_new(reference, n, window, &x), 0);
    for (size_t i = 0; i < STEPS; i++) {
        stream[i] = draw(&seed, law);
        exact_push(x, stream[i]);
        size_t count = i + 1 < window ? i + 1 : window;
        check_step(x, sorted, n, &stream[i + 1 - count], count, window);
    }
    exact_free(x);
}

static void every_step_is_exact(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{1, 1}, {1, 7}, {7, 1}, {40, 25}, {200, 50}, {256, 250}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int law = 0; law < 16; law++)
            slide((uint64_t)law + 1, sizes[s][0], sizes[s][1], law / 4, law % 4);
    }
}

static void refuses(void **state)
{
    (void)state;
    static const double fine[] = {1}, infinite[] = {1, INFINITY}, none[] = {NAN};
    struct exact *x;
    assert_int_equal(exact_new(fine, 0, 1, &x), ERR_INVALID);
    assert_int_equal(exact_new(fine, 1, 0, &x), ERR_INVALID);
    assert_int_equal(exact_new(infinite, 2, 5, &x), ERR_INVALID);
    assert_int_equal(exact_new(none, 1, 5, &x), ERR_INVALID);
    assert_int_equal(exact_new(fine, 1, (size_t)1 << 40, &x), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_is_exact),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
