/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One feature as JSON, under the names of the statistics' own definitions: absent is null.
 */
#include "driftop/query/feature.h"
#include "driftop/stats/feature_json.h"
#include "member_private.h"

static struct json *bracket_json(const struct ks *ks)
{
    struct json *o = json_new_object();
    member_real(o, "low", true, ks->bracket_low);
    member_real(o, "high", true, ks->bracket_high);
    return o;
}

/* Everything under one set of names, whatever the kind: what it does not have is null. */
static void put_result(struct json *o, bool categorical, const struct feature_result *r)
{
    static const char *const numeric[] = {"invalid", "infinite", "out_of_range", "ks", "w1",
                                          "cvm",     "ad"};
    feature_json_put(o, categorical ? CODEBOOK_CATEGORICAL : CODEBOOK_NUMERIC, r);
    for (size_t i = 0; categorical && i < sizeof numeric / sizeof *numeric; i++)
        json_put(o, numeric[i], json_new_null());
    if (!categorical)
        json_put(o, "unseen", json_new_null());
    json_put(o, "bracket", r->ks.present ? bracket_json(&r->ks) : json_new_null());
    member_text(o, "reason", r->reason);
}

static struct json *sides_json(const struct feature_view *f)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < f->n_sides; i++) {
        const struct feature_side *side = &f->sides[i];
        const struct divergence *d = &side->result.cells;
        struct json *o = json_new_object();
        member_text(o, "version", side->version);
        member_bool(o, "in_service", true, side->in_service);
        member_int(o, "n", (int64_t)side->rows);
        member_text(o, "verdict", verdict_name(side->result.verdict));
        member_real(o, "psi_excess", d->present, d->psi.excess);
        json_append(list, o);
    }
    return list;
}

/* A verdict "ok" that nobody keeps up is not known. */
static const char *verdict_of(const struct feature_view *f, const struct feature_side *side)
{
    bool old = side->result.verdict == VERDICT_OK && f->status.quiet;
    return verdict_name(old ? VERDICT_UNKNOWN : side->result.verdict);
}

static struct json *onset_json(const struct feature_view *f)
{
    struct json *o = json_new_object();
    member_time(o, "at", f->onset_ms);
    member_real(o, "width_s", true, (double)f->onset_width_ms / 1000);
    return o;
}

/* What the numbers mean; all of it null or none while there is nothing to tell. */
static void put_explanation(struct json *o, const struct feature_view *f,
                            const struct feature_result *r)
{
    member_real(o, "n_eff", f->n_eff > 0, f->n_eff);
    json_put(o, "quantiles", f->categorical || !r ? json_new_null() : feature_json_quantiles(r));
    struct json *shape = feature_json_shape(&f->shape);
    member_text(shape, "value", f->value);
    json_put(o, "shape", shape);
    member_text(o, "sentence", f->sentence);
    json_put(o, "onset", f->onset_ms ? onset_json(f) : json_new_null());
    member_real(o, "importance", true, f->importance);
}

static struct json *comparison_json(const struct feature_view *f,
                                    const struct feature_comparison *c)
{
    struct json *o = json_new_object();
    member_text(o, "verdict", verdict_name(c->result.verdict));
    member_int(o, "n", (int64_t)c->result.current_rows);
    put_result(o, f->categorical, &c->result);
    member_int(o, "reference_rows", (int64_t)c->result.reference_rows);
    member_bool(o, "drifts", true, c->drifts);
    member_text(o, "says", c->says);
    return o;
}

static struct json *comparisons_json(const struct feature_view *f)
{
    struct json *o = json_new_object();
    for (int i = 0; i < FEATURE_COMPARISONS; i++) {
        const struct feature_comparison *c = &f->comparisons[i];
        json_put(o, feature_against_name((enum feature_against)i),
                 c->present ? comparison_json(f, c) : json_new_null());
    }
    return o;
}

static struct json *findings_json(const struct feature_view *f)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < f->n_findings; i++) {
        struct json *o = json_new_object();
        member_text(o, "kind", finding_name(f->findings[i].kind));
        member_text(o, "text", f->findings[i].text);
        json_append(list, o);
    }
    return list;
}

struct json *feature_view_json(const struct feature_view *f)
{
    struct json *o = query_json("driftop.feature.v1", f->at_ms);
    static const struct feature_result nothing;
    const struct feature_side *side = f->n_sides ? &f->sides[f->shown] : NULL;

    member_text(o, "deployment", f->deployment);
    member_text(o, "feature", f->feature);
    member_text(o, "version", f->version);
    member_text(o, "kind",
                feature_kind_name(f->categorical ? CODEBOOK_CATEGORICAL : CODEBOOK_NUMERIC));
    member_text(o, "verdict", side ? verdict_of(f, side) : verdict_name(VERDICT_UNKNOWN));
    member_text(o, "window", f->span == DRIFT_ANY_SPAN ? NULL : window_span_name(f->span));
    member_int(o, "n", side ? (int64_t)side->rows : 0);
    member_int(o, "reference_rows", (int64_t)f->reference_rows);
    member_int(o, "current_rows", side ? (int64_t)side->rows : 0);
    member_real(o, "alpha", f->alpha > 0, f->alpha);
    member_time(o, "rows_at", f->rows_at_ms);
    put_result(o, f->categorical, side ? &side->result : &nothing);
    json_put(o, "cells", feature_json_cells(f->cells, f->n_cells));
    put_explanation(o, f, side ? &side->result : NULL);
    json_put(o, "comparisons", comparisons_json(f));
    json_put(o, "findings", findings_json(f));
    json_put(o, "versions", sides_json(f));
    json_put(o, "status", status_json(&f->status));
    return o;
}
