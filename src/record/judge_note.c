/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/stats/divergence.h"
#include "driftop/stats/onset.h"
#include "driftop/stats/quantile.h"
#include "driftop/stats/sentence.h"
#include "driftop/stats/shape.h"
#include "driftop/stats/window_buckets.h"
#include "judge_private.h"

#define NOTE_MS      5000  /* between two looks at one feature */
#define WRITE_MS     60000 /* a sentence whose percentages move is written so often */
#define SAMPLE_LEAST 100
#define BEFORE_LEAST 50  /* rows before a change, to say that they were well */
#define SMALL_PSI    0.1 /* of what is well, over the floor */

/* ---- since when ---- */

/* The buckets of one level in order of time, on the report cells. */
struct ladder {
    uint32_t *folded;
    size_t n_buckets, n_cells;
    int64_t first_ms, width_ms;
};

static bool ladder_fill(const struct window *w, const struct layout_feature *f,
                        enum window_span level, int64_t now_ms, struct ladder *ret)
{
    size_t n = window_bucket_count(level);
    uint32_t *counts = calloc(f->n_cells + n * FEATURE_CELLS, sizeof *counts);
    uint32_t cells[FEATURE_CELLS];

    if (!counts)
        return false;
    *ret = (struct ladder){.n_buckets = n, .width_ms = window_bucket_ms(level)};
    ret->first_ms = now_ms - now_ms % ret->width_ms - (int64_t)(n - 1) * ret->width_ms;
    ret->folded = counts + f->n_cells;
    for (size_t i = 0; i < n; i++) {
        window_bucket_counts(w, level, ret->first_ms + (int64_t)i * ret->width_ms, f->first_cell,
                             f->n_cells, counts, NULL);
        ret->n_cells = feature_fold(f->codebook, counts, cells);
        memcpy(ret->folded + i * ret->n_cells, cells, ret->n_cells * sizeof *cells);
    }
    return true;
}

static void ladder_done(struct ladder *l, const struct layout_feature *f)
{
    free(l->folded - f->n_cells);
}

/* A change is where the drift began only when what was before it was well. */
static bool well_before(const struct ladder *l, const struct layout_feature *f, size_t bucket)
{
    uint32_t reference[FEATURE_CELLS];
    uint64_t a[FEATURE_CELLS] = {0}, b[FEATURE_CELLS] = {0}, rows = 0;
    struct divergence d;

    feature_fold(f->codebook, codebook_counts(f->codebook), reference);
    for (size_t i = 0; i < l->n_cells; i++) {
        a[i] = reference[i];
        for (size_t k = 0; k < bucket; k++)
            b[i] += l->folded[k * l->n_cells + i];
        rows += b[i];
    }
    if (rows < BEFORE_LEAST)
        return false;
    divergence_of(a, b, l->n_cells, &d);
    return d.chi2.p > VERDICT_ALPHA || d.psi.excess < SMALL_PSI;
}

/* In the finest buckets that show it. */
static void find_onset(const struct ingest_version *v, const struct layout_feature *f,
                       int64_t now_ms, struct drift_note *note)
{
    for (int level = 0; level < WINDOW_LEVELS; level++) {
        struct ladder l;
        struct onset o;
        if (!ladder_fill(v->window, f, (enum window_span)level, now_ms, &l))
            return;
        onset_find(l.folded, l.n_buckets, l.n_cells, VERDICT_ALPHA, &o);
        /* The bucket in which it began is half one thing and half the other. */
        size_t bucket = o.present ? o.bucket : 0;
        while (bucket > 0 && !well_before(&l, f, bucket))
            bucket--;
        bool found = bucket > 0;
        if (found) {
            note->onset_ms = l.first_ms + (int64_t)bucket * l.width_ms;
            note->onset_width_ms = l.width_ms;
        }
        ladder_done(&l, f);
        if (found)
            return;
    }
}

/* Without a bucket that was well before it: what was found well a moment ago began within that minute. */
static void onset_by_looks(int64_t well_ms, int64_t now_ms, struct drift_note *note)
{
    int64_t width_ms = window_bucket_ms(WINDOW_15M);

    if (note->onset_ms || !well_ms || now_ms < well_ms || now_ms - well_ms > width_ms)
        return;
    note->onset_ms = well_ms / width_ms * width_ms;
    note->onset_width_ms = width_ms;
}

/* ---- what it looks like ---- */

static void find_shape(const struct ingest_version *v, const struct layout_feature *f,
                       size_t feature, const struct drift_summary *s,
                       const struct feature_result *result, struct drift_note *note)
{
    double values[TRACE_VALUES], scratch[TRACE_VALUES];
    size_t n = trace_values(v->watch->trace, feature, values);
    uint32_t *counts = n >= SAMPLE_LEAST ? calloc(2 * (size_t)f->n_cells, sizeof *counts) : NULL;
    struct shape shape;

    if (counts)
        quantile_sort(values, scratch, n);
    bool over = shape_of_drift(f->codebook, result, values, counts ? n : 0, VERDICT_ALPHA, counts,
                               scratch, &shape);
    /* The window has not forgotten it yet; or this recorder has only just begun to collect values. */
    bool blind = !counts && result->kind == CODEBOOK_NUMERIC;
    free(counts);
    if ((over || blind) && shape_stays((enum shape_kind)note->shape, shape.kind))
        return;
    if ((shape.kind == SHAPE_NONE || shape.kind == SHAPE_OTHER) && (s->reason & DRIFT_FROZEN))
        shape = (struct shape){SHAPE_FROZEN, NAN};
    note->shape = (uint8_t)shape.kind;
    note->shape_by = shape.by;
    const char *unseen = trace_unseen(v->watch->trace, feature);
    if (shape.kind != SHAPE_NEW_VALUE || unseen[0])
        str_copy(note->value, sizeof note->value, shape.kind == SHAPE_NEW_VALUE ? unseen : "");
}

static void find_sentence(const struct layout_feature *f, const struct judge_told *told,
                          struct drift_note *note)
{
    struct feature_cell cells[FEATURE_CELLS];
    size_t n = feature_cells(f->codebook, told->other, told->current, cells);
    sentence_against(told->result, cells, n, told->name, note->sentence, sizeof note->sentence);
}

static bool differs(const struct drift_note *a, const struct drift_note *b)
{
    double step = fabs(b->shape_by) / 20;
    return a->shape != b->shape || a->onset_ms != b->onset_ms || strcmp(a->value, b->value) != 0 ||
           fabs(a->shape_by - b->shape_by) > step;
}

/* Time enough since then; a clock that was put back does not make anybody wait. */
static bool passed(int64_t then_ms, int64_t now_ms, int64_t long_ms)
{
    return now_ms < then_ms || now_ms - then_ms >= long_ms;
}

void judge_note(struct ingest_version *v, const struct layout_feature *f, size_t feature,
                const struct drift_summary *s, const struct judge_told *told, int64_t now_ms)
{
    struct kept_note *kept = drift_watch_note(v->watch, feature);
    int64_t settled_ms = window_bucket_ms(WINDOW_15M) * 5;

    if (!kept || !passed(kept->made_ms, now_ms, NOTE_MS))
        return;
    struct drift_note former = *kept->note;
    kept->made_ms = now_ms;
    /* The first rows after a change place it roughly; some minutes later it stands. */
    if (!kept->note->onset_ms || now_ms - kept->note->onset_ms < settled_ms)
        find_onset(v, f, now_ms, kept->note);
    onset_by_looks(v->watch->well_ms[feature], now_ms, kept->note);
    find_shape(v, f, feature, s, told->result, kept->note);
    find_sentence(f, told, kept->note);
    bool reworded = strcmp(former.sentence, kept->note->sentence) != 0;
    if (differs(&former, kept->note) || (reworded && passed(kept->written_ms, now_ms, WRITE_MS))) {
        kept->changed = v->watch->notes_changed = true;
        kept->written_ms = now_ms;
    }
}
