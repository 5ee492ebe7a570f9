/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/feature_json.h"

#include <math.h>

static struct json *rate_json(const struct rate *rate)
{
    if (!rate->present)
        return json_new_null();
    struct json *o = json_new_object();
    json_put_real(o, "reference_ratio", rate->reference_ratio);
    json_put_real(o, "current_ratio", rate->current_ratio);
    json_put_real(o, "low", rate->low);
    json_put_real(o, "high", rate->high);
    return o;
}

/* Which rates a kind of feature has, as rate.h says. */
static void put_rates(struct json *o, enum codebook_kind kind_of, const struct feature_result *r)
{
    for (int i = 0; i < RATE_KINDS; i++) {
        enum rate_kind kind = (enum rate_kind)i;
        bool categorical = kind_of == CODEBOOK_CATEGORICAL;
        if (kind == RATE_MISSING || categorical == (kind == RATE_UNSEEN))
            json_put(o, rate_name(kind), rate_json(&r->rates[i]));
    }
}

static struct json *value_json(double value)
{
    struct json *o = json_new_object();
    json_put_real(o, "value", value);
    return o;
}

static struct json *floored_json(double value, double floor)
{
    struct json *o = value_json(value);
    json_put_real(o, "floor", floor);
    return o;
}

static struct json *psi_json(const struct psi *psi)
{
    struct json *o = floored_json(psi->value, psi->floor);
    json_put_real(o, "excess", psi->excess);
    json_put_real(o, "p", psi->p);
    json_put_count(o, "cells", psi->cells);
    return o;
}

static struct json *js_json(const struct js *js)
{
    struct json *o = json_new_object();
    json_put_real(o, "distance", js->distance);
    json_put_real(o, "divergence", js->divergence);
    json_put_real(o, "floor_divergence", js->floor_divergence);
    json_put_real(o, "excess_divergence", js->excess_divergence);
    return o;
}

static struct json *chi2_json(const struct chi2 *chi2)
{
    struct json *o = value_json(chi2->value);
    json_put_count(o, "df", chi2->df);
    json_put_real(o, "p", chi2->p);
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
    json_put_real(o, "d", ks->d);
    json_put_real(o, "d_low", ks->d_low);
    json_put_real(o, "d_high", ks->d_high);
    json_put_real(o, "floor", ks->floor);
    json_put_real(o, "excess", fmax(0, ks->d - ks->floor));
    json_put_real(o, "location", ks->location);
    json_put_text(o, "direction", ks_direction_name(ks->direction));
    json_put_real(o, "p", ks->has_p ? ks->p : NAN);
    json_put_real(o, "log10_p", ks->has_p ? ks->log10_p : NAN);
    json_put_text(o, "method", ks->has_p ? ks_method_name(ks->method) : NULL);
    return o;
}

static struct json *w1_json(const struct w1 *w1)
{
    if (!w1->present)
        return json_new_null();
    struct json *o = value_json(w1->value);
    json_put_real(o, "per_sd", w1->per_sd);
    json_put_real(o, "per_iqr", w1->per_iqr);
    json_put_real(o, "floor", w1->floor);
    json_put_real(o, "excess", fmax(0, w1->value - w1->floor));
    return o;
}

void feature_json_put(struct json *o, enum codebook_kind kind, const struct feature_result *r)
{
    put_rates(o, kind, r);
    put_divergences(o, &r->cells);
    if (kind == CODEBOOK_CATEGORICAL)
        return;
    json_put(o, "ks", ks_json(&r->ks));
    json_put(o, "w1", w1_json(&r->rank.w1));
    json_put(o, "cvm", r->rank.has_cvm ? value_json(r->rank.cvm) : json_new_null());
    json_put(o, "ad", r->rank.has_ad ? value_json(r->rank.ad) : json_new_null());
}

struct json *feature_json_cells(const struct feature_cell *cells, size_t n)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < n; i++) {
        struct json *o = json_new_object();
        json_put_text(o, "label", cells[i].label);
        json_put(o, "special", json_new_bool(cells[i].special));
        json_put_real(o, "low", cells[i].low);
        json_put_real(o, "high", cells[i].high);
        json_put_count(o, "reference", cells[i].reference);
        json_put_count(o, "current", cells[i].current);
        json_put_real(o, "psi", cells[i].psi);
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

struct json *feature_json_quantiles(const struct feature_result *r)
{
    struct json *o = json_new_object();
    json_put(o, "reference", three_json(r->reference_quantiles));
    json_put(o, "current", three_json(r->current_quantiles));
    return o;
}

struct json *feature_json_shape(const struct shape *shape)
{
    struct json *o = json_new_object();
    bool named = shape->kind != SHAPE_NONE && shape->kind != SHAPE_OTHER;
    json_put_text(o, "kind", shape_name(shape->kind));
    json_put_real(o, "by", named ? shape->by : NAN);
    return o;
}
