/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/stats/codebook.h"

#define TYPE_ROWS  1000 /* the counters are halved here: about the last thousand rows tell */
#define TYPE_LEAST 50
#define TEXTS      8 /* new values that are told apart: the commonest is what counts */

struct text {
    char text[DRIFT_VALUE_SIZE];
    uint32_t n;
};

/* Numbers as a ring, or new texts by how often they came. */
struct sample {
    size_t n;
    union {
        double values[TRACE_VALUES];
        struct text texts[TEXTS];
    } of;
};

struct track {
    double last;
    size_t last_cell, missing, other, unseen;
    uint32_t run, rows, foreign;
    bool categorical;
    bool any_type; /* the reference's categories look like numbers themselves */
    struct sample *sample;
};

struct trace {
    size_t n;
    size_t *n_samples;
    struct track tracks[];
};

/* Codes such as "1" and "07" among the categories: a number is nothing foreign then. */
static bool has_number(const struct codebook *c)
{
    char label[64];
    for (size_t cell = 0; cell < codebook_cells(c); cell++) {
        codebook_label(c, cell, label, sizeof label);
        if (value_from_text(label, strlen(label)).kind == VALUE_NUMBER)
            return true;
    }
    return false;
}

struct trace *trace_new(const struct layout *layout, size_t *n_samples)
{
    struct trace *t = calloc(1, sizeof *t + layout->n_features * sizeof *t->tracks);
    if (!t)
        return NULL;
    t->n = layout->n_features;
    t->n_samples = n_samples;
    for (size_t i = 0; i < t->n; i++) {
        const struct codebook *c = layout->features[i].codebook;
        struct track *k = &t->tracks[i];
        k->categorical = codebook_summary(c)->kind == CODEBOOK_CATEGORICAL;
        k->missing = codebook_special(c, CODEBOOK_MISSING);
        k->other = codebook_special(c, CODEBOOK_OTHER);
        k->unseen = codebook_special(c, CODEBOOK_UNSEEN);
        k->any_type = k->categorical && has_number(c);
        k->last = NAN;
        k->last_cell = CODEBOOK_NO_CELL;
    }
    return t;
}

void trace_free(struct trace *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++)
        trace_sample(t, i, false);
    free(t);
}

/* Misra and Gries: what comes in more than a ninth of the rows is in the list at the end. */
static void add_text(struct sample *s, const struct value *v)
{
    struct text *least = &s->of.texts[0];
    char text[DRIFT_VALUE_SIZE];

    if (v->text)
        utf8_clean(text, sizeof text, v->text, v->length);
    else
        snprintf(text, sizeof text, "%.15g", v->number);
    for (size_t i = 0; i < TEXTS; i++) {
        struct text *known = &s->of.texts[i];
        if (known->n && strcmp(known->text, text) == 0) {
            known->n++;
            return;
        }
        if (known->n < least->n)
            least = known;
    }
    s->n++;
    if (least->n == 0) {
        str_copy(least->text, sizeof least->text, text);
        least->n = 1;
        return;
    }
    for (size_t i = 0; i < TEXTS; i++)
        s->of.texts[i].n--;
}

static void add_sample(struct track *k, const struct value *v, size_t cell)
{
    if (k->categorical && cell == k->unseen)
        add_text(k->sample, v);
    else if (!k->categorical && v->kind == VALUE_NUMBER && isfinite(v->number))
        k->sample->of.values[k->sample->n++ % TRACE_VALUES] = v->number;
}

void trace_add(struct trace *t, size_t feature, const struct value *v, size_t cell)
{
    struct track *k = &t->tracks[feature];
    /* Categories in one cell are one value, but for those that are many: the rest and new ones. */
    bool same = k->categorical
                    ? cell == k->last_cell && cell < k->other
                    : v->kind == VALUE_NUMBER && v->number >= k->last && v->number <= k->last;

    k->run = same && k->run < UINT32_MAX ? k->run + 1 : 1;
    k->last = v->kind == VALUE_NUMBER ? v->number : NAN;
    k->last_cell = cell;
    if (cell != k->missing) {
        bool foreign = k->categorical ? cell == k->unseen && v->kind == VALUE_NUMBER && !k->any_type
                                      : v->kind == VALUE_TEXT;
        k->rows++;
        k->foreign += foreign;
        if (k->rows >= TYPE_ROWS) {
            k->rows /= 2;
            k->foreign /= 2;
        }
    }
    if (k->sample)
        add_sample(k, v, cell);
}

uint32_t trace_run(const struct trace *t, size_t feature, size_t *ret_cell)
{
    const struct track *k = &t->tracks[feature];
    *ret_cell = k->last_cell;
    return k->last_cell == k->missing || k->last_cell == CODEBOOK_NO_CELL ? 0 : k->run;
}

bool trace_foreign(const struct trace *t, size_t feature)
{
    const struct track *k = &t->tracks[feature];
    return k->rows >= TYPE_LEAST && 2 * k->foreign > k->rows;
}

void trace_sample(struct trace *t, size_t feature, bool on)
{
    struct track *k = &t->tracks[feature];
    if (on == (k->sample != NULL) || (on && *t->n_samples >= TRACE_SAMPLES_MAX))
        return;
    if (on) {
        k->sample =
            calloc(1, k->categorical ? offsetof(struct sample, of) + TEXTS * sizeof(struct text)
                                     : sizeof *k->sample);
        *t->n_samples += k->sample != NULL;
        return;
    }
    free(k->sample);
    k->sample = NULL;
    --*t->n_samples;
}

size_t trace_values(const struct trace *t, size_t feature, double *ret)
{
    const struct track *k = &t->tracks[feature];
    if (!k->sample || k->categorical)
        return 0;
    size_t n = k->sample->n < TRACE_VALUES ? k->sample->n : TRACE_VALUES;
    memcpy(ret, k->sample->of.values, n * sizeof *ret);
    return n;
}

const char *trace_unseen(const struct trace *t, size_t feature)
{
    const struct track *k = &t->tracks[feature];
    const struct text *most = k->sample && k->categorical ? &k->sample->of.texts[0] : NULL;
    for (size_t i = 1; most && i < TEXTS; i++)
        if (k->sample->of.texts[i].n > most->n)
            most = &k->sample->of.texts[i];
    return most && most->n ? most->text : "";
}
