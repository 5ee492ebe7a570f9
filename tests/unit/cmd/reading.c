/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reading commands as main calls them: what they print, and their exit status.
 */
#include "../query/world.h"

#include "driftop/cmd/command.h"
#include "driftop/config/config.h"

#define OTHER_HEAD "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct result {
    int status;
    char *out, *err;
};

/* Runs "NAME ARGUMENTS..." with options given as "--name" or "--name=value". */
static struct result run(struct world *w, const char *line)
{
    struct clock clock = clock_fake(w->now_ms, 0);
    struct result r = {0};
    const char *arguments[8] = {0}, *options[16] = {0};
    char words[256], *save = NULL;
    size_t out_size, err_size;
    str_copy(words, sizeof words, line);
    const struct command *cmd = command_find(strtok_r(words, " ", &save));
    assert_non_null(cmd);
    struct config config = {.store_path = w->path, .environment = "test"};
    struct command_context c = {
        .clock = &clock, .store = w->s, .options = options, .config = &config};
    c.arguments = arguments;
    for (char *word; (word = strtok_r(NULL, " ", &save)) != NULL;) {
        char *value = strchr(word, '=');
        if (value)
            *value++ = '\0';
        bool found = false;
        for (size_t i = 0; i < cmd->n_options; i++)
            if (strcmp(cmd->options[i].name, word) == 0) {
                options[i] = value ? value : "";
                found = true;
            }
        if (!found)
            arguments[c.n_arguments++] = word;
    }
    c.out = open_memstream(&r.out, &out_size);
    c.err = open_memstream(&r.err, &err_size);
    r.status = cmd->run(&c);
    fclose(c.out);
    fclose(c.err);
    return r;
}

static void expect(struct world *w, const char *line, int status, const char *text)
{
    struct result r = run(w, line);
    if (r.status != status)
        fail_msg("%s: exit %d, not %d: %s%s", line, r.status, status, r.out, r.err);
    if (!strstr(r.out, text) && !strstr(r.err, text))
        fail_msg("%s: no \"%s\" in: %s%s", line, text, r.out, r.err);
    for (const char *at = r.out; *at; at++)
        if ((unsigned char)*at < ' ' && *at != '\n')
            fail_msg("%s prints a control character", line);
    free(r.out);
    free(r.err);
}

static void expect_schema(struct world *w, const char *line, int status, const char *schema)
{
    struct json *o;
    struct result r = run(w, line);
    if (r.status != status)
        fail_msg("%s: exit %d, not %d: %s", line, r.status, status, r.err);
    assert_int_equal(json_parse(r.out, strlen(r.out), &o, NULL), 0);
    expect_text(o, "schema", schema);
    json_drop(o);
    free(r.out);
    free(r.err);
}

static void expect_verified(struct world *w, const char *line, int status, bool unbroken,
                            int64_t events)
{
    struct json *o;
    struct result r = run(w, line);
    if (r.status != status)
        fail_msg("%s: exit %d, not %d: %s", line, r.status, status, r.err);
    assert_int_equal(json_parse(r.out, strlen(r.out), &o, NULL), 0);
    expect_text(o, "schema", "driftop.chain.v1");
    assert_int_equal(json_bool(must(o, "unbroken"), !unbroken), unbroken);
    int64_t counted = -1;
    assert_true(json_int(must(o, "events"), &counted));
    assert_int_equal(counted, events);
    assert_int_equal(json_text(must(o, "fault"), NULL) == NULL, unbroken);
    json_drop(o);
    free(r.out);
    free(r.err);
}

static struct layout *make_fleet(struct world *w)
{
    const struct told told[] = {{0, VERDICT_WARN, DRIFT_PSI}};
    struct deployment_state d = world_deployment(w, "fraud-score", "41", 2);
    struct version_state v = world_version(w, &d, "41", 1, 0.001);
    struct layout *layout = world_layout(w, d.id, 2);
    world_summaries(w, v.id, layout, 1000, told, 1);
    world_rows(w, v.id, layout, 400, 0, 1.2475);
    world_source(w, SOURCE_SERVER, "fraud-score/41 open-inference", "fraud-score", "41",
                 w->now_ms - 2000);
    world_alive(w);
    return layout;
}

static void test_empty_store_is_unknown(void **state)
{
    struct world *w = *state;
    expect(w, "triage", 3, "nobody records");
    expect(w, "ls", 3, "nothing recorded");
    expect(w, "drift", 3, "0 deployments");
    expect(w, "alerts", 3, "no alerts");
    expect(w, "doctor", 3, "nothing recorded");
    expect(w, "audit", 0, "nothing was done");
    expect(w, "show x", 66, "no deployment is called x");
}

static void test_a_quiet_fleet(void **state)
{
    struct world *w = *state;
    layout_free(make_fleet(w));
    expect(w, "triage", 0, "nothing fires, every source is fresh");
    expect(w, "ls", 0, "fraud-score  41*      100%  100%   100  0.1%    190  yes    ticket");
    expect(w, "show fraud-score", 0, "f0");
    expect(w, "doctor", 0, "fraud-score/41 open-inference  yes      yes");
    expect(w, "alerts", 0, "no alerts");
}

static void test_statuses(void **state)
{
    struct world *w = *state;
    layout_free(make_fleet(w));
    expect(w, "drift", 1, "warn");
    expect(w, "drift fraud-score", 1, "warn");
    expect(w, "drift fraud-score/f0", 0, "window 15m n=400");
    expect(w, "drift fraud-score/f0 --window=1h", 0, "window 1h n=400");
    expect(w, "drift --window=2h", 64, "one of 15m, 1h, 24h");
    expect(w, "drift --top=0", 64, "--top 0");
    expect(w, "drift --top=1 --csv", 1, "fraud-score,41,f0,warn,15m,1000,0.150000006,0,0,0,0,true");
    expect(w, "drift fraud-scor", 66, "near it: fraud-score");
    expect(w, "drift fraud-score/f9", 66, "near it: f0");
    world_alert(w, ALERT_LATENCY, ALERT_TICKET, "fraud-score", "41", "", "p99 390 ms", 0.39);
    expect(w, "triage", 1, "T2");
    expect(w, "alerts", 1, "ticket");
    struct alert_state page = world_alert(w, ALERT_NOT_READY, ALERT_PAGE, "fraud-score", "41", "",
                                          "not \033[31mready", 0);
    expect(w, "triage", 2, "P1!");
    expect(w, "triage --limit=1", 2, "... 1 more");
    expect(w, "alerts", 2, "not ?[31mready");
    char line[64];
    snprintf(line, sizeof line, "ack %lld --note=looking", (long long)page.id);
    expect(w, line, 0, "acknowledged by");
    expect(w, "triage", 2, "p1");
    expect(w, "alerts", 2, "looking");
    expect(w, "ack 999", 66, "999");
    expect(w, "ack P1", 66, "no alert is called P1");
}

static void test_json(void **state)
{
    struct world *w = *state;
    layout_free(make_fleet(w));
    expect_schema(w, "triage --json", 0, "driftop.triage.v1");
    expect_schema(w, "ls --json", 0, "driftop.ls.v1");
    expect_schema(w, "show fraud-score --json", 0, "driftop.show.v1");
    expect_schema(w, "drift --json", 1, "driftop.drift.v1");
    expect_schema(w, "drift fraud-score/score --json", 0, "driftop.feature.v1");
    expect_schema(w, "alerts --json", 0, "driftop.alerts.v1");
    expect_schema(w, "doctor --json", 0, "driftop.doctor.v1");
    expect_schema(w, "audit --json", 0, "driftop.audit.v1");
}

/* Acting works without a store, so what was done can be read without one; nothing done is fine. */
static void test_audit_without_a_store(void **state)
{
    struct world *w = *state;
    store_close(w->s);
    w->s = NULL;
    assert_int_equal(unlink(w->path), 0);
    expect(w, "audit", 0, "nothing was done");
    expect(w, "audit verify", 0, "0 events");
    expect_schema(w, "audit --json", 0, "driftop.audit.v1");
    expect_verified(w, "audit verify --json", 0, true, 0);
    world_event(w, "a1", "sent", NOON - 10000, "fraud-score");
    expect(w, "audit", 0, "a1");
    expect(w, "audit verify", 0, "1 events");
}

static void test_audit(void **state)
{
    struct world *w = *state;
    char path[128];
    world_event(w, "a1", "sent", NOON - 3 * 3600000, "fraud-score");
    world_event(w, "a1", "verified", NOON - 3 * 3600000, "fraud-score");
    world_event(w, "a2", "sent", NOON - 10000, "fraud-score");
    expect(w, "audit", 0, "unknown (unverified)");
    expect(w, "audit --since=1h", 0, "a2");
    struct result r = run(w, "audit --since=1h");
    assert_null(strstr(r.out, "a1"));
    free(r.out);
    free(r.err);
    expect(w, "audit --since=soon", 64, "a duration like 8h");
    expect(w, "audit check", 64, "only verify");
    expect(w, "audit verify", 0, "3 events follow each other");
    /* What the list shows of a head is no head: that is no broken chain. */
    expect(w, "audit verify --head=0123456789ab", 64, "64 digits");
    expect(w, "audit verify --head=" OTHER_HEAD, 8, "not in the log");
    expect_verified(w, "audit verify --json", 0, true, 3);
    expect_verified(w, "audit verify --json --head=" OTHER_HEAD, 8, false, 3);
    FILE *f = fopen(audit_path(w->path, path, sizeof path), "r+");
    assert_non_null(f);
    assert_int_equal(fseek(f, 8, SEEK_SET), 0);
    fputc('X', f);
    fclose(f);
    expect(w, "audit verify", 8, ":1: the line was changed");
    expect_verified(w, "audit verify --json", 8, false, 0);
}

static void test_old_data_are_never_fine(void **state)
{
    struct world *w = *state;
    layout_free(make_fleet(w));
    w->now_ms += 20000;
    expect(w, "triage", 3, "~");
    expect(w, "ls", 3, "stale");
    expect(w, "show fraud-score", 3, "stale");
    expect(w, "drift fraud-score/f0", 3, "(stale)");
    expect(w, "alerts", 3, "nobody records");
    expect(w, "doctor", 3, "does not run");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_empty_store_is_unknown, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_quiet_fleet, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_statuses, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_json, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_audit_without_a_store, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_audit, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_old_data_are_never_fine, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
