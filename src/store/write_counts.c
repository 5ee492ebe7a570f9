/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/store/write_counts.h"

#include <stdlib.h>

#include "blob_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/codebook.h"
#include "history_private.h"
#include "sql_private.h"
#include "summary_private.h"

/* One number by a statement with one or two texts or numbers already put: 1, 0 or an error. */
static int one_int(struct sql *q, int64_t *ret, struct err *e)
{
    int rc = sql_step(q, e);
    if (rc > 0)
        *ret = sql_get_int(q);
    sql_end(q);
    return rc;
}

static int put_codebook(struct store *s, const struct layout_feature *f, int64_t *ret_id,
                        struct err *e)
{
    struct sql q;
    sql_open(&q, s, "SELECT id FROM codebook WHERE hash = ?");
    sql_put_text(&q, f->codebook_hash);
    int rc = one_int(&q, ret_id, e);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    struct str bytes;
    str_init(&bytes, 0);
    rc = codebook_encode(f->codebook, &bytes);
    if (rc < 0) {
        err_set(e, rc, "the codebook of %s cannot be kept: %s", f->name, err_message(rc));
        goto out;
    }
    sql_open(&q, s, "INSERT INTO codebook (hash, bytes) VALUES (?, ?) RETURNING id");
    sql_put_text(&q, f->codebook_hash);
    sql_put_bytes(&q, bytes.data, bytes.length);
    rc = sql_step(&q, e);
    if (rc > 0) {
        *ret_id = sql_get_int(&q);
        rc = sql_run(&q, e);
    }
out:
    str_done(&bytes);
    return rc;
}

static int put_feature(struct store *s, const struct layout *layout, size_t place, struct err *e)
{
    const struct layout_feature *f = &layout->features[place];
    int64_t codebook_id = 0;
    struct sql q;
    int rc = put_codebook(s, f, &codebook_id, e);
    if (rc < 0)
        return rc;
    sql_open(&q, s,
             "INSERT INTO layout_feature (layout_id, place, name, codebook_id, first_cell, n_cells)"
             " VALUES (?, ?, ?, ?, ?, ?)");
    sql_put_int(&q, layout->id);
    sql_put_int(&q, (int64_t)place);
    sql_put_text(&q, f->name);
    sql_put_int(&q, codebook_id);
    sql_put_int(&q, f->first_cell);
    sql_put_int(&q, f->n_cells);
    return sql_run(&q, e);
}

static int insert_row(struct store *s, struct layout *layout, const char *names, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO layout (deployment_id, hash, prediction, n_cells, names)"
             " VALUES (?, ?, ?, ?, ?) RETURNING id");
    sql_put_int(&q, layout->deployment_id);
    sql_put_text(&q, layout->hash);
    sql_put_text(&q, layout->prediction);
    sql_put_int(&q, layout->n_cells);
    sql_put_text(&q, names);
    int rc = sql_step(&q, e);
    if (rc > 0) {
        layout->id = sql_get_int(&q);
        rc = sql_run(&q, e);
    }
    return rc;
}

static int insert_layout(struct store *s, struct layout *layout, struct err *e)
{
    struct str names;
    str_init(&names, 0);
    for (size_t i = 0; i < layout->n_features; i++)
        str_addf(&names, "%s%c", layout->features[i].name, LAYOUT_NAME_END);
    int rc = names.failed ? err_set(e, ERR_NOMEM, "%zu names", layout->n_features)
                          : insert_row(s, layout, names.data, e);
    for (size_t i = 0; i < layout->n_features && rc == 0; i++)
        rc = put_feature(s, layout, i, e);
    str_done(&names);
    return rc;
}

/* What is no part of the hash, because the configuration may say otherwise any day: the prediction's
 * name, and how important each feature is. */
static int update_layout(struct store *s, const struct layout *layout, struct err *e)
{
    size_t length = 4 * layout->n_features;
    unsigned char *importance = malloc(length + 1);
    struct sql q;
    if (!importance)
        return err_set(e, ERR_NOMEM, "%zu features", layout->n_features);
    for (size_t i = 0; i < layout->n_features; i++)
        blob_put_float(importance + 4 * i, layout->features[i].importance);
    sql_open(&q, s,
             "UPDATE layout SET prediction = ?1, importance = ?2"
             " WHERE id = ?3 AND (prediction IS NOT ?1 OR importance IS NOT ?2)");
    sql_put_text(&q, layout->prediction);
    sql_put_bytes(&q, importance, length);
    sql_put_int(&q, layout->id);
    int rc = sql_run(&q, e);
    free(importance);
    return rc;
}

/* Verdicts and notes name features by their place in the layout: of the former one they would be said
 * of other features, and a version without new rows is never judged again. */
static int drop_verdicts(struct store *s, int64_t deployment_id, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "DELETE FROM summary WHERE id >> ?2 IN"
             " (SELECT id FROM version WHERE deployment_id = ?1)");
    sql_put_int(&q, deployment_id);
    sql_put_int(&q, SUMMARY_SPAN_BITS);
    int rc = sql_run(&q, e);
    if (rc < 0)
        return rc;
    sql_open(&q, s,
             "DELETE FROM drift_note WHERE version_id IN"
             " (SELECT id FROM version WHERE deployment_id = ?)");
    sql_put_int(&q, deployment_id);
    return sql_run(&q, e);
}

static int make_current(struct store *s, const struct layout *layout, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "UPDATE deployment SET layout_id = ?1 WHERE id = ?2 AND layout_id IS NOT ?1"
             " RETURNING id");
    sql_put_int(&q, layout->id);
    sql_put_int(&q, layout->deployment_id);
    int rc = sql_step(&q, e);
    if (rc <= 0)
        return rc;
    rc = sql_run(&q, e);
    return rc < 0 ? rc : drop_verdicts(s, layout->deployment_id, e);
}

int store_put_layout(struct store *s, struct layout *layout, struct err *e)
{
    struct sql q;
    sql_open(&q, s, "SELECT id FROM layout WHERE deployment_id = ? AND hash = ?");
    sql_put_int(&q, layout->deployment_id);
    sql_put_text(&q, layout->hash);
    int rc = one_int(&q, &layout->id, e);
    if (rc == 0)
        rc = insert_layout(s, layout, e);
    if (rc < 0)
        return rc;
    rc = update_layout(s, layout, e);
    return rc < 0 ? rc : make_current(s, layout, e);
}

int counts_series(struct store *s, int64_t version_id, int64_t layout_id, int level,
                  int64_t *ret_series, struct err *e)
{
    struct sql q;
    sql_open(&q, s, "SELECT id FROM series WHERE version_id = ? AND layout_id = ? AND level = ?");
    sql_put_int(&q, version_id);
    sql_put_int(&q, layout_id);
    sql_put_int(&q, level);
    int rc = one_int(&q, ret_series, e);
    return rc > 0 ? 0 : rc == 0 ? ERR_ABSENT : rc;
}

static int make_series(struct store *s, const struct counts_key *key, int64_t *ret_series,
                       struct err *e)
{
    int rc = counts_series(s, key->version_id, key->layout_id, key->level, ret_series, e);
    if (rc != ERR_ABSENT)
        return rc;
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO series (version_id, layout_id, level) VALUES (?, ?, ?) RETURNING id");
    sql_put_int(&q, key->version_id);
    sql_put_int(&q, key->layout_id);
    sql_put_int(&q, key->level);
    rc = sql_step(&q, e);
    if (rc > 0) {
        *ret_series = sql_get_int(&q);
        rc = sql_run(&q, e);
    }
    return rc;
}

int store_put_counts(struct store *s, const struct counts_key *key, uint32_t rows,
                     const void *packed, size_t length, struct err *e)
{
    int64_t series = 0;
    struct sql q;
    if (key->level < 0 || key->level >= WINDOW_LEVELS || key->start_ms < 0 ||
        key->start_ms % 1000 != 0 || key->start_ms / 1000 > UINT32_MAX)
        return err_set(e, ERR_INVALID, "a bucket at %lld ms on level %d", (long long)key->start_ms,
                       key->level);
    int rc = make_series(s, key, &series, e);
    if (rc < 0)
        return rc;
    sql_open(&q, s,
             "INSERT INTO counts (key, rows, packed) VALUES (?, ?, ?)"
             " ON CONFLICT (key) DO UPDATE SET rows = excluded.rows, packed = excluded.packed");
    sql_put_int(&q, counts_bound(series, key->start_ms));
    sql_put_int(&q, rows);
    sql_put_bytes(&q, packed, length);
    return sql_run(&q, e);
}

static void pack_summary(const struct drift_summary *d, unsigned char *at)
{
    blob_put(at + SUMMARY_FEATURE, d->feature, 4);
    blob_put(at + SUMMARY_SPAN, d->span, 1);
    blob_put(at + SUMMARY_VERDICT, d->verdict, 1);
    blob_put(at + SUMMARY_REASON, d->reason, 2);
    blob_put(at + SUMMARY_ROWS, d->rows, 4);
    blob_put(at + SUMMARY_CANARY, d->canary, 2);
    blob_put(at + SUMMARY_CANARY_REASON, d->canary_reason, 2);
    at += SUMMARY_FLOATS_AT;
#define X(name) blob_put_float(at, d->name), at += 4;
    SUMMARY_FLOATS(X)
#undef X
}

/* All of one span, in the order given. */
static int put_span(struct store *s, int64_t version_id, int64_t layout_id, int64_t at_ms, int span,
                    const struct drift_summary *items, size_t n, unsigned char *packed,
                    struct err *e)
{
    struct sql q;
    unsigned char *end = packed;
    uint32_t rows = 0;
    for (size_t i = 0; i < n; i++) {
        if (items[i].span != span)
            continue;
        pack_summary(&items[i], end);
        end += SUMMARY_SIZE;
        /* Every feature has seen every row of its window. */
        rows = items[i].rows > rows ? items[i].rows : rows;
    }
    sql_open(&q, s,
             "INSERT OR REPLACE INTO summary (id, layout_id, at_ms, rows, items)"
             " VALUES (?, ?, ?, ?, ?)");
    sql_put_int(&q, version_id << SUMMARY_SPAN_BITS | span);
    sql_put_int(&q, layout_id);
    sql_put_int(&q, at_ms);
    sql_put_int(&q, rows);
    sql_put_bytes(&q, packed, (size_t)(end - packed));
    return sql_run(&q, e);
}

int store_put_summaries(struct store *s, int64_t version_id, int64_t layout_id, int64_t at_ms,
                        const struct drift_summary *items, size_t n, struct err *e)
{
    int rc = 0;
    if (n > SUMMARY_MAX)
        return err_set(e, ERR_LIMIT, "%zu summaries", n);
    unsigned char *packed = malloc(n * SUMMARY_SIZE + 1);
    if (!packed)
        return err_set(e, ERR_NOMEM, "%zu summaries", n);
    for (int span = 0; span < WINDOW_LEVELS && rc == 0; span++)
        rc = put_span(s, version_id, layout_id, at_ms, span, items, n, packed, e);
    free(packed);
    return rc;
}

int store_put_designs(struct store *s, int64_t version_id, int64_t layout_id,
                      const struct design *items, size_t n, struct err *e)
{
    struct sql q;
    unsigned char *packed = malloc(n * DESIGN_SIZE + 1), *at = packed;
    if (!packed)
        return err_set(e, ERR_NOMEM, "%zu design effects", n);
    for (size_t i = 0; i < n; i++, at += DESIGN_SIZE) {
        blob_put_float(at, (float)items[i].rank);
        blob_put_float(at + 4, (float)items[i].cells);
        blob_put_float(at + 8, (float)items[i].spread);
        blob_put_float(at + 12, (float)items[i].shape);
    }
    sql_open(&q, s,
             "INSERT INTO design (version_id, layout_id, items) VALUES (?, ?, ?)"
             " ON CONFLICT (version_id) DO UPDATE SET layout_id = excluded.layout_id,"
             " items = excluded.items");
    sql_put_int(&q, version_id);
    sql_put_int(&q, layout_id);
    sql_put_bytes(&q, packed, n * DESIGN_SIZE);
    int rc = sql_run(&q, e);
    free(packed);
    return rc;
}

int store_put_drift_note(struct store *s, int64_t version_id, const struct drift_note *note,
                         struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT OR REPLACE INTO drift_note (version_id, feature, onset_ms, onset_width_ms,"
             " shape, shape_by, value, sentence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    sql_put_int(&q, version_id);
    sql_put_int(&q, note->feature);
    sql_put_int(&q, note->onset_ms);
    sql_put_int(&q, note->onset_width_ms);
    sql_put_int(&q, note->shape);
    sql_put_real(&q, note->shape_by);
    sql_put_text(&q, note->value);
    sql_put_text(&q, note->sentence);
    return sql_run(&q, e);
}

int store_drop_drift_note(struct store *s, int64_t version_id, int64_t feature, struct err *e)
{
    struct sql q;
    sql_open(&q, s, "DELETE FROM drift_note WHERE version_id = ?1 AND (?2 < 0 OR feature = ?2)");
    sql_put_int(&q, version_id);
    sql_put_int(&q, feature);
    return sql_run(&q, e);
}

int store_put_position(struct store *s, const struct log_position *p, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO position (source, device, inode, path, head_hash, head_length, offset,"
             " lines) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
             " ON CONFLICT (source, device, inode) DO UPDATE SET path = excluded.path,"
             " head_hash = excluded.head_hash, head_length = excluded.head_length,"
             " offset = excluded.offset, lines = excluded.lines");
    sql_put_text(&q, p->source);
    sql_put_int(&q, (int64_t)p->device);
    sql_put_int(&q, (int64_t)p->inode);
    sql_put_text(&q, p->path);
    sql_put_text(&q, p->head_hash);
    sql_put_int(&q, p->head_length);
    sql_put_int(&q, (int64_t)p->offset);
    sql_put_int(&q, (int64_t)p->lines);
    return sql_run(&q, e);
}

int store_drop_position(struct store *s, const char *source, uint64_t device, uint64_t inode,
                        struct err *e)
{
    struct sql q;
    sql_open(&q, s, "DELETE FROM position WHERE source = ? AND device = ? AND inode = ?");
    sql_put_text(&q, source);
    sql_put_int(&q, (int64_t)device);
    sql_put_int(&q, (int64_t)inode);
    return sql_run(&q, e);
}
