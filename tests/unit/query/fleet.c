/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "driftop/query/deployment.h"
#include "driftop/query/fleet.h"

static void test_empty_store(void **state)
{
    struct world *w = *state;
    struct fleet_view f;
    struct status st;
    assert_int_equal(fleet_view_load(w->s, w->now_ms, &f, NULL), 0);
    assert_int_equal(f.n_lines, 0);
    assert_true(f.status.quiet);
    assert_false(f.status.recording);
    struct json *o = fleet_view_json(&f);
    expect_text(o, "schema", "driftop.ls.v1");
    assert_int_equal(json_length(must(o, "deployments")), 0);
    json_drop(o);
    fleet_view_done(&f);
    assert_int_equal(status_load(w->s, w->now_ms, &st, NULL), 0);
    assert_int_equal(status_severity(&st), SEVERITY_STALE);
}

/* Two deployments: one that is well, one with a page and a ticket. */
static void make_two(struct world *w, bool with_rows)
{
    struct deployment_state a = world_deployment(w, "alpha", "1", with_rows ? 3 : 0);
    struct deployment_state b = world_deployment(w, "beta", "7", 0);
    struct version_state v1 = world_version(w, &a, "1", 0.75, 0.001);
    world_version(w, &a, "2", 0.25, 0.002);
    world_version(w, &a, "10", 0, 0);
    world_version(w, &b, "7", 1, 0.12);
    world_source(w, SOURCE_SERVER, "alpha/1 open-inference", "alpha", "1", w->now_ms - 2000);
    world_source(w, SOURCE_SERVER, "alpha/2 open-inference", "alpha", "2", w->now_ms - 2000);
    world_source(w, SOURCE_TRAFFIC, "alpha haproxy", "alpha", "", w->now_ms - 2000);
    world_source(w, SOURCE_SERVER, "beta/7 open-inference", "beta", "7", w->now_ms - 2000);
    world_alert(w, ALERT_ERROR_RATIO, ALERT_PAGE, "beta", "7", "", "errors 12 % > 5 %", 0.12);
    world_alert(w, ALERT_LATENCY, ALERT_TICKET, "beta", "7", "", "p99 390 ms > 300 ms", 0.39);
    world_alive(w);
    if (!with_rows)
        return;
    struct layout *layout = world_layout(w, a.id, 3);
    const struct told told[] = {{0, VERDICT_WARN, DRIFT_PSI}};
    world_summaries(w, v1.id, layout, 1000, told, 1);
    layout_free(layout);
}

static void test_ls_shape(void **state)
{
    struct world *w = *state;
    struct fleet_view f;
    make_two(w, true);
    assert_int_equal(fleet_view_load(w->s, w->now_ms, &f, NULL), 0);
    struct json *o = fleet_view_json(&f);
    expect_time(o, "at");
    struct json *list = must(o, "deployments");
    assert_int_equal(json_length(list), 2);
    struct json *beta = json_at(list, 0), *alpha = json_at(list, 1);
    expect_text(beta, "name", "beta");
    expect_text(beta, "severity", "page");
    expect_number(must(beta, "alerts"), "page", 1);
    expect_number(must(beta, "alerts"), "ticket", 1);
    expect_text(must(beta, "drift"), "verdict", "unknown");
    expect_text(alpha, "name", "alpha");
    expect_text(alpha, "champion", "1");
    assert_true(json_bool(must(alpha, "ready"), false));
    expect_text(must(alpha, "drift"), "verdict", "warn");
    expect_number(must(alpha, "drift"), "page", 0);
    expect_number(must(alpha, "drift"), "warn", 1);
    struct json *versions = must(alpha, "versions");
    assert_int_equal(json_length(versions), 3);
    struct json *first = json_at(versions, 0), *last = json_at(versions, 2);
    expect_text(first, "version", "1");
    expect_number(first, "desired_ratio", 0.75);
    expect_number(first, "effective_ratio", 0.75);
    expect_null(first, "observed_ratio");
    expect_number(first, "request_rate", 75);
    expect_number(first, "error_ratio", 0.001);
    expect_number(first, "latency_p99_s", 0.19);
    expect_number(first, "age_s", 2);
    assert_true(json_bool(must(first, "ready"), false));
    expect_text(last, "version", "10");
    json_drop(o);
    fleet_view_done(&f);
}

static void test_old_readings_are_stale(void **state)
{
    struct world *w = *state;
    struct fleet_view f;
    make_two(w, false);
    /* Servers are asked every 5 s with 3 s to answer: 18 s. */
    w->now_ms += 17000;
    world_alive(w);
    assert_int_equal(fleet_view_load(w->s, NOON - 2000 + 18000, &f, NULL), 0);
    assert_int_equal(f.lines[1].severity, SEVERITY_OK);
    fleet_view_done(&f);
    assert_int_equal(fleet_view_load(w->s, NOON - 2000 + 18001, &f, NULL), 0);
    const struct fleet_line *alpha = &f.lines[1];
    assert_int_equal(alpha->severity, SEVERITY_STALE);
    assert_true(alpha->sums[0].ready_stale && alpha->sums[0].traffic_stale);
    assert_false(alpha->has_ready);
    assert_int_equal(f.status.n_sources_ok, 0);
    fleet_view_done(&f);
}

static void test_nothing_is_fresh_when_nobody_writes(void **state)
{
    struct world *w = *state;
    struct fleet_view f;
    make_two(w, true);
    assert_int_equal(fleet_view_load(w->s, w->now_ms + STATUS_QUIET_MS + 1, &f, NULL), 0);
    assert_true(f.status.quiet);
    for (size_t i = 0; i < f.n_lines; i++)
        assert_int_not_equal(f.lines[i].severity, SEVERITY_OK);
    struct json *o = fleet_view_json(&f);
    struct json *alpha = json_at(must(o, "deployments"), 1);
    expect_null(alpha, "ready");
    expect_null(json_at(must(alpha, "versions"), 0), "ready");
    json_drop(o);
    fleet_view_done(&f);
}

static void test_ready(void **state)
{
    struct world *w = *state;
    struct fleet_view f;
    struct deployment_state d = world_deployment(w, "alpha", "1", 0);
    struct version_state v1 = world_version(w, &d, "1", 0.5, 0);
    struct version_state v2 = world_version(w, &d, "2", 0.5, 0);
    world_version(w, &d, "3", 0, 0);
    world_alive(w);
    v2.has &= ~(unsigned)VERSION_READY;
    assert_int_equal(store_put_version(w->s, &v2, NULL), 0);
    assert_int_equal(fleet_view_load(w->s, w->now_ms, &f, NULL), 0);
    assert_false(f.lines[0].has_ready);
    fleet_view_done(&f);
    v1.ready = false;
    assert_int_equal(store_put_version(w->s, &v1, NULL), 0);
    assert_int_equal(fleet_view_load(w->s, w->now_ms, &f, NULL), 0);
    assert_true(f.lines[0].has_ready);
    assert_false(f.lines[0].ready);
    fleet_view_done(&f);
}

/* What a version is known by decides where it is listed. */
static void test_registry_only_versions(void **state)
{
    struct world *w = *state;
    struct fleet_view f;
    struct deployment_view d;
    struct deployment_state a = world_deployment(w, "alpha", "1", 0);
    struct version_state old = world_version(w, &a, "2", 0, 0), v;

    world_version(w, &a, "1", 1, 0);
    world_source(w, SOURCE_SERVER, "alpha/3 open-inference", "alpha", "3", w->now_ms);
    world_alive(w);
    const struct {
        const char *version;
        int64_t registered_ms, rows_at_ms;
    } known[] = {
        {"3", NOON - MINUTE, 0},                    /* configured: a server */
        {"4", 0, 0},                                /* configured, without one */
        {"5", NOON - MINUTE, NOON - 1380 * MINUTE}, /* rows in the day's window */
        {"6", NOON - MINUTE, NOON - 1441 * MINUTE}, /* rows, once */
        {"7", 0, NOON - 1441 * MINUTE},
        {"8", NOON - MINUTE, 0}, /* the registry alone */
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        v = (struct version_state){.deployment_id = a.id, .registered_ms = known[i].registered_ms};
        v.rows_at_ms = known[i].rows_at_ms;
        str_copy(v.version, sizeof v.version, known[i].version);
        assert_int_equal(store_put_version(w->s, &v, NULL), 0);
    }
    assert_int_equal(fleet_view_load(w->s, w->now_ms, &f, NULL), 0);
    assert_int_equal(f.lines[0].n_versions, 5);
    const char *const listed[] = {"1", "2", "5", "4", "3"};
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(f.lines[0].versions[i].version, listed[i]);
    fleet_view_done(&f);
    assert_int_equal(deployment_view_load(w->s, "alpha", w->now_ms, &d, NULL), 0);
    assert_int_equal(d.line.n_versions, 8);
    deployment_view_done(&d);
    /* Gone from the splitter, nothing else knows it. */
    old.has = VERSION_READY;
    old.registered_ms = NOON - MINUTE;
    assert_int_equal(store_put_version(w->s, &old, NULL), 0);
    assert_int_equal(fleet_view_load(w->s, w->now_ms, &f, NULL), 0);
    assert_int_equal(f.lines[0].n_versions, 4);
    fleet_view_done(&f);
}

static void test_one_deployment(void **state)
{
    struct world *w = *state;
    struct deployment_view d;
    struct err e = {0};
    make_two(w, true);
    world_event(w, "a1", "sent", w->now_ms - 60000, "alpha");
    world_event(w, "a1", "verified", w->now_ms - 50000, "alpha");
    assert_int_equal(deployment_view_load(w->s, "alpha", w->now_ms, &d, &e), 0);
    assert_int_equal(d.line.n_versions, 3);
    assert_int_equal(d.n_acts, 1);
    assert_string_equal(d.acts[0].state, "verified");
    assert_int_equal(d.n_sources, 3);
    assert_int_equal(d.drift.n_lines, 3);
    assert_string_equal(d.drift.lines[0].feature, "f0");
    assert_true(isnan(d.history[0].rate[0]));
    struct json *o = deployment_view_json(&d);
    expect_text(o, "schema", "driftop.show.v1");
    expect_text(must(o, "deployment"), "name", "alpha");
    assert_int_equal(json_length(must(o, "features")), 3);
    json_drop(o);
    deployment_view_done(&d);
    assert_int_equal(deployment_view_load(w->s, "alpa", w->now_ms, &d, &e), ERR_ABSENT);
    assert_non_null(strstr(e.text, "alpha"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_empty_store, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_ls_shape, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_old_readings_are_stale, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_nothing_is_fresh_when_nobody_writes, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_ready, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_registry_only_versions, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_one_deployment, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
