/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/drift.h"
#include "driftop/stats/feature_json.h"
#include "driftop/stats/verdict.h"
#include "member_private.h"

static const char *verdict_word(const struct drift_line *line)
{
    return line->severity == SEVERITY_STALE ? verdict_name(VERDICT_UNKNOWN)
                                            : verdict_name((enum verdict)line->summary.verdict);
}

static struct json *shape_json(const struct drift_note *note)
{
    struct shape shape = {(enum shape_kind)note->shape, note->shape_by};
    struct json *o = feature_json_shape(&shape);
    member_text(o, "value", note->value);
    return o;
}

static struct json *onset_json(const struct drift_note *note)
{
    struct json *o = json_new_object();
    member_time(o, "at", note->onset_ms);
    member_real(o, "width_s", true, (double)note->onset_width_ms / 1000);
    return o;
}

static struct json *canary_json(const struct drift_summary *d)
{
    struct json *o = json_new_object();
    member_text(o, "verdict", verdict_name((enum verdict)d->canary));
    member_real(o, "psi_excess", true, (double)d->canary_psi);
    return o;
}

static struct json *findings_json(const struct drift_summary *d)
{
    struct json *list = json_new_array();
    if (d->reason & DRIFT_FROZEN)
        json_append(list, json_new_text("frozen"));
    if (d->reason & DRIFT_TYPE)
        json_append(list, json_new_text("type"));
    if (d->reason & DRIFT_VOLUME)
        json_append(list, json_new_text("volume"));
    if (d->reason & DRIFT_FRESHNESS)
        json_append(list, json_new_text("freshness"));
    return list;
}

/* What there is to say of a drift; null while there is none. */
static void put_note(struct json *o, const struct drift_note *note)
{
    json_put(o, "shape", note ? shape_json(note) : json_new_null());
    json_put(o, "onset", note && note->onset_ms ? onset_json(note) : json_new_null());
    member_text(o, "sentence", note ? note->sentence : NULL);
}

static struct json *line_json(const struct drift_line *line, int64_t now_ms)
{
    struct json *o = json_new_object(), *bracket = json_new_object();
    const struct drift_summary *d = &line->summary;

    member_text(o, "deployment", line->deployment);
    member_text(o, "feature", line->feature);
    member_text(o, "version", line->version);
    member_text(o, "verdict", verdict_word(line));
    member_text(o, "severity", severity_word(line->severity));
    member_text(o, "window", window_span_name((enum window_span)d->span));
    member_int(o, "n", d->rows);
    member_real(o, "n_eff", d->n_eff > 0, (double)d->n_eff);
    member_real(o, "psi", true, (double)d->psi);
    member_real(o, "psi_floor", true, (double)d->psi_floor);
    member_real(o, "psi_excess", true, (double)d->psi_excess);
    member_real(o, "js_divergence", true, (double)d->js);
    member_real(o, "js_floor_divergence", true, (double)d->js_floor);
    member_real(o, "js_excess_divergence", true, (double)d->js_excess);
    member_real(bracket, "low", true, (double)d->ks_low);
    member_real(bracket, "high", true, (double)d->ks_high);
    json_put(o, "ks_bracket", bracket);
    member_real(o, "ks_floor", true, (double)d->ks_floor);
    member_real(o, "rate_gap", true, (double)d->rate_gap);
    json_put(o, "champion", d->canary == VERDICT_UNKNOWN ? json_new_null() : canary_json(d));
    put_note(o, line->note);
    json_put(o, "findings", findings_json(d));
    member_real(o, "score", true, line->score);
    member_real(o, "importance", true, line->importance);
    member_real(o, "impact", true, line->impact);
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
