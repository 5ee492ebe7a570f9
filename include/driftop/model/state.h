/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The state of the world as plain values: what the recorder writes to the store and what a query
 * reads back. Ids are the store's. A number without its presence bit (model/observation.h and
 * below) is unknown, never zero. Times are UTC milliseconds, 0: never.
 */
#ifndef DRIFTOP_MODEL_STATE_H
#define DRIFTOP_MODEL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/model/observation.h"

struct deployment_state {
    int64_t id;
    char name[MODEL_NAME_SIZE], owner[MODEL_NAME_SIZE], runbook[MODEL_TEXT_SIZE];
    char registry_model[MODEL_NAME_SIZE], champion_alias[MODEL_NAME_SIZE];
    char champion[MODEL_NAME_SIZE]; /* what the alias names; "" unknown or not set */
    int64_t champion_at_ms;         /* when it was last read */
    bool has_traffic, has_registry, has_features;
    int n_features;
    double false_pages; /* of drift, a month, that are put up with */
};

enum version_has {
    VERSION_READY = 1 << 0,
    VERSION_DESIRED = 1 << 1,
    VERSION_EFFECTIVE = 1 << 2,
    VERSION_OBSERVED = 1 << 3,
    VERSION_RATE = 1 << 4,
    VERSION_ERRORS = 1 << 5,
    VERSION_P50 = 1 << 6,
    VERSION_P99 = 1 << 7,
    VERSION_MEAN = 1 << 8,
    VERSION_QUEUE = 1 << 9,
    VERSION_UP = 1 << 10,
    VERSION_P99_OVER = 1 << 11, /* p99 lies beyond the last finite bucket: a lower bound */
};

struct version_state {
    int64_t id, deployment_id;
    char version[MODEL_NAME_SIZE], target[MODEL_NAME_SIZE];
    unsigned has;
    bool ready, up;
    char state[64];                                        /* the server's or splitter's own word */
    double desired_ratio, effective_ratio, observed_ratio; /* of all versions of the deployment */
    double request_rate, error_ratio, queue;               /* rate in 1/s */
    double latency_p50_s, latency_p99_s, latency_mean_s;
    double latency_p99_low_s, latency_p99_high_s; /* the bucket p99 lies in */
    double requests_minute;                       /* requests in the last minute, for rules */
    double served_total; /* requests the splitter gave it (else its servers counted); not stored */
    int64_t registered_ms;                             /* the registry's creation time */
    int64_t ready_at_ms, traffic_at_ms, metrics_at_ms; /* when each group was last read */
    int64_t rows_at_ms;                                /* the newest row's own time */
    uint64_t rows_total;                               /* rows counted since the store began */
};

enum source_kind {
    SOURCE_SERVER,
    SOURCE_METRICS,
    SOURCE_REGISTRY,
    SOURCE_TRAFFIC,
    SOURCE_FEATURES,
    SOURCE_SINK,
    SOURCE_REFERENCE,
    SOURCE_NOTIFY,
};

enum source_health {
    SOURCE_UNKNOWN, /* not asked yet */
    SOURCE_OK,
    SOURCE_FAILING, /* no answer */
    SOURCE_AUTH,    /* it answers, but does not let us in */
    SOURCE_WRONG,   /* it answers, but not as it should: an error, or what makes no sense */
    SOURCE_SECRET,  /* nothing was asked: what it wants to see of us cannot be had */
};

struct source_state {
    int64_t id;
    enum source_kind kind;
    char name[MODEL_NAME_SIZE]; /* "fraud-score/41 open-inference" */
    char deployment[MODEL_NAME_SIZE], version[MODEL_NAME_SIZE], type[64];
    char endpoint[MODEL_TEXT_SIZE]; /* without secrets */
    enum source_health health;
    char fault[MODEL_TEXT_SIZE]; /* "" when well: what is wrong, for people */
    int64_t tried_ms, ok_ms;     /* last attempt, last success */
    int64_t interval_ms, timeout_ms;
    double latency_ms;
    uint64_t failures; /* in a row */
    double rows_per_s;
    uint64_t rows, bytes_behind;
    uint64_t refused[SOURCE_REFUSALS];
};

/* Stale when nothing good came for 3 intervals and a time-out; never without an interval. */
bool source_stale(const struct source_state *s, int64_t now_ms);
const char *source_kind_name(enum source_kind kind);
const char *source_health_name(enum source_health health);
/* One short sentence for doctor: what to do about it. */
const char *source_advice(const struct source_state *s, int64_t now_ms);

#endif
