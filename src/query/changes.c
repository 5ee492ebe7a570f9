/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What changed before: shares of traffic from the metric history, the alias from its own history,
 * acts from the end of the audit log.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/str.h"
#include "driftop/store/audit.h"
#include "evidence_private.h"

#define STEP_MS      30000
#define STEPS        ((size_t)(EVIDENCE_REACH_MS / STEP_MS))
#define SHARE_CHANGE 0.01 /* a smaller one is rounding */
#define ALIAS_ROWS   8
/* A change and what it does are read at different times. */
#define ABOUT_MS 60000

/* Room for one more; the oldest gives way, for the latest are looked for. */
static struct change *add_change(struct evidence *ev, enum change_kind kind, int64_t at_ms)
{
    struct change *c;
    if (ev->n_changes < EVIDENCE_CHANGES) {
        c = &ev->changes[ev->n_changes++];
    } else {
        c = &ev->changes[0];
        for (size_t i = 1; i < ev->n_changes; i++)
            if (ev->changes[i].at_ms < c->at_ms)
                c = &ev->changes[i];
        if (c->at_ms >= at_ms)
            return NULL;
    }
    *c = (struct change){.kind = kind, .at_ms = at_ms};
    return c;
}

/* from_known: it stood there for a while. The first step of the history may be the mean of two. */
static void add_share(struct evidence *ev, const struct version_state *v, double from,
                      bool from_known, double to, int64_t at_ms)
{
    char label[VERSION_LABEL_SIZE];
    struct change *c = add_change(ev, CHANGE_TRAFFIC, at_ms);
    if (!c)
        return;
    str_copy(c->version, sizeof c->version, v->version);
    c->rises = to > from;
    version_label(v->version, label);
    if (from_known)
        snprintf(c->text, sizeof c->text, "%.90s %.3g>%.3g%%", label, from * 100, to * 100);
    else
        snprintf(c->text, sizeof c->text, "%.90s to %.3g%%", label, to * 100);
    snprintf(c->brief, sizeof c->brief, "%.28s>%.3g%%", label, to * 100);
}

/* A step that spans the change holds a mean of both: the steps of one move are taken as one. */
static int add_shares(struct store *s, struct evidence *ev, const struct version_state *v,
                      double *points, struct err *e)
{
    int64_t to_ms = ev->sn->now_ms;
    double last = NAN, from = NAN;
    int64_t moved_ms = 0;
    bool steady = false, from_known = false;
    int rc = store_metric(s, v->id, METRIC_SHARE, to_ms, STEP_MS, points, STEPS, e);

    for (size_t i = 0; i < STEPS && rc == 0; i++) {
        int64_t at_ms = to_ms - (int64_t)(STEPS - i) * STEP_MS;
        if (isnan(points[i]))
            continue;
        if (!ev->traffic_from_ms || at_ms < ev->traffic_from_ms)
            ev->traffic_from_ms = at_ms;
        bool moves = !isnan(last) && fabs(points[i] - last) >= SHARE_CHANGE;
        if (moves && !moved_ms) {
            moved_ms = at_ms;
            from = last;
            from_known = steady;
        } else if (!moves && moved_ms) {
            add_share(ev, v, from, from_known, last, moved_ms);
            moved_ms = 0;
        }
        steady = !moves && !isnan(last);
        last = points[i];
    }
    if (rc == 0 && moved_ms)
        add_share(ev, v, from, from_known, last, moved_ms);
    return rc;
}

static int add_aliases(struct store *s, struct evidence *ev, struct err *e)
{
    struct champion_row *rows;
    size_t n;
    int rc = store_champions(s, ev->d->id, ALIAS_ROWS, &rows, &n, e);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i + 1 < n; i++) {
        struct change *c = add_change(ev, CHANGE_ALIAS, rows[i].at_ms);
        const char *to = rows[i].version[0] ? rows[i].version : "none";
        if (!c)
            continue;
        snprintf(c->text, sizeof c->text, "alias %.50s>%.50s",
                 rows[i + 1].version[0] ? rows[i + 1].version : "none", to);
        snprintf(c->brief, sizeof c->brief, "alias>%.28s", to);
    }
    free(rows);
    return 0;
}

/* The audit log is not needed to read the rest: one that cannot be read changes nothing. */
static void add_acts(struct store *s, struct evidence *ev)
{
    struct audit_log log;
    char path[4096];

    if (audit_read_tail(audit_path(store_path(s), path, sizeof path), EVIDENCE_AUDIT_SIZE, &log,
                        NULL) < 0)
        return;
    for (size_t i = 0; i < log.n_events; i++) {
        const struct audit_event *event = &log.events[i];
        const char *deployment = json_text(json_get(event->body, "deployment"), NULL);
        const char *intent = json_text(json_get(event->body, "intent"), NULL);
        if (strcmp(event->state, "sent") != 0 || !deployment ||
            strcmp(deployment, ev->d->name) != 0)
            continue;
        struct change *c = add_change(ev, CHANGE_ACT, event->at_ms);
        if (!c)
            continue;
        snprintf(c->brief, sizeof c->brief, "%.20s", intent ? intent : "act");
        snprintf(c->text, sizeof c->text, "%s by %.*s", c->brief, (int)strcspn(event->by, " "),
                 event->by);
    }
    audit_log_done(&log);
}

static int latest_first(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    return (x->at_ms < y->at_ms) - (x->at_ms > y->at_ms);
}

int evidence_changes(struct store *s, struct evidence *ev, struct err *e)
{
    int rc = 0;

    if (ev->sn->now_ms > EVIDENCE_REACH_MS && ev->d->has_traffic) {
        double *points = calloc(STEPS, sizeof *points);
        if (!points)
            return err_set(e, ERR_NOMEM, "%zu points", STEPS);
        for (size_t i = 0; i < ev->n_witnesses && rc == 0; i++)
            rc = add_shares(s, ev, ev->witnesses[i].v, points, e);
        free(points);
    }
    if (rc == 0 && ev->d->has_registry)
        rc = add_aliases(s, ev, e);
    if (rc == 0)
        add_acts(s, ev);
    qsort(ev->changes, ev->n_changes, sizeof *ev->changes, latest_first);
    return rc;
}

const struct change *evidence_change(const struct evidence *ev, const char *version,
                                     int64_t onset_ms)
{
    const struct change *found = NULL;
    for (size_t i = 0; i < ev->n_changes; i++) {
        const struct change *c = &ev->changes[i];
        if (c->at_ms > onset_ms + ABOUT_MS || c->at_ms < onset_ms - 4 * EVIDENCE_REACH_MS)
            continue;
        if (!found)
            found = c;
        /* One move of traffic shows on every version: that of the version in question says most. */
        if (c->kind == CHANGE_TRAFFIC && found->at_ms - c->at_ms <= ABOUT_MS &&
            strcmp(c->version, version) == 0)
            return c;
    }
    return found;
}
