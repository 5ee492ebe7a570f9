/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an adapter understood of one reply. Observations are plain values: they carry no pointer
 * into the reply. Every field that a reply may lack has a presence bit in `has`: absent is not
 * zero. The recorder adds source and time and hands them to the fleet (model/fleet.h).
 */
#ifndef DRIFTOP_MODEL_OBSERVATION_H
#define DRIFTOP_MODEL_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_NAME_SIZE   129
#define MODEL_TEXT_SIZE   256
#define MODEL_LATENCY_MAX 64 /* buckets of a latency histogram that are kept */

enum observation_kind {
    OBSERVATION_READY,   /* a version's server answered whether it is ready */
    OBSERVATION_METRICS, /* cumulative counters of a version's server */
    OBSERVATION_VERSION, /* the registry knows this version */
    OBSERVATION_ALIAS,   /* the registry's alias names this version ("" when it is not set) */
    OBSERVATION_TARGET,  /* one target of the splitter */
    OBSERVATION_CONTROL, /* a fact about the controller: process, access level, algorithm */
};

enum observation_has {
    HAS_REQUESTS = 1 << 0,
    HAS_ERRORS = 1 << 1,
    HAS_LATENCY_SUM = 1 << 2, /* latency_sum_s and latency_count */
    HAS_LATENCY_BUCKETS = 1 << 3,
    HAS_QUEUE = 1 << 4,
    HAS_DESIRED = 1 << 5,
    HAS_EFFECTIVE = 1 << 6,
    HAS_UP = 1 << 7,
    HAS_SESSIONS = 1 << 8,
    HAS_STARTED = 1 << 9,
    HAS_CREATED = 1 << 10,
    HAS_WRITABLE = 1 << 11,
};

/* Cumulative counts since the server started, seconds as unit. */
struct observed_metrics {
    double requests_total, errors_total;
    double latency_sum_s, latency_count;
    size_t n_buckets; /* upper bounds ascending, the last may be +inf; counts cumulative */
    double bucket_le_s[MODEL_LATENCY_MAX], bucket_count[MODEL_LATENCY_MAX];
    double queue;
};

/* Shares are made of weights by the model: a weight counts relative to its siblings. */
struct observed_target {
    char target[MODEL_NAME_SIZE];
    double desired_weight, effective_weight;
    bool up;
    char state[32];                              /* the controller's own word */
    double sessions_total, errors_total, active; /* requests this target was given */
};

struct observation {
    enum observation_kind kind;
    unsigned has;
    unsigned endpoint;             /* which of the source's endpoints said it, from 0 */
    char version[MODEL_NAME_SIZE]; /* "" when the reply speaks of the whole source */
    bool ready;                    /* OBSERVATION_READY; of a VERSION: may be deployed */
    char text[MODEL_TEXT_SIZE]; /* state word, reason, alias name; a control fact, "level admin" */
    int64_t created_ms, started_ms;
    bool writable; /* OBSERVATION_CONTROL: this access may also change things */
    struct observed_metrics metrics;
    struct observed_target target;
};

/* Rows refused, by reason. Adding one: a line here and in source_refusal_name(). */
enum source_refusal {
    REFUSED_SYNTAX,
    REFUSED_FIELD, /* wrongly typed or absurd */
    REFUSED_TIME,  /* no or unreadable time */
    REFUSED_LATE,
    REFUSED_AHEAD,
    REFUSED_VERSION,  /* no or unusable version */
    REFUSED_SIZE,     /* longer than a line may be */
    REFUSED_UNPAIRED, /* a request without response or the other way */
    REFUSED_LOST,     /* lost to a rotation while the recorder was down */
    REFUSED_FULL,     /* the spool was full: answered 503 */
    SOURCE_REFUSALS
};

const char *source_refusal_name(enum source_refusal reason);

struct observation_list {
    struct observation *items;
    size_t n_items, items_capacity;
};

void observation_list_init(struct observation_list *list);
void observation_list_done(struct observation_list *list);
/* A cleared new element of that kind, to be filled; NULL when out of memory or beyond 100,000. */
struct observation *observation_add(struct observation_list *list, enum observation_kind kind);

#endif
