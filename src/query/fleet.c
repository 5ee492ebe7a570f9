/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/fleet.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "fleet_private.h"
#include "member_private.h"

static int by_number(double a, double b)
{
    return (a < b) - (a > b);
}

static double request_rate(const struct fleet_line *line)
{
    double sum = 0;
    for (size_t i = 0; i < line->n_versions; i++)
        if (line->versions[i].has & VERSION_RATE)
            sum += line->versions[i].request_rate;
    return sum;
}

/* By risk: how bad, how much of it, how many requests are behind it. */
static int by_risk(const void *a, const void *b)
{
    const struct fleet_line *x = a, *y = b;
    int order = by_number(x->severity, y->severity);
    if (!order)
        order = by_number(x->alerts_page, y->alerts_page);
    if (!order)
        order = by_number(x->alerts_ticket, y->alerts_ticket);
    if (!order)
        order = by_number(x->drift_page, y->drift_page);
    if (!order)
        order = by_number(request_rate(x), request_rate(y));
    return order ? order : strcmp(x->deployment.name, y->deployment.name);
}

static int load_lines(struct store *s, const struct snapshot *sn, struct fleet_view *ret,
                      struct err *e)
{
    int rc = 0;
    ret->lines = calloc(sn->n_deployments + 1, sizeof *ret->lines);
    if (!ret->lines)
        return err_set(e, ERR_NOMEM, "%zu deployments", sn->n_deployments);
    while (ret->n_lines < sn->n_deployments && rc == 0) {
        size_t i = ret->n_lines++;
        rc = fleet_line_load(s, sn, &sn->deployments[i], false, &ret->lines[i], e);
    }
    for (size_t i = 0; i < sn->n_alerts && rc == 0; i++) {
        const struct deployment_state *d = snapshot_find(sn, sn->alerts[i].deployment);
        if (d)
            fleet_line_alert(&ret->lines[d - sn->deployments], &sn->alerts[i]);
    }
    return rc;
}

int fleet_view_load(struct store *s, int64_t now_ms, struct fleet_view *ret, struct err *e)
{
    struct snapshot sn;
    *ret = (struct fleet_view){.at_ms = now_ms};
    int rc = snapshot_load(s, INT64_MAX, now_ms, &sn, e);
    if (rc == 0)
        rc = load_lines(s, &sn, ret, e);
    ret->status = sn.status;
    for (size_t i = 0; i < ret->n_lines && rc == 0; i++)
        fleet_line_settle(&ret->lines[i], &sn);
    snapshot_done(&sn);
    if (rc < 0) {
        fleet_view_done(ret);
        return rc;
    }
    qsort(ret->lines, ret->n_lines, sizeof *ret->lines, by_risk);
    return 0;
}

void fleet_view_done(struct fleet_view *f)
{
    for (size_t i = 0; i < f->n_lines; i++)
        fleet_line_done(&f->lines[i]);
    free(f->lines);
    *f = (struct fleet_view){0};
}

static struct json *version_json(const struct version_state *v, const struct version_sum *sum,
                                 int64_t now_ms)
{
    struct json *o = json_new_object();
    int64_t at_ms = 0, times[] = {v->ready_at_ms, v->traffic_at_ms, v->metrics_at_ms};

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (times[i] && (!at_ms || times[i] < at_ms))
            at_ms = times[i];
    member_text(o, "version", v->version);
    member_text(o, "target", v->target);
    member_real(o, "desired_ratio", v->has & VERSION_DESIRED, v->desired_ratio);
    member_real(o, "effective_ratio", v->has & VERSION_EFFECTIVE, v->effective_ratio);
    member_real(o, "observed_ratio", v->has & VERSION_OBSERVED, v->observed_ratio);
    member_real(o, "request_rate", v->has & VERSION_RATE, v->request_rate);
    member_real(o, "error_ratio", v->has & VERSION_ERRORS, v->error_ratio);
    member_real(o, "latency_p50_s", v->has & VERSION_P50, v->latency_p50_s);
    member_real(o, "latency_p99_s", v->has & VERSION_P99, v->latency_p99_s);
    member_real(o, "latency_mean_s", v->has & VERSION_MEAN, v->latency_mean_s);
    member_bool(o, "latency_p99_is_lower_bound", v->has & VERSION_P99, v->has & VERSION_P99_OVER);
    member_real(o, "queue", v->has & VERSION_QUEUE, v->queue);
    /* An old "ready" is no answer to whether it is. */
    member_bool(o, "ready", (v->has & VERSION_READY) && !sum->ready_stale, v->ready);
    member_text(o, "state", v->state);
    member_bool(o, "in_service", true, sum->in_service);
    member_bool(o, "stale", true, sum->ready_stale || sum->traffic_stale || sum->metrics_stale);
    member_age(o, "age_s", now_ms, at_ms);
    member_time(o, "rows_at", v->rows_at_ms);
    member_int(o, "rows", (int64_t)v->rows_total);
    return o;
}

/* A verdict in the words of the statistics; what is old is not known. */
static const char *drift_word(enum severity s)
{
    switch (s) {
    case SEVERITY_PAGE: return "page";
    case SEVERITY_TICKET: return "warn";
    case SEVERITY_OK: return "ok";
    case SEVERITY_UNKNOWN:
    case SEVERITY_STALE: break;
    }
    return "unknown";
}

struct json *fleet_line_json(const struct fleet_line *line, int64_t now_ms)
{
    struct json *o = json_new_object(), *versions = json_new_array();
    struct json *drift = json_new_object(), *alerts = json_new_object();

    member_text(o, "name", line->deployment.name);
    member_text(o, "champion", line->deployment.champion);
    member_bool(o, "ready", line->has_ready, line->ready);
    member_text(o, "severity", severity_word(line->severity));
    member_text(o, "owner", line->deployment.owner);
    member_text(o, "runbook", line->deployment.runbook);
    member_age(o, "age_s", now_ms, line->oldest_ms);
    for (size_t i = 0; i < line->n_versions; i++)
        json_append(versions, version_json(&line->versions[i], &line->sums[i], now_ms));
    json_put(o, "versions", versions);
    member_text(drift, "verdict", drift_word(line->drift));
    member_int(drift, "page", line->drift_page);
    member_int(drift, "warn", line->drift_warn);
    member_int(drift, "unknown", line->drift_unknown);
    json_put(o, "drift", drift);
    member_int(alerts, "page", line->alerts_page);
    member_int(alerts, "ticket", line->alerts_ticket);
    json_put(o, "alerts", alerts);
    return o;
}

struct json *fleet_view_json(const struct fleet_view *f)
{
    struct json *o = query_json("driftop.ls.v1", f->at_ms), *list = json_new_array();

    json_put(o, "status", status_json(&f->status));
    for (size_t i = 0; i < f->n_lines; i++)
        json_append(list, fleet_line_json(&f->lines[i], f->at_ms));
    json_put(o, "deployments", list);
    return o;
}
