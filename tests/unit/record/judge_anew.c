/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What judging starts anew with: another reference, a clock that was put back; and what it never calls
 * frozen.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/record/judge.h"
#include "driftop/stats/verdict.h"

#define NOON INT64_C(1795262400000)

/* One deployment whose reference has `amount`, 0 to 99, and `flag`, always 1. */
struct world {
    struct ingest *ingest;
    struct judge judge;
    int deployment;
    int64_t now_ms;
};

static struct layout *make_layout(double scale)
{
    struct layout *layout = calloc(1, sizeof *layout);
    struct value values[1000];
    layout->n_features = 2;
    layout->features = calloc(2, sizeof *layout->features);
    for (size_t i = 0; i < 2; i++) {
        for (int k = 0; k < 1000; k++)
            values[k] = value_from_number(i == 0 ? k % 100 * scale : 1);
        str_copy(layout->features[i].name, MODEL_NAME_SIZE, i == 0 ? "amount" : "flag");
        assert_int_equal(codebook_build(values, 1000, NULL, &layout->features[i].codebook, NULL),
                         0);
    }
    assert_int_equal(layout_close(layout), 0);
    return layout;
}

static int set_up(void **state)
{
    static struct world w;
    w = (struct world){.ingest = ingest_new(), .now_ms = NOON};
    assert_non_null(w.ingest);
    w.deployment = ingest_deployment(w.ingest, "fraud");
    assert_int_equal(ingest_set_layout(w.ingest, w.deployment, make_layout(1), NULL), 0);
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    judge_done(&w->judge);
    ingest_free(w->ingest);
    return 0;
}

/* One row of version 41 as of now; NaN is a missing amount. */
static void add_row(struct world *w, double amount)
{
    struct field fields[2] = {
        {.name = "flag", .name_length = 4, .value = value_from_number(1)},
        {.name = "amount", .name_length = 6, .value = value_from_number(amount)},
    };
    struct feature_row row = {.at_ms = w->now_ms,
                              .version = "41",
                              .version_length = 2,
                              .fields = fields,
                              .n_fields = isnan(amount) ? 1 : 2};
    enum source_refusal refusal;
    assert_int_equal(ingest_row(w->ingest, w->deployment, &row, w->now_ms, &refusal), 0);
}

static struct ingest_version *judged(struct world *w)
{
    while (!judge_step(&w->judge, w->ingest, 1000000, w->now_ms)) {
    }
    return ingest_version(w->ingest, w->deployment, "41", 2);
}

static unsigned reason(const struct ingest_version *v, size_t feature)
{
    return v->summaries[feature * WINDOW_LEVELS + judge_span(v)].reason;
}

/* One value where the reference has many; but one that never had another cannot stop changing. */
static void frozen_is_what_could_change(void **state)
{
    struct world *w = *state;
    struct ingest_version *v;
    for (int i = 0; i < 100000; i++)
        add_row(w, i % 100);
    v = judged(w);
    assert_int_equal(reason(v, 0) & DRIFT_FROZEN, 0);
    assert_int_equal(reason(v, 1) & DRIFT_FROZEN, 0);
    assert_null(v->watch->notes[1].note);
    for (int i = 0; i < 300; i++)
        add_row(w, 50);
    v = judged(w);
    assert_int_equal(reason(v, 0) & DRIFT_FROZEN, DRIFT_FROZEN);
    assert_int_equal(reason(v, 1) & DRIFT_FROZEN, 0);
}

/* Of the new reference nothing was judged yet: nobody may look at the verdicts, or write them. */
static void another_reference_begins_anew(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 300; i++)
        add_row(w, i % 100);
    struct ingest_version *v = judged(w);
    assert_true(v->judged_ms == w->now_ms && v->summaries_changed);
    assert_int_equal(ingest_set_layout(w->ingest, w->deployment, make_layout(2), NULL), 0);
    assert_int_equal(v->judged_ms, 0);
    assert_false(v->summaries_changed);
    w->now_ms += 1000;
    for (int i = 0; i < 300; i++)
        add_row(w, i % 100 * 2);
    assert_true(judged(w)->judged_ms == w->now_ms && v->summaries_changed);
}

/* A clock that was an hour ahead and is put right: what is said is of now, not of then. */
static void a_clock_put_back_stops_no_judging(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 300; i++)
        add_row(w, i % 100 * 100);
    struct ingest_version *v = judged(w);
    assert_non_null(v->watch->notes[0].note);
    w->now_ms -= 3600000;
    for (int i = 0; i < 1500; i++)
        add_row(w, i % 5 ? i % 100 : NAN);
    assert_ptr_equal(judged(w), v);
    assert_int_equal(v->watch->notes[0].made_ms, w->now_ms);
    w->now_ms -= 60000; /* no row since, and still the windows move */
    assert_int_equal(judged(w)->judged_ms, w->now_ms);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(frozen_is_what_could_change),
        T(another_reference_begins_anew),
        T(a_clock_put_back_stops_no_judging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
