/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/store/write.h"

#include "blob_private.h"
#include "driftop/base/err.h"
#include "sql_private.h"

/* For statements that end in RETURNING id. */
static int run_for_id(struct sql *q, int64_t *ret_id, struct err *e)
{
    int rc = sql_step(q, e);
    if (rc > 0) {
        *ret_id = sql_get_int(q);
        rc = sql_run(q, e);
    }
    return rc;
}

int store_put_deployment(struct store *s, struct deployment_state *d, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO deployment (name, owner, runbook, registry_model, champion_alias,"
             " champion, champion_at_ms, has_traffic, has_registry, has_features, n_features,"
             " false_pages)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
             " ON CONFLICT (name) DO UPDATE SET gone = 0, owner = excluded.owner,"
             " runbook = excluded.runbook, registry_model = excluded.registry_model,"
             " champion_alias = excluded.champion_alias, champion = excluded.champion,"
             " champion_at_ms = excluded.champion_at_ms, has_traffic = excluded.has_traffic,"
             " has_registry = excluded.has_registry, has_features = excluded.has_features,"
             " n_features = excluded.n_features, false_pages = excluded.false_pages RETURNING id");
    sql_put_text(&q, d->name);
    sql_put_text(&q, d->owner);
    sql_put_text(&q, d->runbook);
    sql_put_text(&q, d->registry_model);
    sql_put_text(&q, d->champion_alias);
    sql_put_text(&q, d->champion);
    sql_put_int(&q, d->champion_at_ms);
    sql_put_int(&q, d->has_traffic);
    sql_put_int(&q, d->has_registry);
    sql_put_int(&q, d->has_features);
    sql_put_int(&q, d->n_features);
    sql_put_real(&q, d->false_pages);
    return run_for_id(&q, &d->id, e);
}

static void put_version(struct sql *q, const struct version_state *v)
{
    sql_put_int(q, v->deployment_id);
    sql_put_text(q, v->version);
    sql_put_text(q, v->target);
    sql_put_int(q, v->has);
    sql_put_int(q, v->ready);
    sql_put_int(q, v->up);
    sql_put_text(q, v->state);
    sql_put_real(q, v->desired_ratio);
    sql_put_real(q, v->effective_ratio);
    sql_put_real(q, v->observed_ratio);
    sql_put_real(q, v->request_rate);
    sql_put_real(q, v->error_ratio);
    sql_put_real(q, v->queue);
    sql_put_real(q, v->latency_p50_s);
    sql_put_real(q, v->latency_p99_s);
    sql_put_real(q, v->latency_mean_s);
    sql_put_real(q, v->latency_p99_low_s);
    sql_put_real(q, v->latency_p99_high_s);
    sql_put_real(q, v->requests_minute);
    sql_put_int(q, v->registered_ms);
    sql_put_int(q, v->ready_at_ms);
    sql_put_int(q, v->traffic_at_ms);
    sql_put_int(q, v->metrics_at_ms);
    sql_put_int(q, v->rows_at_ms);
    sql_put_int(q, (int64_t)v->rows_total);
}

int store_put_version(struct store *s, struct version_state *v, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO version (deployment_id, version, target, has, ready, up, state,"
             " desired_ratio, effective_ratio, observed_ratio, request_rate, error_ratio, queue,"
             " latency_p50_s, latency_p99_s, latency_mean_s, latency_p99_low_s,"
             " latency_p99_high_s, requests_minute, registered_ms, ready_at_ms, traffic_at_ms,"
             " metrics_at_ms, rows_at_ms, rows_total)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
             " ON CONFLICT (deployment_id, version) DO UPDATE SET target = excluded.target,"
             " has = excluded.has, ready = excluded.ready, up = excluded.up,"
             " state = excluded.state, desired_ratio = excluded.desired_ratio,"
             " effective_ratio = excluded.effective_ratio,"
             " observed_ratio = excluded.observed_ratio, request_rate = excluded.request_rate,"
             " error_ratio = excluded.error_ratio, queue = excluded.queue,"
             " latency_p50_s = excluded.latency_p50_s, latency_p99_s = excluded.latency_p99_s,"
             " latency_mean_s = excluded.latency_mean_s,"
             " latency_p99_low_s = excluded.latency_p99_low_s,"
             " latency_p99_high_s = excluded.latency_p99_high_s,"
             " requests_minute = excluded.requests_minute,"
             " registered_ms = excluded.registered_ms, ready_at_ms = excluded.ready_at_ms,"
             " traffic_at_ms = excluded.traffic_at_ms, metrics_at_ms = excluded.metrics_at_ms,"
             " rows_at_ms = excluded.rows_at_ms, rows_total = excluded.rows_total RETURNING id");
    put_version(&q, v);
    return run_for_id(&q, &v->id, e);
}

static void put_source(struct sql *q, const struct source_state *source)
{
    unsigned char refused[8 * SOURCE_REFUSALS];
    for (size_t i = 0; i < SOURCE_REFUSALS; i++)
        blob_put(refused + 8 * i, source->refused[i], 8);
    sql_put_int(q, source->kind);
    sql_put_text(q, source->name);
    sql_put_text(q, source->deployment);
    sql_put_text(q, source->version);
    sql_put_text(q, source->type);
    sql_put_text(q, source->endpoint);
    sql_put_int(q, source->health);
    sql_put_text(q, source->fault);
    sql_put_int(q, source->tried_ms);
    sql_put_int(q, source->ok_ms);
    sql_put_int(q, source->interval_ms);
    sql_put_int(q, source->timeout_ms);
    sql_put_real(q, source->latency_ms);
    sql_put_int(q, (int64_t)source->failures);
    sql_put_real(q, source->rows_per_s);
    sql_put_int(q, (int64_t)source->rows);
    sql_put_int(q, (int64_t)source->bytes_behind);
    sql_put_bytes(q, refused, sizeof refused);
}

int store_put_source(struct store *s, struct source_state *source, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO source (kind, name, deployment, version, type, endpoint, health, fault,"
             " tried_ms, ok_ms, interval_ms, timeout_ms, latency_ms, failures, rows_per_s, rows,"
             " bytes_behind, refused)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
             " ON CONFLICT (kind, name) DO UPDATE SET gone = 0, deployment = excluded.deployment,"
             " version = excluded.version, type = excluded.type, endpoint = excluded.endpoint,"
             " health = excluded.health, fault = excluded.fault, tried_ms = excluded.tried_ms,"
             " ok_ms = excluded.ok_ms, interval_ms = excluded.interval_ms,"
             " timeout_ms = excluded.timeout_ms, latency_ms = excluded.latency_ms,"
             " failures = excluded.failures, rows_per_s = excluded.rows_per_s,"
             " rows = excluded.rows, bytes_behind = excluded.bytes_behind,"
             " refused = excluded.refused RETURNING id");
    put_source(&q, source);
    return run_for_id(&q, &source->id, e);
}

int store_put_alert(struct store *s, struct alert_state *a, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO alert (id, deployment, version, feature, rule, severity, phase, summary,"
             " resolution, value, threshold, since_ms, fired_ms, resolved_ms, changed_ms)"
             " VALUES (nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
             " ON CONFLICT (id) DO UPDATE SET deployment = excluded.deployment,"
             " version = excluded.version, feature = excluded.feature, rule = excluded.rule,"
             " severity = excluded.severity, phase = excluded.phase, summary = excluded.summary,"
             " resolution = excluded.resolution, value = excluded.value,"
             " threshold = excluded.threshold, since_ms = excluded.since_ms,"
             " fired_ms = excluded.fired_ms, resolved_ms = excluded.resolved_ms,"
             " changed_ms = excluded.changed_ms RETURNING id");
    sql_put_int(&q, a->id);
    sql_put_text(&q, a->deployment);
    sql_put_text(&q, a->version);
    sql_put_text(&q, a->feature);
    sql_put_int(&q, a->rule);
    sql_put_int(&q, a->severity);
    sql_put_int(&q, a->phase);
    sql_put_text(&q, a->summary);
    sql_put_text(&q, a->resolution);
    sql_put_real(&q, a->value);
    sql_put_real(&q, a->threshold);
    sql_put_int(&q, a->since_ms);
    sql_put_int(&q, a->fired_ms);
    sql_put_int(&q, a->resolved_ms);
    sql_put_int(&q, a->changed_ms);
    return run_for_id(&q, &a->id, e);
}

int store_put_champion(struct store *s, int64_t deployment_id, const char *version, int64_t at_ms,
                       struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO champion (deployment_id, version, at_ms) SELECT ?1, ?2, ?3"
             " WHERE ?2 IS NOT (SELECT version FROM champion WHERE deployment_id = ?1"
             " ORDER BY id DESC LIMIT 1)");
    sql_put_int(&q, deployment_id);
    sql_put_text(&q, version ? version : "");
    sql_put_int(&q, at_ms);
    return sql_run(&q, e);
}

static int run_with_id(struct store *s, const char *text, int64_t id, struct err *e)
{
    struct sql q;
    sql_open(&q, s, text);
    sql_put_int(&q, id);
    return sql_run(&q, e);
}

static int run_plain(struct store *s, const char *text, struct err *e)
{
    struct sql q;
    sql_open(&q, s, text);
    return sql_run(&q, e);
}

/* Both mark all as gone, call back those that are named, and drop what stays marked. */
int store_keep_deployments(struct store *s, const char *const *names, size_t n, struct err *e)
{
    int rc = run_plain(s, "UPDATE deployment SET gone = 1", e);
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct sql q;
        sql_open(&q, s, "UPDATE deployment SET gone = 0 WHERE name = ?");
        sql_put_text(&q, names[i]);
        rc = sql_run(&q, e);
    }
    return rc;
}

int store_keep_sources(struct store *s, const int64_t *ids, size_t n, struct err *e)
{
    int rc = run_plain(s, "UPDATE source SET gone = 1", e);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = run_with_id(s, "UPDATE source SET gone = 0 WHERE id = ?", ids[i], e);
    return rc < 0 ? rc : run_plain(s, "DELETE FROM source WHERE gone = 1", e);
}

int store_put_outbox(struct store *s, struct outbox_item *item, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO outbox (id, alert_id, channel, body, attempts, next_ms, fault)"
             " VALUES (nullif(?, 0), ?, ?, ?, ?, ?, ?)"
             " ON CONFLICT (id) DO UPDATE SET alert_id = excluded.alert_id,"
             " channel = excluded.channel, body = excluded.body, attempts = excluded.attempts,"
             " next_ms = excluded.next_ms, fault = excluded.fault RETURNING id");
    sql_put_int(&q, item->id);
    sql_put_int(&q, item->alert_id);
    sql_put_text(&q, item->channel);
    sql_put_text(&q, item->body);
    sql_put_int(&q, item->attempts);
    sql_put_int(&q, item->next_ms);
    sql_put_text(&q, item->fault);
    return run_for_id(&q, &item->id, e);
}

int store_drop_outbox(struct store *s, int64_t id, struct err *e)
{
    return run_with_id(s, "DELETE FROM outbox WHERE id = ?", id, e);
}
