/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the collected values to the report, column by column, so that only one column's values are
 * sorted at a time. First it is counted which columns are judged at all, because alpha is divided
 * by that.
 */
#include "judge_private.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

struct judging {
    struct table *table;
    struct compare_report *report;
    struct judge_options judge;
    enum feature_status *statuses; /* by column */
    size_t n_judged;               /* columns */
    uint32_t *folded;              /* a column's counts, period by period */
    struct side_report at;         /* the one being made */
};

static bool is_period(const struct judging *j, size_t group)
{
    return group > j->report->n_segments;
}

static struct bin *bin_of(struct judging *j, size_t group, enum table_side side, size_t column)
{
    return &j->table->groups[group]->sides[side].bins[column];
}

/* What is looked at together divides alpha together: the columns, of all segments, of all periods. */
static struct judge_options options_of(const struct judging *j, size_t group)
{
    struct judge_options o = j->judge;
    size_t looks = group == 0            ? 1
                   : is_period(j, group) ? j->report->n_periods
                                         : j->report->n_segments;
    o.n_judged = (j->n_judged ? j->n_judged : 1) * looks;
    return o;
}

static int find_status(struct judging *j, size_t column, enum feature_status *ret, struct err *e)
{
    const struct table_column *c = &j->table->columns[column];
    struct bin *x = bin_of(j, 0, TABLE_REFERENCE, column), *y = bin_of(j, 0, TABLE_CURRENT, column);
    bool reference = false, current = false;
    int rc = 0;
    *ret = FEATURE_JUDGED;
    if (!c->has[TABLE_CURRENT] || !c->has[TABLE_REFERENCE]) {
        *ret = c->has[TABLE_REFERENCE] ? FEATURE_MISSING_COLUMN : FEATURE_NEW_COLUMN;
        return 0;
    }
    if (!c->categorical)
        return 0;
    rc = texts_all_different(&x->texts, &j->table->spool, &reference, e);
    if (rc == 0)
        rc = texts_all_different(&y->texts, &j->table->spool, &current, e);
    if (reference && current)
        *ret = FEATURE_IDENTIFIER;
    return rc;
}

static int find_statuses(struct judging *j, struct err *e)
{
    for (size_t column = 0; column < j->table->n_columns; column++) {
        int rc = find_status(j, column, &j->statuses[column], e);
        if (rc < 0)
            return rc;
        j->n_judged += j->statuses[column] == FEATURE_JUDGED;
    }
    return 0;
}

/* Move j->at into the report. */
static int keep(struct judging *j, size_t group, size_t column, struct err *e)
{
    struct compare_group *g = &j->report->groups[group];
    struct compare_feature *f = &g->features[column];
    const struct side_report *r = &j->at;
    f->result = r->result;
    f->shape = r->shape;
    f->n_cells = r->n_cells;
    f->sentence = strdup(r->sentence);
    f->cells = malloc((r->n_cells + 1) * sizeof *f->cells);
    if (!f->sentence || !f->cells)
        return err_set(e, ERR_NOMEM, "out of memory");
    memcpy(f->cells, r->cells, r->n_cells * sizeof *f->cells);
    if (f->bars.n == 0)
        bars_of_cells(f->cells, f->n_cells, &f->bars);
    if (is_period(j, group) && j->folded)
        memcpy(j->folded + (group - 1 - j->report->n_segments) * r->n_folded, r->folded,
               r->n_folded * sizeof *r->folded);
    g->verdict = verdict_worse(g->verdict, r->result.verdict);
    return 0;
}

/* A column without a verdict of its own: on one side only, or an identifier. */
static int judge_bare(struct judging *j, size_t column, struct err *e)
{
    enum feature_status status = j->statuses[column];
    int rc = 0;
    for (size_t group = 0; rc == 0 && group < j->report->n_groups; group++) {
        const struct compare_group *g = &j->report->groups[group];
        struct feature_result *r = &j->at.result;
        j->at = (struct side_report){.n_cells = 0};
        if (status != FEATURE_IDENTIFIER) {
            feature_judge_absent(status, r);
        } else {
            r->status = status;
            str_copy(r->reason, sizeof r->reason,
                     "every value is different: an identifier, not judged");
        }
        r->kind = j->table->columns[column].categorical ? CODEBOOK_CATEGORICAL : CODEBOOK_NUMERIC;
        r->reference_rows = status == FEATURE_NEW_COLUMN ? 0 : g->reference_rows;
        r->current_rows = status == FEATURE_MISSING_COLUMN ? 0 : g->current_rows;
        rc = keep(j, group, column, e);
    }
    return rc;
}

static int judge_texts(struct judging *j, size_t group, size_t column, struct err *e)
{
    const struct compare_group *g = &j->report->groups[group];
    struct judge_options o = options_of(j, group);
    struct bin *x = bin_of(j, is_period(j, group) ? 0 : group, TABLE_REFERENCE, column);
    struct bin *y = bin_of(j, group, TABLE_CURRENT, column);
    struct joined joined;
    int rc = join_texts(&x->texts, g->reference_rows, &y->texts, g->current_rows, &j->table->spool,
                        &joined, e);
    if (rc == 0) {
        side_judge_categories(&joined.sides, &o, &j->at);
        side_explain(NULL, NULL, &o, NULL, &j->at);
        rc = keep(j, group, column, e);
    }
    joined_done(&joined);
    return rc;
}

/* A side's numbers, sorted. */
struct sorted {
    struct side_numbers numbers;
    struct room room;
};

static int sort_side(struct judging *j, size_t group, enum table_side side, size_t column,
                     struct sorted *ret, struct err *e)
{
    struct bin *bin = bin_of(j, group, side, column);
    struct side_numbers *s = &ret->numbers;
    int rc = numbers_sort(&bin->numbers, &j->table->spool, &ret->room, s, e);
    s->rows = j->table->groups[group]->sides[side].rows;
    s->missing = s->rows - s->finite - s->positive - s->negative - s->invalid;
    return rc;
}

static int explain(struct judging *j, const struct side_numbers *x, const struct side_numbers *y,
                   const struct judge_options *o, struct err *e)
{
    struct room scratch;
    if (j->at.result.verdict < VERDICT_WARN)
        return 0;
    size_t n = x->finite > y->finite ? x->finite : y->finite;
    int rc = spool_room(&j->table->spool, n, &scratch, e);
    if (rc < 0)
        return rc;
    side_explain(x, y, o, scratch.values, &j->at);
    spool_release(&j->table->spool, &scratch);
    return 0;
}

/* One group; x is the sorted reference that it is compared with. */
static int judge_numbers(struct judging *j, size_t group, size_t column, const struct sorted *x,
                         struct err *e)
{
    struct judge_options o = options_of(j, group);
    struct sorted y = {.room = {.n = 0}};
    int rc = sort_side(j, group, TABLE_CURRENT, column, &y, e);
    if (rc == 0)
        rc = side_judge_numbers(&x->numbers, &y.numbers, &o, &j->at, e);
    if (rc == 0)
        rc = explain(j, &x->numbers, &y.numbers, &o, e);
    if (rc == 0) {
        bars_of_numbers(&x->numbers, &y.numbers, &j->report->groups[group].features[column].bars);
        rc = keep(j, group, column, e);
    }
    spool_release(&j->table->spool, &y.room);
    return rc;
}

static int judge_column_numbers(struct judging *j, size_t column, struct err *e)
{
    struct sorted all = {.room = {.n = 0}}, own = {.room = {.n = 0}};
    int rc = sort_side(j, 0, TABLE_REFERENCE, column, &all, e);
    for (size_t group = 0; rc == 0 && group < j->report->n_groups; group++) {
        bool segment = group > 0 && !is_period(j, group);
        if (segment)
            rc = sort_side(j, group, TABLE_REFERENCE, column, &own, e);
        if (rc == 0)
            rc = judge_numbers(j, group, column, segment ? &own : &all, e);
        spool_release(&j->table->spool, &own.room);
    }
    spool_release(&j->table->spool, &all.room);
    return rc;
}

static int judge_column(struct judging *j, size_t column, struct err *e)
{
    int rc = 0;
    if (j->statuses[column] != FEATURE_JUDGED)
        return judge_bare(j, column, e);
    if (!j->table->columns[column].categorical)
        rc = judge_column_numbers(j, column, e);
    else
        for (size_t group = 0; rc == 0 && group < j->report->n_groups; group++)
            rc = judge_texts(j, group, column, e);
    if (rc == 0 && j->report->n_periods > 1)
        onset_find(j->folded, j->report->n_periods, j->at.n_folded,
                   j->judge.alpha / (double)j->n_judged,
                   &j->report->groups[0].features[column].onset);
    return rc;
}

int judge_table(struct table *t, const struct compare_options *options, struct compare_report *ret,
                struct err *e)
{
    struct judging *j = calloc(1, sizeof *j);
    if (!j)
        return err_set(e, ERR_NOMEM, "out of memory");
    *j = (struct judging){.table = t, .report = ret, .judge = options->judge};
    j->judge.alpha = ret->alpha;
    j->statuses = calloc(t->n_columns + 1, sizeof *j->statuses);
    j->folded = calloc((ret->n_periods + 1) * FEATURE_CELLS, sizeof *j->folded);
    int rc = j->statuses && j->folded ? 0 : err_set(e, ERR_NOMEM, "out of memory");
    if (rc == 0)
        rc = find_statuses(j, e);
    for (size_t column = 0; rc == 0 && column < t->n_columns; column++)
        rc = judge_column(j, column, e);
    ret->n_judged = j->n_judged;
    for (size_t i = 0; i < ret->n_groups; i++)
        ret->verdict = verdict_worse(ret->verdict, ret->groups[i].verdict);
    free(j->statuses);
    free(j->folded);
    free(j);
    return rc;
}
