/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "driftop/query/lists.h"
#include "driftop/store/lease.h"

/* -1: null. */
static void expect_truth(const struct json *o, const char *key, int wanted)
{
    const struct json *value = must(o, key);
    int found = json_kind(value) == JSON_NULL ? -1 : json_bool(value, false);
    if (found != wanted)
        fail_msg("%s is %d, not %d", key, found, wanted);
}

static struct act_list load_acts(struct world *w, int64_t now_ms)
{
    struct act_list list;
    assert_int_equal(act_list_load(w->s, 0, now_ms, &list, NULL), 0);
    return list;
}

static void test_acts_fold(void **state)
{
    struct world *w = *state;
    world_event(w, "a1", "sent", NOON, "alpha");
    world_event(w, "a2", "sent", NOON + 1000, "beta");
    world_event(w, "a1", "accepted", NOON + 2000, "alpha");
    world_event(w, "a1", "verified", NOON + 9000, "alpha");
    world_event(w, "a2", "rejected", NOON + 3000, "beta");
    struct act_list list = load_acts(w, NOON + 10000);
    assert_int_equal(list.n_acts, 2);
    assert_string_equal(list.acts[0].id, "a2");
    assert_string_equal(list.acts[0].state, "rejected");
    const struct act_row *a1 = &list.acts[1];
    assert_string_equal(a1->state, "verified");
    assert_int_equal(a1->n_events, 3);
    assert_int_equal(a1->at_ms, NOON);
    assert_int_equal(a1->changed_ms, NOON + 9000);
    assert_false(a1->left);
    struct json *o = act_list_json(&list);
    expect_text(o, "schema", "driftop.audit.v1");
    struct json *first = json_at(must(o, "acts"), 1);
    static const char *const keys[] = {"id",    "deployment", "intent", "state", "before",
                                       "after", "by",         "reason", "at",    "hash"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        must(first, keys[i]);
    expect_text(first, "deployment", "alpha");
    expect_text(first, "intent", "rollback");
    expect_text(first, "what", "rollback");
    expect_text(first, "by", "ann (claimed)");
    expect_text(first, "reason", "errors");
    expect_time(first, "at");
    json_drop(o);
    act_list_done(&list);
    assert_int_equal(act_list_load(w->s, NOON + 5000, NOON + 10000, &list, NULL), 0);
    assert_int_equal(list.n_acts, 1);
    assert_string_equal(list.acts[0].id, "a1");
    act_list_done(&list);
}

/* Killed between request and answer: nobody knows, and somebody is asked to look. */
static void test_a_vanished_process(void **state)
{
    struct world *w = *state;
    struct lease *lease;
    world_event(w, "a1", "sent", NOON, "alpha");
    struct act_list list = load_acts(w, NOON + 4000);
    assert_string_equal(list.acts[0].state, "sent");
    act_list_done(&list);
    assert_int_equal(lease_take(w->path, "act-alpha", "ann", &lease, NULL), 0);
    list = load_acts(w, NOON + 6000);
    assert_string_equal(list.acts[0].state, "sent");
    assert_false(list.acts[0].left);
    act_list_done(&list);
    lease_drop(lease);
    list = load_acts(w, NOON + 6000);
    assert_string_equal(list.acts[0].state, "unknown");
    assert_true(list.acts[0].left);
    act_list_done(&list);
}

/* Verification needs a minute at most; "accepted" a second time is its verdict. */
static void test_an_act_without_verdict(void **state)
{
    struct world *w = *state;
    world_event(w, "a1", "sent", NOON, "alpha");
    world_event(w, "a1", "accepted", NOON, "alpha");
    struct act_list list = load_acts(w, NOON + 50000);
    assert_false(list.acts[0].left);
    act_list_done(&list);
    list = load_acts(w, NOON + 61000);
    assert_string_equal(list.acts[0].state, "accepted");
    assert_true(list.acts[0].left);
    act_list_done(&list);
    world_event(w, "a1", "accepted", NOON + 62000, "alpha");
    list = load_acts(w, NOON + 200000);
    assert_false(list.acts[0].left);
    act_list_done(&list);
}

static void test_alerts(void **state)
{
    struct world *w = *state;
    struct alert_list list;
    world_alive(w);
    struct alert_state a =
        world_alert(w, ALERT_NOT_READY, ALERT_PAGE, "alpha", "1", "", "not ready", NAN);
    struct alert_state old =
        world_alert(w, ALERT_LATENCY, ALERT_TICKET, "alpha", "1", "", "slow", 1);
    old.phase = ALERT_RESOLVED;
    old.resolved_ms = w->now_ms - 25 * 60 * MINUTE;
    assert_int_equal(store_put_alert(w->s, &old, NULL), 0);
    assert_int_equal(store_add_ack(w->s, a.id, "kim", w->now_ms, "on it", NULL), 0);
    assert_int_equal(alert_list_load(w->s, w->now_ms, &list, NULL), 0);
    assert_int_equal(list.n_alerts, 1);
    assert_int_equal(list.status.n_page, 1);
    assert_int_equal(list.status.n_acked, 1);
    struct json *o = alert_list_json(&list), *first = json_at(must(o, "alerts"), 0);
    expect_text(o, "schema", "driftop.alerts.v1");
    expect_text(first, "severity", "page");
    expect_text(first, "phase", "firing");
    expect_text(first, "rule", "not_ready");
    expect_text(first, "acknowledged_by", "kim");
    expect_text(first, "note", "on it");
    expect_null(first, "value");
    expect_null(first, "resolved_at");
    json_drop(o);
    alert_list_done(&list);
}

/* Reached, let in and fresh are three questions; what is not known is null. */
static void test_what_is_wrong_with_a_source(void **state)
{
    static const struct {
        enum source_health health;
        const char *name;
        int reachable, authenticated; /* -1: not known */
    } cases[] = {
        {SOURCE_OK, "ok", 1, 1},          {SOURCE_FAILING, "failing", 0, -1},
        {SOURCE_AUTH, "auth", 1, 0},      {SOURCE_WRONG, "wrong", 1, -1},
        {SOURCE_SECRET, "secret", -1, 0}, {SOURCE_UNKNOWN, "unknown", -1, -1},
    };
    struct world *w = *state;
    struct source_list list;
    world_alive(w);
    struct source_state s = world_source(w, SOURCE_SERVER, "a", "alpha", "1", w->now_ms - 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s.health = cases[i].health;
        assert_int_equal(store_put_source(w->s, &s, NULL), 0);
        assert_int_equal(source_list_load(w->s, w->now_ms, &list, NULL), 0);
        struct json *o = source_list_json(&list), *source = json_at(must(o, "sources"), 0);
        expect_text(source, "health", cases[i].name);
        expect_truth(source, "reachable", cases[i].reachable);
        expect_truth(source, "authenticated", cases[i].authenticated);
        expect_text(source, "state",
                    i == 0                              ? "ok"
                    : cases[i].health == SOURCE_UNKNOWN ? "unknown"
                                                        : "stale");
        assert_int_equal(json_text(must(source, "advice"), NULL) == NULL, i == 0);
        json_drop(o);
        source_list_done(&list);
    }
}

static void test_sources(void **state)
{
    struct world *w = *state;
    struct source_list list;
    world_alive(w);
    world_source(w, SOURCE_SERVER, "a well", "alpha", "1", w->now_ms - 1000);
    world_source(w, SOURCE_SERVER, "b old", "alpha", "2", w->now_ms - 60000);
    struct source_state bad =
        world_source(w, SOURCE_REGISTRY, "c shut", "alpha", "", w->now_ms - 60000);
    bad.health = SOURCE_AUTH;
    str_copy(bad.fault, sizeof bad.fault, "401");
    assert_int_equal(store_put_source(w->s, &bad, NULL), 0);
    struct source_state reference = {.kind = SOURCE_REFERENCE, .health = SOURCE_OK};
    str_copy(reference.name, sizeof reference.name, "d reference");
    reference.ok_ms = w->now_ms - 3600000;
    assert_int_equal(store_put_source(w->s, &reference, NULL), 0);
    struct source_state rows = {.kind = SOURCE_FEATURES, .health = SOURCE_OK, .interval_ms = 1000};
    str_copy(rows.name, sizeof rows.name, "e rows");
    rows.ok_ms = w->now_ms;
    rows.refused[REFUSED_SYNTAX] = 3;
    assert_int_equal(store_put_source(w->s, &rows, NULL), 0);
    assert_int_equal(source_list_load(w->s, w->now_ms, &list, NULL), 0);
    assert_string_equal(list.sources[0].name, "c shut");
    assert_string_equal(list.sources[1].name, "b old");
    assert_int_equal(list.status.n_sources, 5);
    assert_int_equal(list.status.n_sources_ok, 3);
    struct json *o = source_list_json(&list), *sources = must(o, "sources");
    expect_text(json_at(sources, 0), "state", "stale");
    assert_true(json_bool(must(json_at(sources, 0), "reachable"), false));
    assert_false(json_bool(must(json_at(sources, 0), "authenticated"), true));
    assert_false(json_bool(must(json_at(sources, 1), "fresh"), true));
    expect_text(json_at(sources, 2), "state", "ok");
    expect_null(json_at(sources, 2), "advice");
    expect_number(must(json_at(sources, 4), "refused"), "syntax", 3);
    json_drop(o);
    source_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_acts_fold, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_vanished_process, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_an_act_without_verdict, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_alerts, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_wrong_with_a_source, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_sources, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
