/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "recorder_private.h"

static void look(struct recorder *r, enum alert_rule rule, const char *deployment,
                 const char *version, const char *feature, const struct alert_look *l,
                 int64_t now_ms)
{
    /* Beyond its bound the engine drops looks; the numbers stay on the screen all the same. */
    (void)alert_engine_look(r->engine, rule, deployment, version, feature, l, now_ms);
}

bool recorder_fresh(const struct recorder *r, int64_t read_ms, int64_t now_ms)
{
    return now_ms - read_ms <= 3 * r->config->poll_interval_ms + r->config->timeout_ms;
}

/* The version without the numbers that stopped being read: they prove nothing any more, neither bad
 * nor good. That they stopped is a rule of its own. */
static struct version_state only_fresh(const struct recorder *r, const struct version_state *v,
                                       int64_t now_ms)
{
    struct version_state fresh = *v;
    if (!recorder_fresh(r, v->metrics_at_ms, now_ms))
        fresh.has &= ~(unsigned)(VERSION_RATE | VERSION_ERRORS | VERSION_P99);
    if (!recorder_fresh(r, v->ready_at_ms, now_ms))
        fresh.has &= ~(unsigned)VERSION_READY;
    if (!recorder_fresh(r, v->traffic_at_ms, now_ms))
        fresh.has &= ~(unsigned)VERSION_EFFECTIVE;
    return fresh;
}

static void look_version(struct recorder *r, const struct recorded *d,
                         const struct version_state *v, int64_t now_ms)
{
    const char *name = d->config->name;
    const struct version_state fresh = only_fresh(r, v, now_ms);
    struct alert_look l;

    l = rule_error_ratio(&fresh, &d->limits);
    look(r, ALERT_ERROR_RATIO, name, v->version, "", &l, now_ms);
    l = rule_latency(&fresh, &d->limits);
    look(r, ALERT_LATENCY, name, v->version, "", &l, now_ms);
    /* A server that dies takes its numbers with it: what it got until then still counts here. */
    struct version_state served = fresh;
    served.has |= v->has & VERSION_RATE;
    l = rule_not_ready(&served, &d->limits);
    look(r, ALERT_NOT_READY, name, v->version, "", &l, now_ms);
    l = rule_traffic(&fresh, &d->limits);
    look(r, ALERT_TRAFFIC, name, v->version, "", &l, now_ms);
}

/* Whether the splitter has said anything since this recorder runs. */
static bool splitter_spoke(struct recorder *r, const struct fleet_id *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fleet_version(r->fleet, ids[i])->has & VERSION_DESIRED)
            return true;
    return false;
}

/* A version is in service as long as it is meant to get traffic or still does. One that a splitter
 * does not name gets none from it; while it has said nothing, nothing is known. */
static void tell_service(struct recorder *r, const struct recorded *d,
                         const struct version_state *v, bool spoke, int64_t now_ms)
{
    bool zero = spoke && !((v->has & VERSION_DESIRED) && v->desired_ratio > 0);
    double activity = (double)v->rows_total + v->served_total;
    (void)alert_engine_service(r->engine, d->config->name, v->version, zero, activity, now_ms);
}

static void look_drift(struct recorder *r, const struct recorded *d, int64_t now_ms)
{
    struct ingest_deployment *counted = ingest_get(r->ingest, d->ingest);

    for (size_t k = 0; counted->layout && k < counted->n_versions; k++) {
        struct ingest_version *v = counted->versions[k];
        if (!v->judged_ms)
            continue;
        enum window_span span = judge_span(v);
        for (size_t i = 0; i < counted->layout->n_features; i++) {
            const char *feature = counted->layout->features[i].name;
            bool prediction = strcmp(feature, counted->layout->prediction) == 0;
            struct alert_look l = rule_drift(&v->summaries[i * WINDOW_LEVELS + (size_t)span],
                                             v->back[i], prediction, &d->limits);
            look(r, ALERT_DRIFT, d->config->name, v->version, feature, &l, now_ms);
        }
    }
}

static void look_source(struct recorder *r, const struct source_state *s, int64_t now_ms)
{
    struct alert_look l = rule_stale(s, now_ms);
    /* The source's name takes the feature's place: a deployment has several. */
    look(r, ALERT_STALE, s->deployment, s->version, s->name, &l, now_ms);
}

void recorder_look(struct recorder *r)
{
    int64_t now_ms = clock_wall(r->clock);

    for (size_t i = 0; i < r->n_deployments; i++) {
        const struct recorded *d = &r->deployments[i];
        const struct fleet_id *ids;
        size_t n = fleet_versions(r->fleet, d->fleet, &ids);
        bool spoke = splitter_spoke(r, ids, n);
        for (size_t k = 0; k < n; k++) {
            const struct version_state *v = fleet_version(r->fleet, ids[k]);
            tell_service(r, d, v, spoke, now_ms);
            look_version(r, d, v, now_ms);
        }
        look_drift(r, d, now_ms);
    }
    for (size_t i = 0; i < r->n_polls; i++)
        look_source(r, poll_source(r->polls[i]), now_ms);
    for (size_t i = 0; i < r->n_rows; i++)
        look_source(r, &r->rows[i]->state, now_ms);
    alert_engine_sweep(r->engine, now_ms, now_ms);
}
