/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/triage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/map.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "evidence_private.h"

/* Evidence is looked up for so many deployments; in a storm the rest stays without. */
#define EVIDENCE_DEPLOYMENTS 64

/* The lines while alerts are gathered into them. */
struct gathering {
    struct triage_line *lines;
    const struct alert_state **leads; /* the alert that speaks for the line */
    size_t n_lines, lines_capacity, leads_capacity;
    struct map by_key; /* deployment, version, rule */
};

/* A drift's summary in the few words that a column has: what an alert says in full is one key away. */
static void put_summary(const char *summary, char *buf, size_t size)
{
    static const struct {
        const char *begins, *brief;
    } words[] = {{"more missing values, over ", "missing +"},
                 {"fewer missing values, over ", "missing -"},
                 {"new values, over ", "new >"},
                 {"out of range, over ", "range >"}};
    static const char *const tails[] = {" over its floor", ", n=", ", against the champion"};
    const char *brief = "";

    /* Beside the name of the prediction "score" says it twice, and the number goes out of sight. */
    if (strncmp(summary, "score ", 6) == 0)
        summary += 6;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(summary, words[i].begins, strlen(words[i].begins)) == 0) {
            brief = words[i].brief;
            summary += strlen(words[i].begins);
            break;
        }
    size_t length = strlen(summary);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        const char *at = strstr(summary, tails[i]);
        if (at && (size_t)(at - summary) < length)
            length = (size_t)(at - summary);
    }
    snprintf(buf, size, "%s%.*s%s", brief, (int)length, summary,
             strstr(summary, tails[2]) ? " vs champion" : "");
}

static void put_symptom(struct triage_line *line, const struct alert_state *lead)
{
    char more[64] = "", summary[MODEL_TEXT_SIZE];
    const char *what = lead->rule == ALERT_DRIFT ? "feature" : "source";
    int others = line->n_alerts - 1;

    if (others > 0)
        snprintf(more, sizeof more, " (+%d %s%s)", others, what, others > 1 ? "s" : "");
    if (lead->rule != ALERT_DRIFT) {
        snprintf(line->symptom, sizeof line->symptom, "%.190s%s", lead->summary, more);
        return;
    }
    put_summary(lead->summary, summary, sizeof summary);
    snprintf(line->symptom, sizeof line->symptom, "%.100s %.90s%s", lead->feature, summary, more);
}

/* How often over its threshold: features may stand on different statistics. */
static double weight_of(const struct alert_state *a)
{
    return a->threshold > 0 ? a->value / a->threshold : a->value;
}

static bool speaks_before(const struct alert_state *a, const struct alert_state *b)
{
    if (a->severity != b->severity)
        return a->severity > b->severity;
    if ((a->acked_ms == 0) != (b->acked_ms == 0))
        return a->acked_ms == 0;
    double x = weight_of(a), y = weight_of(b);
    return x > y || (isnan(y) && !isnan(x));
}

static int new_line(struct gathering *g, const struct alert_state *a, union map_value *place)
{
    if (VEC_ROOM(g->lines, g->n_lines, g->lines_capacity, 1) < 0 ||
        VEC_ROOM(g->leads, g->n_lines, g->leads_capacity, 1) < 0)
        return ERR_NOMEM;
    struct triage_line *line = &g->lines[g->n_lines];
    *line = (struct triage_line){.rule = a->rule, .since_ms = a->since_ms, .acked = true};
    line->severity = SEVERITY_TICKET;
    str_copy(line->deployment, sizeof line->deployment, a->deployment);
    str_copy(line->version, sizeof line->version, a->version);
    g->leads[g->n_lines] = a;
    place->number = (int64_t)g->n_lines++;
    return 0;
}

static int gather(struct gathering *g, const struct alert_state *a)
{
    char key[3 * MODEL_NAME_SIZE];
    bool is_new = false;

    snprintf(key, sizeof key, "%d\x1f%s\x1f%s", (int)a->rule, a->deployment, a->version);
    union map_value *place = map_put(&g->by_key, key, &is_new);
    if (!place || (is_new && new_line(g, a, place) < 0))
        return ERR_NOMEM;
    struct triage_line *line = &g->lines[place->number];
    line->n_alerts++;
    if (a->severity == ALERT_PAGE)
        line->severity = SEVERITY_PAGE;
    if (a->since_ms < line->since_ms)
        line->since_ms = a->since_ms;
    line->acked = line->acked && a->acked_ms;
    if (speaks_before(a, g->leads[place->number]))
        g->leads[place->number] = a;
    return 0;
}

static int gather_all(const struct snapshot *sn, struct gathering *g, struct err *e)
{
    int rc = 0;
    for (size_t i = 0; i < sn->n_alerts && rc == 0; i++)
        if (sn->alerts[i].phase == ALERT_FIRING)
            rc = gather(g, &sn->alerts[i]);
    if (rc < 0)
        return err_set(e, rc, "gathering alerts");
    for (size_t i = 0; i < g->n_lines; i++) {
        struct triage_line *line = &g->lines[i];
        line->alert_id = g->leads[i]->id;
        str_copy(line->feature, sizeof line->feature, g->leads[i]->feature);
        if (line->acked)
            str_copy(line->acked_by, sizeof line->acked_by, g->leads[i]->acked_by);
        put_symptom(line, g->leads[i]);
    }
    return 0;
}

/* What no rule tells because nobody watches the watchers: the recorder itself, and sources that
 * are not asked regularly. */
static int add_line(struct gathering *g, const char *deployment, const char *symptom,
                    int64_t since_ms)
{
    if (VEC_ROOM(g->lines, g->n_lines, g->lines_capacity, 1) < 0)
        return ERR_NOMEM;
    struct triage_line *line = &g->lines[g->n_lines++];
    *line = (struct triage_line){.severity = SEVERITY_STALE, .rule = ALERT_STALE};
    line->since_ms = since_ms;
    str_copy(line->deployment, sizeof line->deployment, deployment);
    str_copy(line->symptom, sizeof line->symptom, symptom);
    return 0;
}

static bool has_alert(const struct snapshot *sn, const struct source_state *s)
{
    for (size_t i = 0; i < sn->n_alerts; i++)
        if (sn->alerts[i].rule == ALERT_STALE && sn->alerts[i].phase == ALERT_FIRING &&
            strcmp(sn->alerts[i].feature, s->name) == 0)
            return true;
    return false;
}

static int add_stale(const struct snapshot *sn, struct gathering *g, struct err *e)
{
    const struct status *st = &sn->status;
    char text[MODEL_TEXT_SIZE];
    int rc = 0;

    if (st->quiet) {
        snprintf(text, sizeof text, "%s%.180s",
                 st->recording ? "recorder writes nothing " : "nobody records: all is old ",
                 st->fault);
        rc = add_line(g, "", text, st->written_ms);
    }
    for (size_t i = 0; i < sn->n_sources && rc == 0 && !st->quiet; i++) {
        const struct source_state *s = &sn->sources[i];
        if (source_severity(s, st, sn->now_ms) != SEVERITY_STALE || has_alert(sn, s))
            continue;
        snprintf(text, sizeof text, "%s: %.200s", source_kind_name(s->kind),
                 s->fault[0] ? s->fault : "no answer");
        rc = add_line(g, s->deployment[0] ? s->deployment : s->name, text, s->ok_ms);
    }
    return rc < 0 ? err_set(e, rc, "gathering sources") : 0;
}

static int by_deployment(const void *a, const void *b)
{
    const struct triage_line *x = a, *y = b;
    int order = (int)y->severity - (int)x->severity;
    return order ? order : strcmp(x->deployment, y->deployment);
}

static void put_changed(const struct evidence *ev, struct triage_line *line)
{
    char age[CLOCK_TEXT_SIZE];
    int64_t width_ms, onset_ms = evidence_onset(ev, line, &width_ms);
    const struct change *c = evidence_change(ev, line->version, onset_ms + width_ms);
    if (!c) {
        str_copy(line->changed, sizeof line->changed, "none found");
        str_copy(line->changed_brief, sizeof line->changed_brief, "none found");
        return;
    }
    line->changed_ms = c->at_ms;
    clock_format_age(ev->sn->now_ms - c->at_ms, age);
    snprintf(line->changed, sizeof line->changed, "%.50s %.12s", c->text, age);
    snprintf(line->changed_brief, sizeof line->changed_brief, "%.34s %.12s", c->brief, age);
}

static void put_evidence(const struct evidence *ev, struct triage_line *line)
{
    char reason[MODEL_TEXT_SIZE];
    const struct witness *w = evidence_of(ev, line->version);

    str_copy(line->owner, sizeof line->owner, ev->d->owner);
    line->surface = surface_of(ev, line, reason, sizeof reason);
    if (w && (w->v->has & VERSION_EFFECTIVE)) {
        line->has_share = true;
        line->share_ratio = w->v->effective_ratio;
    }
    if (line->rule != ALERT_STALE)
        put_changed(ev, line);
}

/* Lines of one deployment stand together here, the worst first: each deployment is read once. */
static int add_evidence(struct store *s, const struct snapshot *sn, struct triage_line *lines,
                        size_t n_lines, struct err *e)
{
    struct evidence ev = {0};
    int n_read = 0, rc = 0;

    for (size_t i = 0; i < n_lines && rc == 0; i++) {
        const struct deployment_state *d = snapshot_find(sn, lines[i].deployment);
        if (!d)
            continue;
        if (ev.d != d) {
            evidence_done(&ev);
            if (n_read++ == EVIDENCE_DEPLOYMENTS)
                break;
            rc = evidence_load(s, sn, d, &ev, e);
        }
        if (rc == 0)
            put_evidence(&ev, &lines[i]);
    }
    evidence_done(&ev);
    return rc;
}

static int by_urgency(const void *a, const void *b)
{
    const struct triage_line *x = a, *y = b;
    int order = (int)y->severity - (int)x->severity;
    if (!order)
        order = (int)x->acked - (int)y->acked;
    if (!order)
        order = (x->since_ms < y->since_ms) - (x->since_ms > y->since_ms);
    if (!order)
        order = strcmp(x->deployment, y->deployment);
    return order ? order : strcmp(x->version, y->version);
}

int triage_load(struct store *s, int64_t now_ms, struct triage *ret, struct err *e)
{
    struct gathering g = {0};
    struct snapshot sn;

    *ret = (struct triage){.at_ms = now_ms};
    int rc = snapshot_load(s, INT64_MAX, now_ms, &sn, e);
    ret->status = sn.status;
    map_init(&g.by_key);
    if (rc == 0)
        rc = gather_all(&sn, &g, e);
    if (rc == 0)
        rc = add_stale(&sn, &g, e);
    if (rc == 0 && g.n_lines) {
        qsort(g.lines, g.n_lines, sizeof *g.lines, by_deployment);
        rc = add_evidence(s, &sn, g.lines, g.n_lines, e);
        qsort(g.lines, g.n_lines, sizeof *g.lines, by_urgency);
    }
    map_done(&g.by_key);
    free(g.leads);
    snapshot_done(&sn);
    ret->lines = g.lines;
    ret->n_lines = g.n_lines;
    if (rc < 0)
        triage_done(ret);
    return rc;
}

void triage_done(struct triage *t)
{
    free(t->lines);
    *t = (struct triage){0};
}

/* Pages first; then whether anybody would know; then tickets; then doubts. */
enum severity triage_severity(const struct triage *t)
{
    if (t->status.n_page)
        return SEVERITY_PAGE;
    if (t->status.quiet)
        return SEVERITY_STALE;
    return t->status.n_ticket ? SEVERITY_TICKET : status_severity(&t->status);
}
