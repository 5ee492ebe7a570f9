/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What somebody does to a feature is named, and where and when it happened is found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "columns.h"
#include "driftop/stats/feature.h"
#include "driftop/stats/onset.h"
#include "driftop/stats/quantile.h"
#include "driftop/stats/sentence.h"
#include "driftop/stats/shape.h"

enum { N = 2000, W = 800 };

static double reference[N], current[W], scratch[N];

/* Skewed, positive, without ties. */
static void draw(double *values, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        values[i] = 5 - 2 * log(1 - random_unit(&seed)) * (1 + random_unit(&seed));
}

static void draw_both(void)
{
    draw(reference, N, 1);
    draw(current, W, 2);
}

/* On the counts of a codebook instead of the reference's values. */
static void sample_shape(const double *sorted, struct shape *ret)
{
    static struct value values[N];
    static uint32_t counts[2 * 512];
    struct codebook *c;
    for (size_t i = 0; i < N; i++)
        values[i] = value_from_number(reference[i]);
    assert_int_equal(codebook_build(values, N, NULL, &c, NULL), 0);
    assert_true(codebook_cells(c) <= 512);
    shape_of_sample(c, sorted, W, 0.001, counts, scratch, ret);
    codebook_free(c);
}

static void assert_shape(enum shape_kind kind, double by, double tolerance)
{
    struct shape shape;
    static double x[N], y[W];
    memcpy(x, reference, sizeof x);
    memcpy(y, current, sizeof y);
    quantile_sort(x, scratch, N);
    quantile_sort(y, scratch, W);
    shape_of_numbers(x, N, y, W, 0.001, scratch, &shape);
    assert_string_equal(shape_name(shape.kind), shape_name(kind));
    if (!(fabs(shape.by - by) <= tolerance))
        fail_msg("%s by %g, expected %g", shape_name(kind), shape.by, by);
    sample_shape(y, &shape);
    assert_string_equal(shape_name(shape.kind), shape_name(kind));
    if (!(fabs(shape.by - by) <= tolerance))
        fail_msg("on counts: %s by %g, expected %g", shape_name(kind), shape.by, by);
}

static void repairs_are_named(void **state)
{
    (void)state;
    draw_both();
    assert_shape(SHAPE_NONE, 0, 0);
    for (size_t i = 0; i < W; i++)
        current[i] *= 100;
    assert_shape(SHAPE_SCALE, 100, 0);
    draw_both();
    for (size_t i = 0; i < W; i++)
        current[i] /= 1000;
    assert_shape(SHAPE_SCALE, 0.001, 0);
    draw_both();
    for (size_t i = 0; i < W; i++)
        current[i] += 4;
    assert_shape(SHAPE_SHIFT, 4, 0.4);
    draw_both();
    for (size_t i = 0; i < W / 3; i++)
        current[i] = -999;
    assert_shape(SHAPE_SENTINEL, -999, 0);
    draw_both();
    for (size_t i = 0; i < W; i++)
        current[i] = fmin(current[i], 7);
    assert_shape(SHAPE_CLIPPED, 7, 0);
    draw_both();
    for (size_t i = 0; i < W; i++)
        current[i] = fmax(current[i], 6.5);
    assert_shape(SHAPE_CLIPPED, 6.5, 0);
    /* both end at 9: that was so before */
    for (size_t i = 0; i < N; i++)
        reference[i] = fmin(reference[i], 9);
    for (size_t i = 0; i < W; i++)
        current[i] = fmin(current[i], 9);
    assert_shape(SHAPE_CLIPPED, 6.5, 0);
    draw_both();
    for (size_t i = 0; i < W; i++)
        current[i] = 6;
    assert_shape(SHAPE_FROZEN, 6, 0);
    draw_both();
    for (size_t i = 0; i < W; i += 2)
        current[i] = 10 - current[i];
    assert_shape(SHAPE_OTHER, 0, 0);
}

/* Without values, counts say less than what is known already. */
static void names_stay(void **state)
{
    (void)state;
    assert_true(shape_stays(SHAPE_SCALE, SHAPE_OUT_OF_RANGE));
    assert_true(shape_stays(SHAPE_HOURS, SHAPE_OTHER));
    assert_true(shape_stays(SHAPE_SENTINEL, SHAPE_OUT_OF_RANGE));
    assert_false(shape_stays(SHAPE_SCALE, SHAPE_MISSING));
    assert_false(shape_stays(SHAPE_NONE, SHAPE_OTHER));
    assert_false(shape_stays(SHAPE_OTHER, SHAPE_OUT_OF_RANGE));
    assert_false(shape_stays(SHAPE_SCALE, SHAPE_NONE));
}

/* Few rows of a heavy tail do not tell x115 from a point that slipped. */
static void rough_factors(void **state)
{
    struct shape shape;
    uint64_t random = 4;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        double u = random_unit(&random);
        reference[i] = u / (1 - u);
    }
    for (size_t i = 0; i < W; i++) {
        double u = random_unit(&random);
        current[i] = 105 * u / (1 - u);
    }
    quantile_sort(reference, scratch, N);
    quantile_sort(current, scratch, 100);
    shape_of_numbers(reference, N, current, 100, 0.001, scratch, &shape);
    assert_int_equal(shape.kind, SHAPE_SCALE);
    if (!(shape.by >= 100 && shape.by <= 100))
        fail_msg("%g", shape.by);
    /* A factor that is no point stays itself. */
    for (size_t i = 0; i < 100; i++)
        current[i] /= 2;
    shape_of_numbers(reference, N, current, 100, 0.001, scratch, &shape);
    assert_true(shape.kind == SHAPE_SCALE && shape.by > 40 && shape.by < 80);
}

/* Eight of a hundred rows are -999: D hardly moves, and it is named all the same. */
static void few_that_stand_for_nothing(void **state)
{
    static struct value values[N];
    static uint32_t counts[2 * 512], now[512];
    struct feature_result r;
    struct shape shape;
    struct codebook *c;
    (void)state;
    draw_both();
    for (size_t i = 0; i < N; i++)
        values[i] = value_from_number(reference[i]);
    assert_int_equal(codebook_build(values, N, NULL, &c, NULL), 0);
    for (size_t i = 0; i < W * 8 / 100; i++)
        current[i] = -999;
    for (size_t i = 0; i < W; i++) {
        struct value value = value_from_number(current[i]);
        now[codebook_cell(c, &value)]++;
    }
    feature_judge_counts(c, now, NULL, &r);
    shape_of_result(&r, &shape);
    assert_int_equal(shape.kind, SHAPE_OUT_OF_RANGE);
    shape_of_drift(c, &r, NULL, 0, 0.001, NULL, NULL, &shape);
    assert_int_equal(shape.kind, SHAPE_OUT_OF_RANGE);
    quantile_sort(current, scratch, W);
    assert_true(shape_of_drift(c, &r, current, W, 0.001, counts, scratch, &shape));
    assert_int_equal(shape.kind, SHAPE_SENTINEL);
    assert_true(shape.by >= -999 && shape.by <= -999);
    /* Each outside by itself: no value stands out. */
    for (size_t i = 0; i < W * 8 / 100; i++)
        current[i] = -999 + (double)i;
    shape_of_drift(c, &r, current, W, 0.001, counts, scratch, &shape);
    assert_int_equal(shape.kind, SHAPE_OUT_OF_RANGE);
    for (size_t i = 0; i < W; i++)
        current[i] = 500;
    assert_false(shape_of_drift(c, &r, current, W, 0.001, counts, scratch, &shape));
    assert_int_equal(shape.kind, SHAPE_FROZEN);
    codebook_free(c);
}

/* A count that begins at another number: the medians are one of few whole numbers, the shift is exact. */
static void whole_numbers_are_shifted(void **state)
{
    (void)state;
    uint64_t random = 11;
    for (int by = -7; by <= 9; by += 4) {
        for (size_t i = 0; i < N; i++)
            reference[i] = floor(12 * random_unit(&random) * random_unit(&random)) + 20;
        for (size_t i = 0; i < W; i++)
            current[i] = floor(12 * random_unit(&random) * random_unit(&random)) + 20 + by;
        assert_shape(SHAPE_SHIFT, by, 0);
    }
}

/* Busy by day, quiet by night; and somebody changed the time zone. */
static void hours_turned(void **state)
{
    (void)state;
    uint64_t random = 4;
    for (int by = -9; by <= 9; by += 3) {
        for (size_t i = 0; i < N; i++)
            reference[i] = floor(24 * sqrt(random_unit(&random)));
        for (size_t i = 0; i < W; i++)
            current[i] = fmod(floor(24 * sqrt(random_unit(&random))) + by + 24, 24);
        assert_shape(by ? SHAPE_HOURS : SHAPE_NONE, by, 0);
    }
}

static void judge_texts(const char *const *words, size_t n_words, struct feature_result *ret,
                        char *sentence, size_t size)
{
    static struct value x[N], y[W];
    static uint32_t counts[DIVERGENCE_CELLS];
    struct feature_cell cells[FEATURE_CELLS];
    struct codebook *c;
    for (size_t i = 0; i < N; i++)
        x[i] = value_from_text(i % 2 ? "a" : "b", 1);
    for (size_t i = 0; i < W; i++)
        y[i] = value_from_text(words[i % n_words], strlen(words[i % n_words]));
    assert_int_equal(codebook_build(x, N, NULL, &c, NULL), 0);
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < W; i++)
        counts[codebook_cell(c, &y[i])]++;
    feature_judge_counts(c, counts, NULL, ret);
    sentence_of(ret, cells, feature_cells(c, codebook_counts(c), counts, cells), sentence, size);
    codebook_free(c);
}

static void categories_and_their_sentence(void **state)
{
    (void)state;
    static const char *const same[] = {"a", "b"}, *const fresh[] = {"a", "b", "a", "b", "c"},
                             *const gone[] = {"a", "b", "", "a"},
                             *const tilted[] = {"a", "a", "a", "b"};
    struct feature_result r;
    struct shape shape;
    char text[128];
    judge_texts(same, 2, &r, text, sizeof text);
    shape_of_result(&r, &shape);
    assert_int_equal(shape.kind, SHAPE_NONE);
    judge_texts(fresh, 5, &r, text, sizeof text);
    shape_of_result(&r, &shape);
    assert_int_equal(shape.kind, SHAPE_NEW_VALUE);
    assert_true(fabs(shape.by - 0.2) < 1e-12);
    assert_string_equal(text, "20 % of current is a value the reference never had, reference 0 %");
    judge_texts(gone, 4, &r, text, sizeof text);
    shape_of_result(&r, &shape);
    assert_int_equal(shape.kind, SHAPE_MISSING);
    assert_string_equal(text, "25 % of current is missing, reference 0 %");
    judge_texts(tilted, 4, &r, text, sizeof text);
    shape_of_result(&r, &shape);
    assert_int_equal(shape.kind, SHAPE_OTHER);
    assert_string_equal(text, "25 % of current is \"b\", reference 50 %");
}

static void numbers_have_a_place(void **state)
{
    (void)state;
    static struct value x[N], y[W];
    struct feature_result r;
    char text[128];
    for (size_t i = 0; i < N; i++)
        x[i] = value_from_number((double)(i % 10));
    for (size_t i = 0; i < W; i++)
        y[i] = value_from_number((double)(i % 5));
    assert_int_equal(feature_judge_columns(x, N, y, W, false, NULL, &r, NULL), 0);
    assert_string_equal(sentence_of(&r, NULL, 0, text, sizeof text),
                        "100 % of current is up to 4, reference 50 %");
    assert_non_null(
        strstr(sentence_against(&r, NULL, 0, "champion", text, sizeof text), ", champion "));
    assert_null(strstr(text, "reference"));
    assert_int_equal(feature_judge_columns(x, N, x, N, false, NULL, &r, NULL), 0);
    assert_string_equal(sentence_of(&r, NULL, 0, text, sizeof text), "");
}

/* 40 buckets of 100 rows, the change in bucket 23; none, one cell, and empty buckets around it. */
static void onset_of_a_change(void **state)
{
    (void)state;
    enum { BUCKETS = 40, CELLS = 5 };
    static uint32_t counts[BUCKETS][CELLS];
    struct onset onset;
    for (int changed = 0; changed <= 1; changed++) {
        uint64_t random = 11;
        memset(counts, 0, sizeof counts);
        for (size_t b = 0; b < BUCKETS; b++) {
            for (int i = 0; i < 100 && b % 7 != 3; i++) {
                double u = random_unit(&random);
                u = changed && b >= 23 ? sqrt(u) : u;
                counts[b][(int)(u * CELLS)]++;
            }
        }
        onset_find(&counts[0][0], BUCKETS, CELLS, 0.001, &onset);
        assert_int_equal(onset.present, changed);
        if (changed)
            assert_true(onset.bucket >= 22 && onset.bucket <= 24);
    }
    onset_find(&counts[0][0], 0, CELLS, 0.001, &onset);
    assert_false(onset.present);
    onset_find(&counts[0][0], BUCKETS, 1, 0.001, &onset);
    assert_false(onset.present);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repairs_are_named),
        cmocka_unit_test(hours_turned),
        cmocka_unit_test(whole_numbers_are_shifted),
        cmocka_unit_test(names_stay),
        cmocka_unit_test(rough_factors),
        cmocka_unit_test(few_that_stand_for_nothing),
        cmocka_unit_test(categories_and_their_sentence),
        cmocka_unit_test(numbers_have_a_place),
        cmocka_unit_test(onset_of_a_change),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
