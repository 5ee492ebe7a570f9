/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where does the fault sit: in the data, in the model, in the serving? One deterministic rule over
 * the evidence, which is always shown beside its answer.
 */
#include <stdio.h>
#include <string.h>

#include "driftop/base/str.h"
#include "evidence_private.h"

#define ONSET_MS (30 * 60000)

const char *surface_word(enum surface s)
{
    switch (s) {
    case SURFACE_DATA: return "DATA";
    case SURFACE_MODEL: return "MODEL";
    case SURFACE_SERVING: return "SERVING";
    case SURFACE_MIXED: return "MIXED";
    case SURFACE_UNKNOWN: break;
    }
    return "?";
}

/* The facts that decide. */
struct facts {
    bool serving;   /* errors, latency or readiness fire on this version */
    bool inputs;    /* an input drifts on it */
    bool broken;    /* with values that never were */
    bool own;       /* and another version is well in the same minutes */
    bool shared;    /* or on another version as well */
    bool score;     /* its prediction drifts */
    bool score_too; /* and so does that of another version */
    bool onset; /* it began within 30 min of more traffic, or the record begins later than that */
};

static bool score_elsewhere(const struct evidence *ev, const struct witness *w)
{
    for (size_t i = 0; i < ev->n_witnesses; i++) {
        const struct witness *other = &ev->witnesses[i];
        if (other != w && other->in_service && other->judged && other->score >= SEVERITY_TICKET)
            return true;
    }
    return false;
}

static bool follows_change(const struct evidence *ev, const char *version, int64_t since_ms)
{
    if (!ev->traffic_from_ms || ev->traffic_from_ms > since_ms - ONSET_MS)
        return true;
    for (size_t i = 0; i < ev->n_changes; i++) {
        const struct change *c = &ev->changes[i];
        bool in_time = c->at_ms <= since_ms + 60000 && c->at_ms >= since_ms - ONSET_MS;
        if (in_time && c->kind == CHANGE_TRAFFIC && c->rises && strcmp(c->version, version) == 0)
            return true;
    }
    return false;
}

static struct facts facts_of(const struct evidence *ev, const struct witness *w,
                             const struct triage_line *line)
{
    int64_t width_ms, onset_ms = evidence_onset(ev, line, &width_ms);

    return (struct facts){
        .serving = w->errors || w->latency || w->not_ready,
        .inputs = w->n_drifting > 0,
        .broken = w->n_broken > 0,
        .own = w->n_own > 0,
        .shared = evidence_shared(ev, w) > 0,
        .score = w->score >= SEVERITY_TICKET,
        .score_too = score_elsewhere(ev, w),
        .onset = follows_change(ev, w->v->version, onset_ms + width_ms),
    };
}

static enum surface decide(const struct facts *f)
{
    if (!f->inputs && !f->score)
        return f->serving ? SURFACE_SERVING : SURFACE_UNKNOWN;
    if (!f->serving && (f->broken || f->shared))
        return SURFACE_DATA;
    if (!f->inputs && f->score && !f->score_too && f->onset)
        return SURFACE_MODEL;
    return SURFACE_MIXED;
}

static void add_inputs(const struct evidence *ev, const struct witness *w, const struct facts *f,
                       struct str *out)
{
    if (!w->judged)
        str_addf(out, ev->layout ? "inputs not judged (n=%u)" : "inputs not watched",
                 w->drift.rows);
    else if (!f->inputs)
        str_addf(out, "inputs quiet (0 of %zu)", w->n_inputs);
    else
        str_addf(out, "%zu of %zu inputs drift%s%s", w->n_drifting, w->n_inputs,
                 f->broken ? " with missing, odd or new values" : "",
                 f->shared ? ", on another version too"
                 : f->own  ? ", only here in the same minutes"
                           : "");
}

static void add_score(const struct witness *w, const struct facts *f, struct str *out)
{
    char label[VERSION_LABEL_SIZE];
    if (f->score && f->score_too)
        str_add(out, ", score drifts on several versions");
    else if (f->score)
        str_addf(out, ", score drifts only on %s", version_label(w->v->version, label));
    else if (w->has_score)
        str_add(out, ", score quiet");
    if (f->score && !f->onset)
        str_add(out, " (no more traffic in the 30 min before)");
}

static void add_serving(const struct witness *w, struct str *out)
{
    char label[VERSION_LABEL_SIZE];
    const char *separator = "; ";
    const struct {
        bool fires;
        const char *word;
    } what[] = {{w->errors, "errors"}, {w->latency, "latency"}, {w->not_ready, "not ready"}};

    for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
        if (!what[i].fires)
            continue;
        str_addf(out, "%s%s", separator, what[i].word);
        separator = ", ";
    }
    str_addf(out, " on %s", version_label(w->v->version, label));
}

enum surface surface_of(const struct evidence *ev, const struct triage_line *line, char *buf,
                        size_t size)
{
    const struct witness *w = evidence_of(ev, line->version);
    enum surface surface = SURFACE_UNKNOWN;
    struct str text;

    str_copy(buf, size, "");
    if (line->rule == ALERT_STALE || !w)
        return SURFACE_UNKNOWN;
    str_init(&text, 1024);
    struct facts f = facts_of(ev, w, line);
    if (line->rule == ALERT_TRAFFIC) {
        surface = SURFACE_SERVING;
        str_add(&text, "the splitter gives other shares than were set");
    } else {
        surface = decide(&f);
        add_inputs(ev, w, &f, &text);
        add_score(w, &f, &text);
        if (f.serving)
            add_serving(w, &text);
    }
    snprintf(buf, size, "%s: %.*s", surface_word(surface), (int)size - 12, text.data);
    str_done(&text);
    return surface;
}
