/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../act/fleet.h"

#include "../../../src/record/recorder_private.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/record/recorder.h"
#include "driftop/store/audit.h"
#include "driftop/store/lease.h"
#include "driftop/store/read_drift.h"

static struct recorder *start(struct fake_fleet *f)
{
    struct recorder *r = NULL;
    struct err e = {0};
    if (recorder_new(f->loop, f->config, &r, &e) < 0)
        fail_msg("%s", e.text);
    return r;
}

static void write_file(struct fake_fleet *f, const char *name, const char *mode, int from, int to,
                       const char *version)
{
    char path[128], at[CLOCK_TEXT_SIZE];
    snprintf(path, sizeof path, "%.60s/%s", f->folder, name);
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    clock_format_ms(f->clock.fake_wall_ms, at);
    for (int i = from; i < to; i++) {
        if (version)
            fprintf(file, "{\"ts\": \"%s\", \"version\": \"%s\", \"amount\": %d}\n", at, version,
                    i % 100);
        else
            fprintf(file, i == from ? "amount\n%d\n" : "%d\n", i % 100);
    }
    fclose(file);
}

static void with_rows(struct fake_fleet *f)
{
    struct str text;
    str_init(&text, 0);
    str_addf(&text,
             "    features: {type: jsonl, path: \"%s/rows.jsonl*\"}\n"
             "    reference: {type: csv, path: %s/reference.csv}\n",
             f->folder, f->folder);
    write_file(f, "reference.csv", "w", 0, 1000, NULL);
    fleet_configure(f, text.data);
    str_done(&text);
}

static void settle(struct recorder *r)
{
    struct err e = {0};
    if (recorder_settle(r, &e) < 0)
        fail_msg("%s", e.text);
}

/* Rows in the stored hour buckets of the version, and what the version's own counter says. */
static uint64_t stored_rows(struct fake_fleet *f, struct recorder *r, const char *version,
                            uint64_t *ret_total)
{
    struct store *s = recorder_store(r);
    struct deployment_state *d;
    struct version_state *v;
    struct layout *layout;
    size_t n_d, n_v;
    uint64_t rows = 0;

    *ret_total = 0;
    assert_int_equal(store_deployments(s, "fraud", &d, &n_d, NULL), 0);
    assert_int_equal(n_d, 1);
    assert_int_equal(store_versions(s, d->id, &v, &n_v, NULL), 0);
    assert_int_equal(store_layout(s, d->id, &layout, NULL), 0);
    uint32_t *counts = calloc(layout->n_cells, sizeof *counts);
    for (size_t i = 0; i < n_v; i++)
        if (strcmp(v[i].version, version) == 0) {
            assert_int_equal(store_sum_counts(s, v[i].id, layout, WINDOW_24H, f->clock.fake_wall_ms,
                                              counts, &rows, NULL),
                             0);
            *ret_total = v[i].rows_total;
        }
    free(counts);
    layout_free(layout);
    free(v);
    free(d);
    return rows;
}

static void check_rows(struct fake_fleet *f, struct recorder *r, const char *version,
                       uint64_t expected)
{
    uint64_t total;
    assert_int_equal(stored_rows(f, r, version, &total), expected);
    assert_int_equal(total, expected);
}

static void one_at_a_time(void **state)
{
    struct fake_fleet *f = *state;
    struct recorder *r = start(f), *second;
    struct err e;

    assert_int_equal(recorder_new(f->loop, f->config, &second, &e), ERR_BUSY);
    assert_non_null(strstr(e.text, "pid "));
    recorder_free(r);
    recorder_free(start(f));
}

static void rows_are_counted_once_across_restarts(void **state)
{
    struct fake_fleet *f = *state;
    uint64_t expected = 0;

    with_rows(f);
    for (int round = 0; round < 3; round++) {
        struct recorder *r = start(f);
        write_file(f, "rows.jsonl", "a", 0, 300, "41");
        expected += 300;
        settle(r);
        check_rows(f, r, "41", expected);
        recorder_free(r);
        f->clock.fake_wall_ms += 60000;
        f->clock.fake_mono_ms += 60000;
    }
}

static void a_reload_keeps_windows_and_positions(void **state)
{
    struct fake_fleet *f = *state;
    struct config *former;

    with_rows(f);
    struct recorder *r = start(f);
    write_file(f, "rows.jsonl", "a", 0, 300, "41");
    settle(r);
    former = f->config;
    f->config = NULL;
    with_rows(f);
    assert_int_equal(recorder_reload(r, f->config, NULL), 0);
    config_free(former);
    write_file(f, "rows.jsonl", "a", 0, 10, "41");
    settle(r);
    check_rows(f, r, "41", 310);
    recorder_free(r);
}

/* To another reference and back: what was counted on the first one is still there. */
static void a_reference_that_comes_back(void **state)
{
    struct fake_fleet *f = *state;

    with_rows(f);
    struct recorder *r = start(f);
    write_file(f, "rows.jsonl", "a", 0, 300, "41");
    settle(r);
    write_file(f, "reference.csv", "w", 0, 500, NULL);
    assert_int_equal(recorder_reload(r, f->config, NULL), 0);
    write_file(f, "rows.jsonl", "a", 0, 20, "41");
    settle(r);
    write_file(f, "reference.csv", "w", 0, 1000, NULL);
    assert_int_equal(recorder_reload(r, f->config, NULL), 0);
    write_file(f, "rows.jsonl", "a", 0, 7, "41");
    settle(r);
    uint64_t total;
    assert_int_equal(stored_rows(f, r, "41", &total), 307);
    assert_int_equal(total, 327);
    recorder_free(r);
}

static enum source_health reference_health(struct recorder *r)
{
    struct source_state *sources;
    enum source_health health = SOURCE_UNKNOWN;
    size_t n;

    settle(r);
    assert_int_equal(store_sources(recorder_store(r), &sources, &n, NULL), 0);
    for (size_t i = 0; i < n; i++)
        if (sources[i].kind == SOURCE_REFERENCE)
            health = sources[i].health;
    free(sources);
    return health;
}

/* A file that is not there and one that holds something else are two things to mend. */
static void a_reference_that_is_none(void **state)
{
    struct fake_fleet *f = *state;
    char path[128];

    with_rows(f);
    struct recorder *r = start(f);
    assert_int_equal(reference_health(r), SOURCE_OK);
    snprintf(path, sizeof path, "%.60s/reference.csv", f->folder);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(recorder_reload(r, f->config, NULL), 0);
    assert_int_equal(reference_health(r), SOURCE_WRONG);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(recorder_reload(r, f->config, NULL), 0);
    assert_int_equal(reference_health(r), SOURCE_FAILING);
    recorder_free(r);
}

static void a_reload_that_fails_leaves_the_former(void **state)
{
    struct fake_fleet *f = *state;
    struct err e = {0};

    with_rows(f);
    struct recorder *r = start(f);
    struct config *former = f->config;
    f->config = NULL;
    with_rows(f);
    f->config->store_path = "/elsewhere.db";
    assert_int_equal(recorder_reload(r, f->config, &e), ERR_CONFIG);
    config_free(f->config);
    f->config = NULL;
    with_rows(f);
    /* Fails in the middle: a type that nobody knows. */
    ((struct config_adapter *)(uintptr_t)f->config->deployments[0].traffic)->type = "nothing";
    assert_int_equal(recorder_reload(r, f->config, &e), ERR_CONFIG);
    config_free(f->config);
    f->config = former;
    write_file(f, "rows.jsonl", "a", 0, 30, "41");
    for (int i = 0; i < 200; i++)
        fleet_turn(f);
    settle(r);
    check_rows(f, r, "41", 30);
    recorder_free(r);
}

/* An id that a rolled-back transaction handed out goes to somebody else the next time. */
static void a_flush_that_failed_mixes_nothing_up(void **state)
{
    struct fake_fleet *f = *state;

    with_rows(f);
    struct recorder *r = start(f);
    settle(r);
    /* Somebody holds the write lock: the flush gives up. */
    struct store *other;
    assert_int_equal(store_open(f->store, STORE_RECORD, &other, NULL), 0);
    assert_int_equal(store_begin(other, NULL), 0);
    write_file(f, "rows.jsonl", "a", 0, 100, "z");
    assert_int_equal(recorder_settle(r, NULL), ERR_BUSY);
    store_end(other, false, NULL);
    store_close(other);
    write_file(f, "rows.jsonl", "a", 0, 50, "a");
    settle(r);
    check_rows(f, r, "z", 100);
    check_rows(f, r, "a", 50);
    recorder_free(r);
}

/* Long gone versions do not keep new ones out. */
static void versions_come_and_go(void **state)
{
    struct fake_fleet *f = *state;
    char version[16];

    with_rows(f);
    struct recorder *r = start(f);
    for (int i = 0; i < 64; i++) {
        snprintf(version, sizeof version, "%d", i);
        write_file(f, "rows.jsonl", "a", 0, 2, version);
    }
    settle(r);
    f->clock.fake_wall_ms += 26 * 3600000LL;
    f->clock.fake_mono_ms += 26 * 3600000LL;
    write_file(f, "rows.jsonl", "a", 0, 3, "100");
    settle(r);
    check_rows(f, r, "100", 3);
    write_file(f, "rows.jsonl", "a", 0, 4, "0"); /* one of the old ones is back */
    settle(r);
    uint64_t total;
    assert_int_equal(stored_rows(f, r, "0", &total), 4);
    assert_int_equal(total, 6);
    recorder_free(r);
}

/* An act of somebody else, as the audit has it: from v42 to v41. */
static void put_event(struct fake_fleet *f, const char *state, bool ended)
{
    char path[128];
    struct audit_event event = {.act = "act1", .at_ms = f->clock.fake_wall_ms};
    const struct {
        const char *key, *text;
    } parts[] = {
        {"before", "{\"at\":\"2025-11-21T03:00:00Z\",\"shares\":{\"41\":0,\"42\":1},"
                   "\"champion\":\"42\",\"has_registry\":true}"},
        {"after", "{\"at\":\"2025-11-21T03:00:00Z\",\"shares\":{\"41\":1,\"42\":0},"
                  "\"champion\":\"41\",\"has_registry\":true}"},
    };

    str_copy(event.state, sizeof event.state, state);
    str_copy(event.by, sizeof event.by, "ann");
    event.body = json_new_object();
    json_put(event.body, "deployment", json_new_text("fraud"));
    json_put(event.body, "intent", json_new_text("rollback"));
    json_put(event.body, "reason", json_new_text("pages"));
    if (ended)
        json_put(event.body, "ended", json_new_bool(true));
    for (size_t i = 0; i < 2; i++) {
        struct json *value;
        assert_int_equal(json_parse(parts[i].text, strlen(parts[i].text), &value, NULL), 0);
        json_put(event.body, parts[i].key, value);
    }
    assert_int_equal(audit_append(audit_path(f->store, path, sizeof path), &event, NULL), 0);
    json_drop(event.body);
}

static const char *audit_states(struct fake_fleet *f)
{
    static char text[256];
    char path[128];
    struct audit_log log;

    text[0] = '\0';
    assert_int_equal(audit_read(audit_path(f->store, path, sizeof path), &log, NULL), 0);
    for (size_t i = 0; i < log.n_events; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", used ? " " : "", log.events[i].state);
    }
    audit_log_done(&log);
    return text;
}

static void turn_for(struct fake_fleet *f, int64_t ms)
{
    int64_t end_ms = f->clock.fake_mono_ms + ms;
    while (f->clock.fake_mono_ms < end_ms)
        fleet_turn(f);
}

static void set(struct fake_fleet *f, int first, int second, const char *champion)
{
    f->weight[0] = first;
    f->weight[1] = second;
    str_copy(f->champion, sizeof f->champion, champion);
}

static void what_a_vanished_process_left_is_finished(void **state)
{
    struct fake_fleet *f = *state;
    struct lease *lease;

    set(f, 100, 0, "41");
    put_event(f, "sent", false);
    assert_int_equal(lease_take(f->store, "act-fraud", "ann", &lease, NULL), 0);
    struct recorder *r = start(f);
    turn_for(f, 15000);
    assert_string_equal(audit_states(f), "sent"); /* it lives */
    lease_drop(lease);
    turn_for(f, 9000);
    assert_string_equal(audit_states(f), "sent");
    FLEET_WAIT(f, strcmp(audit_states(f), "sent accepted verified") == 0);
    assert_int_equal(f->n_writes + f->n_alias_writes, 0);
    recorder_free(r);
}

static void a_settled_act_is_watched(void **state)
{
    struct fake_fleet *f = *state;

    set(f, 100, 0, "41");
    put_event(f, "verified", true);
    struct recorder *r = start(f);
    turn_for(f, 20000);
    assert_string_equal(audit_states(f), "verified");
    f->weight[1] = 50; /* a reload put it back */
    FLEET_WAIT(f, strcmp(audit_states(f), "verified") != 0);
    turn_for(f, 20000);
    assert_string_equal(audit_states(f), "verified diverged"); /* once */
    recorder_free(r);
}

static void five_minutes_and_no_longer(void **state)
{
    struct fake_fleet *f = *state;

    set(f, 100, 0, "41");
    put_event(f, "verified", true);
    f->clock.fake_wall_ms += 301000;
    struct recorder *r = start(f);
    set(f, 0, 100, "42");
    turn_for(f, 10000);
    assert_string_equal(audit_states(f), "verified");
    recorder_free(r);
}

static void the_alias_is_watched_too(void **state)
{
    struct fake_fleet *f = *state;

    set(f, 100, 0, "41");
    put_event(f, "accepted", true); /* its last word: too little traffic to tell */
    struct recorder *r = start(f);
    turn_for(f, 20000);
    assert_string_equal(audit_states(f), "accepted");
    str_copy(f->champion, sizeof f->champion, "42");
    FLEET_WAIT(f, strcmp(audit_states(f), "accepted diverged") == 0);
    recorder_free(r);
}

/* An alert on v42, as a recorder before this one has left it; returns its id. */
static int64_t put_alert(struct fake_fleet *f, enum alert_rule rule)
{
    struct alert_state a = {.rule = rule, .severity = ALERT_PAGE, .phase = ALERT_FIRING};
    struct store *s;

    assert_int_equal(store_open(f->store, STORE_RECORD, &s, NULL), 0);
    str_copy(a.deployment, sizeof a.deployment, "fraud");
    str_copy(a.version, sizeof a.version, "42");
    str_copy(a.feature, sizeof a.feature, rule == ALERT_DRIFT ? "amount" : "");
    a.since_ms = a.fired_ms = a.changed_ms = f->clock.fake_wall_ms - 60000;
    assert_int_equal(store_put_alert(s, &a, NULL), 0);
    store_close(s);
    return a.id;
}

static const char *resolution(struct recorder *r, int64_t id)
{
    static char text[64];
    struct alert_state *alerts;
    size_t n;

    str_copy(text, sizeof text, "gone");
    assert_int_equal(store_alerts(recorder_store(r), NULL, 0, &alerts, &n, NULL), 0);
    for (size_t i = 0; i < n; i++)
        if (alerts[i].id == id)
            str_copy(text, sizeof text,
                     alerts[i].phase == ALERT_FIRING ? "firing" : alerts[i].resolution);
    free(alerts);
    return text;
}

/* Nobody says that the version gets nothing, only nobody says anything: a splitter that is down when
 * the recorder starts must not end the pages about what is behind it. */
static void a_splitter_that_is_away_ends_no_alert(void **state)
{
    struct fake_fleet *f = *state;

    int64_t id = put_alert(f, ALERT_ERROR_RATIO);
    f->splitter_away = true;
    struct recorder *r = start(f);
    turn_for(f, 40000);
    assert_string_equal(resolution(r, id), "firing");
    set(f, 100, 0, "41");
    f->splitter_away = false;
    FLEET_WAIT(f, strcmp(resolution(r, id), "firing") != 0);
    assert_string_equal(resolution(r, id), "out of service");
    recorder_free(r);
}

static void a_slow_disk_makes_nothing_stale(void **state)
{
    (void)state;
    assert_int_equal(recorder_flush_gap_ms(0, 5000), 1000);
    assert_int_equal(recorder_flush_gap_ms(100, 5000), 2000);
    assert_int_equal(recorder_flush_gap_ms(900, 5000), 5000); /* not 18 s, when all is stale */
    assert_int_equal(recorder_flush_gap_ms(900, 200), 1000);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fleet_set_up, fleet_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(one_at_a_time),
        T(rows_are_counted_once_across_restarts),
        T(a_reload_keeps_windows_and_positions),
        T(a_reference_that_comes_back),
        T(a_reference_that_is_none),
        T(a_reload_that_fails_leaves_the_former),
        T(a_flush_that_failed_mixes_nothing_up),
        T(versions_come_and_go),
        T(what_a_vanished_process_left_is_finished),
        T(a_settled_act_is_watched),
        T(five_minutes_and_no_longer),
        T(the_alias_is_watched_too),
        T(a_splitter_that_is_away_ends_no_alert),
        cmocka_unit_test(a_slow_disk_makes_nothing_stale),
    };
    return cmocka_run_group_tests_name("record/recorder", tests, NULL, NULL);
}
