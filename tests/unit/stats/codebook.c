/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/codebook.h"
#include "driftop/stats/quantile.h"

static struct value number(double x)
{
    return value_from_number(x);
}

static struct value text(const char *t)
{
    return value_from_text(t, strlen(t));
}

static struct codebook *build(const struct value *values, size_t n, bool categorical)
{
    struct codebook *c;
    struct codebook_options o = {.categorical = categorical};
    assert_int_equal(codebook_build(values, n, &o, &c, NULL), 0);
    return c;
}

static size_t cell_of(const struct codebook *c, struct value v)
{
    return codebook_cell(c, &v);
}

static void assert_label(const struct codebook *c, struct value v, const char *want)
{
    char buf[64];
    assert_string_equal(codebook_label(c, cell_of(c, v), buf, sizeof buf), want);
}

static void kind_by_the_reference(void **state)
{
    (void)state;
    struct value numbers[] = {text("1"), text("-inf"), text("nan"), text("")};
    struct value texts[] = {text("1"), text("0x1"), text("")};
    struct value none[] = {text(""), text("null")};
    struct codebook *c = build(numbers, 4, false);
    assert_int_equal(codebook_summary(c)->kind, CODEBOOK_NUMERIC);
    assert_int_equal(codebook_summary(c)->finite, 1);
    codebook_free(c);
    c = build(numbers, 4, true);
    assert_int_equal(codebook_summary(c)->kind, CODEBOOK_CATEGORICAL);
    codebook_free(c);
    c = build(texts, 3, false);
    assert_int_equal(codebook_summary(c)->kind, CODEBOOK_CATEGORICAL);
    codebook_free(c);
    c = build(none, 2, false);
    assert_int_equal(codebook_summary(c)->kind, CODEBOOK_NUMERIC);
    assert_true(isnan(codebook_summary(c)->min));
    assert_label(c, number(3), "any number");
    codebook_free(c);
    c = build(none, 0, false);
    assert_int_equal(codebook_summary(c)->rows, 0);
    codebook_free(c);
}

static void exact_tier_has_atoms_and_gaps(void **state)
{
    (void)state;
    struct value v[] = {number(1), number(2), number(2), number(4), number(8)};
    struct codebook *c = build(v, 5, false);
    assert_true(codebook_summary(c)->exact);
    assert_label(c, number(2), "= 2");
    assert_label(c, number(nextafter(1, 0)), "<= 1");
    assert_label(c, number(9), "> 8");
    assert_label(c, number(INFINITY), "+inf");
    assert_label(c, number(-INFINITY), "-inf");
    assert_label(c, number(nan("")), "missing");
    assert_label(c, text("red"), "invalid");
    assert_int_equal(cell_of(c, number(-0.5)), 0);
    assert_int_not_equal(cell_of(c, number(1)), cell_of(c, number(nextafter(1, 2))));
    assert_int_equal(codebook_counts(c)[cell_of(c, number(2))], 2);
    assert_int_equal(codebook_special(c, CODEBOOK_UNSEEN), CODEBOOK_NO_CELL);
    codebook_free(c);
}

/* Cells are right-closed, in order, and found by the search as by walking. */
static void coarse_tier_finds_the_right_cell(void **state)
{
    (void)state;
    enum { N = 5000 };
    static struct value v[N];
    uint64_t random = 1;
    for (size_t i = 0; i < N; i++)
        v[i] = number(i % 3 ? floor(1000 * random_unit(&random)) : 0);
    struct codebook *c = build(v, N, false);
    assert_false(codebook_summary(c)->exact);
    assert_true(codebook_cells(c) <= 90);
    size_t last = 0;
    for (double x = -2; x < 1002; x += 0.25) {
        size_t cell = cell_of(c, number(x));
        assert_true(cell == last || cell == last + 1 || x < -1);
        last = cell;
    }
    assert_label(c, number(0), "= 0"); /* a third of all values: an atom */
    uint64_t sum = 0;
    for (size_t i = 0; i < codebook_cells(c); i++)
        sum += codebook_counts(c)[i];
    assert_int_equal(sum, N);
    assert_int_equal(codebook_counts(c)[cell_of(c, number(-1))], 0);
    assert_int_equal(codebook_counts(c)[cell_of(c, number(1000))], 0);
    codebook_free(c);
}

static void categories(void **state)
{
    (void)state;
    enum { N = 300 };
    static char names[N][8];
    static struct value v[N];
    for (size_t i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "c%zu", i < 200 ? i % 100 : i % 3);
        v[i] = text(names[i]);
    }
    struct codebook *c = build(v, N, false);
    assert_int_equal(codebook_summary(c)->distinct, 100);
    assert_int_equal(codebook_cells(c), 64 + 3);
    assert_label(c, text("c0"), "c0");
    assert_int_equal(cell_of(c, text("c2")), 0); /* the commonest comes first */
    assert_label(c, text("c99"), "other");
    assert_label(c, text("c100"), "new value");
    assert_label(c, text(""), "missing");
    assert_label(c, text("c0 "), "new value");
    codebook_free(c);
}

/* A number that came as text is its bytes, one that came bare is its shortest decimal. */
static void categories_of_numbers(void **state)
{
    (void)state;
    struct value v[] = {text("01"), text("1.0"), number(1), number(0.1)};
    struct codebook *c = build(v, 4, true);
    assert_int_equal(codebook_summary(c)->distinct, 4);
    assert_int_equal(cell_of(c, text("1")), cell_of(c, number(1)));
    assert_label(c, number(0.1), "0.1");
    assert_label(c, text("01"), "01");
    codebook_free(c);
}

static void more_texts_than_it_remembers(void **state)
{
    (void)state;
    enum { N = 500 };
    static char names[N][8];
    static struct value v[N];
    for (size_t i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "u%zu", i);
        v[i] = text(names[i]);
    }
    struct codebook *c;
    struct codebook_options o = {.known_values = 100};
    assert_int_equal(codebook_build(v, N, &o, &c, NULL), 0);
    assert_true(codebook_summary(c)->truncated);
    assert_label(c, text("never seen"), "other");
    assert_int_equal(codebook_counts(c)[codebook_special(c, CODEBOOK_OTHER)], N - 64);
    codebook_free(c);
}

static void assert_round_trip(const struct value *v, size_t n, bool categorical)
{
    struct codebook *c = build(v, n, categorical), *back;
    struct str bytes;
    str_init(&bytes, 0);
    assert_int_equal(codebook_encode(c, &bytes), 0);
    assert_int_equal(codebook_decode(bytes.data, bytes.length, &back, NULL), 0);
    assert_string_equal(codebook_hash(c), codebook_hash(back));
    assert_int_equal(codebook_cells(c), codebook_cells(back));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(codebook_cell(c, &v[i]), codebook_cell(back, &v[i]));
    codebook_free(back);
    for (size_t cut = 0; cut < bytes.length; cut++)
        assert_int_not_equal(codebook_decode(bytes.data, cut, &back, NULL), 0);
    /* any flipped byte is refused or gives another codebook, and never harms */
    for (size_t i = 0; i < bytes.length; i++) {
        bytes.data[i] ^= 0x41;
        if (codebook_decode(bytes.data, bytes.length, &back, NULL) == 0) {
            assert_string_not_equal(codebook_hash(c), codebook_hash(back));
            for (size_t k = 0; k < n; k++)
                assert_true(codebook_cell(back, &v[k]) < codebook_cells(back));
            codebook_free(back);
        }
        bytes.data[i] ^= 0x41;
    }
    bytes.data[3] = 9;
    assert_int_equal(codebook_decode(bytes.data, bytes.length, &back, NULL), ERR_VERSION);
    str_done(&bytes);
    codebook_free(c);
}

static void encoding(void **state)
{
    (void)state;
    struct value few[] = {number(1), number(-2.5), number(INFINITY), text(""), number(1)};
    struct value words[] = {text("a"), text("b"), text(""), text("a"), text("\xff\x01")};
    static struct value many[200];
    uint64_t random = 9;
    for (size_t i = 0; i < 200; i++)
        many[i] = number(random_unit(&random) - 0.5);
    assert_round_trip(few, 5, false);
    assert_round_trip(words, 5, false);
    assert_round_trip(many, 200, false);
    assert_round_trip(few, 0, false);
    assert_round_trip(few, 5, true);
}

/* Two references that differ in one value have different hashes. */
static void hash_sees_one_count(void **state)
{
    (void)state;
    struct value a[] = {number(1), number(1), number(2)}, b[] = {number(1), number(2), number(2)};
    struct codebook *x = build(a, 3, false), *y = build(b, 3, false);
    assert_string_not_equal(codebook_hash(x), codebook_hash(y));
    codebook_free(x);
    codebook_free(y);
}

/* The extremes of a double do not break the cuts. */
static void absurd_numbers(void **state)
{
    (void)state;
    struct value v[] = {number(-1.7976931348623157e308), number(1.7976931348623157e308),
                        number(5e-324), number(-0.0), number(0.0)};
    struct codebook *c = build(v, 5, false);
    for (size_t i = 0; i < 5; i++)
        assert_true(codebook_counts(c)[codebook_cell(c, &v[i])] > 0);
    assert_int_equal(cell_of(c, number(-0.0)), cell_of(c, number(0.0)));
    assert_round_trip(v, 5, false);
    codebook_free(c);
}

/* Interpolated from the nearer neighbour: from the other one these end in ...01 and ...02. */
static void quantiles_to_the_last_bit(void **state)
{
    (void)state;
    static const double a[] = {0.1, 0.8, 1.1, 1.2000000000000002}, b[] = {0.5, 0.9, 1.1, 1.3},
                        c[] = {0.3, 0.7, 0.8, 1.4};
    assert_true(fabs(quantile_sorted(a, 4, 0.2) - 0.52) <= 0);
    assert_true(fabs(quantile_sorted(b, 4, 0.9) - 1.24) <= 0);
    assert_true(fabs(quantile_sorted(c, 4, 0.9) - 1.22) <= 0);
    assert_true(fabs(quantile_sorted(a, 4, 0) - 0.1) <= 0);
    assert_true(fabs(quantile_sorted(a, 4, 1) - 1.2000000000000002) <= 0);
    assert_true(fabs(quantile_sorted(a, 1, 0.5) - 0.1) <= 0);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void sorting(void **state)
{
    (void)state;
    enum { MOST = 3000 };
    static double v[MOST], want[MOST], scratch[MOST];
    uint64_t random = 3;
    for (size_t n = 0; n < MOST; n = n * 2 + 1) {
        for (size_t i = 0; i < n; i++) {
            double x = random_unit(&random) - 0.5;
            v[i] = want[i] = i % 5 == 0 ? floor(9 * x) : ldexp(x, (int)(random % 600) - 300);
        }
        qsort(want, n, sizeof *want, by_value);
        quantile_sort(v, scratch, n);
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(v[i] - want[i]) <= 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kind_by_the_reference),
        cmocka_unit_test(exact_tier_has_atoms_and_gaps),
        cmocka_unit_test(coarse_tier_finds_the_right_cell),
        cmocka_unit_test(categories),
        cmocka_unit_test(categories_of_numbers),
        cmocka_unit_test(more_texts_than_it_remembers),
        cmocka_unit_test(encoding),
        cmocka_unit_test(hash_sees_one_count),
        cmocka_unit_test(absurd_numbers),
        cmocka_unit_test(quantiles_to_the_last_bit),
        cmocka_unit_test(sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
