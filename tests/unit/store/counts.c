/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <math.h>

#include "driftop/base/str.h"
#include "driftop/stats/window_pack.h"
#include "driftop/store/read_drift.h"
#include "driftop/store/write.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define NOON      INT64_C(1795262400000) /* a full hour */

struct fixture {
    struct world *w;
    struct store *s;
    struct deployment_state d;
    struct version_state v;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    void *w = NULL;
    if (!f || world_setup(&w) < 0)
        return -1;
    f->w = w;
    f->s = world_open(f->w->store, STORE_RECORD);
    str_copy(f->d.name, sizeof f->d.name, "fraud");
    str_copy(f->v.version, sizeof f->v.version, "41");
    if (store_put_deployment(f->s, &f->d, NULL) < 0)
        return -1;
    f->v.deployment_id = f->d.id;
    *state = f;
    return store_put_version(f->s, &f->v, NULL);
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    void *w = f->w;
    store_close(f->s);
    free(f);
    return world_teardown(&w);
}

static struct layout *make_layout(int64_t deployment_id, size_t n_features, double scale)
{
    struct layout *layout = calloc(1, sizeof *layout);
    struct value values[500];
    layout->deployment_id = deployment_id;
    layout->n_features = n_features;
    layout->features = calloc(n_features, sizeof *layout->features);
    str_copy(layout->prediction, sizeof layout->prediction, "f0");
    for (size_t i = 0; i < n_features; i++) {
        for (size_t k = 0; k < 500; k++)
            values[k] = value_from_number((double)((k * 37 + i * 11) % 499) * scale);
        snprintf(layout->features[i].name, MODEL_NAME_SIZE, "f%zu", i);
        assert_int_equal(codebook_build(values, 500, NULL, &layout->features[i].codebook, NULL), 0);
    }
    assert_int_equal(layout_close(layout), 0);
    return layout;
}

static void test_layouts(void **state)
{
    struct fixture *f = *state;
    struct layout *got, *first = make_layout(f->d.id, 3, 1), *second = make_layout(f->d.id, 3, 2);
    assert_int_equal(store_layout(f->s, f->d.id, &got, NULL), ERR_ABSENT);
    assert_null(got);
    assert_int_equal(store_put_layout(f->s, first, NULL), 0);
    assert_int_equal(store_put_layout(f->s, second, NULL), 0);
    assert_int_not_equal(first->id, second->id);
    int64_t id = first->id;
    first->id = 0;
    str_copy(first->prediction, sizeof first->prediction, "f2");
    assert_int_equal(store_put_layout(f->s, first, NULL), 0);
    assert_int_equal(first->id, id);
    assert_int_equal(store_layout(f->s, f->d.id, &got, NULL), 0);
    assert_int_equal(got->id, id);
    assert_int_equal(got->n_features, 3);
    assert_int_equal(got->n_cells, first->n_cells);
    assert_string_equal(got->hash, first->hash);
    assert_string_equal(got->prediction, "f2");
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(got->features[i].name, first->features[i].name);
        assert_int_equal(got->features[i].first_cell, first->features[i].first_cell);
        assert_string_equal(codebook_hash(got->features[i].codebook),
                            first->features[i].codebook_hash);
    }
    layout_free(got);
    layout_free(first);
    layout_free(second);
}

static void store_dirty(struct fixture *f, struct window *w, int64_t layout_id)
{
    struct window_bucket b;
    struct str packed;
    size_t it = 0;
    str_init(&packed, 0);
    while (window_dirty(w, &it, &b)) {
        struct counts_key key = {f->v.id, layout_id, (int)b.level, b.start_ms};
        str_clear(&packed);
        assert_int_equal(window_pack(w, &b, &packed), 0);
        assert_int_equal(
            store_put_counts(f->s, &key, (uint32_t)b.rows, packed.data, packed.length, NULL), 0);
        window_clean(w, &b);
    }
    str_done(&packed);
}

/* Whatever the clock says, the sum from the store is what the window holds. */
static void test_sums_are_the_windows(void **state)
{
    struct fixture *f = *state;
    struct layout *layout = make_layout(f->d.id, 2, 1);
    assert_int_equal(store_put_layout(f->s, layout, NULL), 0);
    struct window *w = window_new(layout->n_cells);
    uint32_t *counts = calloc(layout->n_cells, sizeof *counts);
    uint64_t rows;
    int64_t now = NOON - 17 * MINUTE_MS + 1234;
    assert_int_equal(store_begin(f->s, NULL), 0);
    for (uint32_t step = 0, random = 1; step < 900; step++) {
        random = random * 1664525 + 1013904223;
        now += random % (4 * MINUTE_MS);
        for (int64_t row = -3; row < 3; row++) {
            if (window_row(w, now + row * 40000 - random % 500000, now) != WINDOW_COUNTED)
                continue;
            window_count(w, random % layout->n_cells);
        }
        store_dirty(f, w, layout->id);
        if (step % 50)
            continue;
        for (int span = 0; span < WINDOW_LEVELS; span++) {
            assert_int_equal(store_sum_counts(f->s, f->v.id, layout, (enum window_span)span, now,
                                              counts, &rows, NULL),
                             0);
            assert_int_equal(rows, window_rows(w, (enum window_span)span));
            assert_memory_equal(counts, window_totals(w, (enum window_span)span),
                                layout->n_cells * sizeof *counts);
        }
    }
    assert_int_equal(store_end(f->s, true, NULL), 0);
    /* A later look, when nothing came any more. */
    assert_int_equal(
        store_sum_counts(f->s, f->v.id, layout, WINDOW_1H, now + 3 * HOUR_MS, counts, &rows, NULL),
        0);
    assert_int_equal(rows, 0);
    assert_int_equal(
        store_sum_counts(f->s, f->v.id + 1, layout, WINDOW_1H, now, counts, &rows, NULL), 0);
    assert_int_equal(rows, 0);
    free(counts);
    window_free(w);
    layout_free(layout);
}

static void put_bucket(struct fixture *f, int64_t layout_id, int level, int64_t start_ms)
{
    const uint32_t counts[4] = {1, 0, 2, (uint32_t)level};
    struct counts_key key = {f->v.id, layout_id, level, start_ms};
    struct str packed;
    str_init(&packed, 0);
    assert_int_equal(window_pack_counts(counts, 4, 3, &packed), 0);
    assert_int_equal(store_put_counts(f->s, &key, 3, packed.data, packed.length, NULL), 0);
    str_done(&packed);
}

struct seen {
    int64_t starts[8];
    size_t n, stop;
};

static int see(void *ctx, int64_t start_ms, uint32_t rows, const void *packed, size_t length)
{
    struct seen *seen = ctx;
    assert_int_equal(rows, 3);
    assert_true(packed && length > 0);
    seen->starts[seen->n++] = start_ms;
    return seen->n == seen->stop ? ERR_CANCELLED : 0;
}

static void test_each_counts(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.n = 0};
    for (int i = 4; i >= 0; i--)
        put_bucket(f, 1, 0, NOON + i * MINUTE_MS);
    put_bucket(f, 2, 0, NOON + MINUTE_MS);
    put_bucket(f, 1, 0, NOON + MINUTE_MS); /* again: replaced */
    struct counts_key key = {f->v.id, 1, 0, NOON + MINUTE_MS};
    assert_int_equal(store_each_counts(f->s, &key, NOON + 3 * MINUTE_MS, see, &seen, NULL), 0);
    assert_int_equal(seen.n, 2);
    assert_int_equal(seen.starts[0], NOON + MINUTE_MS);
    assert_int_equal(seen.starts[1], NOON + 2 * MINUTE_MS);
    seen = (struct seen){.stop = 1};
    key.start_ms = -DAY_MS;
    assert_int_equal(store_each_counts(f->s, &key, INT64_MAX, see, &seen, NULL), ERR_CANCELLED);
    assert_int_equal(seen.n, 1);
    key.start_ms = 1500;
    assert_int_equal(store_put_counts(f->s, &key, 1, "", 0, NULL), ERR_INVALID);
    key.start_ms = -60000;
    assert_int_equal(store_put_counts(f->s, &key, 1, "", 0, NULL), ERR_INVALID);
}

static void test_damaged_counts(void **state)
{
    struct fixture *f = *state;
    struct layout *layout = make_layout(f->d.id, 1, 1);
    assert_int_equal(store_put_layout(f->s, layout, NULL), 0);
    uint32_t *counts = calloc(layout->n_cells, sizeof *counts);
    uint64_t rows;
    struct err e = {0};
    put_bucket(f, layout->id, 1, NOON);
    assert_int_equal(store_sum_counts(f->s, f->v.id, layout, WINDOW_1H, NOON, counts, &rows, &e),
                     ERR_DATA);
    assert_true(e.text[0]);
    /* Bytes that are none are no counts either; the sanitizer build knows a pointer from nothing. */
    struct counts_key key = {f->v.id, layout->id, WINDOW_1H, NOON};
    assert_int_equal(store_put_counts(f->s, &key, 1, "", 0, NULL), 0);
    assert_int_equal(store_sum_counts(f->s, f->v.id, layout, WINDOW_1H, NOON, counts, &rows, &e),
                     ERR_DATA);
    free(counts);
    layout_free(layout);
}

/* Whoever reads counts makes room for as many cells as the layout says. */
static void a_layout_that_does_not_add_up(void **state)
{
    struct fixture *f = *state;
    struct layout *got, *layout = make_layout(f->d.id, 2, 1);
    struct err e = {0};
    layout->n_cells = UINT32_MAX;
    assert_int_equal(store_put_layout(f->s, layout, NULL), 0);
    assert_int_equal(store_layout(f->s, f->d.id, &got, &e), ERR_DATA);
    assert_null(got);
    assert_non_null(strstr(e.text, "cells"));
    layout_free(layout);
}

static void test_summaries(void **state)
{
    struct fixture *f = *state;
    struct drift_summaries got;
    struct drift_summary items[3] = {
        {.feature = 70000,
         .span = 2,
         .verdict = 3,
         .canary = 2,
         .reason = DRIFT_KS | DRIFT_FEW_ROWS,
         .rows = UINT32_MAX,
         .n_eff = 16,
         .ks_low = 0.25f,
         .ks_high = 0.5f,
         .psi_excess = NAN,
         .js_excess = 1,
         .rate_gap = -0.125f,
         .canary_psi = 0.75f,
         .canary_reason = DRIFT_KS,
         .canary_value = 0.5f},
        {.feature = 1, .span = 1, .rows = 300},
        {.feature = 1, .span = 0, .rows = 3},
    };
    assert_int_equal(store_summaries(f->s, f->v.id, -1, 200, &got, NULL), 0);
    assert_int_equal(got.n, 0);
    free(got.items);
    assert_int_equal(store_put_summaries(f->s, f->v.id, 1, 5, items, 3, NULL), 0);
    /* The shortest with enough rows; else the longest. */
    assert_int_equal(store_summaries(f->s, f->v.id, -1, 200, &got, NULL), 0);
    assert_true(got.n == 1 && got.span == WINDOW_1H && got.rows == 300 && got.at_ms == 5);
    free(got.items);
    assert_int_equal(store_summaries(f->s, f->v.id, 0, 200, &got, NULL), 0);
    assert_true(got.n == 1 && got.span == WINDOW_15M && got.items->rows == 3);
    free(got.items);
    assert_int_equal(store_put_summaries(f->s, f->v.id, 1, 6, items, 1, NULL), 0);
    assert_int_equal(store_summaries(f->s, f->v.id, -1, 200, &got, NULL), 0);
    assert_true(got.n == 1 && got.span == WINDOW_24H && got.at_ms == 6);
    const struct drift_summary *d = got.items;
    assert_int_equal(d->feature, 70000);
    assert_int_equal(d->span, 2);
    assert_int_equal(d->verdict, 3);
    assert_int_equal(d->canary, 2);
    assert_int_equal(d->reason, DRIFT_KS | DRIFT_FEW_ROWS);
    assert_true(d->rows == UINT32_MAX && d->n_eff > 15 && d->n_eff < 17);
    assert_true(d->ks_low > 0.24f && d->ks_low < 0.26f && isnan(d->psi_excess));
    assert_true(d->rate_gap < -0.12f && d->rate_gap > -0.13f);
    assert_true(d->canary_psi > 0.7f && d->canary_psi < 0.8f);
    assert_int_equal(d->canary_reason, DRIFT_KS);
    assert_true(d->canary_value > 0.4f && d->canary_value < 0.6f);
    free(got.items);
}

static void what_drift_keeps(void **state)
{
    struct fixture *f = *state;
    struct design designs[2] = {{.rank = 2, .cells = 3, .spread = 0.5, .shape = 0.25},
                                {.rank = 1, .cells = 1, .shape = 1}};
    struct drift_note *notes, note = {.feature = 3,
                                      .shape = 7,
                                      .shape_by = 100,
                                      .onset_ms = 60000,
                                      .onset_width_ms = 300000,
                                      .value = "os18",
                                      .sentence = "it moved"};
    size_t n;
    assert_int_equal(store_designs(f->s, f->v.id, 1, designs, 2, NULL), 0);
    assert_true(designs[0].rank < 1.1 && designs[0].cells < 1.1);
    designs[0] = (struct design){.rank = 2, .cells = 3, .spread = 0.5, .shape = 0.25};
    assert_int_equal(store_put_designs(f->s, f->v.id, 1, designs, 1, NULL), 0);
    designs[0] = (struct design){0};
    assert_int_equal(store_designs(f->s, f->v.id, 1, designs, 2, NULL), 0);
    assert_true(designs[0].rank > 1.9 && designs[0].cells > 2.9 && designs[0].spread > 0.4 &&
                designs[0].shape > 0.2 && designs[0].shape < 0.3 && designs[1].rank < 1.1);
    /* Of another layout nothing is known. */
    assert_int_equal(store_designs(f->s, f->v.id, 2, designs, 2, NULL), 0);
    assert_true(designs[0].rank < 1.1);

    assert_int_equal(store_put_drift_note(f->s, f->v.id, &note, NULL), 0);
    note.feature = 1;
    note.shape_by = NAN;
    assert_int_equal(store_put_drift_note(f->s, f->v.id, &note, NULL), 0);
    assert_int_equal(store_drift_notes(f->s, f->v.id, &notes, &n, NULL), 0);
    assert_int_equal(n, 2);
    assert_true(notes[0].feature == 1 && isnan(notes[0].shape_by));
    assert_true(notes[1].feature == 3 && notes[1].shape == 7 && notes[1].shape_by > 99);
    assert_true(notes[1].onset_ms == 60000 && notes[1].onset_width_ms == 300000);
    assert_string_equal(notes[1].value, "os18");
    assert_string_equal(notes[1].sentence, "it moved");
    free(notes);
    assert_int_equal(store_drop_drift_note(f->s, f->v.id, 3, NULL), 0);
    assert_int_equal(store_drift_notes(f->s, f->v.id, &notes, &n, NULL), 0);
    assert_true(n == 1 && notes[0].feature == 1);
    free(notes);
    assert_int_equal(store_drop_drift_note(f->s, f->v.id, -1, NULL), 0);
    assert_int_equal(store_drift_notes(f->s, f->v.id, &notes, &n, NULL), 0);
    assert_int_equal(n, 0);
    free(notes);
}

static void expect_said(struct fixture *f, int64_t version_id, size_t n)
{
    struct drift_summaries got;
    struct drift_note *notes;
    size_t n_notes;
    assert_int_equal(store_summaries(f->s, version_id, 0, 200, &got, NULL), 0);
    assert_int_equal(got.n, n);
    free(got.items);
    assert_int_equal(store_drift_notes(f->s, version_id, &notes, &n_notes, NULL), 0);
    assert_int_equal(n_notes, n);
    free(notes);
}

/* Verdicts and notes name features by their place in a layout: of another layout they would be said
 * of other features. */
static void a_new_reference_ends_what_was_said(void **state)
{
    struct fixture *f = *state;
    struct deployment_state other = {.name = "other"};
    struct version_state v = {.version = "41"};
    struct drift_summary item = {.verdict = 3, .rows = 300};
    struct drift_note note = {.shape = 7};
    struct layout *first = make_layout(f->d.id, 3, 1), *second = make_layout(f->d.id, 2, 2);
    assert_int_equal(store_put_deployment(f->s, &other, NULL), 0);
    v.deployment_id = other.id;
    assert_int_equal(store_put_version(f->s, &v, NULL), 0);
    assert_int_equal(store_put_layout(f->s, first, NULL), 0);
    for (int i = 0; i < 2; i++) {
        int64_t id = i ? v.id : f->v.id;
        assert_int_equal(store_put_summaries(f->s, id, first->id, 5, &item, 1, NULL), 0);
        assert_int_equal(store_put_drift_note(f->s, id, &note, NULL), 0);
    }
    assert_int_equal(store_put_layout(f->s, first, NULL), 0);
    expect_said(f, f->v.id, 1);
    assert_int_equal(store_put_layout(f->s, second, NULL), 0);
    expect_said(f, f->v.id, 0);
    expect_said(f, v.id, 1);
    layout_free(first);
    layout_free(second);
}

static void put_points(struct fixture *f, int64_t from, int64_t to)
{
    for (int64_t at = from; at < to; at += 10000)
        assert_int_equal(
            store_put_metric(f->s, f->v.id, METRIC_RATE, at, (double)(at / 10000 % 6), NULL), 0);
}

static void prune_all(struct fixture *f, int64_t now)
{
    int rc, calls = 0;
    assert_int_equal(store_begin(f->s, NULL), 0);
    for (int i = 0; i < 100; i++) {
        while ((rc = store_prune(f->s, now, NULL)) == 1 && calls < 10000)
            calls++;
        assert_int_equal(rc, 0);
    }
    assert_int_equal(store_end(f->s, true, NULL), 0);
}

static void expect_metric(struct fixture *f, int64_t to, int64_t step, const double *want, size_t n)
{
    double got[16];
    assert_int_equal(store_metric(f->s, f->v.id, METRIC_RATE, to, step, got, n, NULL), 0);
    for (size_t i = 0; i < n; i++) {
        if (isnan(want[i]))
            assert_true(isnan(got[i]));
        else
            assert_true(fabs(got[i] - want[i]) < 1e-6);
    }
}

static void test_metrics(void **state)
{
    struct fixture *f = *state;
    const double fine[] = {0, 1, 2, 3, 4, 5}, minutes[] = {NAN, 2.5, 2.5};
    const double flat[] = {2.5, 2.5, 2.5, 2.5, 2.5, 2.5};
    int64_t start = NOON - 3 * HOUR_MS;
    put_points(f, start, NOON);
    assert_int_equal(store_put_metric(f->s, f->v.id, METRIC_RATE, start - MINUTE_MS, NAN, NULL), 0);
    expect_metric(f, start + MINUTE_MS, 10000, fine, 6);
    expect_metric(f, start + 2 * MINUTE_MS, MINUTE_MS, minutes, 3);
    /* Packed: nobody sees a difference. */
    prune_all(f, NOON + 5 * MINUTE_MS);
    expect_metric(f, start + MINUTE_MS, 10000, fine, 6);
    expect_metric(f, start + 2 * MINUTE_MS, MINUTE_MS, minutes, 3);
    /* A day later a minute is the finest, a month later nothing is left. */
    prune_all(f, NOON + 25 * HOUR_MS);
    expect_metric(f, start + MINUTE_MS, 10000, flat, 6);
    expect_metric(f, start + 2 * MINUTE_MS, MINUTE_MS, minutes, 3);
    prune_all(f, NOON + 31 * DAY_MS);
    const double none[] = {NAN, NAN};
    expect_metric(f, start + 2 * MINUTE_MS, MINUTE_MS, none, 2);
    double point;
    assert_int_equal(store_metric(f->s, f->v.id, METRICS, NOON, 1, &point, 1, NULL), ERR_INVALID);
    assert_int_equal(store_metric(f->s, f->v.id, METRIC_P50, NOON, INT64_MAX, &point, 1, NULL),
                     ERR_INVALID);
}

static size_t count_buckets(struct fixture *f, int level)
{
    struct seen seen = {.n = 0};
    struct counts_key key = {f->v.id, 1, level, 0};
    assert_int_equal(store_each_counts(f->s, &key, INT64_MAX, see, &seen, NULL), 0);
    return seen.n;
}

static void test_prune_counts(void **state)
{
    struct fixture *f = *state;
    const int64_t ages[] = {0, 2 * HOUR_MS, 2 * DAY_MS, 31 * DAY_MS};
    for (int level = 0; level < WINDOW_LEVELS; level++) {
        for (size_t i = 0; i < 4; i++)
            put_bucket(f, 1, level, NOON - ages[i]);
    }
    prune_all(f, NOON + 1);
    assert_int_equal(count_buckets(f, 0), 1);
    assert_int_equal(count_buckets(f, 1), 2);
    assert_int_equal(count_buckets(f, 2), 3);
}

static void test_positions(void **state)
{
    struct fixture *f = *state;
    struct log_position *got, p = {.source = "a",
                                   .path = "/var/log/x",
                                   .device = UINT64_MAX,
                                   .inode = 7,
                                   .head_hash = "abc",
                                   .head_length = 1024,
                                   .offset = UINT64_C(1) << 50,
                                   .lines = 12};
    size_t n;
    assert_int_equal(store_put_position(f->s, &p, NULL), 0);
    p.offset++;
    assert_int_equal(store_put_position(f->s, &p, NULL), 0);
    p.inode = 8;
    assert_int_equal(store_put_position(f->s, &p, NULL), 0);
    assert_int_equal(store_positions(f->s, "a", &got, &n, NULL), 0);
    assert_int_equal(n, 2);
    assert_true(got[0].device == UINT64_MAX && got[0].offset == (UINT64_C(1) << 50) + 1);
    assert_string_equal(got[0].head_hash, "abc");
    assert_int_equal(got[0].head_length, 1024);
    assert_int_equal(got[0].lines, 12);
    free(got);
    assert_int_equal(store_drop_position(f->s, "a", UINT64_MAX, 7, NULL), 0);
    assert_int_equal(store_positions(f->s, "a", &got, &n, NULL), 0);
    assert_int_equal(n, 1);
    free(got);
    assert_int_equal(store_positions(f->s, "b", &got, &n, NULL), 0);
    assert_int_equal(n, 0);
    free(got);
}

int main(void)
{
#define COUNTS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        COUNTS_TEST(test_layouts),
        COUNTS_TEST(test_sums_are_the_windows),
        COUNTS_TEST(test_each_counts),
        COUNTS_TEST(test_damaged_counts),
        COUNTS_TEST(test_summaries),
        COUNTS_TEST(what_drift_keeps),
        COUNTS_TEST(a_new_reference_ends_what_was_said),
        COUNTS_TEST(test_metrics),
        COUNTS_TEST(test_prune_counts),
        COUNTS_TEST(test_positions),
        COUNTS_TEST(a_layout_that_does_not_add_up),
    };
    return cmocka_run_group_tests_name("store-counts", tests, NULL, NULL);
}
