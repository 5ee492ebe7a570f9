/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One feature as JSON, under the names of the statistics' own definitions: absent is null.
 */
#include <math.h>

#include "driftop/query/feature.h"
#include "member_private.h"

static struct json *rate_json(const struct rate *r)
{
    struct json *o = json_new_object();
    member_real(o, "reference_ratio", true, r->reference_ratio);
    member_real(o, "current_ratio", true, r->current_ratio);
    member_real(o, "low", true, r->low);
    member_real(o, "high", true, r->high);
    return o;
}

static struct json *with_floor(double value, double floor)
{
    struct json *o = json_new_object();
    member_real(o, "value", true, value);
    member_real(o, "floor", true, floor);
    return o;
}

static struct json *psi_json(const struct psi *p)
{
    struct json *o = with_floor(p->value, p->floor);
    member_real(o, "excess", true, p->excess);
    member_real(o, "p", true, p->p);
    member_int(o, "cells", (int64_t)p->cells);
    return o;
}

static struct json *js_json(const struct js *js)
{
    struct json *o = json_new_object();
    member_real(o, "distance", true, js->distance);
    member_real(o, "divergence", true, js->divergence);
    member_real(o, "floor_divergence", true, js->floor_divergence);
    member_real(o, "excess_divergence", true, js->excess_divergence);
    return o;
}

static struct json *linf_json(double linf)
{
    struct json *o = json_new_object();
    member_real(o, "value", true, linf);
    return o;
}

static struct json *chi2_json(const struct chi2 *c)
{
    struct json *o = json_new_object();
    member_real(o, "value", true, c->value);
    member_int(o, "df", (int64_t)c->df);
    member_real(o, "p", true, c->p);
    return o;
}

static void put_cells(struct json *o, const struct divergence *d)
{
    json_put(o, "psi", d->present ? psi_json(&d->psi) : json_new_null());
    json_put(o, "js", d->present ? js_json(&d->js) : json_new_null());
    json_put(o, "kl", d->present ? with_floor(d->kl, d->kl_floor) : json_new_null());
    json_put(o, "hellinger",
             d->present ? with_floor(d->hellinger, d->hellinger_floor) : json_new_null());
    json_put(o, "tv", d->present ? with_floor(d->tv, d->tv_floor) : json_new_null());
    json_put(o, "linf", d->present ? linf_json(d->linf) : json_new_null());
    json_put(o, "chi2", d->present ? chi2_json(&d->chi2) : json_new_null());
}

static struct json *ks_json(const struct ks *ks)
{
    struct json *o = json_new_object();
    member_real(o, "d", true, ks->d);
    member_real(o, "d_low", true, ks->d_low);
    member_real(o, "d_high", true, ks->d_high);
    member_real(o, "floor", true, ks->floor);
    member_real(o, "location", true, ks->location);
    member_text(o, "direction", ks_direction_name(ks->direction));
    member_real(o, "p", ks->has_p, ks->p);
    member_real(o, "log10_p", ks->has_p, ks->log10_p);
    member_text(o, "method", ks->has_p ? ks_method_name(ks->method) : NULL);
    return o;
}

static struct json *bracket_json(const struct ks *ks)
{
    struct json *o = json_new_object();
    member_real(o, "low", true, ks->bracket_low);
    member_real(o, "high", true, ks->bracket_high);
    return o;
}

static void put_result(struct json *o, const struct feature_result *r)
{
    for (int i = 0; i < RATE_KINDS; i++)
        json_put(o, rate_name((enum rate_kind)i),
                 r->rates[i].present ? rate_json(&r->rates[i]) : json_new_null());
    put_cells(o, &r->cells);
    json_put(o, "ks", r->ks.present ? ks_json(&r->ks) : json_new_null());
    json_put(o, "bracket", r->ks.present ? bracket_json(&r->ks) : json_new_null());
    /* These need the values themselves, of which the store keeps counts only. */
    json_put(o, "w1", json_new_null());
    json_put(o, "cvm", json_new_null());
    json_put(o, "ad", json_new_null());
    member_text(o, "reason", r->reason);
}

static struct json *cell_json(const struct feature_cell *c)
{
    struct json *o = json_new_object();
    member_text(o, "label", c->label);
    member_real(o, "low", true, c->low);
    member_real(o, "high", true, c->high);
    member_int(o, "reference", (int64_t)c->reference);
    member_int(o, "current", (int64_t)c->current);
    member_real(o, "psi", true, c->psi);
    return o;
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

static struct json *three_json(const double q[3])
{
    struct json *list = json_new_array();
    for (int i = 0; i < 3; i++)
        json_append(list, json_new_real(q[i]));
    return list;
}

static struct json *quantiles_json(const struct feature_result *r)
{
    struct json *o = json_new_object();
    json_put(o, "reference", three_json(r->reference_quantiles));
    json_put(o, "current", three_json(r->current_quantiles));
    return o;
}

static struct json *onset_json(const struct feature_view *f)
{
    struct json *o = json_new_object();
    member_time(o, "at", f->onset_ms);
    member_real(o, "p", true, f->onset_p);
    return o;
}

static struct json *shape_json(const struct shape *shape)
{
    struct json *o = json_new_object();
    member_text(o, "kind", shape_name(shape->kind));
    member_real(o, "by", shape->kind != SHAPE_NONE && shape->kind != SHAPE_OTHER, shape->by);
    return o;
}

/* What the numbers mean; all of it null or none while there is nothing to tell. */
static void put_explanation(struct json *o, const struct feature_view *f,
                            const struct feature_result *r)
{
    member_real(o, "n_eff", f->n_eff > 0, f->n_eff);
    json_put(o, "quantiles", f->categorical || !r ? json_new_null() : quantiles_json(r));
    json_put(o, "shape", shape_json(&f->shape));
    member_text(o, "sentence", f->sentence);
    json_put(o, "onset", f->onset_ms ? onset_json(f) : json_new_null());
}

struct json *feature_view_json(const struct feature_view *f)
{
    struct json *o = query_json("driftop.feature.v1", f->at_ms), *cells = json_new_array();
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
    member_real(o, "alpha", true, VERDICT_ALPHA);
    member_time(o, "rows_at", f->rows_at_ms);
    put_result(o, side ? &side->result : &nothing);
    for (size_t i = 0; i < f->n_cells; i++)
        json_append(cells, cell_json(&f->cells[i]));
    json_put(o, "cells", cells);
    put_explanation(o, f, side ? &side->result : NULL);
    json_put(o, "versions", sides_json(f));
    json_put(o, "status", status_json(&f->status));
    return o;
}
