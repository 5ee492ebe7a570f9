/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "driftop/stats/shape.h"

#include "driftop/term/canvas.h"

#define REFERENCE 2000
#define FEATURES  3

/* ---- features: a number, a category, the score ---- */

static const char *const systems[] = {"ios", "android", "web"};

static struct value feature_value(size_t feature, size_t row, bool drifted)
{
    if (feature == 1) {
        const char *text = drifted && row % 8 == 0 ? "os18" : systems[row % 3];
        return value_from_text(text, strlen(text));
    }
    double base = feature == 0 ? 10 + (double)(row % 500) : (double)(row % 1000) / 1000;
    return value_from_number(feature == 0 && drifted   ? base * 100
                             : feature == 2 && drifted ? base * base
                                                       : base);
}

static struct layout *make_layout(struct world *w, int64_t deployment_id)
{
    static const char *const names[FEATURES] = {"amount_7d", "device_os", "prediction"};
    struct layout *layout = calloc(1, sizeof *layout);
    struct value *values = calloc(REFERENCE, sizeof *values);

    assert_non_null(layout);
    assert_non_null(values);
    layout->deployment_id = deployment_id;
    layout->n_features = FEATURES;
    layout->features = calloc(FEATURES, sizeof *layout->features);
    str_copy(layout->prediction, sizeof layout->prediction, "prediction");
    for (size_t i = 0; i < FEATURES; i++) {
        for (size_t k = 0; k < REFERENCE; k++)
            values[k] = feature_value(i, k, false);
        str_copy(layout->features[i].name, MODEL_NAME_SIZE, names[i]);
        assert_int_equal(
            codebook_build(values, REFERENCE, NULL, &layout->features[i].codebook, NULL), 0);
        layout->features[i].importance = i == 2 ? 1 : i == 0 ? 0.6F : 0.2F;
    }
    assert_int_equal(layout_close(layout), 0);
    assert_int_equal(store_put_layout(w->s, layout, NULL), 0);
    free(values);
    return layout;
}

/* Rows whose feature `drifted` (-1: none) is not as it was. */
static void put_rows(struct world *w, int64_t version_id, const struct layout *layout, size_t n,
                     int drifted)
{
    uint32_t *counts = calloc(layout->n_cells, sizeof *counts);
    struct str packed;

    for (size_t row = 0; row < n; row++)
        for (size_t i = 0; i < layout->n_features; i++) {
            struct value value = feature_value(i, row, (int)i == drifted);
            const struct layout_feature *f = &layout->features[i];
            counts[f->first_cell + codebook_cell(f->codebook, &value)]++;
        }
    str_init(&packed, 0);
    assert_int_equal(window_pack_counts(counts, layout->n_cells, n, &packed), 0);
    for (int level = 0; level < WINDOW_LEVELS; level++) {
        int64_t width = window_bucket_ms((enum window_span)level);
        struct counts_key key = {version_id, layout->id, level, (w->now_ms - 1) / width * width};
        assert_int_equal(
            store_put_counts(w->s, &key, (uint32_t)n, packed.data, packed.length, NULL), 0);
    }
    str_done(&packed);
    free(counts);
}

/* ---- numbers over time ---- */

static void put_history(struct world *w, const struct version_state *v, double share)
{
    for (int i = 120; i >= 0; i--) {
        int64_t at_ms = w->now_ms - 1000 - i * MINUTE / 2;
        bool late = i < 42;
        double errors = v->error_ratio > 0.05 && late ? v->error_ratio : 0.001;
        double p99 = 0.18 + (i % 7) * 0.004;
        store_put_metric(w->s, v->id, METRIC_RATE, at_ms, 100 * share + i % 5, NULL);
        store_put_metric(w->s, v->id, METRIC_ERRORS, at_ms, errors, NULL);
        store_put_metric(w->s, v->id, METRIC_P99, at_ms, p99, NULL);
        store_put_metric(w->s, v->id, METRIC_SHARE, at_ms, share, NULL);
    }
}

/* ---- the fleet ---- */

static void fill_fraud(struct world *w)
{
    struct deployment_state d = world_deployment(w, "fraud-score", "42", FEATURES);
    static const struct told told[] = {{2, VERDICT_PAGE, DRIFT_PSI | DRIFT_KS}};

    str_copy(d.runbook, sizeof d.runbook, "https://wiki.example/rb/fraud-7");
    store_put_deployment(w->s, &d, NULL);
    store_put_champion(w->s, d.id, "41", w->now_ms - 600 * MINUTE, NULL);
    store_put_champion(w->s, d.id, "42", w->now_ms - 21 * MINUTE, NULL);
    struct version_state bad = world_version(w, &d, "42", 0.75, 0.075);
    struct version_state good = world_version(w, &d, "41", 0.25, 0.0011);
    bad.rows_at_ms = good.rows_at_ms = w->now_ms - 1000;
    bad.rows_total = 3000;
    good.rows_total = 1000;
    store_put_version(w->s, &bad, NULL);
    store_put_version(w->s, &good, NULL);
    put_history(w, &bad, 0.75);
    put_history(w, &good, 0.25);
    struct layout *layout = make_layout(w, d.id);
    put_rows(w, bad.id, layout, 3000, 2);
    put_rows(w, good.id, layout, 1000, -1);
    world_summaries(w, bad.id, layout, 3000, told, 1);
    world_summaries(w, good.id, layout, 1000, NULL, 0);
    layout_free(layout);
    world_alert(w, ALERT_ERROR_RATIO, ALERT_PAGE, "fraud-score", "42", "", "errors 7.5 % > 5 %",
                0.075);
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "fraud-score", "42", "prediction",
                "score PSI 0.50 over its floor, n=3000", 0.5);
    world_source(w, SOURCE_TRAFFIC, "fraud-score haproxy", "fraud-score", "", w->now_ms - 2000);
    world_source(w, SOURCE_SERVER, "fraud-score/42 open-inference", "fraud-score", "42",
                 w->now_ms - 2000);
}

/* What the recorder would say of a feature that drifts. */
static void put_note(struct world *w, int64_t version_id, const struct drift_note *note)
{
    assert_int_equal(store_put_drift_note(w->s, version_id, note, NULL), 0);
}

static void fill_pay(struct world *w)
{
    struct deployment_state d = world_deployment(w, "pay-risk", "9", FEATURES);
    static const struct told told[] = {{0, VERDICT_PAGE, DRIFT_RANGE | DRIFT_PSI},
                                       {1, VERDICT_WARN, DRIFT_UNSEEN}};

    struct version_state v = world_version(w, &d, "9", 1, 0.0002);
    put_history(w, &v, 1);
    struct layout *layout = make_layout(w, d.id);
    put_rows(w, v.id, layout, 2000, 0);
    world_summaries(w, v.id, layout, 2000, told, 2);
    layout_free(layout);
    put_note(w, v.id,
             &(struct drift_note){.feature = 0,
                                  .shape = SHAPE_SCALE,
                                  .shape_by = 100,
                                  .onset_ms = w->now_ms - 200 * MINUTE,
                                  .onset_width_ms = 5 * MINUTE,
                                  .sentence = "100 % of current is over 509, reference 0 %"});
    put_note(w, v.id,
             &(struct drift_note){.feature = 1,
                                  .shape = SHAPE_NEW_VALUE,
                                  .shape_by = 0.12,
                                  .onset_ms = w->now_ms - 12 * MINUTE,
                                  .onset_width_ms = MINUTE,
                                  .value = "os18",
                                  .sentence = "12 % of current are new values, reference 0 %"});
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "pay-risk", "9", "amount_7d", "PSI 0.50 over its floor",
                0.5);
    struct alert_state ticket = world_alert(w, ALERT_DRIFT, ALERT_TICKET, "pay-risk", "9",
                                            "device_os", "12 % of values are new", 0.12);
    store_add_ack(w->s, ticket.id, "kim", w->now_ms - 5 * MINUTE, "known os release", NULL);
    world_source(w, SOURCE_REGISTRY, "mlflow main", "", "", w->now_ms - 1000);
}

/* Its server is dead: what is known of it is old. */
static void fill_eta(struct world *w)
{
    struct deployment_state d = world_deployment(w, "eta-eu", "7", 0);
    struct version_state v = world_version(w, &d, "7", 1, 0.041);

    v.ready_at_ms = v.metrics_at_ms = w->now_ms - 41000;
    v.ready = false;
    store_put_version(w->s, &v, NULL);
    world_alert(w, ALERT_NOT_READY, ALERT_PAGE, "eta-eu", "7", "", "not ready (no connection)", 1);
    struct source_state s =
        world_source(w, SOURCE_SERVER, "eta-eu/7 open-inference", "eta-eu", "7", w->now_ms - 41000);
    s.health = SOURCE_FAILING;
    str_copy(s.fault, sizeof s.fault, "connection refused");
    store_put_source(w->s, &s, NULL);
}

static void put_act(struct world *w, const char *id, const char *state, int64_t at_ms)
{
    struct audit_event event = {.at_ms = at_ms, .body = json_new_object()};
    struct json *before = json_new_object(), *shares = json_new_object();
    char path[128];

    json_put(shares, "41", json_new_real(0.25));
    json_put(shares, "42", json_new_real(0.75));
    json_put(before, "shares", shares);
    json_put(before, "champion", json_new_text("42"));
    struct json *after = json_new_object();
    shares = json_new_object();
    json_put(shares, "41", json_new_real(1));
    json_put(shares, "42", json_new_real(0));
    json_put(after, "shares", shares);
    json_put(after, "champion", json_new_text("41"));
    str_copy(event.act, sizeof event.act, id);
    str_copy(event.state, sizeof event.state, state);
    str_copy(event.by, sizeof event.by, "ann (claimed)");
    json_put(event.body, "deployment", json_new_text("fraud-score"));
    json_put(event.body, "intent", json_new_text("rollback"));
    json_put(event.body, "reason", json_new_text("errors on v42"));
    json_put(event.body, "text", json_new_text(state));
    json_put(event.body, "before", before);
    json_put(event.body, "after", after);
    assert_int_equal(audit_append(audit_path(w->path, path, sizeof path), &event, NULL), 0);
    json_drop(event.body);
}

void fixture_fill(struct world *w)
{
    assert_int_equal(store_begin(w->s, NULL), 0);
    world_alive(w);
    fill_fraud(w);
    fill_pay(w);
    fill_eta(w);
    struct deployment_state ltv = world_deployment(w, "ltv", "3", 0);
    world_version(w, &ltv, "3", 1, 0);
    assert_int_equal(store_end(w->s, true, NULL), 0);
    put_act(w, "1184", "sent", w->now_ms - 30 * MINUTE);
    put_act(w, "1184", "verified", w->now_ms - 30 * MINUTE + 12000);
    put_act(w, "1190", "sent", w->now_ms - 3 * MINUTE); /* and its process is gone */
}

/* ---- screens ---- */

const char *fixture_state_name(enum fixture_state state)
{
    static const char *const names[FIXTURE_STATES] = {"normal", "empty", "stale", "error",
                                                      "read-only"};
    return names[state];
}

/* The first line's status, but for what differs from machine to machine. */
static void set_frame(struct world *w, enum fixture_state state, struct view_stack *stack)
{
    struct view_frame *frame = view_stack_frame(stack);

    frame->now_ms = w->now_ms + (state == FIXTURE_STALE ? 90000 : 0);
    frame->armed_until_ms = state == FIXTURE_NORMAL ? frame->now_ms + 872000 : 0;
    frame->read_only = state == FIXTURE_READ_ONLY;
    if (status_load(w->s, frame->now_ms, &frame->status, NULL) == 0)
        frame->has_status = true;
    frame->status.recording = state != FIXTURE_STALE;
    str_copy(frame->status.recorder, sizeof frame->status.recorder,
             state == FIXTURE_STALE ? "" : "pid 4711 on watch-1 since 2025-12-01T08:00:00Z");
    str_copy(frame->status.environment, sizeof frame->status.environment, "prod-eu");
}

void fixture_draw(struct world *w, enum fixture_state state, struct view_stack *stack,
                  struct canvas *c)
{
    struct view_frame *frame = view_stack_frame(stack);

    set_frame(w, state, stack);
    view_stack_load(stack, w->s, canvas_area(c), true, NULL);
    if (state == FIXTURE_ERROR)
        str_copy(frame->fault, sizeof frame->fault, "disk I/O error");
    view_stack_draw(stack, c);
}

struct view_stack *fixture_screen(struct world *w, enum fixture_state state, const char *view,
                                  struct canvas *c)
{
    struct view_target target = {0};

    if (state != FIXTURE_EMPTY)
        str_copy(target.deployment, sizeof target.deployment, "fraud-score");
    if (strcmp(view, "feature") == 0 && state != FIXTURE_EMPTY)
        str_copy(target.feature, sizeof target.feature, "prediction");
    struct view_stack *stack = view_stack_new(view, &target);
    assert_non_null(stack);
    fixture_draw(w, state, stack, c);
    return stack;
}
