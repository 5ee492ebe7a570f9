/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/verdict.h"

#define BROKEN (DRIFT_MISSING | DRIFT_INVALID | DRIFT_INFINITE | DRIFT_RANGE | DRIFT_UNSEEN)

char *version_label(const char *version, char buf[VERSION_LABEL_SIZE])
{
    snprintf(buf, VERSION_LABEL_SIZE, "%s%s", isdigit((unsigned char)version[0]) ? "v" : "",
             version);
    return buf;
}

static void add_alerts(const struct snapshot *sn, const char *deployment, struct witness *w)
{
    for (size_t i = 0; i < sn->n_alerts; i++) {
        const struct alert_state *a = &sn->alerts[i];
        if (a->phase != ALERT_FIRING || strcmp(a->version, w->v->version) != 0 ||
            strcmp(a->deployment, deployment) != 0)
            continue;
        w->n_pages += a->severity == ALERT_PAGE;
        w->errors = w->errors || a->rule == ALERT_ERROR_RATIO;
        w->latency = w->latency || a->rule == ALERT_LATENCY;
        w->not_ready = w->not_ready || a->rule == ALERT_NOT_READY;
    }
}

static bool drifts(const struct witness *w, uint32_t feature)
{
    const struct drift_summary *d = summaries_find(&w->drift, feature);
    return d && summaries_severity(&w->drift, d) >= SEVERITY_TICKET;
}

/* Another version, compared with the champion over the same minutes, is well where this one is not. */
static bool well_elsewhere(const struct evidence *ev, const struct witness *w, uint32_t feature)
{
    if (strcmp(w->v->version, ev->d->champion) != 0)
        return false; /* others are compared with the champion: their own summary says it */
    for (size_t i = 0; i < ev->n_witnesses; i++) {
        const struct witness *other = &ev->witnesses[i];
        const struct drift_summary *d =
            other->judged ? summaries_find(&other->drift, feature) : NULL;
        if (other->in_service && d && d->canary >= VERDICT_WARN && d->verdict == VERDICT_OK)
            return true;
    }
    return false;
}

static void add_drift(const struct evidence *ev, struct witness *w)
{
    for (uint32_t i = 0; i < ev->layout->n_features; i++) {
        const struct drift_summary *d = summaries_find(&w->drift, i);
        if (!d)
            continue;
        enum severity severity = summaries_severity(&w->drift, d);
        if ((int)i == ev->prediction) {
            w->has_score = severity == SEVERITY_OK || severity >= SEVERITY_TICKET;
            w->score = severity;
            continue;
        }
        w->n_inputs++;
        if (severity < SEVERITY_TICKET)
            continue;
        /* Values that only this version gets, in the same minutes, are its own fault and not the data's. */
        bool own = d->reason & DRIFT_CANARY || well_elsewhere(ev, w, i);
        w->n_drifting++;
        w->n_own += own;
        w->n_broken += !own && d->reason & BROKEN;
    }
}

static int load_witness(struct store *s, struct evidence *ev, const struct version_state *v,
                        struct witness *ret, struct err *e)
{
    ret->v = v;
    ret->in_service = version_in_service(v, ev->sn->now_ms);
    add_alerts(ev->sn, ev->d->name, ret);
    if (!ev->layout)
        return 0;
    int rc =
        summaries_load(s, v->id, DRIFT_ANY_SPAN, &ev->sn->status, ev->sn->now_ms, &ret->drift, e);
    if (rc < 0)
        return rc;
    rc = store_drift_notes(s, v->id, &ret->notes, &ret->n_notes, e);
    if (rc < 0)
        return rc;
    ret->judged = !ret->drift.old && ret->drift.rows >= VERDICT_MIN_ROWS;
    return 0;
}

int evidence_load(struct store *s, const struct snapshot *sn, const struct deployment_state *d,
                  struct evidence *ret, struct err *e)
{
    size_t n;
    const struct version_state *versions = snapshot_versions(sn, d->id, &n);

    *ret = (struct evidence){.sn = sn, .d = d, .prediction = -1};
    int rc = store_layout_names(s, d->id, &ret->layout, e);
    if (rc < 0 && rc != ERR_ABSENT)
        return rc;
    if (ret->layout)
        ret->prediction =
            layout_find(ret->layout, ret->layout->prediction, strlen(ret->layout->prediction));
    ret->witnesses = calloc(n + 1, sizeof *ret->witnesses);
    if (!ret->witnesses)
        return err_set(e, ERR_NOMEM, "%zu versions", n);
    rc = 0;
    while (ret->n_witnesses < n && rc == 0) {
        size_t i = ret->n_witnesses++;
        rc = load_witness(s, ret, &versions[i], &ret->witnesses[i], e);
    }
    for (size_t i = 0; i < ret->n_witnesses && ret->layout && rc == 0; i++)
        add_drift(ret, &ret->witnesses[i]);
    return rc < 0 ? rc : evidence_changes(s, ret, e);
}

void evidence_done(struct evidence *ev)
{
    for (size_t i = 0; i < ev->n_witnesses; i++) {
        free(ev->witnesses[i].drift.items);
        free(ev->witnesses[i].notes);
    }
    free(ev->witnesses);
    layout_free(ev->layout);
    *ev = (struct evidence){0};
}

const struct witness *evidence_of(const struct evidence *ev, const char *version)
{
    for (size_t i = 0; i < ev->n_witnesses; i++)
        if (strcmp(ev->witnesses[i].v->version, version) == 0)
            return &ev->witnesses[i];
    return NULL;
}

static bool drifts_elsewhere(const struct evidence *ev, const struct witness *w, uint32_t feature)
{
    for (size_t i = 0; i < ev->n_witnesses; i++) {
        const struct witness *other = &ev->witnesses[i];
        if (other != w && other->in_service && other->judged && drifts(other, feature))
            return true;
    }
    return false;
}

size_t evidence_shared(const struct evidence *ev, const struct witness *w)
{
    size_t n = 0;
    for (uint32_t i = 0; ev->layout && i < ev->layout->n_features; i++)
        n += (int)i != ev->prediction && drifts(w, i) && drifts_elsewhere(ev, w, i);
    return n;
}

int64_t evidence_onset(const struct evidence *ev, const struct triage_line *line,
                       int64_t *ret_width_ms)
{
    const struct witness *w = line->rule == ALERT_DRIFT ? evidence_of(ev, line->version) : NULL;
    int at = w && ev->layout ? layout_find(ev->layout, line->feature, strlen(line->feature)) : -1;

    for (size_t i = 0; at >= 0 && i < w->n_notes; i++) {
        if (w->notes[i].feature != (uint32_t)at || !w->notes[i].onset_ms)
            continue;
        *ret_width_ms = w->notes[i].onset_width_ms;
        return w->notes[i].onset_ms;
    }
    *ret_width_ms = 0;
    return line->since_ms;
}
