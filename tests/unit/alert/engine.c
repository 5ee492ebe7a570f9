/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "driftop/alert/engine.h"
#include "driftop/base/err.h"

#define START_MS 1000000

/* Times in the tests are milliseconds behind START_MS; rounds come every 5 s. */
struct world {
    struct alert_engine *engine;
    int64_t now_ms;
    int64_t next_id;
};

static int set_up(void **state)
{
    static struct world w;
    w = (struct world){.engine = alert_engine_new(), .now_ms = START_MS, .next_id = 1};
    *state = &w;
    return w.engine ? 0 : -1;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    alert_engine_free(w->engine);
    return 0;
}

static struct alert_look a_look(enum alert_sign sign)
{
    struct alert_look l = {.sign = sign, .value = 1, .threshold = 0.5, .good_looks = 3};
    snprintf(l.summary, sizeof l.summary, "number one");
    return l;
}

static void look(struct world *w, enum alert_sign sign)
{
    struct alert_look l = a_look(sign);
    assert_int_equal(
        alert_engine_look(w->engine, ALERT_ERROR_RATIO, "fraud", "42", "", &l, w->now_ms), 0);
}

static void look_for(struct world *w, enum alert_sign sign, int64_t for_ms)
{
    struct alert_look l = a_look(sign);
    l.for_ms = for_ms;
    assert_int_equal(
        alert_engine_look(w->engine, ALERT_ERROR_RATIO, "fraud", "42", "", &l, w->now_ms), 0);
}

static void service(struct world *w, bool zero, double activity)
{
    assert_int_equal(alert_engine_service(w->engine, "fraud", "42", zero, activity, w->now_ms), 0);
}

/* Stores all that changed; the last one is copied. Returns how many. */
static size_t store(struct world *w, struct alert_state *ret)
{
    struct alert_state *changed[16];
    size_t n = alert_engine_changed(w->engine, changed, 16);
    for (size_t i = 0; i < n; i++) {
        if (!changed[i]->id)
            changed[i]->id = w->next_id++;
        *ret = *changed[i];
        alert_engine_stored(w->engine, changed[i]);
    }
    return n;
}

static void fires_at_once_without_a_time(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look(w, SIGN_PAGE);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_FIRING);
    assert_int_equal(a.severity, ALERT_PAGE);
    assert_int_equal(a.since_ms, START_MS);
    assert_int_equal(a.fired_ms, START_MS);
    assert_string_equal(a.summary, "number one");
    assert_int_equal(store(w, &a), 0);
}

static void is_pending_until_it_lasted(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look_for(w, SIGN_PAGE, 10000);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_PENDING);
    w->now_ms += 9999;
    look_for(w, SIGN_PAGE, 10000);
    assert_int_equal(store(w, &a), 0);
    w->now_ms += 1;
    look_for(w, SIGN_PAGE, 10000);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_FIRING);
    assert_int_equal(a.since_ms, START_MS);
    assert_int_equal(a.fired_ms, START_MS + 10000);
}

static void one_that_did_not_last_never_fires(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look_for(w, SIGN_PAGE, 10000);
    store(w, &a);
    w->now_ms += 5000;
    look_for(w, SIGN_GOOD, 10000);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_RESOLVED);
    assert_int_equal(a.fired_ms, 0);
    assert_string_equal(a.resolution, "did not last");
}

static void a_look_that_cannot_tell_starts_the_time_again(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look_for(w, SIGN_PAGE, 10000);
    w->now_ms += 8000;
    look_for(w, SIGN_HOLD, 10000);
    w->now_ms += 2000;
    look_for(w, SIGN_PAGE, 10000);
    w->now_ms += 9999;
    look_for(w, SIGN_PAGE, 10000);
    store(w, &a);
    assert_int_equal(a.phase, ALERT_PENDING);
    w->now_ms += 1;
    look_for(w, SIGN_PAGE, 10000);
    store(w, &a);
    assert_int_equal(a.phase, ALERT_FIRING);
}

/* Neither a machine that slept nor a clock that was set makes up for looks. */
static void a_clock_that_jumps_starts_the_time_again(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look_for(w, SIGN_PAGE, 10000);
    w->now_ms += 3600000;
    look_for(w, SIGN_PAGE, 10000);
    store(w, &a);
    assert_int_equal(a.phase, ALERT_PENDING);
    w->now_ms -= 7200000;
    look_for(w, SIGN_PAGE, 10000);
    w->now_ms += 10000;
    look_for(w, SIGN_PAGE, 10000);
    store(w, &a);
    assert_int_equal(a.phase, ALERT_FIRING);
}

static void resolves_after_good_looks_running(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look(w, SIGN_PAGE);
    store(w, &a);
    const enum alert_sign signs[] = {SIGN_GOOD, SIGN_GOOD,   SIGN_HOLD, SIGN_GOOD,
                                     SIGN_GOOD, SIGN_TICKET, SIGN_GOOD, SIGN_GOOD};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        w->now_ms += 5000;
        look(w, signs[i]);
        assert_int_equal(store(w, &a), 0);
    }
    look(w, SIGN_GOOD);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_RESOLVED);
    assert_string_equal(a.resolution, "back to normal");
    assert_int_equal(a.resolved_ms, w->now_ms);
    assert_int_equal(a.severity, ALERT_PAGE);
}

static void the_same_reading_is_not_good_twice(void **state)
{
    struct world *w = *state;
    struct alert_state a;
    struct alert_look l = a_look(SIGN_GOOD);

    look(w, SIGN_PAGE);
    store(w, &a);
    for (int i = 0; i < 10; i++) {
        w->now_ms += 5000;
        l.read_ms = START_MS + 1;
        alert_engine_look(w->engine, ALERT_ERROR_RATIO, "fraud", "42", "", &l, w->now_ms);
    }
    assert_int_equal(store(w, &a), 0);
    for (int i = 2; i <= 3; i++) {
        l.read_ms = START_MS + i;
        alert_engine_look(w->engine, ALERT_ERROR_RATIO, "fraud", "42", "", &l, w->now_ms);
    }
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_RESOLVED);
}

static void severity_only_rises_while_it_fires(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look_for(w, SIGN_PAGE, 5000);
    w->now_ms += 5000;
    look_for(w, SIGN_TICKET, 5000);
    store(w, &a);
    assert_int_equal(a.phase, ALERT_FIRING);
    assert_int_equal(a.severity, ALERT_TICKET); /* what it is, not what it was while pending */
    look(w, SIGN_PAGE);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.severity, ALERT_PAGE);
    look(w, SIGN_TICKET);
    assert_int_equal(store(w, &a), 0);
    assert_int_equal(a.severity, ALERT_PAGE);
}

static void a_second_time_is_another_alert(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look(w, SIGN_PAGE);
    store(w, &a);
    for (int i = 0; i < 3; i++)
        look(w, SIGN_GOOD);
    store(w, &a);
    assert_int_equal(a.id, 1);
    w->now_ms += 60000;
    look(w, SIGN_TICKET);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.id, 2);
    assert_int_equal(a.severity, ALERT_TICKET);
    assert_int_equal(a.since_ms, w->now_ms);
    assert_int_equal(a.resolved_ms, 0);
}

/* On a full disk nothing is stored: whoever reads the store still sees the first one fire. */
static void an_end_that_was_not_stored_is_taken_back(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look(w, SIGN_PAGE);
    store(w, &a);
    for (int i = 0; i < 3; i++)
        look(w, SIGN_GOOD);
    w->now_ms += 5000;
    look_for(w, SIGN_PAGE, 60000);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.id, 1);
    assert_int_equal(a.phase, ALERT_FIRING);
    assert_int_equal(a.fired_ms, START_MS);
    assert_int_equal(a.resolved_ms, 0);
    assert_string_equal(a.resolution, "");
}

static void what_was_not_stored_stays_changed(void **state)
{
    struct world *w = *state;
    struct alert_state *changed[4];

    look(w, SIGN_PAGE);
    assert_int_equal(alert_engine_changed(w->engine, changed, 4), 1);
    assert_int_equal(alert_engine_changed(w->engine, changed, 4), 1);
}

static void everybody_gets_a_turn(void **state)
{
    struct world *w = *state;
    struct alert_state *changed[3];
    bool seen[7] = {false};

    for (int i = 0; i < 7; i++) {
        struct alert_look l = a_look(SIGN_PAGE);
        char version[16];
        snprintf(version, sizeof version, "%d", i);
        alert_engine_look(w->engine, ALERT_DRIFT, "fraud", version, "amount", &l, w->now_ms);
    }
    for (int round = 0; round < 3; round++) {
        size_t n = alert_engine_changed(w->engine, changed, 3);
        for (size_t i = 0; i < n; i++)
            seen[changed[i]->version[0] - '0'] = true;
    }
    for (int i = 0; i < 7; i++)
        assert_true(seen[i]);
}

static void out_of_service_after_two_still_looks(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    service(w, false, 100);
    look(w, SIGN_PAGE);
    store(w, &a);
    service(w, true, 110);
    service(w, true, 110);
    assert_int_equal(store(w, &a), 0);
    service(w, true, 110);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_RESOLVED);
    assert_string_equal(a.resolution, "out of service");
    look(w, SIGN_PAGE);
    assert_int_equal(store(w, &a), 0);
    service(w, true, 5); /* its counters were reset: no row came */
    look(w, SIGN_PAGE);
    assert_int_equal(store(w, &a), 0);
    service(w, true, 6);
    look(w, SIGN_PAGE);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_FIRING);
}

static void a_share_brings_it_back_into_service(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    for (int i = 0; i < 3; i++)
        service(w, true, 1);
    look(w, SIGN_PAGE);
    assert_int_equal(store(w, &a), 0);
    service(w, false, 1);
    look(w, SIGN_PAGE);
    assert_int_equal(store(w, &a), 1);
}

/* The recorder was started anew: the window still holds what the version did before. */
static void a_version_without_traffic_does_not_page_after_a_start(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    for (int i = 0; i < 5; i++) {
        service(w, true, 500);
        look(w, SIGN_PAGE);
        assert_int_equal(store(w, &a), 0);
    }
    service(w, true, 501);
    look(w, SIGN_PAGE);
    assert_int_equal(store(w, &a), 1);
}

static void a_quiet_source_of_an_idle_version_is_still_told(void **state)
{
    struct world *w = *state;
    struct alert_state a;
    struct alert_look l = a_look(SIGN_TICKET);

    for (int i = 0; i < 4; i++)
        service(w, true, 1);
    alert_engine_look(w->engine, ALERT_STALE, "fraud", "42", "fraud/42 x", &l, w->now_ms);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.phase, ALERT_FIRING);
}

static void what_nobody_looks_at_any_more_resolves(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    look(w, SIGN_PAGE);
    alert_engine_sweep(w->engine, w->now_ms, w->now_ms);
    store(w, &a);
    assert_int_equal(a.phase, ALERT_FIRING);
    w->now_ms += 5000;
    alert_engine_sweep(w->engine, w->now_ms, w->now_ms);
    assert_int_equal(store(w, &a), 1);
    assert_string_equal(a.resolution, "no longer watched");
}

static void restored(struct world *w, enum alert_phase phase)
{
    struct alert_state a = {.id = 77,
                            .rule = ALERT_ERROR_RATIO,
                            .severity = ALERT_PAGE,
                            .phase = phase,
                            .since_ms = START_MS - 60000};
    snprintf(a.deployment, sizeof a.deployment, "fraud");
    snprintf(a.version, sizeof a.version, "42");
    a.fired_ms = phase == ALERT_FIRING ? START_MS - 50000 : 0;
    assert_int_equal(alert_engine_restore(w->engine, &a), 0);
}

static void a_restored_one_goes_on(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    restored(w, ALERT_FIRING);
    assert_int_equal(store(w, &a), 0);
    look(w, SIGN_GOOD);
    look(w, SIGN_GOOD);
    look(w, SIGN_GOOD);
    assert_int_equal(store(w, &a), 1);
    assert_int_equal(a.id, 77);
    assert_int_equal(a.phase, ALERT_RESOLVED);
}

static void a_restored_pending_one_begins_its_time_anew(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    restored(w, ALERT_PENDING);
    look_for(w, SIGN_PAGE, 10000);
    store(w, &a);
    assert_int_equal(a.phase, ALERT_PENDING);
    w->now_ms += 10000;
    look_for(w, SIGN_PAGE, 10000);
    store(w, &a);
    assert_int_equal(a.id, 77);
    assert_int_equal(a.phase, ALERT_FIRING);
}

static void a_restored_one_waits_for_its_first_look(void **state)
{
    struct world *w = *state;
    struct alert_state a;

    restored(w, ALERT_FIRING);
    alert_engine_sweep(w->engine, w->now_ms, w->now_ms);
    w->now_ms += 290000;
    alert_engine_sweep(w->engine, w->now_ms, w->now_ms);
    assert_int_equal(store(w, &a), 0);
    w->now_ms += 11000;
    alert_engine_sweep(w->engine, w->now_ms, w->now_ms);
    assert_int_equal(store(w, &a), 1);
    assert_string_equal(a.resolution, "no longer watched");
}

static void alerts_are_bounded_and_good_looks_cost_nothing(void **state)
{
    struct world *w = *state;
    struct alert_look bad = a_look(SIGN_TICKET), good = a_look(SIGN_GOOD);
    struct alert_state *changed[64];
    char feature[16];
    size_t n;

    for (int i = 0; i < 100000; i++) {
        snprintf(feature, sizeof feature, "f%d", i);
        assert_int_equal(
            alert_engine_look(w->engine, ALERT_DRIFT, "d", "1", feature, &bad, w->now_ms), 0);
    }
    assert_int_equal(alert_engine_look(w->engine, ALERT_DRIFT, "d", "1", "x", &bad, w->now_ms),
                     ERR_LIMIT);
    assert_int_equal(alert_engine_look(w->engine, ALERT_DRIFT, "d", "1", "x", &good, w->now_ms), 0);
    alert_engine_sweep(w->engine, w->now_ms + 1, w->now_ms + 1);
    while ((n = alert_engine_changed(w->engine, changed, 64)) > 0)
        for (size_t i = 0; i < n; i++)
            alert_engine_stored(w->engine, changed[i]);
    assert_int_equal(alert_engine_look(w->engine, ALERT_DRIFT, "d", "1", "x", &bad, w->now_ms), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(fires_at_once_without_a_time),
        T(is_pending_until_it_lasted),
        T(one_that_did_not_last_never_fires),
        T(a_look_that_cannot_tell_starts_the_time_again),
        T(a_clock_that_jumps_starts_the_time_again),
        T(resolves_after_good_looks_running),
        T(the_same_reading_is_not_good_twice),
        T(severity_only_rises_while_it_fires),
        T(a_second_time_is_another_alert),
        T(an_end_that_was_not_stored_is_taken_back),
        T(what_was_not_stored_stays_changed),
        T(everybody_gets_a_turn),
        T(out_of_service_after_two_still_looks),
        T(a_share_brings_it_back_into_service),
        T(a_version_without_traffic_does_not_page_after_a_start),
        T(a_quiet_source_of_an_idle_version_is_still_told),
        T(what_nobody_looks_at_any_more_resolves),
        T(a_restored_one_goes_on),
        T(a_restored_pending_one_begins_its_time_anew),
        T(a_restored_one_waits_for_its_first_look),
        T(alerts_are_bounded_and_good_looks_cost_nothing),
    };
    return cmocka_run_group_tests_name("alert/engine", tests, NULL, NULL);
}
