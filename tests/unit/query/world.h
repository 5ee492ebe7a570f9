/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A store of a test's own, written as the recorder writes it, at a time that stands still. Every
 * helper fails the test when the store does not take its row.
 */
#ifndef DRIFTOP_TESTS_QUERY_WORLD_H
#define DRIFTOP_TESTS_QUERY_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/stats/verdict.h"
#include "driftop/stats/window_pack.h"
#include "driftop/store/audit.h"
#include "driftop/store/read_drift.h"
#include "driftop/store/write.h"

#define NOON   INT64_C(1795262400000) /* a full hour */
#define MINUTE INT64_C(60000)

struct world {
    char folder[64], path[96];
    struct store *s;
    int64_t now_ms;
};

static inline int world_setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    if (!w)
        return -1;
    snprintf(w->folder, sizeof w->folder, "%s/driftop-query-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(w->folder))
        return -1;
    snprintf(w->path, sizeof w->path, "%s/test.db", w->folder);
    w->now_ms = NOON;
    *state = w;
    return store_open(w->path, STORE_RECORD, &w->s, NULL);
}

static inline int world_teardown(void **state)
{
    struct world *w = *state;
    store_close(w->s);
    int rc = path_remove_tree(w->folder, NULL);
    free(w);
    return rc;
}

/* What the recorder says of itself, written just now. */
static inline void world_alive(struct world *w)
{
    char at[CLOCK_TEXT_SIZE];
    assert_int_equal(store_put_meta(w->s, "environment", "prod-eu", NULL), 0);
    assert_int_equal(store_put_meta(w->s, "config_hash", "0123456789abcdef0123", NULL), 0);
    assert_int_equal(
        store_put_meta(w->s, "config_at", clock_format_ms(w->now_ms - MINUTE, at), NULL), 0);
    assert_int_equal(store_put_meta(w->s, "written_at", clock_format_ms(w->now_ms, at), NULL), 0);
}

static inline struct deployment_state world_deployment(struct world *w, const char *name,
                                                       const char *champion, int n_features)
{
    struct deployment_state d = {.has_traffic = true, .has_registry = true};
    str_copy(d.name, sizeof d.name, name);
    str_copy(d.owner, sizeof d.owner, "risk-ml");
    str_copy(d.champion, sizeof d.champion, champion);
    d.champion_at_ms = w->now_ms;
    d.has_features = n_features > 0;
    d.n_features = n_features;
    assert_int_equal(store_put_deployment(w->s, &d, NULL), 0);
    return d;
}

/* A version that is ready, with its share of 100 requests a second. */
static inline struct version_state world_version(struct world *w, const struct deployment_state *d,
                                                 const char *version, double share, double errors)
{
    struct version_state v = {.deployment_id = d->id};
    str_copy(v.version, sizeof v.version, version);
    v.has = VERSION_READY | VERSION_DESIRED | VERSION_EFFECTIVE | VERSION_RATE | VERSION_ERRORS |
            VERSION_P99;
    v.ready = true;
    v.desired_ratio = v.effective_ratio = share;
    v.request_rate = 100 * share;
    v.requests_minute = 6000 * share;
    v.error_ratio = errors;
    v.latency_p99_s = 0.19;
    v.ready_at_ms = v.traffic_at_ms = v.metrics_at_ms = w->now_ms - 2000;
    assert_int_equal(store_put_version(w->s, &v, NULL), 0);
    return v;
}

static inline struct source_state world_source(struct world *w, enum source_kind kind,
                                               const char *name, const char *deployment,
                                               const char *version, int64_t ok_ms)
{
    struct source_state s = {.kind = kind, .health = SOURCE_OK};
    str_copy(s.name, sizeof s.name, name);
    str_copy(s.deployment, sizeof s.deployment, deployment);
    str_copy(s.version, sizeof s.version, version);
    s.tried_ms = w->now_ms;
    s.ok_ms = ok_ms;
    s.interval_ms = 5000;
    s.timeout_ms = 3000;
    assert_int_equal(store_put_source(w->s, &s, NULL), 0);
    return s;
}

static inline struct alert_state world_alert(struct world *w, enum alert_rule rule,
                                             enum alert_severity severity, const char *deployment,
                                             const char *version, const char *feature,
                                             const char *summary, double value)
{
    struct alert_state a = {.rule = rule, .severity = severity, .phase = ALERT_FIRING};
    str_copy(a.deployment, sizeof a.deployment, deployment);
    str_copy(a.version, sizeof a.version, version);
    str_copy(a.feature, sizeof a.feature, feature);
    str_copy(a.summary, sizeof a.summary, summary);
    a.value = value;
    a.since_ms = w->now_ms - 10 * MINUTE;
    a.fired_ms = a.changed_ms = a.since_ms;
    assert_int_equal(store_put_alert(w->s, &a, NULL), 0);
    return a;
}

/* n features "f0" ... of the numbers 0 to 498, the last one called "score" and the prediction. */
static inline struct layout *world_layout(struct world *w, int64_t deployment_id, size_t n)
{
    struct layout *layout = calloc(1, sizeof *layout);
    struct value values[499];
    assert_non_null(layout);
    layout->deployment_id = deployment_id;
    layout->n_features = n;
    layout->features = calloc(n, sizeof *layout->features);
    str_copy(layout->prediction, sizeof layout->prediction, "score");
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < 499; k++)
            values[k] = value_from_number((double)k);
        snprintf(layout->features[i].name, MODEL_NAME_SIZE, i + 1 == n ? "score" : "f%zu", i);
        layout->features[i].importance = NAN;
        assert_int_equal(codebook_build(values, 499, NULL, &layout->features[i].codebook, NULL), 0);
    }
    assert_int_equal(layout_close(layout), 0);
    assert_int_equal(store_put_layout(w->s, layout, NULL), 0);
    return layout;
}

/* No reason of the recorder's: it differs from the champion, whichever of the two has moved. */
#define TOLD_DIFFERS (1U << 16)

/* One verdict of the windows that a version's features get. */
struct told {
    size_t feature;
    enum verdict verdict;
    unsigned reason;
};

/* Summaries of `rows` rows in every window: ok but for what is told. */
static inline void world_summaries(struct world *w, int64_t version_id, const struct layout *layout,
                                   uint32_t rows, const struct told *told, size_t n_told)
{
    size_t n = layout->n_features * WINDOW_LEVELS;
    struct drift_summary *items = calloc(n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct drift_summary){.feature = (uint32_t)(i / WINDOW_LEVELS),
                                          .span = (uint8_t)(i % WINDOW_LEVELS),
                                          .verdict = VERDICT_OK,
                                          .canary = VERDICT_UNKNOWN,
                                          .rows = rows};
    for (size_t i = 0; i < n_told; i++)
        for (size_t k = 0; k < WINDOW_LEVELS; k++) {
            struct drift_summary *d = &items[told[i].feature * WINDOW_LEVELS + k];
            d->verdict = (uint8_t)told[i].verdict;
            d->reason = (uint16_t)told[i].reason;
            d->canary = told[i].reason & TOLD_DIFFERS ? VERDICT_PAGE : VERDICT_UNKNOWN;
            d->psi_excess = told[i].verdict == VERDICT_PAGE ? 0.5F : 0.15F;
        }
    assert_int_equal(
        store_put_summaries(w->s, version_id, layout->id, w->now_ms - 5000, items, n, NULL), 0);
    free(items);
}

/* n rows into the buckets of now, every feature with the value of its row: first + i * step. */
static inline void world_rows(struct world *w, int64_t version_id, const struct layout *layout,
                              size_t n, double first, double step)
{
    uint32_t *counts = calloc(layout->n_cells, sizeof *counts);
    struct str packed;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < layout->n_features; k++) {
            struct value value = value_from_number(first + (double)i * step);
            const struct layout_feature *f = &layout->features[k];
            counts[f->first_cell + codebook_cell(f->codebook, &value)]++;
        }
    str_init(&packed, 0);
    assert_int_equal(window_pack_counts(counts, layout->n_cells, n, &packed), 0);
    for (int level = 0; level < WINDOW_LEVELS; level++) {
        int64_t width = window_bucket_ms((enum window_span)level);
        struct counts_key key = {version_id, layout->id, level, w->now_ms / width * width};
        assert_int_equal(
            store_put_counts(w->s, &key, (uint32_t)n, packed.data, packed.length, NULL), 0);
    }
    str_done(&packed);
    free(counts);
}

/* One event of an act, like act/ writes it. */
static inline void world_event(struct world *w, const char *act, const char *state, int64_t at_ms,
                               const char *deployment)
{
    struct audit_event event = {.at_ms = at_ms, .body = json_new_object()};
    char path[128];
    str_copy(event.act, sizeof event.act, act);
    str_copy(event.state, sizeof event.state, state);
    str_copy(event.by, sizeof event.by, "ann (claimed)");
    json_put(event.body, "deployment", json_new_text(deployment));
    json_put(event.body, "intent", json_new_text("rollback"));
    json_put(event.body, "reason", json_new_text("errors"));
    json_put(event.body, "text", json_new_text(state));
    json_put(event.body, "before", json_new_object());
    json_put(event.body, "after", json_new_object());
    assert_int_equal(audit_append(audit_path(w->path, path, sizeof path), &event, NULL), 0);
    json_drop(event.body);
}

/* Members that must be there, null or not. */
static inline struct json *must(const struct json *object, const char *key)
{
    struct json *value = json_get(object, key);
    if (!value)
        fail_msg("no member %s", key);
    return value;
}

static inline void expect_text(const struct json *object, const char *key, const char *text)
{
    const char *got = json_text(must(object, key), NULL);
    if (!got)
        fail_msg("%s is no text", key);
    assert_string_equal(got, text);
}

static inline void expect_null(const struct json *object, const char *key)
{
    if (json_kind(must(object, key)) != JSON_NULL)
        fail_msg("%s is not null", key);
}

static inline void expect_number(const struct json *object, const char *key, double number)
{
    double got = NAN;
    if (!json_number(must(object, key), &got) || fabs(got - number) > 1e-9)
        fail_msg("%s is %g, not %g", key, got, number);
}

static inline void expect_time(const struct json *object, const char *key)
{
    int64_t at_ms;
    size_t length = 0;
    const char *text = json_text(must(object, key), &length);
    if (!text || clock_parse(text, length, &at_ms) < 0)
        fail_msg("%s is no time", key);
}

#endif
