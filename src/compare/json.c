/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/clock.h"
#include "driftop/compare/compare.h"
#include "driftop/compare/print.h"
#include "driftop/stats/feature_json.h"

static void put_explanation(struct json *o, const struct compare_feature *f)
{
    bool numeric = f->result.kind == CODEBOOK_NUMERIC && f->result.status == FEATURE_JUDGED;
    json_put(o, "quantiles", numeric ? feature_json_quantiles(&f->result) : json_new_null());
    json_put(o, "shape", feature_json_shape(&f->shape));
    json_put_text(o, "sentence", f->sentence);
}

static void put_time(struct json *o, const char *key, int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    json_put_text(o, key, clock_format_s(ms, text));
}

static void put_onset(struct json *o, const struct compare_report *r,
                      const struct compare_feature *f)
{
    struct json *onset = NULL;
    if (f->onset.present) {
        onset = json_new_object();
        put_time(onset, "at", r->groups[1 + r->n_segments + f->onset.bucket].start_ms);
        json_put_real(onset, "p", f->onset.p);
    }
    json_put(o, "onset", onset ? onset : json_new_null());
}

static struct json *feature_json(const struct compare_feature *f)
{
    const struct feature_result *r = &f->result;
    struct json *o = json_new_object();
    json_put_text(o, "name", f->name);
    json_put_text(o, "kind", feature_kind_name(r->kind));
    json_put_text(o, "status", feature_status_name(r->status));
    json_put_text(o, "verdict", verdict_name(r->verdict));
    json_put_text(o, "reason", r->reason);
    if (r->status == FEATURE_JUDGED)
        feature_json_put(o, r->kind, r);
    json_put(o, "cells", feature_json_cells(f->cells, f->n_cells));
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
    json_put_text(o, "path", path);
    json_put_count(o, "rows", rows);
    return o;
}

static struct json *groups_json(const struct compare_report *r, size_t first, size_t n)
{
    struct json *list = json_new_array();
    for (size_t i = first; i < first + n; i++) {
        const struct compare_group *g = &r->groups[i];
        struct json *o = json_new_object();
        if (g->label)
            json_put_text(o, "value", g->label);
        else
            put_time(o, "start", g->start_ms);
        json_put_count(o, "reference_rows", g->reference_rows);
        json_put_count(o, "current_rows", g->current_rows);
        json_put_text(o, "verdict", verdict_name(g->verdict));
        json_put(o, "features", features_json(r, g));
        json_append(list, o);
    }
    return list;
}

struct json *compare_json(const struct compare_report *r)
{
    const struct compare_group *all = &r->groups[0];
    struct json *o = json_new_object();
    json_put_text(o, "schema", "driftop.compare.v1");
    json_put_real(o, "alpha", r->alpha);
    json_put_count(o, "judged", r->n_judged);
    json_put(o, "reference", file_json(r->reference_path, all->reference_rows));
    json_put(o, "current", file_json(r->current_path, all->current_rows));
    json_put_text(o, "verdict", verdict_name(r->verdict));
    json_put(o, "features", features_json(r, all));
    if (r->by) {
        json_put_text(o, "by", r->by);
        json_put(o, "segments", groups_json(r, 1, r->n_segments));
    }
    if (r->chunk_ms) {
        json_put_real(o, "chunk_s", (double)r->chunk_ms / 1000);
        json_put(o, "periods", groups_json(r, 1 + r->n_segments, r->n_periods));
    }
    return o;
}
