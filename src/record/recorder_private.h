/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the recorder share: recorder.c (life and clockwork), setup.c (from configuration
 * to sources), look.c (rules), flush.c (the store), courier.c (notification).
 */
#ifndef DRIFTOP_RECORD_RECORDER_PRIVATE_H
#define DRIFTOP_RECORD_RECORDER_PRIVATE_H

#include "driftop/alert/engine.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/loop/loop.h"
#include "driftop/net/send.h"
#include "driftop/record/courier.h"
#include "driftop/record/follow.h"
#include "driftop/record/judge.h"
#include "driftop/record/poll.h"
#include "driftop/record/recorder.h"
#include "driftop/record/sink.h"
#include "driftop/store/lease.h"
#include "watch.h"

#define TICK_MS        250
#define SCAN_MS        1000
#define LOOK_MS        5000
#define METRIC_MS      10000
#define PRUNE_MS       10000
#define FLUSH_MIN_MS   1000
#define JUDGE_SLICE_US 20000
#define FOLLOW_SLICE   ((size_t)4 << 20)

/* A deployment as the recorder knows it beside the configuration. */
struct recorded {
    const struct config_deployment *config;
    struct fleet_id fleet;
    int ingest;
    struct alert_limits limits;
    struct source_state reference; /* kind SOURCE_REFERENCE */
    struct deployment_state written;
};

/* A follower and the numbers it fills. On the heap one by one: the follower keeps a pointer. */
struct row_source {
    struct source_state state;
    struct follow *follow;
    uint64_t rows_before;
    int64_t rated_ms;
};

/* The last written form of a row, so that only changes are written. */
struct written_version {
    struct fleet_id id;
    struct version_state state;
};

struct recorder {
    struct loop *loop;
    const struct clock *clock;
    const struct config *config;
    struct store *store;
    struct lease *lease;
    struct net *net;
    struct fleet *fleet;
    struct ingest *ingest;
    struct alert_engine *engine;
    struct sink *sink; /* NULL: none configured */
    struct source_state sink_state;
    struct courier *courier;
    struct judge judge;

    struct recorded *deployments;
    size_t n_deployments, deployments_capacity;
    struct poll **polls;
    size_t n_polls, polls_capacity;
    struct row_source **rows;
    size_t n_rows, rows_capacity;
    struct written_version *versions; /* by the fleet's index */
    size_t n_versions, versions_capacity;
    struct source_state *sources_written; /* in the order of put_sources() */
    size_t n_sources_written, sources_written_capacity;
    bool sources_kept; /* those of an older configuration were forgotten */

    int64_t last_alert_id; /* 0: none was handed out yet */
    struct watch watch;

    struct loop_id tick;
    int64_t scanned_ms, looked_ms, metrics_ms, pruned_ms, flushed_ms; /* monotonic */
    int64_t pruned_wall_ms, flush_took_ms;
    bool more_rows;
    char fault[MODEL_TEXT_SIZE], fault_written[MODEL_TEXT_SIZE];
    int64_t fault_since_ms;
};

/* setup.c */
int recorder_set_up(struct recorder *r, struct err *e);
void recorder_tear_down(struct recorder *r);
/* The longer a flush takes the rarer it gets: at most a twentieth of the time goes into writing. But
 * one that a busy disk held up for a second is no reason to let everything turn stale. */
int64_t recorder_flush_gap_ms(int64_t took_ms, int64_t interval_ms);
/* look.c: one round of every rule; whether a reading is young enough to say anything. */
void recorder_look(struct recorder *r);
bool recorder_fresh(const struct recorder *r, int64_t read_ms, int64_t now_ms);
/* watch.c: about once a second; and at the end. */
void recorder_watch(struct recorder *r, int64_t mono_ms, int64_t wall_ms);
void recorder_watch_end(struct recorder *r);
/* flush.c */
int recorder_flush(struct recorder *r, struct err *e);
struct written_version *recorder_version(struct recorder *r, struct fleet_id id);
/* Rows counted since the last call become known to the fleet. */
void recorder_tell_rows(struct recorder *r);

#endif
