/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/sides.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "column_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/ks_law.h"
#include "driftop/stats/quantile.h"
#include "driftop/stats/sentence.h"
#include "feature_private.h"
#include "verdict_private.h"

static void fill_quantiles(const double *sorted, size_t n, double ret[3])
{
    static const double shares[3] = {0.05, 0.5, 0.95};
    for (int i = 0; i < 3 && n > 0; i++)
        ret[i] = quantile_sorted(sorted, n, shares[i]);
}

static int fill_ks(const struct ks_gap *gap, const double *x, size_t n, const double *y, size_t w,
                   const struct judge_options *o, struct ks *ret)
{
    ks_from_gap(gap, n, w, o->alpha, ret);
    if (o->quick)
        return 0;
    if ((uint64_t)n * w > KS_EXACT_PRODUCT) {
        ks_fill_p(ret, false);
        return 0;
    }
    ret->has_p = true;
    ret->method = KS_EXACT;
    return ks_law_exact(x, n, y, w, gap->gap, &ret->p, &ret->log10_p);
}

static int fill_values(const struct column *reference, const struct column *current,
                       const struct judge_options *o, struct feature_result *ret)
{
    const double *x = reference->sorted, *y = current->sorted;
    size_t n = reference->finite, w = current->finite;
    fill_quantiles(x, n, ret->reference_quantiles);
    fill_quantiles(y, w, ret->current_quantiles);
    if (n == 0 || w == 0)
        return 0;
    double w1;
    struct ks_gap gap = ks_w1_sorted(x, n, y, w, &w1);
    rank_of(x, n, y, w, reference->sd, w1, &ret->rank);
    return fill_ks(&gap, x, n, y, w, o, &ret->ks);
}

static int fill_sorted(const struct column *reference, const struct column *current,
                       const struct codebook *c, const struct judge_options *o,
                       struct feature_result *ret, struct side_report *report)
{
    uint32_t *counts = calloc(c->n_cells, sizeof *counts);
    if (!counts)
        return ERR_NOMEM;
    column_count(current, c, counts);
    feature_fill_cells(c, c->counts, counts, o, ret);
    if (report) {
        report->n_cells = feature_cells(c, c->counts, counts, report->cells);
        report->n_folded = feature_fold(c, counts, report->folded);
    }
    free(counts);
    return fill_values(reference, current, o, ret);
}

/* Few cells are enough: D comes from the values. */
int feature_judge_sorted(const struct column *reference, const struct column *current,
                         const struct judge_options *o, struct feature_result *ret,
                         struct side_report *report)
{
    struct codebook *c;
    int rc = codebook_build_column(reference, 1, &c);
    if (rc < 0)
        return rc;
    rc = fill_sorted(reference, current, c, o, ret, report);
    if (rc == 0)
        feature_settle(ret, o);
    codebook_free(c);
    return rc;
}

static struct column column_of(const struct side_numbers *s)
{
    return (struct column){
        .sorted = s->sorted,
        .finite = s->finite,
        .rows = s->rows,
        .special = {(uint32_t)s->missing, (uint32_t)s->positive, (uint32_t)s->negative,
                    (uint32_t)s->invalid},
        .mean = s->mean,
        .sd = s->sd,
    };
}

int side_judge_numbers(const struct side_numbers *reference, const struct side_numbers *current,
                       const struct judge_options *options, struct side_report *ret, struct err *e)
{
    struct judge_options o = judge_defaults(options);
    *ret = (struct side_report){.n_cells = 0};
    if (reference->rows > SIDE_ROWS || current->rows > SIDE_ROWS)
        return err_set(e, ERR_LIMIT, "a column has more than %llu rows",
                       (unsigned long long)SIDE_ROWS);
    struct column x = column_of(reference), y = column_of(current);
    int rc = feature_judge_sorted(&x, &y, &o, &ret->result, ret);
    return rc < 0 ? err_set(e, rc, "cannot compare a column: %s", err_message(rc)) : 0;
}

/* Both sides' counts on all report cells: the named ones, other, unseen, missing. */
struct tally {
    uint64_t a[FEATURE_CELLS], b[FEATURE_CELLS];
    size_t n;
};

static void tally_of(const struct side_categories *s, struct tally *ret)
{
    *ret = (struct tally){.n = s->n_named};
    for (size_t i = 0; i < s->n_named; i++) {
        ret->a[i] = s->named[i].reference;
        ret->b[i] = s->named[i].current;
    }
    ret->a[ret->n] = s->other_reference;
    ret->b[ret->n++] = s->other_current;
    ret->b[ret->n++] = s->unseen;
    ret->a[ret->n] = s->missing_reference;
    ret->b[ret->n++] = s->missing_current;
}

static void name_cell(const struct side_categories *s, size_t i, struct feature_cell *cell)
{
    static const char *const special[] = {"other", "new value", "missing"};
    if (i >= s->n_named) {
        str_copy(cell->label, sizeof cell->label, special[i - s->n_named]);
        return;
    }
    char text[sizeof cell->label];
    size_t length = s->named[i].length;
    if (length >= sizeof text)
        length = sizeof text - 1;
    memcpy(text, s->named[i].bytes, length);
    text[length] = '\0';
    str_copy(cell->label, sizeof cell->label, text);
}

static void list_cells(const struct side_categories *s, const struct tally *t,
                       struct side_report *ret)
{
    const struct feature_result *r = &ret->result;
    for (size_t i = 0; i < t->n; i++) {
        ret->folded[i] = (uint32_t)t->b[i];
        if (t->a[i] == 0 && t->b[i] == 0)
            continue;
        struct feature_cell *cell = &ret->cells[ret->n_cells++];
        *cell = (struct feature_cell){.low = NAN, .high = NAN};
        cell->reference = t->a[i];
        cell->current = t->b[i];
        cell->special = i >= s->n_named;
        name_cell(s, i, cell);
    }
    ret->n_folded = t->n;
    for (size_t i = 0; i < ret->n_cells; i++) {
        struct feature_cell *cell = &ret->cells[i];
        cell->psi = divergence_psi_part(cell->reference, cell->current, r->reference_rows,
                                        r->current_rows, ret->n_cells);
    }
}

void side_judge_categories(const struct side_categories *sides, const struct judge_options *options,
                           struct side_report *ret)
{
    struct judge_options o = judge_defaults(options);
    struct feature_result *r = &ret->result;
    struct tally t;
    double z = rate_z(o.alpha);

    *ret = (struct side_report){.n_cells = 0};
    tally_of(sides, &t);
    r->kind = CODEBOOK_CATEGORICAL;
    for (size_t i = 0; i < t.n; i++) {
        r->reference_rows += t.a[i];
        r->current_rows += t.b[i];
    }
    for (int i = 0; i < 3; i++)
        r->reference_quantiles[i] = r->current_quantiles[i] = NAN;
    r->rates[RATE_MISSING] = rate_of(sides->missing_reference, r->reference_rows,
                                     sides->missing_current, r->current_rows, z);
    r->rates[RATE_UNSEEN] = rate_of(0, r->reference_rows, sides->unseen, r->current_rows, z);
    divergence_of(t.a, t.b, t.n, &r->cells);
    list_cells(sides, &t, ret);
    feature_settle(r, &o);
}

/* Values that stand for nothing (-999) hardly move D where they are few; the range betrays them. */
static void explain_numbers(const struct side_numbers *x, const struct side_numbers *y,
                            const struct judge_options *o, double *scratch, struct side_report *r)
{
    struct shape of_values = {.kind = SHAPE_NONE};
    if (x->finite > 0 && y->finite > 0)
        shape_of_numbers(x->sorted, x->finite, y->sorted, y->finite, o->alpha / (double)o->n_judged,
                         scratch, &of_values);
    if (of_values.kind != SHAPE_NONE &&
        !(of_values.kind == SHAPE_OTHER && r->shape.kind != SHAPE_OTHER))
        r->shape = of_values;
    if (r->shape.kind == SHAPE_OUT_OF_RANGE)
        shape_of_outside(x->sorted, x->finite, y->sorted, y->finite, &r->shape);
}

void side_explain(const struct side_numbers *reference, const struct side_numbers *current,
                  const struct judge_options *options, double *scratch, struct side_report *r)
{
    struct judge_options o = judge_defaults(options);
    shape_of_result(&r->result, &r->shape);
    if (reference && r->result.verdict >= VERDICT_WARN)
        explain_numbers(reference, current, &o, scratch, r);
    if (r->result.verdict >= VERDICT_WARN)
        sentence_of(&r->result, r->cells, r->n_cells, r->sentence, sizeof r->sentence);
}
