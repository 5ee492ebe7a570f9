/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/store/read_drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blob_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "driftop/stats/window_pack.h"
#include "history_private.h"
#include "sql_rows_private.h"
#include "summary_private.h"

static int get_feature(struct sql *q, struct layout *layout, struct err *e)
{
    struct layout_feature *f = &layout->features[layout->n_features];
    size_t length;
    *f = (struct layout_feature){0};
    sql_get_text(q, f->name, sizeof f->name);
    f->first_cell = (uint32_t)sql_get_int(q);
    f->n_cells = (uint32_t)sql_get_int(q);
    sql_get_text(q, f->codebook_hash, sizeof f->codebook_hash);
    const void *bytes = sql_get_bytes(q, &length);
    int rc = codebook_decode(bytes, length, &f->codebook, e);
    if (rc < 0)
        return rc;
    layout->n_features++;
    /* A caller indexes counts by these numbers: they must hold together. */
    uint64_t end = (uint64_t)f->first_cell + f->n_cells;
    if (codebook_cells(f->codebook) != f->n_cells || end > layout->n_cells)
        return err_set(e, ERR_DATA, "the layout of feature %s does not fit its codebook", f->name);
    return 0;
}

static int get_features(struct store *s, struct layout *layout, struct err *e)
{
    size_t capacity = 0;
    struct sql q;
    int rc;
    sql_open(&q, s,
             "SELECT f.name, f.first_cell, f.n_cells, c.hash, c.bytes"
             " FROM layout_feature AS f JOIN codebook AS c ON c.id = f.codebook_id"
             " WHERE f.layout_id = ? ORDER BY f.place");
    sql_put_int(&q, layout->id);
    while ((rc = sql_step(&q, e)) > 0) {
        rc = VEC_ROOM(layout->features, layout->n_features, capacity, 1);
        if (rc == 0)
            rc = get_feature(&q, layout, e);
        else
            err_set(e, rc, "reading the layout");
        if (rc < 0)
            break;
    }
    sql_end(&q);
    if (rc < 0)
        return rc;
    const struct layout_feature *last =
        layout->n_features ? &layout->features[layout->n_features - 1] : NULL;
    if (layout->n_cells != (last ? last->first_cell + last->n_cells : 0))
        return err_set(e, ERR_DATA, "the layout's cells are not those of its features");
    return 0;
}

/* Names only, each ended by LAYOUT_NAME_END. */
static int get_names(struct layout *layout, const char *names, size_t length, struct err *e)
{
    const char *end = names ? names + length : names;
    size_t n = 0;
    for (const char *at = names; at < end; at++)
        n += *at == LAYOUT_NAME_END;
    layout->features = calloc(n + 1, sizeof *layout->features);
    if (!layout->features)
        return err_set(e, ERR_NOMEM, "%zu features", n);
    while (layout->n_features < n) {
        struct layout_feature *f = &layout->features[layout->n_features++];
        const char *stop = memchr(names, LAYOUT_NAME_END, (size_t)(end - names));
        size_t room = (size_t)(stop - names) + 1;
        str_copy(f->name, room < sizeof f->name ? room : sizeof f->name, names);
        names = stop + 1;
    }
    return 0;
}

static void get_importance(struct layout *layout, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < layout->n_features; i++)
        layout->features[i].importance =
            bytes && length >= 4 * (i + 1) ? blob_get_float(bytes + 4 * i) : NAN;
}

static int get_layout(struct store *s, int64_t deployment_id, bool names_only, struct layout **ret,
                      struct err *e)
{
    struct sql q;
    size_t length = 0;
    *ret = NULL;
    struct layout *layout = calloc(1, sizeof *layout);
    if (!layout)
        return err_set(e, ERR_NOMEM, "reading the layout");
    sql_open(&q, s,
             "SELECT l.id, l.deployment_id, l.hash, l.prediction, l.n_cells, l.names, l.importance"
             " FROM deployment AS d JOIN layout AS l ON l.id = d.layout_id WHERE d.id = ?");
    sql_put_int(&q, deployment_id);
    int rc = sql_step(&q, e);
    if (rc == 0)
        rc = err_set(e, ERR_ABSENT, "the deployment has no reference yet");
    if (rc > 0) {
        layout->id = sql_get_int(&q);
        layout->deployment_id = sql_get_int(&q);
        sql_get_text(&q, layout->hash, sizeof layout->hash);
        sql_get_text(&q, layout->prediction, sizeof layout->prediction);
        layout->n_cells = (uint32_t)sql_get_int(&q);
        const char *names = sql_get_bytes(&q, &length);
        rc = names_only ? get_names(layout, names, length, e) : get_features(s, layout, e);
        const unsigned char *importance = sql_get_bytes(&q, &length);
        get_importance(layout, importance, length);
        sql_end(&q);
    }
    if (rc < 0) {
        layout_free(layout);
        return rc;
    }
    *ret = layout;
    return 0;
}

int store_layout(struct store *s, int64_t deployment_id, struct layout **ret, struct err *e)
{
    return get_layout(s, deployment_id, false, ret, e);
}

int store_layout_names(struct store *s, int64_t deployment_id, struct layout **ret, struct err *e)
{
    return get_layout(s, deployment_id, true, ret, e);
}

int store_each_counts(struct store *s, const struct counts_key *key, int64_t to_ms,
                      store_counts_fn *fn, void *ctx, struct err *e)
{
    int64_t series = 0;
    struct sql q;
    int rc = counts_series(s, key->version_id, key->layout_id, key->level, &series, e);
    if (rc < 0)
        return rc == ERR_ABSENT ? 0 : rc;
    sql_open(&q, s, "SELECT key, rows, packed FROM counts WHERE key >= ? AND key < ? ORDER BY key");
    sql_put_int(&q, counts_bound(series, key->start_ms));
    sql_put_int(&q, counts_bound(series, to_ms));
    while ((rc = sql_step(&q, e)) > 0) {
        int64_t start_ms = (sql_get_int(&q) & UINT32_MAX) * 1000;
        uint32_t rows = (uint32_t)sql_get_int(&q);
        size_t length;
        const void *packed = sql_get_bytes(&q, &length);
        rc = fn(ctx, start_ms, rows, packed, length);
        if (rc < 0)
            break;
    }
    sql_end(&q);
    return rc;
}

struct sum {
    uint32_t *counts, *bucket;
    size_t n_cells;
    uint64_t rows;
};

static int add_bucket(void *ctx, int64_t start_ms, uint32_t rows, const void *packed, size_t length)
{
    struct sum *sum = ctx;
    (void)start_ms;
    (void)rows;
    uint64_t counted = 0;
    int rc = window_unpack(packed, length, sum->bucket, sum->n_cells, &counted);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < sum->n_cells; i++) {
        if (__builtin_add_overflow(sum->counts[i], sum->bucket[i], &sum->counts[i]))
            sum->counts[i] = UINT32_MAX;
    }
    sum->rows += counted;
    return 0;
}

int store_sum_range(struct store *s, const struct counts_key *key, int64_t to_ms, size_t n_cells,
                    uint32_t *counts, uint64_t *ret_rows, struct err *e)
{
    struct sum sum = {.counts = counts, .n_cells = n_cells, .rows = *ret_rows};
    sum.bucket = malloc((n_cells + 1) * sizeof *sum.bucket);
    if (!sum.bucket)
        return err_set(e, ERR_NOMEM, "adding up %zu cells", n_cells);
    int rc = store_each_counts(s, key, to_ms, add_bucket, &sum, e);
    if (rc == ERR_DATA || rc == ERR_VERSION)
        err_set(e, rc, "counts in the store are damaged or of a newer driftop");
    free(sum.bucket);
    *ret_rows = sum.rows;
    return rc;
}

int store_sum_counts(struct store *s, int64_t version_id, const struct layout *layout,
                     enum window_span span, int64_t now_ms, uint32_t *counts, uint64_t *ret_rows,
                     struct err *e)
{
    /* What a window's level holds at now_ms: the bucket that now is in, those before it that make
     * the span with it, and what rows ahead of the clock have opened. */
    int64_t width = window_bucket_ms(span);
    int64_t before = (int64_t)window_bucket_count(span) - 1;
    struct counts_key key = {.version_id = version_id, .layout_id = layout->id, .level = (int)span};
    key.start_ms = now_ms / width * width - before * width;
    memset(counts, 0, layout->n_cells * sizeof *counts);
    *ret_rows = 0;
    return store_sum_range(s, &key, now_ms + WINDOW_AHEAD_MS + 1, layout->n_cells, counts, ret_rows,
                           e);
}

static void unpack_summary(const unsigned char *at, struct drift_summary *ret)
{
    *ret = (struct drift_summary){
        .feature = (uint32_t)blob_get(at + SUMMARY_FEATURE, 4),
        .span = (uint8_t)blob_get(at + SUMMARY_SPAN, 1),
        .verdict = (uint8_t)blob_get(at + SUMMARY_VERDICT, 1),
        .reason = (uint16_t)blob_get(at + SUMMARY_REASON, 2),
        .rows = (uint32_t)blob_get(at + SUMMARY_ROWS, 4),
        .canary = (uint8_t)blob_get(at + SUMMARY_CANARY, 1),
        .canary_reason = (uint16_t)blob_get(at + SUMMARY_CANARY_REASON, 2),
    };
    at += SUMMARY_FLOATS_AT;
#define X(name) ret->name = blob_get_float(at), at += 4;
    SUMMARY_FLOATS(X)
#undef X
}

static int unpack_summaries(struct sql *q, struct drift_summaries *ret, struct err *e)
{
    size_t length = 0;
    const unsigned char *blob = sql_get_bytes(q, &length);
    size_t n = length / SUMMARY_SIZE;
    ret->items = malloc((n + 1) * sizeof *ret->items);
    if (!ret->items)
        return err_set(e, ERR_NOMEM, "%zu summaries", n);
    for (size_t i = 0; i < n; i++)
        unpack_summary(blob + i * SUMMARY_SIZE, &ret->items[i]);
    ret->n = n;
    return 0;
}

int store_summaries(struct store *s, int64_t version_id, int span, uint32_t enough,
                    struct drift_summaries *ret, struct err *e)
{
    struct sql q;
    int rc;
    *ret = (struct drift_summaries){.span = span < 0 ? WINDOW_15M : (enum window_span)span};
    sql_open(&q, s, "SELECT id, at_ms, rows, items FROM summary WHERE id BETWEEN ? AND ?");
    sql_put_int(&q, version_id << SUMMARY_SPAN_BITS | (span < 0 ? 0 : span));
    sql_put_int(&q, version_id << SUMMARY_SPAN_BITS | (span < 0 ? WINDOW_LEVELS - 1 : span));
    while ((rc = sql_step(&q, e)) > 0) {
        int at = (int)(sql_get_int(&q) & ((1 << SUMMARY_SPAN_BITS) - 1));
        ret->at_ms = sql_get_int(&q);
        ret->rows = (uint32_t)sql_get_int(&q);
        ret->span = (enum window_span)at;
        /* The bytes are read of this row only. */
        if (ret->rows < enough && span < 0 && at < WINDOW_LEVELS - 1)
            continue;
        rc = unpack_summaries(&q, ret, e);
        sql_end(&q);
        return rc;
    }
    return rc;
}

int store_designs(struct store *s, int64_t version_id, int64_t layout_id, struct design *ret,
                  size_t n, struct err *e)
{
    struct sql q;
    size_t length = 0;
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct design){.rank = 1, .cells = 1, .shape = 1};
    sql_open(&q, s, "SELECT items FROM design WHERE version_id = ? AND layout_id = ?");
    sql_put_int(&q, version_id);
    sql_put_int(&q, layout_id);
    int rc = sql_step(&q, e);
    if (rc <= 0)
        return rc;
    const unsigned char *at = sql_get_bytes(&q, &length);
    for (size_t i = 0; i < n && i < length / DESIGN_SIZE; i++, at += DESIGN_SIZE)
        ret[i] = (struct design){.rank = (double)blob_get_float(at),
                                 .cells = (double)blob_get_float(at + 4),
                                 .spread = (double)blob_get_float(at + 8),
                                 .shape = (double)blob_get_float(at + 12)};
    sql_end(&q);
    return 0;
}

static void get_note(struct sql *q, void *element)
{
    struct drift_note *note = element;
    *note = (struct drift_note){.feature = (uint32_t)sql_get_int(q)};
    note->onset_ms = sql_get_int(q);
    note->onset_width_ms = sql_get_int(q);
    note->shape = (uint8_t)sql_get_int(q);
    note->shape_by = sql_get_real(q);
    sql_get_text(q, note->value, sizeof note->value);
    sql_get_text(q, note->sentence, sizeof note->sentence);
}

int store_drift_notes(struct store *s, int64_t version_id, struct drift_note **ret, size_t *ret_n,
                      struct err *e)
{
    struct sql q;
    void *items;
    sql_open(&q, s,
             "SELECT feature, onset_ms, onset_width_ms, shape, shape_by, value, sentence"
             " FROM drift_note WHERE version_id = ? ORDER BY feature");
    sql_put_int(&q, version_id);
    int rc = sql_all(&q, sizeof **ret, get_note, &items, ret_n, e);
    *ret = items;
    return rc;
}

static void get_position(struct sql *q, void *element)
{
    struct log_position *p = element;
    sql_get_text(q, p->source, sizeof p->source);
    sql_get_text(q, p->path, sizeof p->path);
    p->device = (uint64_t)sql_get_int(q);
    p->inode = (uint64_t)sql_get_int(q);
    sql_get_text(q, p->head_hash, sizeof p->head_hash);
    p->head_length = (uint32_t)sql_get_int(q);
    p->offset = (uint64_t)sql_get_int(q);
    p->lines = (uint64_t)sql_get_int(q);
}

int store_positions(struct store *s, const char *source, struct log_position **ret, size_t *ret_n,
                    struct err *e)
{
    struct sql q;
    void *items;
    sql_open(&q, s,
             "SELECT source, path, device, inode, head_hash, head_length, offset, lines"
             " FROM position WHERE source = ? ORDER BY path, inode");
    sql_put_text(&q, source);
    int rc = sql_all(&q, sizeof **ret, get_position, &items, ret_n, e);
    *ret = items;
    return rc;
}
