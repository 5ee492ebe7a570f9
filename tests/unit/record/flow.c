/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows come minute after minute, more, fewer, or none: that is noticed, a shift between versions is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "../../../src/record/flow.h"
#include "driftop/base/str.h"

#define MINUTE INT64_C(60000)
#define NOON   INT64_C(1795262400000)

struct world {
    struct ingest *ingest;
    struct ingest_deployment *d;
    int64_t now_ms;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct layout *layout = calloc(1, sizeof *layout);
    struct value values[10];
    w->ingest = ingest_new();
    w->now_ms = NOON;
    assert_int_equal(ingest_deployment(w->ingest, "alpha"), 0);
    w->d = ingest_get(w->ingest, 0);
    for (size_t i = 0; i < 10; i++)
        values[i] = value_from_number((double)i);
    layout->n_features = 1;
    layout->features = calloc(1, sizeof *layout->features);
    str_copy(layout->features[0].name, MODEL_NAME_SIZE, "x");
    assert_int_equal(codebook_build(values, 10, NULL, &layout->features[0].codebook, NULL), 0);
    assert_int_equal(layout_close(layout), 0);
    assert_int_equal(ingest_set_layout(w->ingest, 0, layout, NULL), 0);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    ingest_free(w->ingest);
    free(w);
    return 0;
}

/* So many rows a minute of both versions, for so many minutes. */
static void flows(struct world *w, int minutes, int one, int two)
{
    const struct field x = {"x", 1, value_from_number(3)};
    enum source_refusal why;
    for (int m = 0; m < minutes; m++, w->now_ms += MINUTE)
        for (int i = 0; i < one + two; i++) {
            struct feature_row row = {.at_ms = w->now_ms,
                                      .version = i < one ? "1" : "2",
                                      .version_length = 1,
                                      .fields = &x,
                                      .n_fields = 1};
            assert_int_equal(ingest_row(w->ingest, 0, &row, w->now_ms, &why), 0);
        }
    w->now_ms -= MINUTE; /* still in the last of them */
    for (size_t k = 0; k < w->d->n_versions; k++)
        window_advance(w->d->versions[k]->window, w->now_ms);
}

static void fewer_and_more(void **state)
{
    struct world *w = *state;
    flows(w, 41, 20, 0);
    assert_int_equal(flow_marks(w->d, w->now_ms), 0);
    w->now_ms += MINUTE;
    flows(w, 10, 10, 10); /* from one version to the other */
    assert_int_equal(flow_marks(w->d, w->now_ms), 0);
    w->now_ms += MINUTE;
    flows(w, 10, 2, 3);
    assert_int_equal(flow_marks(w->d, w->now_ms), DRIFT_VOLUME);
    w->now_ms += MINUTE;
    flows(w, 60, 2, 3); /* what is so for an hour is usual */
    assert_int_equal(flow_marks(w->d, w->now_ms), 0);
    w->now_ms += MINUTE;
    flows(w, 10, 30, 30);
    assert_int_equal(flow_marks(w->d, w->now_ms), DRIFT_VOLUME);
}

static void none(void **state)
{
    struct world *w = *state;
    assert_int_equal(flow_marks(w->d, w->now_ms), 0);
    flows(w, 20, 4, 0);
    w->now_ms += 2 * MINUTE; /* the usual gap is a quarter of a minute */
    assert_int_equal(flow_marks(w->d, w->now_ms), 0);
    w->now_ms += MINUTE;
    assert_int_equal(flow_marks(w->d, w->now_ms), DRIFT_FRESHNESS);
}

/* A handful of rows in an hour prove nothing, and neither does what has only begun. */
static void few(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 4; i++, w->now_ms += 14 * MINUTE)
        flows(w, 1, 10, 0);
    assert_int_equal(flow_marks(w->d, w->now_ms), 0);
    w->now_ms += 120 * MINUTE;
    flows(w, 2, 1000, 0);
    assert_int_equal(flow_marks(w->d, w->now_ms), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fewer_and_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(few, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
