/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "driftop/query/drift.h"
#include "driftop/query/feature.h"

/* alpha: version 1 serves rows like the reference, version 2 rows a hundred times as large. */
struct pair {
    struct deployment_state d;
    struct version_state v1, v2;
    struct layout *layout;
};

static struct pair make_pair(struct world *w)
{
    struct pair p = {.d = world_deployment(w, "alpha", "1", 3)};
    p.v1 = world_version(w, &p.d, "1", 0.5, 0);
    p.v2 = world_version(w, &p.d, "2", 0.5, 0);
    p.layout = world_layout(w, p.d.id, 3);
    world_alive(w);
    return p;
}

static void test_lines(void **state)
{
    struct world *w = *state;
    struct drift_view d;
    struct err e = {0};
    struct pair p = make_pair(w);
    const struct told told[] = {{1, VERDICT_PAGE, DRIFT_PSI | DRIFT_VOLUME | DRIFT_FRESHNESS},
                                {2, VERDICT_WARN, DRIFT_KS}};
    world_summaries(w, p.v1.id, p.layout, 1000, NULL, 0);
    world_summaries(w, p.v2.id, p.layout, 1000, told, 2);
    assert_int_equal(drift_view_load(w->s, NULL, DRIFT_ANY_SPAN, w->now_ms, &d, NULL), 0);
    assert_int_equal(d.n_lines, 6);
    assert_string_equal(d.lines[0].feature, "f1");
    assert_string_equal(d.lines[0].version, "2");
    assert_int_equal(d.lines[0].summary.span, WINDOW_15M);
    assert_true(d.lines[1].prediction);
    assert_int_equal(d.n_page, 1);
    assert_int_equal(d.n_warn, 1);
    assert_int_equal(d.n_ok, 4);
    assert_int_equal(drift_view_severity(&d), SEVERITY_PAGE);
    struct json *o = drift_view_json(&d), *first = json_at(must(o, "features"), 0);
    expect_text(o, "schema", "driftop.drift.v1");
    expect_text(first, "verdict", "page");
    expect_text(first, "window", "15m");
    expect_number(first, "n", 1000);
    expect_number(first, "psi_excess", 0.5);
    assert_string_equal(json_text(json_at(must(first, "findings"), 0), NULL), "volume");
    assert_string_equal(json_text(json_at(must(first, "findings"), 1), NULL), "freshness");
    json_drop(o);
    drift_view_done(&d);
    assert_int_equal(drift_view_load(w->s, "alpha", WINDOW_24H, w->now_ms, &d, NULL), 0);
    assert_int_equal(d.lines[0].summary.span, WINDOW_24H);
    drift_view_done(&d);
    assert_int_equal(drift_view_load(w->s, "alhpa", WINDOW_24H, w->now_ms, &d, &e), ERR_ABSENT);
    assert_non_null(strstr(e.text, "alpha"));
    layout_free(p.layout);
}

/* What the statistics say stays as it is; how grave it is the deployment's rule says, too. */
static void test_a_rule_that_pages_nobody(void **state)
{
    struct world *w = *state;
    struct drift_view d;
    struct pair p = make_pair(w);
    const struct told told[] = {{1, VERDICT_PAGE, DRIFT_PSI | DRIFT_NO_PAGE}};
    world_summaries(w, p.v1.id, p.layout, 1000, NULL, 0);
    world_summaries(w, p.v2.id, p.layout, 1000, told, 1);
    assert_int_equal(drift_view_load(w->s, NULL, DRIFT_ANY_SPAN, w->now_ms, &d, NULL), 0);
    assert_int_equal(d.n_page, 0);
    assert_int_equal(d.n_warn, 1);
    assert_int_equal(d.lines[0].severity, SEVERITY_TICKET);
    assert_int_equal(drift_view_severity(&d), SEVERITY_TICKET);
    struct json *o = drift_view_json(&d), *first = json_at(must(o, "features"), 0);
    expect_text(first, "verdict", "page");
    expect_text(first, "severity", "ticket");
    json_drop(o);
    drift_view_done(&d);
    layout_free(p.layout);
}

static void test_old_verdicts_are_not_ok(void **state)
{
    struct world *w = *state;
    struct drift_view d;
    struct pair p = make_pair(w);
    world_summaries(w, p.v1.id, p.layout, 1000, NULL, 0);
    w->now_ms += 4 * MINUTE;
    world_alive(w);
    assert_int_equal(drift_view_load(w->s, NULL, DRIFT_ANY_SPAN, w->now_ms, &d, NULL), 0);
    assert_int_equal(d.n_ok, 0);
    assert_int_equal(d.lines[0].severity, SEVERITY_STALE);
    assert_int_equal(drift_view_severity(&d), SEVERITY_UNKNOWN);
    struct json *o = drift_view_json(&d);
    expect_text(json_at(must(o, "features"), 0), "verdict", "unknown");
    json_drop(o);
    drift_view_done(&d);
    layout_free(p.layout);
}

/* The shortest window with 200 rows is the one that alerts judge. */
static void test_few_rows_take_a_longer_window(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    world_rows(w, p.v1.id, p.layout, 150, 0, 3);
    w->now_ms += 20 * MINUTE;
    world_rows(w, p.v1.id, p.layout, 150, 0, 3);
    w->now_ms += 2 * MINUTE;
    world_alive(w);
    assert_int_equal(
        feature_view_load(w->s, "alpha", "f0", NULL, DRIFT_ANY_SPAN, w->now_ms, &f, NULL), 0);
    assert_int_equal(f.span, WINDOW_1H);
    assert_int_equal(f.sides[f.shown].rows, 300);
    feature_view_done(&f);
    assert_int_equal(feature_view_load(w->s, "alpha", "f0", NULL, WINDOW_15M, w->now_ms, &f, NULL),
                     0);
    assert_int_equal(f.sides[f.shown].rows, 150);
    assert_int_equal(feature_view_severity(&f), SEVERITY_UNKNOWN);
    feature_view_done(&f);
    layout_free(p.layout);
}

static void expect_keys(const struct json *o, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        must(o, keys[i]);
}

static void test_every_number(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    struct feature_result wanted;
    static const char *const keys[] = {
        "kind",         "missing", "invalid", "infinite",  "out_of_range", "unseen",
        "psi",          "js",      "kl",      "hellinger", "tv",           "linf",
        "chi2",         "ks",      "w1",      "cvm",       "ad",           "verdict",
        "window",       "n",       "version", "bracket",   "cells",        "reference_rows",
        "current_rows", "alpha",   "n_eff",   "quantiles", "shape",        "sentence",
        "onset",
    };
    static const char *const ks_keys[] = {"d",         "d_low", "d_high",  "floor", "location",
                                          "direction", "p",     "log10_p", "method"};
    world_rows(w, p.v1.id, p.layout, 400, 0, 1.2475);
    world_rows(w, p.v2.id, p.layout, 400, 0, 100);
    assert_int_equal(
        feature_view_load(w->s, "alpha", "f1", NULL, DRIFT_ANY_SPAN, w->now_ms, &f, NULL), 0);
    assert_string_equal(f.version, "2");
    assert_int_equal(f.n_sides, 2);
    assert_int_equal(f.reference_rows, 499);
    assert_int_equal(feature_view_severity(&f), SEVERITY_PAGE);
    assert_true(f.history_psi[119] > 1 && isnan(f.history_psi[118]));
    uint64_t rows = 0, reference = 0;
    double psi = 0;
    for (size_t i = 0; i < f.n_cells; i++) {
        rows += f.cells[i].current;
        reference += f.cells[i].reference;
        psi += f.cells[i].psi;
    }
    wanted = f.sides[f.shown].result;
    assert_int_equal(rows, 400);
    assert_int_equal(reference, 499);
    assert_true(fabs(psi - wanted.cells.psi.value) < 1e-9);
    struct json *o = feature_view_json(&f);
    expect_keys(o, keys, sizeof keys / sizeof *keys);
    expect_keys(must(o, "ks"), ks_keys, sizeof ks_keys / sizeof *ks_keys);
    expect_text(o, "verdict", "page");
    expect_text(o, "window", "15m");
    expect_text(o, "version", "2");
    expect_number(o, "n", 400);
    expect_number(must(o, "psi"), "excess", wanted.cells.psi.excess);
    expect_number(must(o, "ks"), "d_low", wanted.ks.d_low);
    expect_number(must(o, "bracket"), "high", wanted.ks.bracket_high);
    expect_null(o, "unseen");
    expect_null(o, "w1");
    json_drop(o);
    feature_view_done(&f);
    layout_free(p.layout);
}

/* A canary with too few rows to tell does not hide what the other version's rows do tell. */
static void test_a_version_with_a_verdict_first(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    world_rows(w, p.v1.id, p.layout, 150, 0, 3);
    world_rows(w, p.v2.id, p.layout, 400, 0, 1.2475);
    assert_int_equal(
        feature_view_load(w->s, "alpha", "f1", NULL, DRIFT_ANY_SPAN, w->now_ms, &f, NULL), 0);
    assert_string_equal(f.version, "2");
    assert_int_equal(f.n_sides, 2);
    assert_int_equal(feature_view_severity(&f), SEVERITY_OK);
    feature_view_done(&f);
    layout_free(p.layout);
}

static void test_a_version_of_choice(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct err e = {0};
    struct pair p = make_pair(w);
    world_rows(w, p.v1.id, p.layout, 400, 0, 1.2475);
    assert_int_equal(
        feature_view_load(w->s, "alpha", "f1", "1", DRIFT_ANY_SPAN, w->now_ms, &f, NULL), 0);
    assert_int_equal(feature_view_severity(&f), SEVERITY_OK);
    feature_view_done(&f);
    assert_int_equal(
        feature_view_load(w->s, "alpha", "f1", "2", DRIFT_ANY_SPAN, w->now_ms, &f, NULL), 0);
    assert_string_equal(f.sides[f.shown].version, "2");
    assert_int_equal(feature_view_severity(&f), SEVERITY_UNKNOWN);
    feature_view_done(&f);
    assert_int_equal(feature_view_load(w->s, "alpha", "f1", "3", DRIFT_ANY_SPAN, w->now_ms, &f, &e),
                     ERR_ABSENT);
    assert_int_equal(
        feature_view_load(w->s, "alpha", "scor", NULL, DRIFT_ANY_SPAN, w->now_ms, &f, &e),
        ERR_ABSENT);
    assert_non_null(strstr(e.text, "score"));
    layout_free(p.layout);
}

static void test_no_rows_and_no_reference(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    world_deployment(w, "bare", "1", 0);
    assert_int_equal(
        feature_view_load(w->s, "alpha", "f1", NULL, DRIFT_ANY_SPAN, w->now_ms, &f, NULL), 0);
    assert_int_equal(f.n_sides, 0);
    assert_int_equal(feature_view_severity(&f), SEVERITY_UNKNOWN);
    struct json *o = feature_view_json(&f);
    expect_text(o, "verdict", "unknown");
    expect_null(o, "psi");
    expect_null(o, "ks");
    expect_number(o, "n", 0);
    json_drop(o);
    feature_view_done(&f);
    assert_int_equal(
        feature_view_load(w->s, "bare", "f1", NULL, DRIFT_ANY_SPAN, w->now_ms, &f, NULL),
        ERR_ABSENT);
    layout_free(p.layout);
}

/* Forty minutes as the reference, then twenty far above it. */
static void test_since_when(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    int64_t began_ms = 0;
    for (int minute = 0; minute < 60; minute++) {
        bool drifts = minute >= 40;
        w->now_ms += 60000;
        world_rows(w, p.v1.id, p.layout, 60, drifts ? 600 : 0.5, drifts ? 0.01 : 8.3);
        if (minute == 40)
            began_ms = w->now_ms / 60000 * 60000;
    }
    assert_int_equal(feature_view_load(w->s, "alpha", "f1", "1", WINDOW_15M, w->now_ms, &f, NULL),
                     0);
    assert_int_equal(feature_view_severity(&f), SEVERITY_PAGE);
    assert_int_equal(f.onset_ms, began_ms);
    assert_int_equal(f.onset_width_ms, 60000);
    assert_string_equal(f.sentence, "0 % of current is up to 498, reference 100 %");
    assert_int_equal(f.shape.kind, SHAPE_OUT_OF_RANGE);
    assert_true(f.design.rank <= 1 && f.n_eff >= 60);
    /* A third of the quarter of an hour before was so already. */
    assert_true(f.comparisons[AGAINST_PREVIOUS].present);
    assert_int_equal(f.comparisons[AGAINST_PREVIOUS].result.verdict, VERDICT_PAGE);
    assert_string_equal(f.comparisons[AGAINST_PREVIOUS].says,
                        "it began before, and has changed since");
    assert_false(f.comparisons[AGAINST_LAST_WEEK].present);
    assert_false(f.comparisons[AGAINST_CHAMPION].present);
    assert_int_equal(f.n_findings, 0);
    feature_view_done(&f);

    /* What the recorder has seen of the values says more than the counts. */
    struct drift_note note = {.feature = 1,
                              .shape = SHAPE_SCALE,
                              .shape_by = 100,
                              .onset_ms = began_ms - 60000,
                              .onset_width_ms = 300000};
    struct design designs[3] = {{.rank = 4, .cells = 4}, {.rank = 4, .cells = 4}, {.rank = 1}};
    assert_int_equal(store_put_drift_note(w->s, p.v1.id, &note, NULL), 0);
    assert_int_equal(store_put_designs(w->s, p.v1.id, p.layout->id, designs, 3, NULL), 0);
    assert_int_equal(feature_view_load(w->s, "alpha", "f1", "1", WINDOW_15M, w->now_ms, &f, NULL),
                     0);
    assert_int_equal(f.shape.kind, SHAPE_SCALE);
    assert_int_equal(f.onset_ms, began_ms - 60000);
    assert_int_equal(f.onset_width_ms, 300000);
    assert_true(f.n_eff > 224 && f.n_eff < 226); /* of 900 */
    struct json *o = feature_view_json(&f);
    expect_number(must(o, "shape"), "by", 100);
    expect_number(must(o, "onset"), "width_s", 300);
    expect_number(o, "n_eff", f.n_eff);
    expect_text(must(must(o, "comparisons"), "previous"), "verdict", "page");
    expect_null(must(o, "comparisons"), "last_week");
    json_drop(o);
    feature_view_done(&f);
    layout_free(p.layout);
}

/* Both versions drift, as they did a week ago: the season's doing, and no version's. */
static void test_against_others(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    int64_t now_ms = w->now_ms;
    w->now_ms = now_ms - 7 * 24 * INT64_C(3600000) - 600000;
    world_rows(w, p.v1.id, p.layout, 600, 300, 0.1);
    for (int minute = 0; minute < 6; minute++) {
        w->now_ms = now_ms + minute * INT64_C(60000);
        /* In the first minutes the champion is alone: they are no part of the comparison. */
        world_rows(w, p.v1.id, p.layout, 300, minute < 3 ? 0 : 300, minute < 3 ? 1.6 : 0.2);
        if (minute >= 3)
            world_rows(w, p.v2.id, p.layout, 300, 300, 0.2);
    }
    assert_int_equal(feature_view_load(w->s, "alpha", "f1", "2", WINDOW_15M, w->now_ms, &f, NULL),
                     0);
    assert_int_equal(feature_view_severity(&f), SEVERITY_PAGE);
    const struct feature_comparison *c = &f.comparisons[AGAINST_CHAMPION];
    assert_true(c->present && c->result.reference_rows == 900 && c->result.current_rows == 900);
    assert_int_equal(c->result.verdict, VERDICT_OK);
    assert_string_equal(c->says, "the champion drifts alike: not this version's doing");
    c = &f.comparisons[AGAINST_LAST_WEEK];
    assert_true(c->present && c->result.reference_rows == 600);
    assert_string_equal(c->says, "seasonal: it was so at this hour a week ago");
    assert_false(f.comparisons[AGAINST_PREVIOUS].present);
    feature_view_done(&f);
    layout_free(p.layout);
}

/* A window before of few rows, all well: that it does not differ surely is no proof that it was so. */
static void test_no_difference_is_no_likeness(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    int64_t now_ms = w->now_ms;
    w->now_ms = now_ms - 17 * MINUTE;
    world_rows(w, p.v1.id, p.layout, 250, 0.5, 2);
    w->now_ms = now_ms;
    world_rows(w, p.v1.id, p.layout, 4000, 45, 0.1135);
    assert_int_equal(feature_view_load(w->s, "alpha", "f1", "1", WINDOW_15M, w->now_ms, &f, NULL),
                     0);
    const struct feature_comparison *c = &f.comparisons[AGAINST_PREVIOUS];
    assert_true(f.sides[f.shown].result.verdict >= VERDICT_WARN);
    assert_true(c->present && c->result.verdict == VERDICT_OK && !c->drifts);
    assert_string_equal(c->says, "it was well before, yet too near to tell");
    feature_view_done(&f);
    w->now_ms += MINUTE;
    world_rows(w, p.v1.id, p.layout, 4000, 300, 0.01);
    assert_int_equal(feature_view_load(w->s, "alpha", "f1", "1", WINDOW_15M, w->now_ms, &f, NULL),
                     0);
    assert_string_equal(f.comparisons[AGAINST_PREVIOUS].says, "it just broke: it was well before");
    feature_view_done(&f);
    layout_free(p.layout);
}

/* What the reference does not see is told of the champion, and only while it differs from that. */
static void test_told_of_the_champion(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    struct told told[] = {{1, VERDICT_OK, DRIFT_CANARY}};
    struct drift_note note = {.feature = 1,
                              .sentence = "60 % of current is up to 9, champion 40 %"};
    world_rows(w, p.v2.id, p.layout, 500, 0.5, 1);
    assert_int_equal(store_put_drift_note(w->s, p.v2.id, &note, NULL), 0);
    for (int i = 0; i < 2; i++) {
        world_summaries(w, p.v2.id, p.layout, 500, told, 1);
        assert_int_equal(
            feature_view_load(w->s, "alpha", "f1", "2", WINDOW_15M, w->now_ms, &f, NULL), 0);
        assert_int_equal(f.sides[f.shown].result.verdict, VERDICT_OK);
        assert_string_equal(f.sentence, i ? "" : note.sentence);
        feature_view_done(&f);
        told[0].reason = 0;
    }
    layout_free(p.layout);
}

/* Fewer rows than in the hour before, then none; and what the recorder has marked. */
static void test_findings(void **state)
{
    struct world *w = *state;
    struct feature_view f;
    struct pair p = make_pair(w);
    struct told told[] = {{1, VERDICT_WARN, DRIFT_FROZEN | DRIFT_TYPE}};
    for (int minute = 0; minute < 40; minute++) {
        w->now_ms += 60000;
        world_rows(w, p.v1.id, p.layout, minute < 34 ? 1200 : 5, 0.5, minute < 34 ? 0.41 : 99);
    }
    world_summaries(w, p.v1.id, p.layout, 300, told, 1);
    p.v1.rows_at_ms = w->now_ms;
    assert_int_equal(store_put_version(w->s, &p.v1, NULL), 0);
    assert_int_equal(feature_view_load(w->s, "alpha", "f1", "1", WINDOW_15M, w->now_ms, &f, NULL),
                     0);
    assert_int_equal(f.n_findings, 3);
    assert_int_equal(f.findings[0].kind, FINDING_FROZEN);
    assert_int_equal(f.findings[1].kind, FINDING_TYPE);
    assert_string_equal(f.findings[1].text, "another type: texts where the reference has numbers");
    assert_int_equal(f.findings[2].kind, FINDING_VOLUME);
    assert_string_equal(f.findings[2].text, "fewer rows: 5.0 a minute, 1200 in the hour before");
    struct json *o = feature_view_json(&f);
    expect_text(json_at(must(o, "findings"), 2), "kind", "volume");
    json_drop(o);
    feature_view_done(&f);
    char written[CLOCK_TEXT_SIZE];
    w->now_ms += 4 * INT64_C(60000);
    assert_int_equal(store_put_meta(w->s, "written_at", clock_format_ms(w->now_ms, written), NULL),
                     0);
    assert_int_equal(feature_view_load(w->s, "alpha", "f1", "1", WINDOW_15M, w->now_ms, &f, NULL),
                     0);
    const struct finding *last = &f.findings[f.n_findings - 1];
    assert_int_equal(last->kind, FINDING_FRESHNESS);
    assert_string_equal(last->text, "no row for 4m, usually one every 1s");
    feature_view_done(&f);
    layout_free(p.layout);
}

/* How many features a deployment has is only a hint for how much room to make. */
static void test_an_absurd_number_of_features(void **state)
{
    struct world *w = *state;
    struct drift_view d;
    struct pair p = make_pair(w);
    world_summaries(w, p.v1.id, p.layout, 1000, NULL, 0);
    p.d.n_features = INT32_MAX;
    assert_int_equal(store_put_deployment(w->s, &p.d, NULL), 0);
    assert_int_equal(drift_view_load(w->s, NULL, DRIFT_ANY_SPAN, w->now_ms, &d, NULL), 0);
    assert_int_equal(d.n_lines, 3);
    drift_view_done(&d);
    layout_free(p.layout);
}

/* In words, and nothing where there are none: a store may say anything. */
static void test_shapes_in_words(void **state)
{
    const struct {
        struct shape shape;
        const char *value, *text;
    } cases[] = {
        {{SHAPE_NONE, 0}, "", ""},
        {{SHAPE_SCALE, 100}, "", "scale x100"},
        {{SHAPE_FROZEN, 6}, "", "frozen at 6"},
        {{SHAPE_FROZEN, NAN}, "", "frozen"},
        {{SHAPE_NEW_VALUE, 0.12}, "os18", "new os18 +12%"},
        {{SHAPE_NEW_VALUE, 0.12}, "", "new values +12%"},
        {{SHAPE_MISSING, 0.096}, "os18", "missing +9.6%"},
        {{(enum shape_kind)200, 1}, "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[96] = "what was there";
        assert_ptr_equal(drift_shape_text(&cases[i].shape, cases[i].value, buf, sizeof buf), buf);
        assert_string_equal(buf, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lines, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_rule_that_pages_nobody, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_old_verdicts_are_not_ok, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_few_rows_take_a_longer_window, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_every_number, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_since_when, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_against_others, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_no_difference_is_no_likeness, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_told_of_the_champion, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_findings, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_version_with_a_verdict_first, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_a_version_of_choice, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_no_rows_and_no_reference, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_an_absurd_number_of_features, world_setup,
                                        world_teardown),
        cmocka_unit_test(test_shapes_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
