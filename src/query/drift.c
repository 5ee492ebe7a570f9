/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drift_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "driftop/stats/verdict.h"
#include "member_private.h"
#include "snapshot_private.h"

/* Page thresholds of the verdict: a score of 1 is where a page begins. */
#define PAGE_PSI  0.25
#define PAGE_JS   0.0225
#define PAGE_KS   0.10
#define PAGE_RATE 0.02

const char *window_span_name(enum window_span span)
{
    switch (span) {
    case WINDOW_15M: return "15m";
    case WINDOW_1H: return "1h";
    case WINDOW_24H: return "24h";
    }
    return "-";
}

/* fmax() passes over what is NaN. */
static double score_of(const struct drift_summary *d)
{
    double score = fmax(0, (double)d->psi_excess / PAGE_PSI);
    score = fmax(score, (double)d->js_excess / PAGE_JS);
    score = fmax(score, (double)d->ks_low / PAGE_KS);
    return fmax(score, (double)d->rate_gap / PAGE_RATE);
}

struct loading {
    struct drift_view *view;
    size_t capacity;
    enum window_span span;
};

static void count(struct drift_view *view, const struct drift_line *line)
{
    view->n_cells++;
    if (!line->in_service)
        return;
    view->n_page += line->severity == SEVERITY_PAGE;
    view->n_warn += line->severity == SEVERITY_TICKET;
    view->n_ok += line->severity == SEVERITY_OK;
    view->n_unknown += line->severity == SEVERITY_UNKNOWN || line->severity == SEVERITY_STALE;
}

static int add_line(struct loading *l, const struct drift_line *line)
{
    struct drift_view *view = l->view;
    if (VEC_ROOM(view->lines, view->n_lines, l->capacity, 1) < 0)
        return ERR_NOMEM;
    view->lines[view->n_lines++] = *line;
    count(view, line);
    return 0;
}

static int add_version(struct store *s, struct loading *l, const struct snapshot *sn,
                       const struct deployment_state *d, const struct version_state *v,
                       const struct layout *layout, struct err *e)
{
    struct summaries all;
    struct drift_line line = {.in_service = version_in_service(v, sn->now_ms)};
    int rc = summaries_load(s, v->id, &sn->status, sn->now_ms, &all, e);

    str_copy(line.deployment, sizeof line.deployment, d->name);
    str_copy(line.version, sizeof line.version, v->version);
    line.at_ms = all.at_ms;
    enum window_span span = l->span == DRIFT_ANY_SPAN ? all.span : l->span;
    for (size_t i = 0; i < all.n_items && rc == 0; i++) {
        const struct drift_summary *item = &all.items[i];
        if (item->span != (uint8_t)span || item->feature >= layout->n_features)
            continue;
        const char *name = layout->features[item->feature].name;
        str_copy(line.feature, sizeof line.feature, name);
        line.summary = *item;
        line.severity = summaries_severity(&all, item);
        line.score = score_of(item);
        line.prediction = strcmp(name, layout->prediction) == 0;
        rc = add_line(l, &line);
    }
    free(all.items);
    return rc;
}

static int add_deployment(struct store *s, struct loading *l, const struct snapshot *sn,
                          const struct deployment_state *d, struct err *e)
{
    struct layout *layout;
    size_t n;
    int rc = store_layout_names(s, d->id, &layout, e);
    if (rc < 0)
        return rc == ERR_ABSENT ? 0 : rc;
    const struct version_state *versions = snapshot_versions(sn, d->id, &n);
    l->view->n_deployments++;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = add_version(s, l, sn, d, &versions[i], layout, e);
    layout_free(layout);
    return rc == ERR_NOMEM ? err_set(e, rc, "reading drift") : rc;
}

static int worst_first(const void *a, const void *b)
{
    const struct drift_line *x = a, *y = b;
    if (x->in_service != y->in_service)
        return (int)y->in_service - (int)x->in_service;
    if (x->severity != y->severity)
        return (int)y->severity - (int)x->severity;
    if (x->score > y->score || x->score < y->score)
        return x->score < y->score ? 1 : -1;
    int order = strcmp(x->deployment, y->deployment);
    if (!order)
        order = strcmp(x->feature, y->feature);
    return order ? order : strverscmp(x->version, y->version);
}

int drift_view_load(struct store *s, const char *deployment, enum window_span span, int64_t now_ms,
                    struct drift_view *ret, struct err *e)
{
    struct loading l = {.view = ret, .span = span};
    const struct deployment_state *one = NULL;
    struct snapshot sn;

    *ret = (struct drift_view){.at_ms = now_ms, .span = span};
    int rc = snapshot_load(s, INT64_MAX, now_ms, &sn, e);
    if (rc == 0 && deployment)
        rc = snapshot_need(&sn, deployment, &one, e);
    ret->status = sn.status;
    for (size_t i = 0; i < sn.n_deployments && rc == 0; i++)
        if (!one || one == &sn.deployments[i])
            rc = add_deployment(s, &l, &sn, &sn.deployments[i], e);
    snapshot_done(&sn);
    if (rc < 0) {
        drift_view_done(ret);
        return rc;
    }
    if (ret->n_lines)
        qsort(ret->lines, ret->n_lines, sizeof *ret->lines, worst_first);
    return 0;
}

void drift_view_done(struct drift_view *d)
{
    free(d->lines);
    *d = (struct drift_view){0};
}

enum severity drift_view_severity(const struct drift_view *d)
{
    if (d->n_page)
        return SEVERITY_PAGE;
    if (d->status.quiet)
        return SEVERITY_STALE;
    if (d->n_warn)
        return SEVERITY_TICKET;
    return d->n_unknown || !d->n_ok ? SEVERITY_UNKNOWN : SEVERITY_OK;
}

static const char *verdict_word(const struct drift_line *line)
{
    return line->severity == SEVERITY_STALE ? verdict_name(VERDICT_UNKNOWN)
                                            : verdict_name((enum verdict)line->summary.verdict);
}

static struct json *line_json(const struct drift_line *line, int64_t now_ms)
{
    struct json *o = json_new_object(), *bracket = json_new_object();
    const struct drift_summary *d = &line->summary;

    member_text(o, "deployment", line->deployment);
    member_text(o, "feature", line->feature);
    member_text(o, "version", line->version);
    member_text(o, "verdict", verdict_word(line));
    member_text(o, "window", window_span_name((enum window_span)d->span));
    member_int(o, "n", d->rows);
    member_real(o, "psi_excess", true, (double)d->psi_excess);
    member_real(o, "js_excess_divergence", true, (double)d->js_excess);
    member_real(bracket, "low", true, (double)d->ks_low);
    member_real(bracket, "high", true, (double)d->ks_high);
    json_put(o, "ks_bracket", bracket);
    member_real(o, "rate_gap", true, (double)d->rate_gap);
    member_real(o, "score", true, line->score);
    member_bool(o, "in_service", true, line->in_service);
    member_bool(o, "prediction", true, line->prediction);
    member_age(o, "age_s", now_ms, line->at_ms);
    return o;
}

struct json *drift_view_json(const struct drift_view *d)
{
    struct json *o = query_json("driftop.drift.v1", d->at_ms), *counts = json_new_object();
    struct json *lines = json_new_array();

    json_put(o, "status", status_json(&d->status));
    member_text(o, "window", d->span == DRIFT_ANY_SPAN ? NULL : window_span_name(d->span));
    member_int(counts, "deployments", d->n_deployments);
    member_int(counts, "cells", d->n_cells);
    member_int(counts, "page", d->n_page);
    member_int(counts, "warn", d->n_warn);
    member_int(counts, "unknown", d->n_unknown);
    member_int(counts, "ok", d->n_ok);
    json_put(o, "counts", counts);
    for (size_t i = 0; i < d->n_lines; i++)
        json_append(lines, line_json(&d->lines[i], d->at_ms));
    json_put(o, "features", lines);
    return o;
}
