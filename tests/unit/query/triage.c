/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "driftop/query/triage.h"
#include "driftop/stats/shape.h"

#define FEATURES 4 /* f0 f1 f2 and the score */

/* fraud-score: 42 gets three quarters since 12 minutes, 41 the rest; both judged. */
struct fraud {
    struct deployment_state d;
    struct version_state v41, v42;
    struct layout *layout;
};

static struct fraud make_fraud(struct world *w)
{
    struct fraud f = {.d = world_deployment(w, "fraud-score", "41", FEATURES)};
    f.v41 = world_version(w, &f.d, "41", 0.25, 0.001);
    f.v42 = world_version(w, &f.d, "42", 0.75, 0.12);
    f.layout = world_layout(w, f.d.id, FEATURES);
    for (int64_t ago = 90 * MINUTE; ago > 0; ago -= 10000)
        assert_int_equal(store_put_metric(w->s, f.v42.id, METRIC_SHARE, w->now_ms - ago,
                                          ago > 12 * MINUTE ? 0.25 : 0.75, NULL),
                         0);
    world_source(w, SOURCE_SERVER, "fraud-score/42 open-inference", "fraud-score", "42",
                 w->now_ms - 2000);
    world_alive(w);
    return f;
}

static void tell(struct world *w, const struct fraud *f, const struct version_state *v,
                 const struct told *told, size_t n)
{
    world_summaries(w, v->id, f->layout, 1204, told, n);
}

static void load(struct world *w, struct triage *t, struct triage_preview *p)
{
    assert_int_equal(triage_load(w->s, w->now_ms, t, NULL), 0);
    assert_true(t->n_lines > 0);
    assert_int_equal(triage_preview_load(w->s, w->now_ms, &t->lines[0], p, NULL), 0);
}

static void expect_begins(const char *text, const char *begin)
{
    if (strncmp(text, begin, strlen(begin)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", text, begin);
}

static void test_bad_version(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told told[] = {{FEATURES - 1, VERDICT_PAGE, DRIFT_PSI}};
    tell(w, &f, &f.v41, NULL, 0);
    tell(w, &f, &f.v42, told, 1);
    world_alert(w, ALERT_ERROR_RATIO, ALERT_PAGE, "fraud-score", "42", "", "errors 12 % > 5 %",
                0.12);
    load(w, &t, &p);
    assert_int_equal(t.n_lines, 1);
    assert_int_equal(t.lines[0].surface, SURFACE_MODEL);
    assert_true(t.lines[0].has_share && fabs(t.lines[0].share_ratio - 0.75) < 1e-9);
    expect_begins(t.lines[0].changed, "v42 25>75% 1");
    expect_begins(p.surface, "MODEL: inputs quiet (0 of 3), score drifts only on v42");
    expect_begins(p.rollback, "LIKELY HELPS: v41 in the same 15 min: no alert, errors 0.1 %, "
                              "score quiet, n=1204");
    expect_begins(p.safe, "v41 ready 2s ago, now 25 %");
    expect_begins(p.verdict, "roll back v42 > v41");
    expect_begins(p.who, "75 of 100 rq/s served by v42");
    assert_string_equal(p.rollback_to, "41");
    assert_int_equal(triage_severity(&t), SEVERITY_PAGE);
    triage_done(&t);
    layout_free(f.layout);
}

static void test_errors_alone_are_serving(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    tell(w, &f, &f.v41, NULL, 0);
    tell(w, &f, &f.v42, NULL, 0);
    world_alert(w, ALERT_ERROR_RATIO, ALERT_PAGE, "fraud-score", "42", "", "errors", 0.12);
    world_alert(w, ALERT_ERROR_RATIO, ALERT_PAGE, "fraud-score", "41", "", "errors", 0.11);
    load(w, &t, &p);
    assert_int_equal(t.n_lines, 2);
    assert_int_equal(t.lines[0].surface, SURFACE_SERVING);
    expect_begins(p.rollback, "WILL NOT HELP: both versions show it");
    triage_done(&t);
    layout_free(f.layout);
}

static void test_drift_on_both_is_data(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told told[] = {{1, VERDICT_PAGE, DRIFT_PSI}};
    tell(w, &f, &f.v41, told, 1);
    tell(w, &f, &f.v42, told, 1);
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "fraud-score", "42", "f1",
                "PSI 0.50 over its floor, n=1204", 0.5);
    load(w, &t, &p);
    assert_int_equal(t.lines[0].surface, SURFACE_DATA);
    assert_string_equal(t.lines[0].symptom, "f1 PSI 0.50");
    expect_begins(p.real, "f1: page in 15m, 1h, 24h n=1204; sources fresh");
    expect_begins(p.rollback, "WILL NOT HELP: both versions show it");
    expect_begins(p.verdict, "do not roll back");
    triage_done(&t);
    /* What the recorder has found out stands in front. */
    struct drift_note note = {.feature = 1,
                              .shape = SHAPE_SCALE,
                              .shape_by = 100,
                              .onset_ms = w->now_ms / MINUTE * MINUTE - 20 * MINUTE,
                              .onset_width_ms = MINUTE};
    char at[CLOCK_TEXT_SIZE], wanted[128];
    assert_int_equal(store_put_drift_note(w->s, f.v42.id, &note, NULL), 0);
    clock_format_ms(note.onset_ms, at);
    snprintf(wanted, sizeof wanted, "f1 scale x100 since %.5sZ +-1m: page in 15m", at + 11);
    load(w, &t, &p);
    expect_begins(p.real, wanted);
    triage_done(&t);
    layout_free(f.layout);
}

static void test_broken_values_are_data(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told told[] = {{1, VERDICT_WARN, DRIFT_MISSING}};
    tell(w, &f, &f.v41, NULL, 0);
    tell(w, &f, &f.v42, told, 1);
    world_alert(w, ALERT_DRIFT, ALERT_TICKET, "fraud-score", "42", "f1", "missing values", 0.1);
    load(w, &t, &p);
    assert_int_equal(t.lines[0].surface, SURFACE_DATA);
    expect_begins(p.rollback, "WILL NOT HELP: the data are at fault");
    triage_done(&t);
    layout_free(f.layout);
}

/* Where the champion gets well values in the same minutes, the data as such are not at fault. */
static void test_broken_values_of_one_version_are_its_own(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told told[] = {{1, VERDICT_PAGE, DRIFT_MISSING | DRIFT_CANARY}};
    tell(w, &f, &f.v41, NULL, 0);
    tell(w, &f, &f.v42, told, 1);
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "fraud-score", "42", "f1", "missing values", 0.1);
    load(w, &t, &p);
    assert_int_equal(t.lines[0].surface, SURFACE_MIXED);
    expect_begins(p.surface, "MIXED: 1 of 3 inputs drift, only here in the same minutes");
    expect_begins(p.rollback, "LIKELY HELPS: v41 in the same 15 min: no alert");
    expect_begins(p.verdict, "roll back v42 > v41");
    triage_done(&t);
    layout_free(f.layout);
}

/* Nor are they where it is the champion that alone is wrong. */
static void test_broken_values_of_the_champion_are_its_own(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told wrong[] = {{1, VERDICT_PAGE, DRIFT_MISSING}};
    const struct told well[] = {{1, VERDICT_OK, TOLD_DIFFERS}};
    tell(w, &f, &f.v41, wrong, 1);
    tell(w, &f, &f.v42, well, 1);
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "fraud-score", "41", "f1", "missing values", 0.1);
    load(w, &t, &p);
    assert_int_equal(t.lines[0].surface, SURFACE_MIXED);
    expect_begins(p.rollback, "LIKELY HELPS: v42 in the same 15 min: no alert");
    triage_done(&t);
    layout_free(f.layout);
}

/* The alert came ten minutes ago, after traffic was moved; the counts had changed before that. */
static void test_onset_is_where_the_counts_changed(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told told[] = {{1, VERDICT_PAGE, DRIFT_PSI}};
    struct drift_note note = {
        .feature = 1, .onset_ms = w->now_ms - 50 * MINUTE, .onset_width_ms = MINUTE};
    tell(w, &f, &f.v41, told, 1);
    tell(w, &f, &f.v42, told, 1);
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "fraud-score", "42", "f1", "PSI 0.50", 0.5);
    load(w, &t, &p);
    expect_begins(p.changed, "11:48:00Z v42 25>75% (12m ago), onset 11:50:00Z; nothing else");
    triage_done(&t);
    assert_int_equal(store_put_drift_note(w->s, f.v42.id, &note, NULL), 0);
    load(w, &t, &p);
    /* What was changed afterwards did not cause it. */
    assert_string_equal(p.changed, "none found; onset 11:10Z +-1m");
    assert_string_equal(t.lines[0].changed, "none found");
    triage_done(&t);
    layout_free(f.layout);
}

static void test_one_version_alone_is_mixed(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told told[] = {{1, VERDICT_PAGE, DRIFT_PSI}};
    tell(w, &f, &f.v41, NULL, 0);
    tell(w, &f, &f.v42, told, 1);
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "fraud-score", "42", "f1", "PSI 0.50", 0.5);
    load(w, &t, &p);
    assert_int_equal(t.lines[0].surface, SURFACE_MIXED);
    triage_done(&t);
    layout_free(f.layout);
}

static void test_unused_version_is_unknown(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told told[] = {{FEATURES - 1, VERDICT_PAGE, DRIFT_PSI}};
    f.v41.desired_ratio = f.v41.effective_ratio = f.v41.request_rate = 0;
    assert_int_equal(store_put_version(w->s, &f.v41, NULL), 0);
    tell(w, &f, &f.v42, told, 1);
    world_alert(w, ALERT_ERROR_RATIO, ALERT_PAGE, "fraud-score", "42", "", "errors", 0.12);
    load(w, &t, &p);
    expect_begins(p.rollback, "UNKNOWN: v41 gets no traffic");
    expect_begins(p.verdict, "look first");
    triage_done(&t);
    layout_free(f.layout);
}

/* The history begins in the middle of a move: its first step is a mean of both shares, and no share. */
static void test_half_a_step_is_no_share(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct deployment_state d = world_deployment(w, "fraud-score", "41", 0);
    struct version_state v = world_version(w, &d, "42", 0.75, 0.12);
    w->now_ms = w->now_ms / 30000 * 30000;
    for (int64_t ago = 12 * MINUTE; ago > 0; ago -= 10000)
        assert_int_equal(store_put_metric(w->s, v.id, METRIC_SHARE, w->now_ms - ago,
                                          ago > 12 * MINUTE - 20000 ? 0.25 : 0.75, NULL),
                         0);
    world_alert(w, ALERT_ERROR_RATIO, ALERT_PAGE, "fraud-score", "42", "", "errors", 0.12);
    world_alive(w);
    assert_int_equal(triage_load(w->s, w->now_ms, &t, NULL), 0);
    expect_begins(t.lines[0].changed, "v42 to 75%");
    struct triage_preview p;
    assert_int_equal(triage_preview_load(w->s, w->now_ms, &t.lines[0], &p, NULL), 0);
    assert_non_null(strstr(p.changed, "v42 to 75%"));
    triage_done(&t);
}

/* Late drift without a change of traffic before it is not blamed on the rollout. */
static void test_old_traffic_is_not_the_onset(void **state)
{
    struct world *w = *state;
    struct triage t;
    struct triage_preview p;
    struct fraud f = make_fraud(w);
    const struct told told[] = {{FEATURES - 1, VERDICT_PAGE, DRIFT_PSI}};
    w->now_ms += 40 * MINUTE;
    for (int64_t ago = 40 * MINUTE; ago > 0; ago -= 10000)
        assert_int_equal(
            store_put_metric(w->s, f.v42.id, METRIC_SHARE, w->now_ms - ago, 0.75, NULL), 0);
    world_alive(w);
    tell(w, &f, &f.v41, NULL, 0);
    tell(w, &f, &f.v42, told, 1);
    struct alert_state a =
        world_alert(w, ALERT_DRIFT, ALERT_PAGE, "fraud-score", "42", "score", "score PSI", 0.5);
    a.since_ms = w->now_ms - MINUTE;
    assert_int_equal(store_put_alert(w->s, &a, NULL), 0);
    load(w, &t, &p);
    assert_int_equal(t.lines[0].surface, SURFACE_MIXED);
    triage_done(&t);
    layout_free(f.layout);
}

static void test_lines_group_and_sort(void **state)
{
    struct world *w = *state;
    struct triage t;
    world_deployment(w, "a", "1", 0);
    world_deployment(w, "b", "1", 0);
    world_alert(w, ALERT_DRIFT, ALERT_TICKET, "a", "1", "x", "PSI 0.15", 0.15);
    world_alert(w, ALERT_DRIFT, ALERT_TICKET, "a", "1", "device_os", "PSI 0.41, n=900", 0.41);
    world_alert(w, ALERT_DRIFT, ALERT_TICKET, "a", "1", "y", "KS D 0.2", NAN);
    world_alert(w, ALERT_DRIFT, ALERT_TICKET, "a", "2", "x", "PSI 0.15", 0.15);
    world_alert(w, ALERT_LATENCY, ALERT_TICKET, "a", "1", "", "p99 390 ms > 300 ms", 0.39);
    struct alert_state acked =
        world_alert(w, ALERT_NOT_READY, ALERT_PAGE, "a", "1", "", "not ready", 0);
    world_alert(w, ALERT_NOT_READY, ALERT_PAGE, "b", "1", "", "not ready", 0);
    struct alert_state pending = acked;
    pending.id = 0;
    pending.phase = ALERT_PENDING;
    str_copy(pending.deployment, sizeof pending.deployment, "b");
    pending.rule = ALERT_LATENCY;
    assert_int_equal(store_put_alert(w->s, &pending, NULL), 0);
    assert_int_equal(store_add_ack(w->s, acked.id, "kim", w->now_ms, "on it", NULL), 0);
    world_alive(w);
    assert_int_equal(triage_load(w->s, w->now_ms, &t, NULL), 0);
    assert_int_equal(t.n_lines, 5);
    assert_string_equal(t.lines[0].deployment, "b");
    assert_true(t.lines[1].acked);
    assert_string_equal(t.lines[1].acked_by, "kim");
    const struct triage_line *drift = NULL;
    for (size_t i = 2; i < 5; i++) {
        assert_int_equal(t.lines[i].severity, SEVERITY_TICKET);
        if (t.lines[i].n_alerts == 3)
            drift = &t.lines[i];
    }
    assert_non_null(drift);
    assert_string_equal(drift->symptom, "device_os PSI 0.41 (+2 features)");
    struct json *o = triage_json(&t, 2);
    expect_text(o, "schema", "driftop.triage.v1");
    expect_text(o, "severity", "page");
    expect_number(o, "total", 5);
    struct json *lines = must(o, "lines");
    assert_int_equal(json_length(lines), 2);
    expect_text(json_at(lines, 0), "severity", "page");
    expect_null(json_at(lines, 0), "effective_ratio");
    expect_null(json_at(lines, 0), "feature");
    expect_time(json_at(lines, 0), "since");
    json_drop(o);
    triage_done(&t);
}

/* 22 columns are all that the symptom has: the number stands within them. */
static void test_symptoms_are_short(void **state)
{
    static const struct {
        const char *feature, *summary, *symptom;
    } cases[] = {
        {"income", "more missing values, over 8.8 %", "income missing +8.8 %"},
        {"income", "fewer missing values, over 8.8 %", "income missing -8.8 %"},
        {"device_os", "new values, over 10.4 %", "device_os new >10.4 %"},
        {"amount_7d", "out of range, over 45.0 %", "amount_7d range >45.0 %"},
        {"prediction", "score out of range, over 2.0 %", "prediction range >2.0 %"},
        {"hour", "PSI 0.30 over its floor, n=1000", "hour PSI 0.30"},
        {"hour", "KS D 0.18, against the champion's same minutes, n=900",
         "hour KS D 0.18 vs champion"},
    };
    struct world *w = *state;
    struct triage t;

    world_alive(w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[16];
        snprintf(name, sizeof name, "d%zu", i);
        world_deployment(w, name, "1", 0);
        world_alert(w, ALERT_DRIFT, ALERT_PAGE, name, "1", cases[i].feature, cases[i].summary, 1);
    }
    assert_int_equal(triage_load(w->s, w->now_ms, &t, NULL), 0);
    assert_int_equal(t.n_lines, sizeof cases / sizeof *cases);
    for (size_t i = 0; i < t.n_lines; i++)
        assert_string_equal(t.lines[i].symptom, cases[t.lines[i].deployment[1] - '0'].symptom);
    triage_done(&t);
}

static void test_silence_is_not_ok(void **state)
{
    struct world *w = *state;
    struct triage t;
    world_deployment(w, "a", "1", 0);
    assert_int_equal(triage_load(w->s, w->now_ms, &t, NULL), 0);
    assert_int_equal(t.n_lines, 1);
    assert_int_equal(triage_severity(&t), SEVERITY_STALE);
    triage_done(&t);
    world_alive(w);
    assert_int_equal(triage_load(w->s, w->now_ms, &t, NULL), 0);
    assert_int_equal(t.n_lines, 0);
    assert_int_equal(triage_severity(&t), SEVERITY_OK);
    triage_done(&t);
    world_source(w, SOURCE_SERVER, "a/1 open-inference", "a", "1", w->now_ms - 60000);
    assert_int_equal(triage_load(w->s, w->now_ms, &t, NULL), 0);
    assert_int_equal(t.n_lines, 1);
    assert_int_equal(t.lines[0].severity, SEVERITY_STALE);
    assert_int_equal(triage_severity(&t), SEVERITY_STALE);
    assert_string_equal(t.status.worst_source, "a/1 open-inference");
    triage_done(&t);
    /* What is read once has no age that would mean anything, also when all is old. */
    struct source_state once =
        world_source(w, SOURCE_REFERENCE, "a reference", "a", "", w->now_ms - 3600000);
    once.interval_ms = 0;
    assert_int_equal(store_put_source(w->s, &once, NULL), 0);
    assert_int_equal(triage_load(w->s, w->now_ms + 120000, &t, NULL), 0);
    assert_true(t.status.quiet);
    assert_string_equal(t.status.worst_source, "a/1 open-inference");
    triage_done(&t);
    world_alert(w, ALERT_STALE, ALERT_TICKET, "a", "1", "a/1 open-inference", "server stale", 60);
    assert_int_equal(triage_load(w->s, w->now_ms, &t, NULL), 0);
    assert_int_equal(t.n_lines, 1);
    assert_int_equal(t.lines[0].severity, SEVERITY_TICKET);
    triage_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_symptoms_are_short, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_bad_version, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_errors_alone_are_serving, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_drift_on_both_is_data, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_broken_values_are_data, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_one_version_alone_is_mixed, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_broken_values_of_one_version_are_its_own, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_broken_values_of_the_champion_are_its_own, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_onset_is_where_the_counts_changed, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_unused_version_is_unknown, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_old_traffic_is_not_the_onset, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_half_a_step_is_no_share, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_lines_group_and_sort, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_silence_is_not_ok, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
