/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <math.h>

#include "driftop/store/read.h"
#include "driftop/store/write.h"

struct fixture {
    struct world *w;
    struct store *s;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    void *w = NULL;
    if (!f || world_setup(&w) < 0)
        return -1;
    f->w = w;
    f->s = world_open(f->w->store, STORE_RECORD);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    void *w = f->w;
    store_close(f->s);
    free(f);
    return world_teardown(&w);
}

static int64_t put_deployment(struct store *s, const char *name)
{
    struct deployment_state d = {.n_features = 50, .champion_at_ms = 17, .has_registry = true};
    snprintf(d.name, sizeof d.name, "%s", name);
    snprintf(d.owner, sizeof d.owner, "risk-ml");
    snprintf(d.champion, sizeof d.champion, "41");
    assert_int_equal(store_put_deployment(s, &d, NULL), 0);
    return d.id;
}

static void test_deployments(void **state)
{
    struct store *s = ((struct fixture *)*state)->s;
    struct deployment_state *items;
    size_t n;
    int64_t fraud = put_deployment(s, "fraud");
    int64_t churn = put_deployment(s, "churn");
    assert_true(fraud > 0 && churn > 0 && fraud != churn);
    assert_int_equal(put_deployment(s, "fraud"), fraud);
    assert_int_equal(store_deployments(s, NULL, &items, &n, NULL), 0);
    assert_int_equal(n, 2);
    assert_string_equal(items[0].name, "churn");
    assert_int_equal(items[1].id, fraud);
    assert_string_equal(items[1].owner, "risk-ml");
    assert_string_equal(items[1].champion, "41");
    assert_int_equal(items[1].champion_at_ms, 17);
    assert_int_equal(items[1].n_features, 50);
    assert_true(items[1].has_registry && !items[1].has_traffic && !items[1].has_features);
    free(items);
    assert_int_equal(store_deployments(s, "absent", &items, &n, NULL), 0);
    assert_int_equal(n, 0);
    free(items);
    const char *const keep[] = {"churn"};
    assert_int_equal(store_keep_deployments(s, keep, 1, NULL), 0);
    assert_int_equal(store_deployments(s, NULL, &items, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_string_equal(items[0].name, "churn");
    free(items);
    assert_int_equal(put_deployment(s, "fraud"), fraud); /* configured again: the same history */
    assert_int_equal(store_deployments(s, "fraud", &items, &n, NULL), 0);
    assert_int_equal(n, 1);
    free(items);
}

static void put_version(struct store *s, int64_t deployment, const char *version)
{
    struct version_state v = {
        .deployment_id = deployment,
        .has = VERSION_READY | VERSION_RATE | VERSION_P99_OVER,
        .ready = true,
        .request_rate = 12.5,
        .error_ratio = NAN,
        .latency_p99_low_s = 10,
        .latency_p99_high_s = INFINITY,
        .rows_total = UINT64_C(1) << 60,
        .traffic_at_ms = 1700000000123,
    };
    snprintf(v.version, sizeof v.version, "%s", version);
    snprintf(v.target, sizeof v.target, "v%s", version);
    assert_int_equal(store_put_version(s, &v, NULL), 0);
    assert_true(v.id > 0);
}

static void test_versions(void **state)
{
    struct store *s = ((struct fixture *)*state)->s;
    struct version_state *items;
    size_t n;
    int64_t zeta = put_deployment(s, "zeta"), alpha = put_deployment(s, "alpha");
    put_version(s, zeta, "10");
    put_version(s, zeta, "9");
    put_version(s, zeta, "blue");
    put_version(s, alpha, "1");
    put_version(s, zeta, "9");
    assert_int_equal(store_versions(s, zeta, &items, &n, NULL), 0);
    assert_int_equal(n, 3);
    assert_string_equal(items[0].version, "9");
    assert_string_equal(items[1].version, "10");
    assert_string_equal(items[2].version, "blue");
    const struct version_state *v = &items[0];
    assert_int_equal(v->has, VERSION_READY | VERSION_RATE | VERSION_P99_OVER);
    assert_true(v->ready && !v->up);
    assert_true(v->request_rate > 12.4 && v->request_rate < 12.6);
    assert_true(isnan(v->error_ratio));
    assert_true(isinf(v->latency_p99_high_s));
    assert_true(v->rows_total == UINT64_C(1) << 60);
    assert_int_equal(v->traffic_at_ms, 1700000000123);
    assert_string_equal(v->target, "v9");
    free(items);
    assert_int_equal(store_versions(s, 0, &items, &n, NULL), 0);
    assert_int_equal(n, 4);
    assert_int_equal(items[0].deployment_id, alpha);
    free(items);
    assert_int_equal(store_keep_deployments(s, NULL, 0, NULL), 0);
    assert_int_equal(store_versions(s, 0, &items, &n, NULL), 0);
    assert_int_equal(n, 0);
    free(items);
}

static void test_sources(void **state)
{
    struct store *s = ((struct fixture *)*state)->s;
    struct source_state *items, source = {
                                    .kind = SOURCE_FEATURES,
                                    .name = "fraud/41 jsonl",
                                    .type = "jsonl",
                                    .health = SOURCE_FAILING,
                                    .fault = "no such file",
                                    .interval_ms = 5000,
                                    .latency_ms = NAN,
                                    .rows = UINT64_MAX,
                                };
    size_t n;
    for (size_t i = 0; i < SOURCE_REFUSALS; i++)
        source.refused[i] = i * 1000003;
    assert_int_equal(store_put_source(s, &source, NULL), 0);
    int64_t first = source.id;
    source.kind = SOURCE_METRICS;
    assert_int_equal(store_put_source(s, &source, NULL), 0);
    assert_int_not_equal(source.id, first);
    assert_int_equal(store_sources(s, &items, &n, NULL), 0);
    assert_int_equal(n, 2);
    assert_int_equal(items[0].kind, SOURCE_METRICS);
    assert_int_equal(items[1].health, SOURCE_FAILING);
    assert_string_equal(items[1].fault, "no such file");
    assert_true(isnan(items[1].latency_ms));
    assert_true(items[1].rows == UINT64_MAX);
    assert_memory_equal(items[1].refused, source.refused, sizeof source.refused);
    free(items);
    assert_int_equal(store_keep_sources(s, &first, 1, NULL), 0);
    assert_int_equal(store_sources(s, &items, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(items[0].id, first);
    free(items);
}

static int64_t put_alert(struct store *s, const char *deployment, enum alert_severity severity,
                         enum alert_phase phase, int64_t since_ms)
{
    struct alert_state a = {.severity = severity, .phase = phase, .since_ms = since_ms};
    snprintf(a.deployment, sizeof a.deployment, "%s", deployment);
    a.rule = ALERT_LATENCY;
    a.value = 0.25;
    a.threshold = NAN;
    a.resolved_ms = phase == ALERT_RESOLVED ? since_ms + 5 : 0;
    assert_int_equal(store_put_alert(s, &a, NULL), 0);
    return a.id;
}

static void test_alerts(void **state)
{
    struct store *s = ((struct fixture *)*state)->s;
    struct alert_state *items;
    size_t n;
    int64_t pending = put_alert(s, "fraud", ALERT_PAGE, ALERT_PENDING, 50);
    int64_t ticket = put_alert(s, "churn", ALERT_TICKET, ALERT_FIRING, 40);
    int64_t old_page = put_alert(s, "fraud", ALERT_PAGE, ALERT_FIRING, 10);
    int64_t page = put_alert(s, "fraud", ALERT_PAGE, ALERT_FIRING, 20);
    int64_t done = put_alert(s, "fraud", ALERT_PAGE, ALERT_RESOLVED, 100);
    put_alert(s, "fraud", ALERT_PAGE, ALERT_RESOLVED, 1);
    const int64_t order[] = {page, old_page, ticket, pending, done};
    assert_int_equal(store_alerts(s, NULL, 50, &items, &n, NULL), 0);
    assert_int_equal(n, 5);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(items[i].id, order[i]);
    assert_int_equal(items[0].rule, ALERT_LATENCY);
    assert_true(isnan(items[0].threshold));
    assert_int_equal(items[4].resolved_ms, 105);
    free(items);
    assert_int_equal(store_alerts(s, "churn", 0, &items, &n, NULL), 0);
    assert_int_equal(n, 1);
    free(items);
}

static struct alert_state read_alert(struct store *s)
{
    struct alert_state *items, first;
    size_t n;
    assert_int_equal(store_alerts(s, NULL, 0, &items, &n, NULL), 0);
    assert_int_equal(n, 1);
    first = items[0];
    free(items);
    return first;
}

static void test_marks(void **state)
{
    struct fixture *f = *state;
    struct alert_state a = {.deployment = "fraud", .phase = ALERT_FIRING};
    assert_int_equal(store_put_alert(f->s, &a, NULL), 0);
    struct store *reader = world_open(f->w->store, STORE_READ);
    assert_int_equal(store_add_ack(reader, 4711, "ann", 60, NULL, NULL), ERR_ABSENT);
    assert_int_equal(store_add_ack(reader, a.id, "ann", 60, "looking", NULL), 0);
    assert_int_equal(store_add_note(reader, a.id, "ben", 70, "upstream", NULL), 0);
    assert_int_equal(store_add_note(reader, a.id, "ben", 70, "", NULL), ERR_INVALID);
    struct alert_state got = read_alert(reader);
    assert_string_equal(got.acked_by, "ann");
    assert_int_equal(got.acked_ms, 60);
    assert_string_equal(got.note, "upstream");
    /* The recorder's next write leaves what people said. */
    a.changed_ms = 80;
    assert_int_equal(store_put_alert(f->s, &a, NULL), 0);
    assert_string_equal(read_alert(reader).acked_by, "ann");
    /* A ticket that became a page is a different matter. */
    a.severity = ALERT_PAGE;
    assert_int_equal(store_put_alert(f->s, &a, NULL), 0);
    got = read_alert(reader);
    assert_string_equal(got.acked_by, "");
    assert_int_equal(got.acked_ms, 0);
    assert_string_equal(got.note, "upstream");
    assert_int_equal(store_add_ack(reader, a.id, "eve", 90, NULL, NULL), 0);
    assert_string_equal(read_alert(reader).acked_by, "eve");
    store_close(reader);
}

static void test_champions(void **state)
{
    struct store *s = ((struct fixture *)*state)->s;
    char buf[64];
    int64_t id = put_deployment(s, "fraud");
    assert_int_equal(store_previous_champion(s, id, buf, sizeof buf), ERR_ABSENT);
    const char *const reads[] = {"40", "41", "41", "42", "42", "", "42"};
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        assert_int_equal(store_put_champion(s, id, reads[i], (int64_t)i, NULL), 0);
    assert_int_equal(store_previous_champion(s, id, buf, sizeof buf), 0);
    assert_string_equal(buf, "41");
    assert_int_equal(store_put_champion(s, id, "41", 9, NULL), 0);
    assert_int_equal(store_previous_champion(s, id, buf, sizeof buf), 0);
    assert_string_equal(buf, "42");
    assert_int_equal(store_previous_champion(s, id + 1, buf, sizeof buf), ERR_ABSENT);
}

static void test_outbox(void **state)
{
    struct store *s = ((struct fixture *)*state)->s;
    char body[] = "{\"alert\":1}";
    struct outbox_item *items, item = {.alert_id = 1, .channel = "0", .body = body, .next_ms = 10};
    size_t n;
    assert_int_equal(store_put_outbox(s, &item, NULL), 0);
    int64_t first = item.id;
    item.id = 0;
    item.next_ms = 5;
    assert_int_equal(store_put_outbox(s, &item, NULL), 0);
    assert_int_equal(store_outbox(s, 4, 10, &items, &n, NULL), 0);
    assert_int_equal(n, 0);
    outbox_free(items, n);
    assert_int_equal(store_outbox(s, 10, 10, &items, &n, NULL), 0);
    assert_int_equal(n, 2);
    assert_int_equal(items[1].id, first);
    assert_string_equal(items[1].body, body);
    /* One more try of the first: the same row, later. */
    items[1].attempts = 3;
    items[1].next_ms = 99;
    snprintf(items[1].fault, sizeof items[1].fault, "refused");
    assert_int_equal(store_put_outbox(s, &items[1], NULL), 0);
    assert_int_equal(items[1].id, first);
    outbox_free(items, n);
    assert_int_equal(store_drop_outbox(s, item.id, NULL), 0);
    assert_int_equal(store_outbox(s, 100, 1, &items, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(items[0].attempts, 3);
    assert_string_equal(items[0].fault, "refused");
    outbox_free(items, n);
}

static void test_plans(void **state)
{
    struct fixture *f = *state;
    struct store *reader = world_open(f->w->store, STORE_READ);
    char *text = NULL;
    int64_t expires = 0;
    struct err e = {0};
    assert_int_equal(store_plan(reader, "p-1", &text, &expires, &e), ERR_ABSENT);
    assert_null(text);
    assert_int_equal(store_put_plan(reader, "p-1", "{\"to\":\"41\"}", 900000, &e), 0);
    assert_int_equal(store_put_plan(reader, "p-1", "{}", 1, &e), ERR_INVALID);
    assert_int_equal(store_plan(f->s, "p-1", &text, &expires, &e), 0);
    assert_string_equal(text, "{\"to\":\"41\"}");
    assert_int_equal(expires, 900000);
    free(text);
    store_close(reader);
}

int main(void)
{
#define STATE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        STATE_TEST(test_deployments), STATE_TEST(test_versions), STATE_TEST(test_sources),
        STATE_TEST(test_alerts),      STATE_TEST(test_marks),    STATE_TEST(test_champions),
        STATE_TEST(test_outbox),      STATE_TEST(test_plans),
    };
    return cmocka_run_group_tests_name("store-state", tests, NULL, NULL);
}
