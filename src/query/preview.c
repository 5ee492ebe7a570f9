/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The preview of one line: the answers that a paged engineer needs, in words, from what is stored
 * and from nothing else. Where the store does not know, the answer is empty or says so.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/verdict.h"
#include "preview_private.h"

#define MINUTES_5 (5 * 60000)
#define HOUR_MS   (60 * 60000)

/* The mean over a span that ends now. */
static double mean_of(const struct previewing *p, enum metric metric, int64_t span_ms)
{
    double point = NAN;
    if (p->w)
        (void)store_metric(p->s, p->w->v->id, metric, p->ev->sn->now_ms, span_ms, &point, 1, NULL);
    return point;
}

/* Is it fresh? The worst source of the deployment, and by how much. */
static void add_freshness(const struct previewing *p, struct str *out)
{
    const struct snapshot *sn = p->ev->sn;
    const struct source_state *worst = NULL;
    char age[CLOCK_TEXT_SIZE];
    size_t n;
    const struct source_state *const *sources = snapshot_sources(sn, p->line->deployment, &n);

    for (size_t i = 0; i < n; i++)
        if (sources[i]->interval_ms > 0 && (!worst || sources[i]->ok_ms < worst->ok_ms))
            worst = sources[i];
    if (sn->status.quiet)
        str_addf(out, "; STALE: nothing recorded for %s",
                 clock_format_age(sn->now_ms - sn->status.written_ms, age));
    else if (worst && source_severity(worst, &sn->status, sn->now_ms) != SEVERITY_OK)
        str_addf(out, "; STALE: %s", worst->name);
    else if (worst)
        str_addf(out, "; sources fresh %s", clock_format_age(sn->now_ms - worst->ok_ms, age));
}

/* " scale x100, since 02:47Z +-1m": what the recorder has found out about it. */
static void add_note(const struct previewing *p, uint32_t feature, struct str *out)
{
    struct drift_note *notes;
    size_t n;
    char shape[96], onset[48];

    if (store_drift_notes(p->s, p->w->v->id, &notes, &n, NULL) < 0)
        return;
    for (size_t i = 0; i < n; i++) {
        struct shape is = {(enum shape_kind)notes[i].shape, notes[i].shape_by};
        if (notes[i].feature != feature)
            continue;
        if (is.kind != SHAPE_OTHER)
            str_addf(out, " %s", drift_shape_text(&is, notes[i].value, shape, sizeof shape));
        drift_onset_text(notes[i].onset_ms, notes[i].onset_width_ms, p->ev->sn->now_ms, onset,
                         sizeof onset);
        if (onset[0])
            str_addf(out, " since %s", onset);
    }
    free(notes);
}

/* What one window says. */
struct told {
    enum window_span span;
    uint8_t verdict;
    uint32_t rows;
};

/* "page in 15m, 1h and 24h n=3738", or each window's own. */
static void add_windows(const struct told *told, size_t n, struct str *out)
{
    bool alike = true;
    for (size_t i = 1; i < n; i++)
        alike = alike && told[i].verdict == told[0].verdict && told[i].rows == told[0].rows;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !alike)
            str_addf(out, "%s %s in", i ? "," : ":", verdict_name((enum verdict)told[i].verdict));
        str_addf(out, "%s %s", i && alike ? "," : "", window_span_name(told[i].span));
        if (!alike || i + 1 == n)
            str_addf(out, " n=%u", told[i].rows);
    }
}

static void add_drift(const struct previewing *p, struct str *out)
{
    const struct layout *layout = p->ev->layout;
    int at = layout ? layout_find(layout, p->line->feature, strlen(p->line->feature)) : -1;
    struct told told[WINDOW_LEVELS];
    size_t n_told = 0;
    bool no_page = false;

    if (at < 0 || !p->w)
        return;
    str_addf(out, "%s", p->line->feature);
    add_note(p, (uint32_t)at, out);
    for (int span = 0; span < WINDOW_LEVELS; span++) {
        struct summaries all;
        if (summaries_load(p->s, p->w->v->id, (enum window_span)span, &p->ev->sn->status,
                           p->ev->sn->now_ms, &all, NULL) < 0)
            continue;
        const struct drift_summary *d = summaries_find(&all, (uint32_t)at);
        if (d && d->rows) {
            told[n_told++] = (struct told){all.span, drift_worst(d), d->rows};
            no_page = no_page || (drift_worst(d) == VERDICT_PAGE && d->reason & DRIFT_NO_PAGE);
        }
        free(all.items);
    }
    add_windows(told, n_told, out);
    if (no_page)
        str_add(out, ", a ticket by its rule");
}

static void add_means(const struct previewing *p, enum metric metric, double now, double factor,
                      const char *unit, struct str *out)
{
    double minutes = mean_of(p, metric, MINUTES_5), hour = mean_of(p, metric, HOUR_MS);
    str_addf(out, "now %.3g%s", now * factor, unit);
    if (isfinite(minutes))
        str_addf(out, ", 5m %.3g%s", minutes * factor, unit);
    if (isfinite(hour))
        str_addf(out, ", 1h %.3g%s", hour * factor, unit);
}

static void answer_real(const struct previewing *p, struct triage_preview *ret)
{
    const struct version_state *v = p->w ? p->w->v : NULL;
    struct str out;

    str_init(&out, 1024);
    if (p->line->rule == ALERT_DRIFT)
        add_drift(p, &out);
    else if (p->line->rule == ALERT_ERROR_RATIO && v && (v->has & VERSION_ERRORS))
        add_means(p, METRIC_ERRORS, v->error_ratio, 100, " %", &out);
    else if (p->line->rule == ALERT_LATENCY && v && (v->has & VERSION_P99))
        add_means(p, METRIC_P99, v->latency_p99_s, 1000, " ms", &out);
    else
        str_add(&out, p->line->symptom);
    if (p->line->rule == ALERT_ERROR_RATIO && v)
        str_addf(&out, ", n=%.0f/min", v->requests_minute);
    add_freshness(p, &out);
    str_copy(ret->real, sizeof ret->real, out.data);
    str_done(&out);
}

static void answer_who(const struct previewing *p, struct triage_preview *ret)
{
    char label[VERSION_LABEL_SIZE];
    double all = 0;

    if (!p->w)
        return;
    const struct version_state *v = p->w->v;
    version_label(v->version, label);
    for (size_t i = 0; i < p->ev->n_witnesses; i++)
        if (p->ev->witnesses[i].v->has & VERSION_RATE)
            all += p->ev->witnesses[i].v->request_rate;
    if (v->has & VERSION_RATE)
        snprintf(ret->who, sizeof ret->who, "%.3g of %.3g rq/s served by %s", v->request_rate, all,
                 label);
    else if (v->has & VERSION_EFFECTIVE)
        snprintf(ret->who, sizeof ret->who, "%s gets %.3g %% of the traffic", label,
                 v->effective_ratio * 100);
}

static void answer_changed(const struct previewing *p, struct triage_preview *ret)
{
    char at[CLOCK_TEXT_SIZE], age[CLOCK_TEXT_SIZE], onset[48];
    int64_t width_ms, onset_ms = evidence_onset(p->ev, p->line, &width_ms);
    const struct change *c = evidence_change(p->ev, p->line->version, onset_ms + width_ms);
    size_t others = 0;

    if (width_ms)
        drift_onset_text(onset_ms, width_ms, p->ev->sn->now_ms, onset, sizeof onset);
    else
        clock_format_hms(onset_ms, onset);
    if (!c) {
        snprintf(ret->changed, sizeof ret->changed, "none found; onset %s", onset);
        return;
    }
    for (size_t i = 0; i < p->ev->n_changes; i++)
        others += &p->ev->changes[i] != c && c->at_ms - p->ev->changes[i].at_ms < HOUR_MS &&
                  p->ev->changes[i].at_ms <= onset_ms + width_ms;
    snprintf(ret->changed, sizeof ret->changed, "%s %s (%s ago), onset %s; %s in 1 h",
             clock_format_hms(c->at_ms, at), c->text,
             clock_format_age(p->ev->sn->now_ms - c->at_ms, age), onset,
             others ? "more" : "nothing else");
}

static void answer_tried(const struct previewing *p, struct triage_preview *ret)
{
    char at[CLOCK_TEXT_SIZE];
    struct str out;

    str_init(&out, 1024);
    for (size_t i = 0; i < p->ev->sn->n_alerts; i++) {
        const struct alert_state *a = &p->ev->sn->alerts[i];
        if (a->id != p->line->alert_id || !p->line->alert_id)
            continue;
        if (a->acked_ms)
            str_addf(&out, "%s acknowledged by %.*s", clock_format_hms(a->acked_ms, at),
                     (int)strcspn(a->acked_by, " "), a->acked_by);
        if (a->note[0])
            str_addf(&out, "%s%s", out.length ? ": " : "", a->note);
    }
    for (size_t i = 0; i < p->ev->n_changes; i++) {
        const struct change *c = &p->ev->changes[i];
        if (c->kind == CHANGE_ACT && c->at_ms >= p->line->since_ms)
            str_addf(&out, "%s%s %s", out.length ? "; " : "", clock_format_hms(c->at_ms, at),
                     c->text);
    }
    str_copy(ret->tried, sizeof ret->tried, out.data);
    str_done(&out);
}

static int answer(struct store *s, const struct snapshot *sn, const struct deployment_state *d,
                  const struct triage_line *line, struct triage_preview *ret, struct err *e)
{
    struct evidence ev;
    int rc = evidence_load(s, sn, d, &ev, e);

    if (rc == 0) {
        struct previewing p = {.s = s, .ev = &ev, .line = line};
        p.w = evidence_of(&ev, line->version);
        str_copy(ret->owner, sizeof ret->owner, d->owner);
        str_copy(ret->runbook, sizeof ret->runbook, d->runbook);
        str_copy(ret->champion, sizeof ret->champion, d->champion);
        answer_real(&p, ret);
        answer_who(&p, ret);
        p.surface = surface_of(&ev, line, ret->surface, sizeof ret->surface);
        if (line->rule != ALERT_STALE)
            answer_changed(&p, ret);
        answer_tried(&p, ret);
        preview_rollback(&p, ret);
    }
    evidence_done(&ev);
    return rc;
}

int triage_preview_load(struct store *s, int64_t now_ms, const struct triage_line *line,
                        struct triage_preview *ret, struct err *e)
{
    struct snapshot sn;
    *ret = (struct triage_preview){0};
    str_copy(ret->deployment, sizeof ret->deployment, line->deployment);
    int rc = snapshot_load(s, INT64_MAX, now_ms, &sn, e);
    const struct deployment_state *d = rc == 0 ? snapshot_find(&sn, line->deployment) : NULL;
    if (d)
        rc = answer(s, &sn, d, line, ret, e);
    else
        str_copy(ret->real, sizeof ret->real, line->symptom);
    snapshot_done(&sn);
    return rc;
}
