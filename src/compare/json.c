/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/json_build.h"
#include "driftop/compare/compare.h"
#include "driftop/compare/print.h"

static void put_real(struct json *o, const char *key, double value)
{
    json_put(o, key, json_new_real(value));
}

static void put_count(struct json *o, const char *key, uint64_t value)
{
    json_put(o, key, json_new_int((int64_t)value));
}

static void put_text(struct json *o, const char *key, const char *text)
{
    json_put(o, key, json_new_text(text));
}

static struct json *rate_json(const struct rate *rate)
{
    if (!rate->present)
        return json_new_null();
    struct json *o = json_new_object();
    put_real(o, "reference_ratio", rate->reference_ratio);
    put_real(o, "current_ratio", rate->current_ratio);
    put_real(o, "low", rate->low);
    put_real(o, "high", rate->high);
    return o;
}

/* Which rates a kind of column has, as rate.h says. */
static void put_rates(struct json *o, const struct feature_result *r)
{
    for (int i = 0; i < RATE_KINDS; i++) {
        enum rate_kind kind = (enum rate_kind)i;
        bool categorical = r->kind == CODEBOOK_CATEGORICAL;
        if (kind == RATE_MISSING || categorical == (kind == RATE_UNSEEN))
            json_put(o, rate_name(kind), rate_json(&r->rates[i]));
    }
}

static struct json *value_json(double value)
{
    struct json *o = json_new_object();
    put_real(o, "value", value);
    return o;
}

static struct json *floored_json(double value, double floor)
{
    struct json *o = value_json(value);
    put_real(o, "floor", floor);
    return o;
}

static struct json *psi_json(const struct psi *psi)
{
    struct json *o = floored_json(psi->value, psi->floor);
    put_real(o, "excess", psi->excess);
    put_real(o, "p", psi->p);
    put_count(o, "cells", psi->cells);
    return o;
}

static struct json *js_json(const struct js *js)
{
    struct json *o = json_new_object();
    put_real(o, "distance", js->distance);
    put_real(o, "divergence", js->divergence);
    put_real(o, "floor_divergence", js->floor_divergence);
    put_real(o, "excess_divergence", js->excess_divergence);
    return o;
}

static struct json *chi2_json(const struct chi2 *chi2)
{
    struct json *o = value_json(chi2->value);
    put_count(o, "df", chi2->df);
    put_real(o, "p", chi2->p);
    return o;
}

static void put_divergences(struct json *o, const struct divergence *d)
{
    static const char *const names[] = {"psi", "js", "kl", "hellinger", "tv", "linf", "chi2"};
    for (size_t i = 0; !d->present && i < sizeof names / sizeof *names; i++)
        json_put(o, names[i], json_new_null());
    if (!d->present)
        return;
    json_put(o, "psi", psi_json(&d->psi));
    json_put(o, "js", js_json(&d->js));
    json_put(o, "kl", floored_json(d->kl, d->kl_floor));
    json_put(o, "hellinger", floored_json(d->hellinger, d->hellinger_floor));
    json_put(o, "tv", floored_json(d->tv, d->tv_floor));
    json_put(o, "linf", value_json(d->linf));
    json_put(o, "chi2", chi2_json(&d->chi2));
}

static struct json *ks_json(const struct ks *ks)
{
    if (!ks->present)
        return json_new_null();
    struct json *o = json_new_object();
    put_real(o, "d", ks->d);
    put_real(o, "d_low", ks->d_low);
    put_real(o, "d_high", ks->d_high);
    put_real(o, "floor", ks->floor);
    put_real(o, "excess", fmax(0, ks->d - ks->floor));
    put_real(o, "location", ks->location);
    put_text(o, "direction", ks_direction_name(ks->direction));
    put_real(o, "p", ks->p);
    put_real(o, "log10_p", ks->log10_p);
    put_text(o, "method", ks_method_name(ks->method));
    return o;
}

static struct json *w1_json(const struct w1 *w1)
{
    if (!w1->present)
        return json_new_null();
    struct json *o = value_json(w1->value);
    put_real(o, "per_sd", w1->per_sd);
    put_real(o, "per_iqr", w1->per_iqr);
    put_real(o, "floor", w1->floor);
    put_real(o, "excess", fmax(0, w1->value - w1->floor));
    return o;
}

static void put_numeric(struct json *o, const struct feature_result *r)
{
    json_put(o, "ks", ks_json(&r->ks));
    json_put(o, "w1", w1_json(&r->rank.w1));
    json_put(o, "cvm", r->rank.has_cvm ? value_json(r->rank.cvm) : json_new_null());
    json_put(o, "ad", r->rank.has_ad ? value_json(r->rank.ad) : json_new_null());
}

static struct json *cells_json(const struct compare_feature *f)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < f->n_cells; i++) {
        const struct feature_cell *cell = &f->cells[i];
        struct json *o = json_new_object();
        put_text(o, "label", cell->label);
        put_real(o, "low", cell->low);
        put_real(o, "high", cell->high);
        put_count(o, "reference", cell->reference);
        put_count(o, "current", cell->current);
        put_real(o, "psi", cell->psi);
        json_append(list, o);
    }
    return list;
}

static struct json *three_json(const double q[3])
{
    struct json *list = json_new_array();
    for (int i = 0; i < 3; i++)
        json_append(list, json_new_real(q[i]));
    return list;
}

static void put_explanation(struct json *o, const struct compare_feature *f)
{
    struct json *shape = json_new_object();
    bool named = f->shape.kind != SHAPE_NONE && f->shape.kind != SHAPE_OTHER;
    put_text(shape, "kind", shape_name(f->shape.kind));
    json_put(shape, "by", named ? json_new_real(f->shape.by) : json_new_null());
    if (f->result.kind == CODEBOOK_NUMERIC) {
        struct json *quantiles = json_new_object();
        json_put(quantiles, "reference", three_json(f->result.reference_quantiles));
        json_put(quantiles, "current", three_json(f->result.current_quantiles));
        json_put(o, "quantiles", quantiles);
    } else {
        json_put(o, "quantiles", json_new_null());
    }
    json_put(o, "shape", shape);
    put_text(o, "sentence", f->sentence);
}

static void put_time(struct json *o, const char *key, int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    put_text(o, key, clock_format_s(ms, text));
}

static void put_onset(struct json *o, const struct compare_report *r,
                      const struct compare_feature *f)
{
    struct json *onset = NULL;
    if (f->onset.present) {
        onset = json_new_object();
        put_time(onset, "at", r->groups[1 + r->n_segments + f->onset.bucket].start_ms);
        put_real(onset, "p", f->onset.p);
    }
    json_put(o, "onset", onset ? onset : json_new_null());
}

static struct json *feature_json(const struct compare_feature *f)
{
    const struct feature_result *r = &f->result;
    struct json *o = json_new_object();
    put_text(o, "name", f->name);
    put_text(o, "kind", feature_kind_name(r->kind));
    put_text(o, "status", feature_status_name(r->status));
    put_text(o, "verdict", verdict_name(r->verdict));
    put_text(o, "reason", r->reason);
    if (r->status != FEATURE_JUDGED)
        return o;
    put_rates(o, r);
    put_divergences(o, &r->cells);
    if (r->kind == CODEBOOK_NUMERIC)
        put_numeric(o, r);
    json_put(o, "cells", cells_json(f));
    put_explanation(o, f);
    return o;
}

static struct json *features_json(const struct compare_report *r, const struct compare_group *g)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < r->n_features; i++) {
        const struct compare_feature *f = &g->features[i];
        struct json *o = feature_json(f);
        if (g == r->groups && r->n_periods > 0 && f->result.status == FEATURE_JUDGED)
            put_onset(o, r, f);
        json_append(list, o);
    }
    return list;
}

static struct json *file_json(const char *path, uint64_t rows)
{
    struct json *o = json_new_object();
    put_text(o, "path", path);
    put_count(o, "rows", rows);
    return o;
}

static struct json *groups_json(const struct compare_report *r, size_t first, size_t n)
{
    struct json *list = json_new_array();
    for (size_t i = first; i < first + n; i++) {
        const struct compare_group *g = &r->groups[i];
        struct json *o = json_new_object();
        if (g->label)
            put_text(o, "value", g->label);
        else
            put_time(o, "start", g->start_ms);
        put_count(o, "reference_rows", g->reference_rows);
        put_count(o, "current_rows", g->current_rows);
        put_text(o, "verdict", verdict_name(g->verdict));
        json_put(o, "features", features_json(r, g));
        json_append(list, o);
    }
    return list;
}

struct json *compare_json(const struct compare_report *r)
{
    const struct compare_group *all = &r->groups[0];
    struct json *o = json_new_object();
    put_text(o, "schema", "driftop.compare.v1");
    put_real(o, "alpha", r->alpha);
    put_count(o, "judged", r->n_judged);
    json_put(o, "reference", file_json(r->reference_path, all->reference_rows));
    json_put(o, "current", file_json(r->current_path, all->current_rows));
    put_text(o, "verdict", verdict_name(r->verdict));
    json_put(o, "features", features_json(r, all));
    if (r->by) {
        put_text(o, "by", r->by);
        json_put(o, "segments", groups_json(r, 1, r->n_segments));
    }
    if (r->chunk_ms) {
        put_real(o, "chunk_s", (double)r->chunk_ms / 1000);
        json_put(o, "periods", groups_json(r, 1 + r->n_segments, r->n_periods));
    }
    return o;
}
