/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Would a rollback help? The other version is judged on the same minutes as the one that suffers: if
 * it shows the same, going back cures nothing; if it gets nothing, nobody knows.
 */
#include <stdio.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/str.h"
#include "driftop/store/read.h"
#include "preview_private.h"

enum help { HELP_LIKELY, HELP_NOT, HELP_UNKNOWN };

static bool well(const struct witness *w)
{
    bool refuses = (w->v->has & VERSION_READY) && !w->v->ready;
    return w->n_pages == 0 && !refuses;
}

static const struct witness *other(const struct previewing *p, const char *version)
{
    if (!version[0] || strcmp(version, p->line->version) == 0)
        return NULL;
    return evidence_of(p->ev, version);
}

static bool better(const struct witness *a, const struct witness *b)
{
    if (a->in_service != b->in_service)
        return a->in_service;
    if (well(a) != well(b))
        return well(a);
    return a->v->effective_ratio > b->v->effective_ratio;
}

/* The champion, when it is not the one that suffers; else the champion before it; else the version
 * that gets traffic and is well. */
static const struct witness *choose(const struct previewing *p)
{
    char previous[MODEL_NAME_SIZE];
    const struct witness *best = other(p, p->ev->d->champion);

    if (!best && store_previous_champion(p->s, p->ev->d->id, previous, sizeof previous) == 0)
        best = other(p, previous);
    if (best && best->in_service)
        return best;
    for (size_t i = 0; i < p->ev->n_witnesses; i++) {
        const struct witness *w = &p->ev->witnesses[i];
        if (w != p->w && w->in_service && (!best || better(w, best)))
            best = w;
    }
    return best;
}

static const char *span_words(enum window_span span)
{
    switch (span) {
    case WINDOW_15M: return "15 min";
    case WINDOW_1H: return "hour";
    case WINDOW_24H: break;
    }
    return "24 h";
}

static bool same_symptom(const struct previewing *p, const struct witness *to)
{
    switch (p->line->rule) {
    case ALERT_DRIFT: {
        const struct layout *layout = p->ev->layout;
        int at = layout ? layout_find(layout, p->line->feature, strlen(p->line->feature)) : -1;
        const struct drift_summary *d = at < 0 ? NULL : summaries_find(&to->drift, (uint32_t)at);
        return d && summaries_severity(&to->drift, d) >= SEVERITY_TICKET;
    }
    case ALERT_ERROR_RATIO: return to->errors;
    case ALERT_LATENCY: return to->latency;
    case ALERT_NOT_READY: return to->not_ready;
    case ALERT_TRAFFIC:
    case ALERT_STALE: break;
    }
    return false;
}

/* Enough seen of it, by the measure of the rule, to say that it is well? */
static bool enough(const struct previewing *p, const struct witness *to)
{
    switch (p->line->rule) {
    case ALERT_DRIFT: return to->judged;
    case ALERT_ERROR_RATIO:
    case ALERT_LATENCY:
        return (to->v->has & VERSION_ERRORS) && to->v->requests_minute >= EVIDENCE_REQUESTS;
    case ALERT_NOT_READY: return (to->v->has & VERSION_READY) != 0;
    case ALERT_TRAFFIC:
    case ALERT_STALE: break;
    }
    return false;
}

static void add_record(const struct witness *to, struct str *out)
{
    str_addf(out, "no alert");
    if (to->v->has & VERSION_ERRORS)
        str_addf(out, ", errors %.2g %%", to->v->error_ratio * 100);
    if (to->judged && to->has_score)
        str_addf(out, ", score %s", to->score == SEVERITY_OK ? "quiet" : "drifts");
    if (to->judged)
        str_addf(out, ", n=%u", to->drift.rows);
    else if (to->v->has & VERSION_RATE)
        str_addf(out, ", n=%.0f/min", to->v->requests_minute);
}

static enum help judge(const struct previewing *p, const struct witness *to, struct str *out)
{
    char label[VERSION_LABEL_SIZE];

    version_label(to->v->version, label);
    if (p->ev->sn->status.quiet) {
        str_addf(out, "UNKNOWN: nothing was recorded lately");
        return HELP_UNKNOWN;
    }
    if (to->in_service && same_symptom(p, to)) {
        str_addf(out, "WILL NOT HELP: both versions show it");
        return HELP_NOT;
    }
    if (p->surface == SURFACE_DATA) {
        str_addf(out, "WILL NOT HELP: the data are at fault");
        return HELP_NOT;
    }
    if (!to->in_service) {
        str_addf(out, "UNKNOWN: %s gets no traffic", label);
        return HELP_UNKNOWN;
    }
    if (!well(to)) {
        str_addf(out, "WILL NOT HELP: %s %s", label, to->n_pages ? "pages, too" : "is not ready");
        return HELP_NOT;
    }
    if (!enough(p, to)) {
        str_addf(out, "UNKNOWN: too little seen of %s (n=%u rows, %.0f requests a minute)", label,
                 to->drift.rows, to->v->requests_minute > 0 ? to->v->requests_minute : 0);
        return HELP_UNKNOWN;
    }
    str_addf(out, "LIKELY HELPS: %s in the same %s: ", label,
             to->judged ? span_words(to->drift.span) : "minute");
    add_record(to, out);
    return HELP_LIKELY;
}

static bool answer_safe(const struct previewing *p, const struct witness *to, char *buf,
                        size_t size)
{
    char label[VERSION_LABEL_SIZE], age[CLOCK_TEXT_SIZE], share[48] = "";
    const struct version_state *v = to->v;

    version_label(v->version, label);
    if (!(v->has & VERSION_READY)) {
        snprintf(buf, size, "UNKNOWN: nobody says whether %s is ready", label);
        return false;
    }
    clock_format_age(p->ev->sn->now_ms - v->ready_at_ms, age);
    if (!v->ready) {
        snprintf(buf, size, "NO: %s is not ready (%s ago)", label, age);
        return false;
    }
    if (v->has & VERSION_EFFECTIVE)
        snprintf(share, sizeof share, ", now %.3g %%", v->effective_ratio * 100);
    snprintf(buf, size, "%s ready %s ago%s", label, age, share);
    return true;
}

static void conclude(const struct previewing *p, const struct witness *to, enum help help,
                     bool safe, struct triage_preview *ret)
{
    char from_label[VERSION_LABEL_SIZE], to_label[VERSION_LABEL_SIZE];
    char *buf = ret->verdict;
    size_t size = sizeof ret->verdict;

    version_label(p->line->version, from_label);
    version_label(to->v->version, to_label);
    if (p->w->v->has & VERSION_EFFECTIVE && p->w->v->effective_ratio <= 0)
        snprintf(buf, size, "%s gets no traffic: wait, its alerts end by themselves", from_label);
    else if (help == HELP_LIKELY && safe)
        snprintf(buf, size, "roll back %.100s > %.100s", from_label, to_label);
    else if (help == HELP_LIKELY)
        snprintf(buf, size, "make %.70s ready, then roll back %.70s > %.70s", to_label, from_label,
                 to_label);
    else if (help == HELP_NOT && p->surface == SURFACE_DATA)
        snprintf(buf, size, "do not roll back: look at what feeds the inputs");
    else if (help == HELP_NOT)
        snprintf(buf, size, "a rollback to %s would not help", to_label);
    else
        snprintf(buf, size, "look first: nothing tells whether %s is better", to_label);
}

void preview_rollback(const struct previewing *p, struct triage_preview *ret)
{
    bool asked = p->line->rule != ALERT_STALE && p->line->rule != ALERT_TRAFFIC && p->w;
    const struct witness *to = asked ? choose(p) : NULL;
    struct str out;

    if (!asked)
        return;
    if (!to) {
        str_copy(ret->rollback, sizeof ret->rollback, "UNKNOWN: no other version is known");
        return;
    }
    str_init(&out, 1024);
    enum help help = judge(p, to, &out);
    str_copy(ret->rollback, sizeof ret->rollback, out.data);
    str_done(&out);
    if (well(to))
        str_copy(ret->rollback_to, sizeof ret->rollback_to, to->v->version);
    bool safe = answer_safe(p, to, ret->safe, sizeof ret->safe);
    conclude(p, to, help, safe, ret);
}
