/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/deployment.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/query/lists.h"
#include "driftop/store/read_drift.h"
#include "fleet_private.h"
#include "member_private.h"

#define HISTORY_STEP_MS 30000
#define ACTS_SHOWN      20
#define RESOLVED_MS     (24 * 3600000LL)

static int load_history(struct store *s, const struct version_state *v, int64_t now_ms,
                        struct version_history *ret, struct err *e)
{
    const struct {
        enum metric metric;
        double *points;
    } lines[] = {
        {METRIC_RATE, ret->rate},
        {METRIC_ERRORS, ret->errors},
        {METRIC_P99, ret->p99},
        {METRIC_SHARE, ret->share},
    };
    int rc = 0;
    for (size_t i = 0; i < sizeof lines / sizeof *lines && rc == 0; i++)
        rc = store_metric(s, v->id, lines[i].metric, now_ms, HISTORY_STEP_MS, lines[i].points,
                          HISTORY_POINTS, e);
    return rc;
}

static int load_histories(struct store *s, struct deployment_view *view, struct err *e)
{
    int rc = 0;
    view->history_step_ms = HISTORY_STEP_MS;
    view->history = calloc(view->line.n_versions + 1, sizeof *view->history);
    if (!view->history)
        return err_set(e, ERR_NOMEM, "%zu versions", view->line.n_versions);
    for (size_t i = 0; i < view->line.n_versions && rc == 0; i++)
        rc = load_history(s, &view->line.versions[i], view->at_ms, &view->history[i], e);
    return rc;
}

static int take_alerts(const struct snapshot *sn, struct deployment_view *view, struct err *e)
{
    view->alerts = calloc(sn->n_alerts + 1, sizeof *view->alerts);
    if (!view->alerts)
        return err_set(e, ERR_NOMEM, "%zu alerts", sn->n_alerts);
    for (size_t i = 0; i < sn->n_alerts; i++) {
        if (strcmp(sn->alerts[i].deployment, view->line.deployment.name) != 0)
            continue;
        view->alerts[view->n_alerts++] = sn->alerts[i];
        fleet_line_alert(&view->line, &sn->alerts[i]);
    }
    return 0;
}

static int take_sources(const struct snapshot *sn, struct deployment_view *view, struct err *e)
{
    const struct source_state *const *sources =
        snapshot_sources(sn, view->line.deployment.name, &view->n_sources);
    view->sources = calloc(view->n_sources + 1, sizeof *view->sources);
    if (!view->sources) {
        view->n_sources = 0;
        return err_set(e, ERR_NOMEM, "reading sources");
    }
    for (size_t i = 0; i < view->n_sources; i++)
        view->sources[i] = *sources[i];
    return 0;
}

static int take_acts(struct store *s, struct deployment_view *view, struct err *e)
{
    struct act_list list;
    int rc = act_list_load(s, 0, view->at_ms, &list, e);
    view->acts = rc == 0 ? calloc(ACTS_SHOWN, sizeof *view->acts) : NULL;
    if (rc == 0 && !view->acts)
        rc = err_set(e, ERR_NOMEM, "reading acts");
    for (size_t i = 0; i < list.n_acts && rc == 0 && view->n_acts < ACTS_SHOWN; i++) {
        const struct act_row *row = &list.acts[i];
        if (strcmp(row->deployment, view->line.deployment.name) != 0)
            continue;
        struct act_line *act = &view->acts[view->n_acts++];
        str_copy(act->act, sizeof act->act, row->id);
        str_copy(act->state, sizeof act->state, row->state);
        str_copy(act->intent, sizeof act->intent, row->intent);
        str_copy(act->by, sizeof act->by, row->by);
        act->at_ms = row->at_ms;
    }
    act_list_done(&list);
    return rc;
}

int deployment_view_load(struct store *s, const char *name, int64_t now_ms,
                         struct deployment_view *ret, struct err *e)
{
    const struct deployment_state *d = NULL;
    struct snapshot sn;

    *ret = (struct deployment_view){.at_ms = now_ms};
    int rc = snapshot_load(s, now_ms - RESOLVED_MS, now_ms, &sn, e);
    ret->status = sn.status;
    if (rc == 0)
        rc = snapshot_need(&sn, name, &d, e);
    if (rc == 0)
        rc = fleet_line_load(s, &sn, d, true, &ret->line, e);
    if (rc == 0)
        rc = take_alerts(&sn, ret, e);
    if (rc == 0)
        rc = take_sources(&sn, ret, e);
    if (rc == 0)
        fleet_line_settle(&ret->line, &sn);
    snapshot_done(&sn);
    if (rc == 0)
        rc = load_histories(s, ret, e);
    if (rc == 0)
        rc = drift_view_load(s, name, DRIFT_ANY_SPAN, now_ms, &ret->drift, e);
    if (rc == 0)
        rc = take_acts(s, ret, e);
    if (rc < 0)
        deployment_view_done(ret);
    return rc;
}

void deployment_view_done(struct deployment_view *d)
{
    fleet_line_done(&d->line);
    drift_view_done(&d->drift);
    free(d->history);
    free(d->alerts);
    free(d->sources);
    free(d->acts);
    *d = (struct deployment_view){0};
}

static struct json *points_json(const double *points)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < HISTORY_POINTS; i++)
        json_append(list, json_new_real(points[i]));
    return list;
}

static struct json *history_json(const struct deployment_view *d)
{
    struct json *o = json_new_object(), *list = json_new_array();

    member_real(o, "step_s", true, (double)d->history_step_ms / 1000);
    for (size_t i = 0; i < d->line.n_versions; i++) {
        struct json *version = json_new_object();
        member_text(version, "version", d->line.versions[i].version);
        json_put(version, "request_rate", points_json(d->history[i].rate));
        json_put(version, "error_ratio", points_json(d->history[i].errors));
        json_put(version, "latency_p99_s", points_json(d->history[i].p99));
        json_put(version, "effective_ratio", points_json(d->history[i].share));
        json_append(list, version);
    }
    json_put(o, "versions", list);
    return o;
}

static struct json *acts_json(const struct deployment_view *d)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < d->n_acts; i++) {
        struct json *o = json_new_object();
        member_text(o, "id", d->acts[i].act);
        member_text(o, "intent", d->acts[i].intent);
        member_text(o, "state", d->acts[i].state);
        member_text(o, "by", d->acts[i].by);
        member_time(o, "at", d->acts[i].at_ms);
        json_append(list, o);
    }
    return list;
}

struct json *deployment_view_json(const struct deployment_view *d)
{
    struct json *o = query_json("driftop.show.v1", d->at_ms), *alerts = json_new_array();
    struct json *drift = drift_view_json(&d->drift);
    struct json *features = json_get(drift, "features");

    json_put(o, "deployment", fleet_line_json(&d->line, d->at_ms));
    json_put(o, "features", features ? json_keep(features) : json_new_array());
    json_drop(drift);
    for (size_t i = 0; i < d->n_alerts; i++)
        json_append(alerts, alert_json(&d->alerts[i]));
    json_put(o, "alerts", alerts);
    json_put(o, "acts", acts_json(d));
    json_put(o, "history", history_json(d));
    json_put(o, "status", status_json(&d->status));
    return o;
}
