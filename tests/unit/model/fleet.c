/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/model/fleet.h"

#define WALL_MS 1795245559000

struct world {
    struct fleet *fleet;
    struct fleet_id deployment;
    struct observation_list list;
};

static int setup(void **state)
{
    static struct world w;
    struct deployment_state d = {.name = "fraud-score", .champion_alias = "champion"};

    w = (struct world){.fleet = fleet_new()};
    assert_non_null(w.fleet);
    assert_int_equal(fleet_put_deployment(w.fleet, &d, &w.deployment), 0);
    observation_list_init(&w.list);
    *state = &w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    observation_list_done(&w->list);
    fleet_free(w->fleet);
    return 0;
}

/* "v41" is version 41, anything else no version. */
static int target_version(void *ctx, const char *target, char *buf, size_t size)
{
    (void)ctx;
    if (target[0] != 'v')
        return -1;
    str_copy(buf, size, target + 1);
    buf[strcspn(buf, "-")] = '\0';
    return 0;
}

/* Hand over what is in the list, at that second. */
static int observe(struct world *w, uint32_t source, const char *version, int64_t second)
{
    struct fleet_reading r = {
        .deployment = w->deployment,
        .source = source,
        .version = version,
        .items = w->list.items,
        .n_items = w->list.n_items,
        .wall_ms = WALL_MS + second * 1000,
        .mono_ms = second * 1000,
        .target_version = target_version,
    };
    int result = fleet_observe(w->fleet, &r);

    w->list.n_items = 0;
    return result;
}

static const struct version_state *version(struct world *w, const char *name)
{
    struct fleet_id id;

    assert_int_equal(fleet_put_version(w->fleet, w->deployment, name, &id), 0);
    return fleet_version(w->fleet, id);
}

static void add_metrics(struct world *w, double requests, double errors)
{
    struct observation *o = observation_add(&w->list, OBSERVATION_METRICS);

    o->has = HAS_REQUESTS | HAS_ERRORS;
    o->metrics.requests_total = requests;
    o->metrics.errors_total = errors;
}

static void add_histogram(struct world *w, double fast, double slow, double slower)
{
    struct observation *o = observation_add(&w->list, OBSERVATION_METRICS);

    o->has = HAS_REQUESTS | HAS_LATENCY_BUCKETS | HAS_LATENCY_SUM;
    o->metrics.n_buckets = 3;
    o->metrics.bucket_le_s[0] = 0.1;
    o->metrics.bucket_le_s[1] = 0.5;
    o->metrics.bucket_le_s[2] = INFINITY;
    o->metrics.bucket_count[0] = fast;
    o->metrics.bucket_count[1] = fast + slow;
    o->metrics.bucket_count[2] = fast + slow + slower;
    o->metrics.requests_total = o->metrics.latency_count = fast + slow + slower;
    o->metrics.latency_sum_s = 0.05 * fast + 0.3 * slow + slower;
}

static void add_target(struct world *w, unsigned endpoint, const char *target, double weight,
                       bool up, double sessions)
{
    struct observation *o = observation_add(&w->list, OBSERVATION_TARGET);

    o->endpoint = endpoint;
    o->has = HAS_DESIRED | HAS_EFFECTIVE | HAS_UP | HAS_SESSIONS;
    str_copy(o->target.target, sizeof o->target.target, target);
    o->target.desired_weight = o->target.effective_weight = weight;
    o->target.up = up;
    o->target.sessions_total = sessions;
    str_copy(o->target.state, sizeof o->target.state, up ? "UP" : "DOWN");
}

static void test_nothing_made_up(void **state)
{
    const struct version_state *v = version(*state, "41");

    assert_int_equal(v->has, 0);
    assert_string_equal(v->version, "41");
    assert_int_equal(v->metrics_at_ms, 0);
}

static void test_rate_over_a_minute(void **state)
{
    struct world *w = *state;
    const struct version_state *v = version(w, "41");

    /* 2 requests a second for a minute, then 10 a second with every tenth an error. */
    for (int i = 0; i <= 12; i++) {
        add_metrics(w, 1000 + i * 10, 7);
        assert_int_equal(observe(w, 1, "41", i * 5), 0);
        if (i == 0)
            assert_false(v->has & VERSION_RATE); /* one reading is no rate */
    }
    assert_true(v->has & VERSION_RATE);
    assert_float_equal(v->request_rate, 2, 1e-9);
    assert_float_equal(v->requests_minute, 120, 1e-9);
    assert_float_equal(v->error_ratio, 0, 0);
    assert_false(v->has & (VERSION_P50 | VERSION_P99 | VERSION_MEAN));
    for (int i = 1; i <= 12; i++) {
        add_metrics(w, 1120 + i * 50, 7 + i * 5);
        observe(w, 1, "41", 60 + i * 5);
    }
    assert_float_equal(v->request_rate, 10, 1e-9);
    assert_float_equal(v->error_ratio, 0.1, 1e-9);
    assert_int_equal(v->metrics_at_ms, WALL_MS + 120000);
}

static void test_restart(void **state)
{
    struct world *w = *state;
    const struct version_state *v = version(w, "41");

    add_metrics(w, 1000, 100);
    observe(w, 1, "41", 0);
    add_metrics(w, 1010, 100);
    observe(w, 1, "41", 5);
    add_metrics(w, 20, 1); /* a new process counted 20 */
    observe(w, 1, "41", 10);
    assert_float_equal(v->request_rate, 3, 1e-9);
    assert_float_equal(v->error_ratio, 1.0 / 30, 1e-9);
}

static void test_no_requests_no_ratio(void **state)
{
    struct world *w = *state;
    const struct version_state *v = version(w, "41");

    for (int i = 0; i < 3; i++) {
        add_metrics(w, 500, 5);
        observe(w, 1, "41", i * 5);
    }
    assert_true(v->has & VERSION_RATE);
    assert_float_equal(v->request_rate, 0, 0);
    assert_false(v->has & VERSION_ERRORS);
}

static void test_not_a_number(void **state)
{
    struct world *w = *state;
    const struct version_state *v = version(w, "41");

    for (int i = 0; i < 3; i++) {
        add_metrics(w, NAN, INFINITY);
        assert_int_equal(observe(w, 1, "41", i * 5), 0);
    }
    assert_false(v->has & (VERSION_RATE | VERSION_ERRORS));
}

static void test_quantiles(void **state)
{
    struct world *w = *state;
    const struct version_state *v = version(w, "41");

    add_histogram(w, 1000, 0, 0);
    observe(w, 1, "41", 0);
    add_histogram(w, 1080, 20, 0);
    observe(w, 1, "41", 10);
    assert_true(v->has & VERSION_P50);
    assert_float_equal(v->latency_p50_s, 0.0625, 1e-9);
    assert_float_equal(v->latency_p99_s, 0.1 + 0.4 * 19 / 20, 1e-9);
    assert_float_equal(v->latency_p99_low_s, 0.1, 0);
    assert_float_equal(v->latency_p99_high_s, 0.5, 0);
    assert_float_equal(v->latency_mean_s, (80 * 0.05 + 20 * 0.3) / 100, 1e-9);
    assert_false(v->has & VERSION_P99_OVER);
    add_histogram(w, 1080, 20, 100);
    observe(w, 1, "41", 20);
    assert_true(v->has & VERSION_P99_OVER);
    assert_float_equal(v->latency_p99_s, 0.5, 0);
    assert_true(isinf(v->latency_p99_high_s));
}

static void test_two_servers(void **state)
{
    struct world *w = *state;
    const struct version_state *v = version(w, "41");

    for (int i = 0; i < 2; i++) {
        add_histogram(w, i * 100, 0, 0);
        observe(w, 1, "41", i * 10);
        add_histogram(w, 0, i * 100, 0);
        observe(w, 2, "41", i * 10);
    }
    assert_float_equal(v->request_rate, 20, 1e-9);
    assert_float_equal(v->latency_p50_s, 0.1, 1e-9);
    fleet_drop_source(w->fleet, w->deployment, 2);
    assert_float_equal(v->request_rate, 10, 1e-9);
}

static void test_stale_server_left_out(void **state)
{
    struct world *w = *state;
    const struct version_state *v = version(w, "41");

    for (int i = 0; i < 2; i++) {
        add_metrics(w, i * 100, 0);
        observe(w, 1, "41", i * 10);
        add_metrics(w, i * 100, 0);
        observe(w, 2, "41", i * 10);
    }
    for (int i = 2; i < 20; i++) {
        add_metrics(w, i * 100, 0);
        observe(w, 1, "41", i * 10);
    }
    assert_float_equal(v->request_rate, 10, 1e-9);
    assert_int_equal(v->metrics_at_ms, WALL_MS + 190000);
}

static void test_ready(void **state)
{
    struct world *w = *state;
    const struct version_state *v = version(w, "41");

    observation_add(&w->list, OBSERVATION_READY)->ready = true;
    observe(w, 1, "41", 0);
    assert_true((v->has & VERSION_READY) && v->ready);
    str_copy(observation_add(&w->list, OBSERVATION_READY)->text, 32, "connection refused");
    observe(w, 2, "41", 5);
    assert_false(v->ready);
    assert_string_equal(v->state, "1/2 ready: connection refused");
    assert_int_equal(v->ready_at_ms, WALL_MS); /* the older of the two */
}

static void test_shares(void **state)
{
    struct world *w = *state;

    add_target(w, 0, "v41", 75, true, 1000);
    add_target(w, 0, "v42", 25, true, 500);
    add_target(w, 0, "standby", 1, true, 0); /* no version's */
    assert_int_equal(observe(w, 3, NULL, 0), 1);
    assert_float_equal(version(w, "41")->desired_ratio, 0.75, 1e-9);
    assert_false(version(w, "41")->has & VERSION_OBSERVED);
    add_target(w, 0, "v41", 75, false, 1030);
    add_target(w, 0, "v42", 25, true, 570);
    observe(w, 3, NULL, 5);
    assert_float_equal(version(w, "41")->desired_ratio, 0.75, 1e-9);
    assert_float_equal(version(w, "41")->effective_ratio, 0, 0);
    assert_float_equal(version(w, "42")->effective_ratio, 1, 1e-9);
    assert_float_equal(version(w, "41")->observed_ratio, 0.3, 1e-9);
    assert_false(version(w, "41")->up);
    assert_string_equal(version(w, "41")->state, "DOWN");
    /* 41 is taken out of the backend: nothing of its traffic stays. */
    add_target(w, 0, "v42", 25, true, 600);
    observe(w, 3, NULL, 10);
    assert_int_equal(version(w, "41")->has, 0);
    assert_float_equal(version(w, "42")->desired_ratio, 1, 1e-9);
}

static void test_shares_of_several_targets_and_endpoints(void **state)
{
    struct world *w = *state;

    add_target(w, 0, "v41-a", 25, true, 0);
    add_target(w, 0, "v41-b", 25, true, 0);
    add_target(w, 0, "v42", 50, true, 0);
    observe(w, 3, NULL, 0);
    assert_float_equal(version(w, "41")->desired_ratio, 0.5, 1e-9);
    /* The other node speaks of other sizes of weights: shares count, not weights. */
    add_target(w, 1, "v41-a", 256, true, 0);
    add_target(w, 1, "v42", 0, true, 0);
    observe(w, 3, NULL, 0);
    assert_float_equal(version(w, "41")->desired_ratio, 0.75, 1e-9);
    assert_float_equal(version(w, "42")->desired_ratio, 0.25, 1e-9);
    add_target(w, 1, "v41-a", 256, true, 0);
    add_target(w, 1, "v42", 0, true, 0);
    observe(w, 3, NULL, 100); /* node 0 has been quiet for over a minute */
    assert_float_equal(version(w, "41")->desired_ratio, 1, 1e-9);
}

static void test_registry(void **state)
{
    struct world *w = *state;
    struct observation *o;

    o = observation_add(&w->list, OBSERVATION_VERSION);
    str_copy(o->version, sizeof o->version, "43");
    str_copy(o->text, sizeof o->text, "PENDING_REGISTRATION");
    o->has = HAS_CREATED;
    o->created_ms = 1234;
    o = observation_add(&w->list, OBSERVATION_ALIAS);
    str_copy(o->version, sizeof o->version, "41");
    str_copy(o->text, sizeof o->text, "champion");
    o = observation_add(&w->list, OBSERVATION_ALIAS);
    str_copy(o->version, sizeof o->version, "43");
    str_copy(o->text, sizeof o->text, "challenger");
    assert_int_equal(observe(w, 4, NULL, 0), 0);
    assert_string_equal(fleet_deployment(w->fleet, w->deployment)->champion, "41");
    assert_int_equal(fleet_deployment(w->fleet, w->deployment)->champion_at_ms, WALL_MS);
    assert_int_equal(version(w, "43")->registered_ms, 1234);
    assert_string_equal(version(w, "43")->state, "PENDING_REGISTRATION");
    assert_int_equal(version(w, "43")->has, 0);
}

static void test_names_refused(void **state)
{
    struct world *w = *state;
    struct fleet_id id;
    char name[MODEL_NAME_SIZE * 2];

    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_int_equal(fleet_put_version(w->fleet, w->deployment, name, &id), ERR_INVALID);
    assert_int_equal(fleet_put_version(w->fleet, w->deployment, "", &id), ERR_INVALID);
    assert_int_equal(fleet_put_version(w->fleet, w->deployment, "4\x1b[2J", &id), ERR_INVALID);
    observation_add(&w->list, OBSERVATION_READY);
    assert_int_equal(observe(w, 1, NULL, 0), 1); /* of no version: skipped */
}

static void test_limit(void **state)
{
    struct world *w = *state;
    struct fleet_id id;
    char name[16];

    for (int i = 0; i < FLEET_VERSIONS; i++) {
        snprintf(name, sizeof name, "%d", i);
        assert_int_equal(fleet_put_version(w->fleet, w->deployment, name, &id), 0);
    }
    assert_int_equal(fleet_put_version(w->fleet, w->deployment, "more", &id), ERR_LIMIT);
    assert_int_equal(fleet_put_version(w->fleet, w->deployment, "17", &id), 0);
}

static void test_generations(void **state)
{
    struct world *w = *state;
    struct deployment_state d = {.name = "other"};
    struct fleet_id gone = w->deployment, version_id, next;

    fleet_put_version(w->fleet, w->deployment, "41", &version_id);
    fleet_drop_deployment(w->fleet, gone);
    assert_null(fleet_version(w->fleet, version_id));
    assert_int_equal(fleet_put_deployment(w->fleet, &d, &next), 0);
    assert_int_equal(next.index, gone.index);
    assert_null(fleet_deployment(w->fleet, gone));
    add_metrics(w, 1, 0);
    assert_int_equal(observe(w, 1, "41", 0), ERR_ABSENT);
    assert_non_null(fleet_deployment(w->fleet, next));
}

static void test_rows_and_series(void **state)
{
    struct world *w = *state;
    const struct series *s;
    struct fleet_id id;

    fleet_put_version(w->fleet, w->deployment, "41", &id);
    fleet_add_rows(w->fleet, id, 10, 5000);
    fleet_add_rows(w->fleet, id, 5, 4000);
    assert_int_equal(version(w, "41")->rows_total, 15);
    assert_int_equal(version(w, "41")->rows_at_ms, 5000);
    assert_null(fleet_series(w->fleet, id, SERIES_RATE));
    add_metrics(w, 10, 0);
    observe(w, 1, "41", 0);
    add_metrics(w, 30, 0);
    observe(w, 1, "41", 10);
    s = fleet_series(w->fleet, id, SERIES_RATE);
    assert_int_equal(s->n, 2);
    assert_true(isnan(series_at(s, 1)->value));
    assert_float_equal(series_at(s, 0)->value, 2, 1e-9);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_made_up),
        TEST(test_rate_over_a_minute),
        TEST(test_restart),
        TEST(test_no_requests_no_ratio),
        TEST(test_not_a_number),
        TEST(test_quantiles),
        TEST(test_two_servers),
        TEST(test_stale_server_left_out),
        TEST(test_ready),
        TEST(test_shares),
        TEST(test_shares_of_several_targets_and_endpoints),
        TEST(test_registry),
        TEST(test_names_refused),
        TEST(test_limit),
        TEST(test_generations),
        TEST(test_rows_and_series),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
