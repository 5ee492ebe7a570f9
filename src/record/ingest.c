/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/log.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/base/vec.h"
#include "driftop/stats/window_pack.h"
#include "driftop/store/read_drift.h"

struct ingest {
    struct ingest_deployment **deployments;
    size_t n_deployments, deployments_capacity;
    size_t n_samples;
};

struct ingest *ingest_new(void)
{
    return calloc(1, sizeof(struct ingest));
}

static void version_clear(struct ingest_version *v)
{
    window_free(v->window);
    drift_watch_free(v->watch);
    free(v->summaries);
    free(v->back);
    v->window = NULL;
    v->watch = NULL;
    v->summaries = NULL;
    v->back = NULL;
    v->rows_judged = 0;
    v->judged_ms = 0;
    v->summaries_changed = false;
    v->restored = false;
}

static void version_free(struct ingest_version *v)
{
    if (!v)
        return;
    version_clear(v);
    free(v);
}

void ingest_free(struct ingest *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->n_deployments; i++) {
        struct ingest_deployment *d = g->deployments[i];
        for (size_t k = 0; k < d->n_versions; k++)
            version_free(d->versions[k]);
        free(d->versions);
        free(d->field_of);
        layout_free(d->layout);
        free(d);
    }
    free(g->deployments);
    free(g);
}

int ingest_deployment(struct ingest *g, const char *name)
{
    for (size_t i = 0; i < g->n_deployments; i++)
        if (strcmp(g->deployments[i]->name, name) == 0)
            return (int)i;
    if (VEC_ROOM(g->deployments, g->n_deployments, g->deployments_capacity, 1) < 0)
        return ERR_NOMEM;
    struct ingest_deployment *d = calloc(1, sizeof *d);
    if (!d)
        return ERR_NOMEM;
    str_copy(d->name, sizeof d->name, name);
    d->n_samples = &g->n_samples;
    d->false_pages = 1;
    g->deployments[g->n_deployments++] = d;
    return (int)(g->n_deployments - 1);
}

struct ingest_deployment *ingest_get(struct ingest *g, int deployment)
{
    return g->deployments[deployment];
}

size_t ingest_count(const struct ingest *g)
{
    return g->n_deployments;
}

/* Window and summaries fit the layout; a version without a layout has neither, nor has one without
 * memory for all of it. */
static int version_fit(struct ingest_version *v, const struct ingest_deployment *d)
{
    const struct layout *layout = d->layout;

    version_clear(v);
    if (!layout)
        return 0;
    v->window = window_new(layout->n_cells);
    v->watch = drift_watch_new(layout, d->n_samples);
    v->summaries = calloc(layout->n_features * WINDOW_LEVELS, sizeof *v->summaries);
    v->back = calloc(layout->n_features, sizeof *v->back);
    if (v->window && v->watch && v->summaries && v->back)
        return 0;
    version_clear(v);
    return ERR_NOMEM;
}

int ingest_set_layout(struct ingest *g, int deployment, struct layout *layout, struct err *e)
{
    struct ingest_deployment *d = g->deployments[deployment];
    uint32_t *field_of = layout ? calloc(layout->n_features + 1, sizeof *field_of) : NULL;
    if (layout && !field_of) {
        layout_free(layout);
        return err_set(e, ERR_NOMEM, "no memory for the features of %s", d->name);
    }
    layout_free(d->layout);
    free(d->field_of);
    d->layout = layout;
    d->field_of = field_of;
    /* All of them, whatever fails: a window of the former layout has other cells. */
    int code = 0;
    for (size_t i = 0; i < d->n_versions; i++)
        if (version_fit(d->versions[i], d) < 0)
            code = err_set(e, ERR_NOMEM, "no memory for the windows of %s", d->name);
    return code;
}

static bool same_text(const char *a, const char *b, size_t b_length)
{
    return strlen(a) == b_length && memcmp(a, b, b_length) == 0;
}

struct ingest_version *ingest_version(struct ingest *g, int deployment, const char *version,
                                      size_t length)
{
    struct ingest_deployment *d = g->deployments[deployment];

    for (size_t i = 0; i < d->n_versions; i++)
        if (same_text(d->versions[i]->version, version, length))
            return d->versions[i];
    if (d->n_versions >= INGEST_VERSIONS_MAX || length == 0 || length >= MODEL_NAME_SIZE)
        return NULL;
    char clean[MODEL_NAME_SIZE];
    utf8_clean(clean, sizeof clean, version, length);
    if (!same_text(clean, version, length))
        return NULL;
    if (VEC_ROOM(d->versions, d->n_versions, d->versions_capacity, 1) < 0)
        return NULL;
    struct ingest_version *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    str_copy(v->version, sizeof v->version, clean);
    if (version_fit(v, d) < 0) {
        version_free(v);
        return NULL;
    }
    d->versions[d->n_versions++] = v;
    return v;
}

struct restoring {
    struct ingest_version *v;
    enum window_span level;
    int64_t now_ms;
};

static int restore_bucket(void *ctx, int64_t start_ms, uint32_t rows, const void *packed,
                          size_t length)
{
    struct restoring *r = ctx;
    (void)rows;
    int result = window_restore(r->v->window, r->level, start_ms, r->now_ms, packed, length);
    if (result < 0 && result != ERR_ABSENT)
        log_warn("a stored bucket of version %s cannot be read: %s", r->v->version,
                 err_message(result));
    return result == ERR_NOMEM ? result : 0;
}

int ingest_restore(struct ingest *g, int deployment, struct ingest_version *v, struct store *store,
                   int64_t now_ms, struct err *e)
{
    const struct layout *layout = g->deployments[deployment]->layout;
    if (!layout || !v->window || !v->id || !layout->id || v->restored)
        return 0;
    v->restored = true;
    for (int level = 0; level < WINDOW_LEVELS; level++) {
        enum window_span span = (enum window_span)level;
        int64_t reach_ms = window_bucket_ms(span) * (int64_t)window_bucket_count(span);
        struct counts_key key = {v->id, layout->id, level, now_ms - reach_ms};
        struct restoring r = {v, span, now_ms};
        int result =
            store_each_counts(store, &key, now_ms + WINDOW_AHEAD_MS * 2, restore_bucket, &r, e);
        if (result < 0)
            return result;
    }
    return drift_watch_restore(v->watch, store, v->id, layout->id, e);
}

/* The field of a feature: where it stood in the last row, else wherever it is now. */
static const struct field *find_field(const struct feature_row *row, const char *name,
                                      size_t length, uint32_t *guess)
{
    if (*guess < row->n_fields) {
        const struct field *f = &row->fields[*guess];
        if (f->name_length == length && memcmp(f->name, name, length) == 0)
            return f;
    }
    for (size_t i = 0; i < row->n_fields; i++) {
        const struct field *f = &row->fields[i];
        if (f->name_length == length && memcmp(f->name, name, length) == 0) {
            *guess = (uint32_t)i;
            return f;
        }
    }
    return NULL;
}

static int count_fields(struct ingest_deployment *d, struct ingest_version *v,
                        const struct feature_row *row)
{
    static const struct value missing = {.kind = VALUE_MISSING};
    const struct layout *layout = d->layout;

    for (size_t i = 0; i < layout->n_features; i++) {
        const struct layout_feature *feature = &layout->features[i];
        const struct field *field =
            find_field(row, feature->name, strlen(feature->name), &d->field_of[i]);
        const struct value *value = field ? &field->value : &missing;
        size_t cell = codebook_cell(feature->codebook, value);
        trace_add(v->watch->trace, i, value, cell);
        int r = window_count(v->window, feature->first_cell + cell);
        if (r < 0)
            return r;
    }
    return 0;
}

/* The version that has had no rows for longest, if that is longer than any window. */
static void make_room(struct ingest_deployment *d, int64_t now_ms)
{
    size_t oldest = 0;

    if (d->n_versions < INGEST_VERSIONS_MAX)
        return;
    for (size_t i = 1; i < d->n_versions; i++)
        if (d->versions[i]->rows_at_ms < d->versions[oldest]->rows_at_ms)
            oldest = i;
    if (now_ms - d->versions[oldest]->rows_at_ms < INGEST_IDLE_MS)
        return;
    version_free(d->versions[oldest]);
    d->versions[oldest] = d->versions[--d->n_versions];
}

/* Without a window there is nothing to count in, but a row is late or ahead all the same. */
static enum window_fate fate(struct ingest_version *v, int64_t at_ms, int64_t now_ms)
{
    if (v->window)
        return window_row(v->window, at_ms, now_ms);
    if (at_ms > now_ms + WINDOW_AHEAD_MS)
        return WINDOW_AHEAD;
    return at_ms < now_ms - window_bucket_ms(WINDOW_24H) * 24 ? WINDOW_LATE : WINDOW_COUNTED;
}

int ingest_row(struct ingest *g, int deployment, const struct feature_row *row, int64_t now_ms,
               enum source_refusal *ret_reason)
{
    struct ingest_deployment *d = g->deployments[deployment];
    struct ingest_version *v = ingest_version(g, deployment, row->version, row->version_length);

    if (!v) {
        make_room(d, now_ms);
        v = ingest_version(g, deployment, row->version, row->version_length);
    }
    if (!v) {
        *ret_reason = REFUSED_VERSION;
        return 1;
    }
    if (!v->id && !v->rows_total)
        v->restored = true; /* new: the store holds nothing that a window reaches back to */
    switch (fate(v, row->at_ms, now_ms)) {
    case WINDOW_COUNTED: break;
    case WINDOW_LATE: *ret_reason = REFUSED_LATE; return 1;
    case WINDOW_AHEAD: *ret_reason = REFUSED_AHEAD; return 1;
    }
    if (v->window) {
        int r = count_fields(d, v, row);
        if (r < 0)
            return r;
    }
    v->rows_total++;
    if (row->at_ms > v->rows_at_ms)
        v->rows_at_ms = row->at_ms;
    return 0;
}

static int flush_counts(const struct layout *layout, struct ingest_version *v, struct store *store,
                        struct str *scratch, struct err *e)
{
    struct window_bucket bucket;
    size_t it = 0;

    while (window_dirty(v->window, &it, &bucket)) {
        struct counts_key key = {v->id, layout->id, (int)bucket.level, bucket.start_ms};
        str_clear(scratch);
        int r = window_pack(v->window, &bucket, scratch);
        if (r < 0)
            return err_set(e, r, "cannot pack the counts of version %s", v->version);
        r = store_put_counts(store, &key, (uint32_t)bucket.rows, scratch->data, scratch->length, e);
        if (r < 0)
            return r;
    }
    return 0;
}

static int flush_summaries(const struct layout *layout, struct ingest_version *v,
                           struct store *store, int64_t now_ms, struct err *e)
{
    if (!v->summaries_changed)
        return 0;
    int r = store_put_summaries(store, v->id, layout->id, now_ms, v->summaries,
                                layout->n_features * WINDOW_LEVELS, e);
    return r < 0 ? r : drift_watch_flush(v->watch, store, v->id, layout->id, e);
}

int ingest_flush(struct ingest *g, enum ingest_part part, struct store *store, int64_t now_ms,
                 struct err *e)
{
    struct str scratch;
    int r = 0;

    str_init(&scratch, 0);
    for (size_t i = 0; i < g->n_deployments && r == 0; i++) {
        struct ingest_deployment *d = g->deployments[i];
        for (size_t k = 0; d->layout && k < d->n_versions && r == 0; k++) {
            struct ingest_version *v = d->versions[k];
            if (v->id && v->window)
                r = part == INGEST_COUNTS ? flush_counts(d->layout, v, store, &scratch, e)
                                          : flush_summaries(d->layout, v, store, now_ms, e);
        }
    }
    str_done(&scratch);
    return r;
}

static void version_flushed(struct ingest_version *v, enum ingest_part part)
{
    struct window_bucket bucket;
    size_t it = 0;

    if (!v->window)
        return;
    if (part == INGEST_SUMMARIES && v->summaries_changed) {
        v->summaries_changed = false;
        drift_watch_flushed(v->watch);
    }
    if (part == INGEST_COUNTS)
        while (window_dirty(v->window, &it, &bucket))
            window_clean(v->window, &bucket);
}

void ingest_flushed(struct ingest *g, enum ingest_part part)
{
    for (size_t i = 0; i < g->n_deployments; i++) {
        struct ingest_deployment *d = g->deployments[i];
        for (size_t k = 0; d->layout && k < d->n_versions; k++)
            if (d->versions[k]->id)
                version_flushed(d->versions[k], part);
    }
}
