/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/log.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/loop/timer.h"
#include "driftop/store/audit.h"
#include "driftop/store/read.h"

/* Rows first: what is read in this tick is judged and written in it, too. */
static void pump_rows(struct recorder *r, int64_t mono_ms, int64_t wall_ms)
{
    bool scan = mono_ms - r->scanned_ms >= SCAN_MS;
    if (scan)
        r->scanned_ms = mono_ms;
    r->more_rows = false;
    for (size_t i = 0; i < r->n_rows; i++) {
        struct row_source *s = r->rows[i];
        if (scan)
            follow_scan(s->follow, wall_ms);
        if (follow_step(s->follow, FOLLOW_SLICE, wall_ms))
            r->more_rows = true;
        if (mono_ms - s->rated_ms >= LOOK_MS) {
            double seconds = (double)(mono_ms - s->rated_ms) / 1000;
            s->state.rows_per_s = (double)(s->state.rows - s->rows_before) / seconds;
            s->rows_before = s->state.rows;
            s->rated_ms = mono_ms;
        }
    }
    if (r->sink)
        sink_tick(r->sink, wall_ms);
    recorder_tell_rows(r);
}

/* Who the others are compared with is the registry's word. */
static void tell_champions(struct recorder *r)
{
    for (size_t i = 0; i < r->n_deployments; i++) {
        const struct deployment_state *d = fleet_deployment(r->fleet, r->deployments[i].fleet);
        struct ingest_deployment *counted = ingest_get(r->ingest, r->deployments[i].ingest);
        str_copy(counted->champion, sizeof counted->champion, d ? d->champion : "");
    }
}

static void judge_and_look(struct recorder *r, int64_t mono_ms, int64_t wall_ms)
{
    if (!r->judge.round_ms && mono_ms - r->looked_ms >= LOOK_MS) {
        r->judge.round_ms = wall_ms;
        tell_champions(r);
    }
    if (!r->judge.round_ms || !judge_step(&r->judge, r->ingest, JUDGE_SLICE_US, wall_ms))
        return;
    r->judge.round_ms = 0;
    r->looked_ms = mono_ms;
    recorder_look(r);
}

int64_t recorder_flush_gap_ms(int64_t took_ms, int64_t interval_ms)
{
    int64_t gap_ms = 20 * took_ms;

    if (gap_ms > interval_ms)
        gap_ms = interval_ms;
    return gap_ms > FLUSH_MIN_MS ? gap_ms : FLUSH_MIN_MS;
}

static bool flush_due(const struct recorder *r, int64_t mono_ms)
{
    return mono_ms - r->flushed_ms >=
           recorder_flush_gap_ms(r->flush_took_ms, r->config->poll_interval_ms);
}

static void try_flush(struct recorder *r, int64_t mono_ms, int64_t wall_ms)
{
    struct err e = {0};
    char since[CLOCK_TEXT_SIZE];

    int code = recorder_flush(r, &e);
    r->flush_took_ms = clock_mono(r->clock) - mono_ms;
    r->flushed_ms = mono_ms;
    if (code == 0) {
        if (r->fault[0]) {
            log_info("writing again");
            (void)lease_note(r->lease, "");
        }
        r->fault[0] = '\0';
        r->fault_since_ms = 0;
        return;
    }
    if (code == ERR_BUSY)
        return; /* a reader's insert held the lock: the next flush writes it */
    if (!r->fault_since_ms) {
        r->fault_since_ms = wall_ms;
        log_error("cannot write the store: %s", e.text);
    }
    snprintf(r->fault, sizeof r->fault, "not writing since %s: %.160s",
             clock_format_hms(r->fault_since_ms, since), e.text);
    (void)lease_note(r->lease, r->fault);
}

static void on_tick(struct loop *loop, struct loop_id id, void *ctx)
{
    struct recorder *r = ctx;
    int64_t mono_ms = loop_now_ms(loop), wall_ms = clock_wall(r->clock);
    (void)id;

    pump_rows(r, mono_ms, wall_ms);
    judge_and_look(r, mono_ms, wall_ms);
    if (r->courier)
        courier_tick(r->courier, wall_ms);
    recorder_watch(r, mono_ms, wall_ms);
    if (flush_due(r, mono_ms))
        try_flush(r, mono_ms, wall_ms);
    bool hurry = r->more_rows || r->judge.round_ms;
    r->tick = timer_once(loop, hurry ? 0 : TICK_MS, on_tick, r);
}

static int restore_alerts(struct recorder *r, struct err *e)
{
    struct alert_state *alerts = NULL;
    size_t n = 0;
    int code = store_alerts(r->store, NULL, INT64_MAX, &alerts, &n, e);
    for (size_t i = 0; code == 0 && i < n; i++)
        code = alert_engine_restore(r->engine, &alerts[i]);
    free(alerts);
    return code;
}

static int open_store(struct recorder *r, struct err *e)
{
    char who[256], host[128] = "", path[4096];
    gethostname(host, sizeof host - 1);
    snprintf(who, sizeof who, "pid %d on %s", (int)getpid(), host);
    /* The lease first: whoever records must not find its tables migrated under its hands. */
    int code = path_make_parent(r->config->store_path, e);
    if (code == 0)
        code = lease_take(r->config->store_path, "recorder", who, &r->lease, e);
    if (code == 0)
        code = store_open(r->config->store_path, STORE_RECORD, &r->store, e);
    /* Room for the first act, in case the disk fills up until then. */
    if (code == 0)
        (void)audit_prepare(audit_path(r->config->store_path, path, sizeof path), NULL);
    return code;
}

int recorder_new(struct loop *loop, const struct config *config, struct recorder **ret,
                 struct err *e)
{
    struct net_options net = {.per_host_limit = 4};
    struct recorder *r = calloc(1, sizeof *r);
    int code = ERR_NOMEM;

    if (!r)
        return err_set(e, ERR_NOMEM, "no memory for the recorder");
    r->loop = loop;
    r->clock = loop_clock(loop);
    r->config = config;
    r->fleet = fleet_new();
    r->ingest = ingest_new();
    r->engine = alert_engine_new();
    if (!r->fleet || !r->ingest || !r->engine) {
        err_set(e, ERR_NOMEM, "no memory for the recorder");
        goto out;
    }
    if ((code = open_store(r, e)) < 0 || (code = net_new(loop, &net, &r->net, e)) < 0 ||
        (code = restore_alerts(r, e)) < 0 || (code = recorder_set_up(r, e)) < 0)
        goto out;
    r->looked_ms = r->metrics_ms = r->pruned_ms = loop_now_ms(loop);
    r->flushed_ms = r->scanned_ms = r->looked_ms - SCAN_MS;
    r->tick = timer_once(loop, 0, on_tick, r);
    *ret = r;
    return 0;
out:
    recorder_free(r);
    return code;
}

void recorder_free(struct recorder *r)
{
    if (!r)
        return;
    loop_cancel(r->loop, r->tick);
    recorder_watch_end(r);
    if (r->store && r->lease)
        recorder_flush(r, NULL);
    recorder_tear_down(r);
    net_free(r->net);
    alert_engine_free(r->engine);
    ingest_free(r->ingest);
    fleet_free(r->fleet);
    judge_done(&r->judge);
    free(r->versions);
    free(r->sources_written);
    store_close(r->store);
    lease_drop(r->lease);
    free(r);
}

int recorder_reload(struct recorder *r, const struct config *config, struct err *e)
{
    if (strcmp(config->store_path, r->config->store_path) != 0 ||
        strcmp(config->environment, r->config->environment) != 0)
        return err_set(e, ERR_CONFIG, "another store or environment needs a restart");
    /* Positions first: the new followers begin where the old ones are. */
    int code = recorder_flush(r, e);
    if (code < 0)
        return code;
    const struct config *former = r->config;
    recorder_watch_end(r);
    recorder_tear_down(r);
    r->config = config;
    code = recorder_set_up(r, e);
    if (code == 0)
        return 0;
    /* Back to what worked: the caller is about to free the new one. */
    recorder_tear_down(r);
    r->config = former;
    if (recorder_set_up(r, NULL) < 0)
        log_error("the former configuration could not be taken up again: restart");
    return code;
}

int recorder_settle(struct recorder *r, struct err *e)
{
    int64_t wall_ms = clock_wall(r->clock);
    do {
        r->scanned_ms -= SCAN_MS;
        pump_rows(r, loop_now_ms(r->loop), wall_ms);
    } while (r->more_rows);
    tell_champions(r);
    while (!judge_step(&r->judge, r->ingest, JUDGE_SLICE_US, wall_ms)) {
    }
    r->judge.round_ms = 0;
    recorder_look(r);
    return recorder_flush(r, e);
}

struct store *recorder_store(struct recorder *r)
{
    return r->store;
}
