/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/vec.h"
#include "driftop/store/write.h"
#include "driftop/store/write_counts.h"
#include "recorder_private.h"

struct written_version *recorder_version(struct recorder *r, struct fleet_id id)
{
    while (r->n_versions <= id.index) {
        if (VEC_ROOM(r->versions, r->n_versions, r->versions_capacity, 1) < 0)
            return NULL;
        memset(&r->versions[r->n_versions++], 0, sizeof *r->versions);
    }
    struct written_version *w = &r->versions[id.index];
    if (w->id.generation != id.generation)
        *w = (struct written_version){.id = id};
    return w;
}

void recorder_tell_rows(struct recorder *r)
{
    for (size_t i = 0; i < r->n_deployments; i++) {
        struct ingest_deployment *d = ingest_get(r->ingest, r->deployments[i].ingest);
        for (size_t k = 0; k < d->n_versions; k++) {
            struct ingest_version *v = d->versions[k];
            struct fleet_id id;
            if (v->rows_told == v->rows_total ||
                fleet_put_version(r->fleet, r->deployments[i].fleet, v->version, &id) < 0)
                continue;
            fleet_add_rows(r->fleet, id, v->rows_total - v->rows_told, v->rows_at_ms);
            v->rows_told = v->rows_total;
        }
    }
}

static int put_version(struct recorder *r, int64_t deployment_id, struct fleet_id id, struct err *e)
{
    struct version_state *v = fleet_version(r->fleet, id);
    struct written_version *w = recorder_version(r, id);
    if (!w)
        return err_set(e, ERR_NOMEM, "no memory for versions");
    v->deployment_id = deployment_id;
    if (memcmp(&w->state, v, sizeof *v) == 0)
        return 0;
    int code = store_put_version(r->store, v, e);
    if (code == 0)
        w->state = *v;
    return code;
}

static int put_metrics(struct recorder *r, const struct version_state *v, int64_t now_ms,
                       struct err *e)
{
    const struct {
        unsigned has;
        enum metric metric;
        double value;
    } points[] = {
        {VERSION_RATE, METRIC_RATE, v->request_rate},
        {VERSION_ERRORS, METRIC_ERRORS, v->error_ratio},
        {VERSION_P50, METRIC_P50, v->latency_p50_s},
        {VERSION_P99, METRIC_P99, v->latency_p99_s},
        {VERSION_EFFECTIVE, METRIC_SHARE, v->effective_ratio},
    };
    int code = 0;
    for (size_t i = 0; i < sizeof points / sizeof *points && code == 0; i++)
        if (v->has & points[i].has)
            code = store_put_metric(r->store, v->id, points[i].metric, now_ms, points[i].value, e);
    return code;
}

/* The ids that the store handed out become known where rows are counted. Each time: one that a
 * transaction gave that was then rolled back may belong to somebody else now. */
static void tell_ids(struct recorder *r, const struct recorded *d)
{
    struct ingest_deployment *counted = ingest_get(r->ingest, d->ingest);
    for (size_t k = 0; k < counted->n_versions; k++) {
        struct fleet_id id;
        struct ingest_version *v = counted->versions[k];
        if (fleet_put_version(r->fleet, d->fleet, v->version, &id) == 0)
            v->id = fleet_version(r->fleet, id)->id;
    }
}

static int put_deployment(struct recorder *r, struct recorded *d, struct err *e)
{
    struct deployment_state *state = fleet_deployment(r->fleet, d->fleet);
    const struct fleet_id *ids;
    const struct layout *layout = ingest_get(r->ingest, d->ingest)->layout;
    int code = 0;

    state->n_features = layout ? (int)layout->n_features : 0;
    if (memcmp(&d->written, state, sizeof *state) != 0)
        code = store_put_deployment(r->store, state, e);
    /* At every read: the store keeps only differences, and since when. */
    if (code == 0 && state->champion[0] && d->written.champion_at_ms != state->champion_at_ms)
        code = store_put_champion(r->store, state->id, state->champion, state->champion_at_ms, e);
    if (code == 0)
        d->written = *state;
    size_t n = fleet_versions(r->fleet, d->fleet, &ids);
    for (size_t i = 0; i < n && code == 0; i++)
        code = put_version(r, state->id, ids[i], e);
    if (code == 0)
        tell_ids(r, d);
    return code;
}

/* The sources always come in the same order, so the place says which one was written. */
static int put_source(struct recorder *r, struct source_state *s, size_t *place, struct err *e)
{
    size_t at = (*place)++;
    if (at < r->n_sources_written && memcmp(&r->sources_written[at], s, sizeof *s) == 0)
        return 0;
    int code = store_put_source(r->store, s, e);
    if (code < 0)
        return code;
    if (at >= r->n_sources_written) {
        if (VEC_ROOM(r->sources_written, r->n_sources_written, r->sources_written_capacity, 1) < 0)
            return err_set(e, ERR_NOMEM, "no memory for sources");
        r->n_sources_written++;
    }
    r->sources_written[at] = *s;
    return 0;
}

static int put_sources(struct recorder *r, struct err *e)
{
    size_t place = 0;
    int code = 0;
    for (size_t i = 0; i < r->n_polls && code == 0; i++)
        code = put_source(r, poll_source(r->polls[i]), &place, e);
    for (size_t i = 0; i < r->n_rows && code == 0; i++)
        code = put_source(r, &r->rows[i]->state, &place, e);
    for (size_t i = 0; i < r->n_deployments && code == 0; i++)
        if (r->deployments[i].config->reference)
            code = put_source(r, &r->deployments[i].reference, &place, e);
    for (size_t i = 0; i < courier_channels(r->courier) && code == 0; i++)
        code = put_source(r, courier_source(r->courier, i), &place, e);
    if (code == 0 && r->config->sink_listen)
        code = put_source(r, &r->sink_state, &place, e);
    return code;
}

/* Once after a start or a reload, when every source has its id. */
static int keep_sources(struct recorder *r, struct err *e)
{
    int64_t *ids = calloc(r->n_sources_written + 1, sizeof *ids);
    if (!ids)
        return err_set(e, ERR_NOMEM, "no memory for sources");
    for (size_t i = 0; i < r->n_sources_written; i++)
        ids[i] = r->sources_written[i].id;
    int code = store_keep_sources(r->store, ids, r->n_sources_written, e);
    free(ids);
    r->sources_kept = code == 0;
    return code;
}

static int put_alerts(struct recorder *r, struct alert_state **changed, size_t n, int64_t now_ms,
                      struct err *e)
{
    int code = 0;
    for (size_t i = 0; i < n && code == 0; i++) {
        /* One that never fired and was never stored leaves no trace. */
        if (!changed[i]->id && changed[i]->phase == ALERT_RESOLVED && !changed[i]->fired_ms)
            continue;
        /* Nobody else hands out ids of alerts. Ours stay valid when this is rolled back: somebody may
         * have been told them by then. */
        if (!changed[i]->id && r->last_alert_id)
            changed[i]->id = ++r->last_alert_id;
        code = store_put_alert(r->store, changed[i], e);
        if (changed[i]->id > r->last_alert_id)
            r->last_alert_id = changed[i]->id;
        if (code == 0)
            courier_tell(r->courier, changed[i], now_ms);
    }
    return code;
}

/* A flush is several transactions, each short enough that a reader's insert never waits long. What
 * must not be torn apart (counts and positions; an alert and its notification) is in one. */
#define ALERTS_A_FLUSH 512

struct flush {
    struct recorder *r;
    struct alert_state *changed[ALERTS_A_FLUSH];
    size_t n_changed;
    int64_t now_ms;
};

static int put_state(struct flush *f, struct err *e)
{
    struct recorder *r = f->r;
    char at[CLOCK_TEXT_SIZE];
    int code = put_alerts(r, f->changed, f->n_changed, f->now_ms, e);

    if (code == 0)
        code = courier_flush(r->courier, r->store, e);
    if (code == 0)
        code = store_put_meta(r->store, "written_at", clock_format_ms(f->now_ms, at), e);
    if (code == 0)
        code = store_put_meta(r->store, "recorder_fault", r->fault, e);
    return code;
}

static void state_ended(struct flush *f, bool committed)
{
    struct recorder *r = f->r;
    if (!committed)
        return;
    for (size_t i = 0; i < f->n_changed; i++)
        alert_engine_stored(r->engine, f->changed[i]);
    courier_flushed(r->courier);
}

/* Counts, the positions they came from and the counters that people see are one thing: killed in
 * between, none of them would fit the others. */
static int put_rows(struct flush *f, struct err *e)
{
    struct recorder *r = f->r;
    int code = 0;
    for (size_t i = 0; i < r->n_deployments && code == 0; i++)
        code = put_deployment(r, &r->deployments[i], e);
    if (code == 0)
        code = put_sources(r, e);
    if (code == 0 && !r->sources_kept)
        code = keep_sources(r, e);
    if (code == 0)
        code = ingest_flush(r->ingest, INGEST_COUNTS, r->store, f->now_ms, e);
    for (size_t i = 0; i < r->n_rows && code == 0; i++)
        code = follow_flush(r->rows[i]->follow, r->store, e);
    if (code == 0 && r->sink)
        code = sink_flush(r->sink, r->store, e);
    return code;
}

static void rows_ended(struct flush *f, bool committed)
{
    struct recorder *r = f->r;
    if (r->sink)
        sink_flushed(r->sink, committed);
    if (committed) {
        ingest_flushed(r->ingest, INGEST_COUNTS);
        for (size_t i = 0; i < r->n_rows; i++)
            follow_flushed(r->rows[i]->follow);
        return;
    }
    /* A rolled-back transaction took the memory of what was written with it. */
    for (size_t i = 0; i < r->n_versions; i++)
        memset(&r->versions[i].state, 0, sizeof r->versions[i].state);
    for (size_t i = 0; i < r->n_deployments; i++)
        memset(&r->deployments[i].written, 0, sizeof r->deployments[i].written);
    r->n_sources_written = 0;
    r->sources_kept = false;
}

static int put_summaries(struct flush *f, struct err *e)
{
    return ingest_flush(f->r->ingest, INGEST_SUMMARIES, f->r->store, f->now_ms, e);
}

static void summaries_ended(struct flush *f, bool committed)
{
    if (committed)
        ingest_flushed(f->r->ingest, INGEST_SUMMARIES);
}

static int put_all_metrics(struct flush *f, struct err *e)
{
    struct recorder *r = f->r;
    int code = 0;
    for (size_t i = 0; i < r->n_versions && code == 0; i++) {
        const struct version_state *v = fleet_version(r->fleet, r->versions[i].id);
        /* What stopped being read is no measurement of now. */
        int64_t read_ms = v ? v->metrics_at_ms : 0;
        if (v && v->traffic_at_ms > read_ms)
            read_ms = v->traffic_at_ms;
        if (v && v->id && recorder_fresh(r, read_ms, f->now_ms))
            code = put_metrics(r, v, f->now_ms, e);
    }
    return code;
}

static int prune(struct flush *f, struct err *e)
{
    int code = store_prune(f->r->store, f->now_ms, e);
    return code < 0 ? code : 0;
}

static int in_transaction(struct flush *f, int (*put)(struct flush *f, struct err *e),
                          void (*ended)(struct flush *f, bool committed), struct err *e)
{
    int code = store_begin(f->r->store, e);
    if (code < 0)
        return code;
    code = put(f, e);
    int closed = store_end(f->r->store, code == 0, code == 0 ? e : NULL);
    if (code == 0)
        code = closed;
    if (ended)
        ended(f, code == 0);
    return code;
}

/* A clock that jumped would prune what is young: only a wall clock that agrees with the monotonic one
 * since the last time may. */
static bool may_prune(struct recorder *r, int64_t mono_ms, int64_t now_ms)
{
    int64_t wall_gap = now_ms - r->pruned_wall_ms, mono_gap = mono_ms - r->pruned_ms;
    if (mono_gap < PRUNE_MS)
        return false;
    bool agrees = wall_gap - mono_gap < PRUNE_MS && mono_gap - wall_gap < PRUNE_MS;
    r->pruned_ms = mono_ms;
    r->pruned_wall_ms = now_ms;
    return agrees;
}

int recorder_flush(struct recorder *r, struct err *e)
{
    struct flush f = {.r = r, .now_ms = clock_wall(r->clock)};
    int64_t mono_ms = loop_now_ms(r->loop);

    if (!r->courier)
        return 0; /* never came to be set up */
    recorder_tell_rows(r);
    f.n_changed = alert_engine_changed(r->engine, f.changed, ALERTS_A_FLUSH);
    int code = in_transaction(&f, put_state, state_ended, e);
    if (code == 0)
        code = in_transaction(&f, put_rows, rows_ended, e);
    if (code == 0)
        code = in_transaction(&f, put_summaries, summaries_ended, e);
    if (code == 0 && mono_ms - r->metrics_ms >= METRIC_MS) {
        code = in_transaction(&f, put_all_metrics, NULL, e);
        r->metrics_ms = mono_ms;
    }
    if (code == 0 && may_prune(r, mono_ms, f.now_ms))
        code = in_transaction(&f, prune, NULL, e);
    return code;
}
