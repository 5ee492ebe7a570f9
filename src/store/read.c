/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/store/read.h"

#include <stdlib.h>

#include "blob_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "sql_rows_private.h"

static void get_deployment(struct sql *q, void *element)
{
    struct deployment_state *d = element;
    *d = (struct deployment_state){.id = sql_get_int(q)};
    sql_get_text(q, d->name, sizeof d->name);
    sql_get_text(q, d->owner, sizeof d->owner);
    sql_get_text(q, d->runbook, sizeof d->runbook);
    sql_get_text(q, d->registry_model, sizeof d->registry_model);
    sql_get_text(q, d->champion_alias, sizeof d->champion_alias);
    sql_get_text(q, d->champion, sizeof d->champion);
    d->champion_at_ms = sql_get_int(q);
    d->has_traffic = sql_get_int(q) != 0;
    d->has_registry = sql_get_int(q) != 0;
    d->has_features = sql_get_int(q) != 0;
    d->n_features = (int)sql_get_int(q);
    d->false_pages = sql_get_real(q);
}

int store_deployments(struct store *s, const char *name, struct deployment_state **ret,
                      size_t *ret_n, struct err *e)
{
    struct sql q;
    void *items;
    sql_open(&q, s,
             "SELECT id, name, owner, runbook, registry_model, champion_alias, champion,"
             " champion_at_ms, has_traffic, has_registry, has_features, n_features, false_pages"
             " FROM deployment WHERE gone = 0 AND (?1 IS NULL OR name = ?1) ORDER BY name");
    sql_put_text(&q, name);
    int rc = sql_all(&q, sizeof **ret, get_deployment, &items, ret_n, e);
    *ret = items;
    return rc;
}

static void get_version(struct sql *q, void *element)
{
    struct version_state *v = element;
    *v = (struct version_state){.id = sql_get_int(q)};
    v->deployment_id = sql_get_int(q);
    sql_get_text(q, v->version, sizeof v->version);
    sql_get_text(q, v->target, sizeof v->target);
    v->has = (unsigned)sql_get_int(q);
    v->ready = sql_get_int(q) != 0;
    v->up = sql_get_int(q) != 0;
    sql_get_text(q, v->state, sizeof v->state);
    v->desired_ratio = sql_get_real(q);
    v->effective_ratio = sql_get_real(q);
    v->observed_ratio = sql_get_real(q);
    v->request_rate = sql_get_real(q);
    v->error_ratio = sql_get_real(q);
    v->queue = sql_get_real(q);
    v->latency_p50_s = sql_get_real(q);
    v->latency_p99_s = sql_get_real(q);
    v->latency_mean_s = sql_get_real(q);
    v->latency_p99_low_s = sql_get_real(q);
    v->latency_p99_high_s = sql_get_real(q);
    v->requests_minute = sql_get_real(q);
    v->registered_ms = sql_get_int(q);
    v->ready_at_ms = sql_get_int(q);
    v->traffic_at_ms = sql_get_int(q);
    v->metrics_at_ms = sql_get_int(q);
    v->rows_at_ms = sql_get_int(q);
    v->rows_total = (uint64_t)sql_get_int(q);
}

/* Versions are mostly numbers: 9 comes before 10, and what is no number behind them. */
int store_versions(struct store *s, int64_t deployment_id, struct version_state **ret,
                   size_t *ret_n, struct err *e)
{
    struct sql q;
    void *items;
    sql_open(&q, s,
             "SELECT v.id, v.deployment_id, v.version, v.target, v.has, v.ready, v.up, v.state,"
             " v.desired_ratio, v.effective_ratio, v.observed_ratio, v.request_rate,"
             " v.error_ratio, v.queue, v.latency_p50_s, v.latency_p99_s, v.latency_mean_s,"
             " v.latency_p99_low_s, v.latency_p99_high_s, v.requests_minute, v.registered_ms,"
             " v.ready_at_ms, v.traffic_at_ms, v.metrics_at_ms, v.rows_at_ms, v.rows_total"
             " FROM deployment AS d JOIN version AS v ON v.deployment_id = d.id"
             " WHERE d.gone = 0 AND (?1 = 0 OR d.id = ?1)"
             " ORDER BY d.name, v.version GLOB '*[^0-9]*', CAST(v.version AS INTEGER), v.version");
    sql_put_int(&q, deployment_id);
    int rc = sql_all(&q, sizeof **ret, get_version, &items, ret_n, e);
    *ret = items;
    return rc;
}

static void get_refused(struct sql *q, uint64_t refused[SOURCE_REFUSALS])
{
    size_t length;
    const unsigned char *blob = sql_get_bytes(q, &length);
    for (size_t i = 0; i < SOURCE_REFUSALS && 8 * (i + 1) <= length; i++)
        refused[i] = blob_get(blob + 8 * i, 8);
}

static void get_source(struct sql *q, void *element)
{
    struct source_state *source = element;
    *source = (struct source_state){.id = sql_get_int(q)};
    source->kind = (enum source_kind)sql_get_int(q);
    sql_get_text(q, source->name, sizeof source->name);
    sql_get_text(q, source->deployment, sizeof source->deployment);
    sql_get_text(q, source->version, sizeof source->version);
    sql_get_text(q, source->type, sizeof source->type);
    sql_get_text(q, source->endpoint, sizeof source->endpoint);
    source->health = (enum source_health)sql_get_int(q);
    sql_get_text(q, source->fault, sizeof source->fault);
    source->tried_ms = sql_get_int(q);
    source->ok_ms = sql_get_int(q);
    source->interval_ms = sql_get_int(q);
    source->timeout_ms = sql_get_int(q);
    source->latency_ms = sql_get_real(q);
    source->failures = (uint64_t)sql_get_int(q);
    source->rows_per_s = sql_get_real(q);
    source->rows = (uint64_t)sql_get_int(q);
    source->bytes_behind = (uint64_t)sql_get_int(q);
    get_refused(q, source->refused);
}

int store_sources(struct store *s, struct source_state **ret, size_t *ret_n, struct err *e)
{
    struct sql q;
    void *items;
    sql_open(&q, s,
             "SELECT id, kind, name, deployment, version, type, endpoint, health, fault, tried_ms,"
             " ok_ms, interval_ms, timeout_ms, latency_ms, failures, rows_per_s, rows,"
             " bytes_behind, refused FROM source WHERE gone = 0 ORDER BY name, kind");
    int rc = sql_all(&q, sizeof **ret, get_source, &items, ret_n, e);
    *ret = items;
    return rc;
}

static void get_alert(struct sql *q, void *element)
{
    struct alert_state *a = element;
    *a = (struct alert_state){.id = sql_get_int(q)};
    sql_get_text(q, a->deployment, sizeof a->deployment);
    sql_get_text(q, a->version, sizeof a->version);
    sql_get_text(q, a->feature, sizeof a->feature);
    a->rule = (enum alert_rule)sql_get_int(q);
    a->severity = (enum alert_severity)sql_get_int(q);
    a->phase = (enum alert_phase)sql_get_int(q);
    sql_get_text(q, a->summary, sizeof a->summary);
    sql_get_text(q, a->resolution, sizeof a->resolution);
    a->value = sql_get_real(q);
    a->threshold = sql_get_real(q);
    a->since_ms = sql_get_int(q);
    a->fired_ms = sql_get_int(q);
    a->resolved_ms = sql_get_int(q);
    a->changed_ms = sql_get_int(q);
    sql_get_text(q, a->acked_by, sizeof a->acked_by);
    a->acked_ms = sql_get_int(q);
    sql_get_text(q, a->note, sizeof a->note);
}

int store_alerts(struct store *s, const char *deployment, int64_t resolved_since_ms,
                 struct alert_state **ret, size_t *ret_n, struct err *e)
{
    struct sql q;
    void *items;
    sql_open(&q, s,
             "WITH shown AS (SELECT * FROM alert WHERE phase < 2"
             " UNION ALL SELECT * FROM alert WHERE phase = 2 AND resolved_ms > ?2)"
             "SELECT a.id, a.deployment, a.version, a.feature, a.rule, a.severity, a.phase,"
             " a.summary, a.resolution, a.value, a.threshold, a.since_ms, a.fired_ms,"
             " a.resolved_ms, a.changed_ms, k.by, k.at_ms,"
             " (SELECT note FROM mark WHERE alert_id = a.id AND note <> '' ORDER BY id DESC"
             "  LIMIT 1)"
             " FROM shown AS a LEFT JOIN mark AS k ON k.id ="
             " (SELECT max(id) FROM mark"
             "  WHERE alert_id = a.id AND is_ack = 1 AND severity >= a.severity)"
             " WHERE ?1 IS NULL OR a.deployment = ?1"
             /* firing pages, firing tickets, pending ones, resolved ones; the youngest first */
             " ORDER BY a.phase <> 1, a.phase, a.severity DESC, a.since_ms DESC, a.id DESC");
    sql_put_text(&q, deployment);
    sql_put_int(&q, resolved_since_ms);
    int rc = sql_all(&q, sizeof **ret, get_alert, &items, ret_n, e);
    *ret = items;
    return rc;
}

static void get_champion(struct sql *q, void *element)
{
    struct champion_row *row = element;
    sql_get_text(q, row->version, sizeof row->version);
    row->at_ms = sql_get_int(q);
}

int store_champions(struct store *s, int64_t deployment_id, size_t limit, struct champion_row **ret,
                    size_t *ret_n, struct err *e)
{
    struct sql q;
    void *items;
    sql_open(
        &q, s,
        "SELECT version, at_ms FROM champion WHERE deployment_id = ? ORDER BY id DESC LIMIT ?");
    sql_put_int(&q, deployment_id);
    sql_put_int(&q, (int64_t)limit);
    int rc = sql_all(&q, sizeof **ret, get_champion, &items, ret_n, e);
    *ret = items;
    return rc;
}

int store_previous_champion(struct store *s, int64_t deployment_id, char *buf, size_t size)
{
    struct sql q;
    str_copy(buf, size, "");
    /* A moment without alias, or a move there and back, is not a version to go back to. */
    sql_open(&q, s,
             "SELECT version FROM champion WHERE deployment_id = ?1 AND version <> ''"
             " AND version <> (SELECT version FROM champion WHERE deployment_id = ?1"
             " AND version <> '' ORDER BY id DESC LIMIT 1) ORDER BY id DESC LIMIT 1");
    sql_put_int(&q, deployment_id);
    int rc = sql_step(&q, NULL);
    if (rc > 0)
        sql_get_text(&q, buf, size);
    sql_end(&q);
    return rc > 0 ? 0 : rc == 0 ? ERR_ABSENT : rc;
}
