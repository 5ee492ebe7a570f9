/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/feature.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "codebook_private.h"
#include "driftop/base/str.h"
#include "driftop/stats/ks_law.h"
#include "feature_private.h"
#include "verdict_private.h"

/* Both sides' counts, merged to report cells. */
struct report {
    uint64_t a[FEATURE_CELLS], b[FEATURE_CELLS];
    size_t n;
    uint64_t reference_rows, current_rows;
};

static void report_of(const struct codebook *c, const uint32_t *reference, const uint32_t *current,
                      struct report *ret)
{
    size_t intervals = codebook_intervals(c);
    memset(ret, 0, sizeof *ret);
    ret->n = codebook_reports(c);
    for (size_t i = 0; i < intervals; i++) {
        ret->a[c->decile[i]] += reference[i];
        ret->b[c->decile[i]] += current[i];
    }
    for (size_t i = intervals; i < c->n_cells; i++) {
        size_t at = codebook_report(c, i);
        ret->a[at] += reference[i];
        ret->b[at] += current[i];
    }
    for (size_t i = 0; i < ret->n; i++) {
        ret->reference_rows += ret->a[i];
        ret->current_rows += ret->b[i];
    }
}

static uint64_t special_count(const struct codebook *c, const uint32_t *counts,
                              enum codebook_special which)
{
    size_t cell = codebook_special(c, which);
    return cell == CODEBOOK_NO_CELL ? 0 : counts[cell];
}

static uint64_t outside_count(const struct codebook *c, const uint32_t *counts)
{
    size_t last = codebook_intervals(c);
    uint64_t sum = 0;
    if (last > 0 && codebook_outside(c, 0))
        sum += counts[0];
    if (last > 1 && codebook_outside(c, last - 1))
        sum += counts[last - 1];
    return sum;
}

static uint64_t rate_count(const struct codebook *c, const uint32_t *counts, enum rate_kind kind)
{
    switch (kind) {
    case RATE_MISSING: return special_count(c, counts, CODEBOOK_MISSING);
    case RATE_INVALID: return special_count(c, counts, CODEBOOK_INVALID);
    case RATE_INFINITE:
        return special_count(c, counts, CODEBOOK_POSITIVE_INFINITY) +
               special_count(c, counts, CODEBOOK_NEGATIVE_INFINITY);
    case RATE_OUT_OF_RANGE: return outside_count(c, counts);
    case RATE_UNSEEN: return special_count(c, counts, CODEBOOK_UNSEEN);
    }
    return 0;
}

static bool has_rate(enum codebook_kind kind, enum rate_kind rate)
{
    if (rate == RATE_MISSING)
        return true;
    return (kind == CODEBOOK_CATEGORICAL) == (rate == RATE_UNSEEN);
}

static void fill_rates(const struct codebook *c, const uint32_t *reference, const uint32_t *current,
                       double alpha, struct feature_result *r)
{
    double z = rate_z(alpha);
    for (int i = 0; i < RATE_KINDS; i++) {
        enum rate_kind kind = (enum rate_kind)i;
        if (has_rate(r->kind, kind))
            r->rates[i] = rate_of(rate_count(c, reference, kind), r->reference_rows,
                                  rate_count(c, current, kind), r->current_rows, z);
    }
}

void feature_fill_cells(const struct codebook *c, const uint32_t *reference,
                        const uint32_t *current, const struct judge_options *options,
                        struct feature_result *ret)
{
    struct report report;
    report_of(c, reference, current, &report);
    *ret = (struct feature_result){
        .kind = c->summary.kind,
        .reference_rows = report.reference_rows,
        .current_rows = report.current_rows,
    };
    for (int i = 0; i < 3; i++)
        ret->reference_quantiles[i] = ret->current_quantiles[i] = nan("");
    fill_rates(c, reference, current, options->alpha, ret);
    divergence_of(report.a, report.b, report.n, &ret->cells);
}

/* Where the share of a cell's rows that lie below says; an atom's cell is as narrow as can be. */
static double within(const struct codebook *c, size_t cell, double share)
{
    double low = c->cuts[cell - 1], high = c->cuts[cell];
    return nextafter(low, INFINITY) >= high ? high : low + (high - low) * share;
}

/* Of the finite values. What lies outside the reference's range is known to be there, and no more. */
static void fill_quantiles(const struct codebook *c, const uint32_t *counts, double ret[3],
                           signed char ret_beyond[3])
{
    static const double shares[3] = {0.05, 0.5, 0.95};
    uint64_t total = 0, sum = 0;
    int next = 0;

    for (size_t i = 0; i <= c->n_cuts; i++)
        total += counts[i];
    for (size_t i = 0; i < c->n_cuts && total > 0; i++) {
        double before = (double)sum, at;
        sum += counts[i];
        for (; next < 3 && (double)sum >= (at = shares[next] * (double)total); next++) {
            ret[next] = i ? within(c, i, (at - before) / counts[i]) : c->summary.min;
            ret_beyond[next] = i ? 0 : -1;
        }
    }
    for (; next < 3 && total > 0 && c->n_cuts > 0; next++) {
        ret[next] = c->summary.max;
        ret_beyond[next] = 1;
    }
}

static void judge_pair(const struct codebook *c, const uint32_t *reference, const uint32_t *current,
                       const struct judge_options *options, struct feature_result *ret)
{
    struct judge_options o = judge_defaults(options);
    feature_fill_cells(c, reference, current, &o, ret);
    if (c->summary.kind == CODEBOOK_NUMERIC) {
        ks_from_counts(c->cuts, c->n_cuts, reference, current, o.alpha, &ret->ks);
        if (!o.quick)
            ks_fill_p(&ret->ks, true);
        fill_quantiles(c, current, ret->current_quantiles, ret->current_beyond);
    }
    feature_settle(ret, &o);
}

void feature_judge_pair(const struct codebook *c, const uint32_t *reference,
                        const uint32_t *current, const struct judge_options *options,
                        struct feature_result *ret)
{
    signed char beyond[3];
    judge_pair(c, reference, current, options, ret);
    if (c->summary.kind == CODEBOOK_NUMERIC)
        fill_quantiles(c, reference, ret->reference_quantiles, beyond);
}

void feature_judge_counts(const struct codebook *c, const uint32_t *current,
                          const struct judge_options *options, struct feature_result *ret)
{
    judge_pair(c, c->counts, current, options, ret);
    ret->reference_quantiles[0] = c->summary.p5;
    ret->reference_quantiles[1] = c->summary.p50;
    ret->reference_quantiles[2] = c->summary.p95;
}

void feature_judge_absent(enum feature_status status, struct feature_result *ret)
{
    *ret = (struct feature_result){.status = status, .verdict = VERDICT_WARN};
    str_copy(ret->reason, sizeof ret->reason,
             status == FEATURE_NEW_COLUMN ? "the reference has no such column"
                                          : "the current data have no such column");
}

/* The interval of a report cell; a decile may span many cells. */
static void fill_interval(const struct codebook *c, size_t report, struct feature_cell *ret)
{
    ret->low = report == 0 ? -INFINITY : c->edges[report - 1];
    ret->high = report == c->n_edges ? INFINITY : c->edges[report];
    if (c->n_edges == 0)
        str_copy(ret->label, sizeof ret->label, "any number");
    else if (report == 0)
        snprintf(ret->label, sizeof ret->label, "<= %.6g", ret->high);
    else if (report == c->n_edges)
        snprintf(ret->label, sizeof ret->label, "> %.6g", ret->low);
    else
        snprintf(ret->label, sizeof ret->label, "%.6g..%.6g", ret->low, ret->high);
}

size_t feature_cells(const struct codebook *c, const uint32_t *reference, const uint32_t *current,
                     struct feature_cell ret[FEATURE_CELLS])
{
    struct report report;
    report_of(c, reference, current, &report);
    bool numeric = c->summary.kind == CODEBOOK_NUMERIC;
    size_t n = 0;
    for (size_t i = 0; i < report.n; i++) {
        if (report.a[i] == 0 && report.b[i] == 0)
            continue;
        struct feature_cell *cell = &ret[n++];
        *cell = (struct feature_cell){.low = nan(""), .high = nan("")};
        cell->reference = report.a[i];
        cell->current = report.b[i];
        cell->special = numeric ? i > c->n_edges : i >= c->n_named;
        if (numeric && i <= c->n_edges)
            fill_interval(c, i, cell);
        else
            codebook_label(c, numeric ? i - c->n_edges + c->n_cuts : i, cell->label,
                           sizeof cell->label);
    }
    for (size_t i = 0; i < n; i++)
        ret[i].psi = divergence_psi_part(ret[i].reference, ret[i].current, report.reference_rows,
                                         report.current_rows, n);
    return n;
}

size_t feature_fold(const struct codebook *c, const uint32_t *counts, uint32_t ret[FEATURE_CELLS])
{
    memset(ret, 0, FEATURE_CELLS * sizeof *ret);
    for (size_t i = 0; i < c->n_cells; i++)
        ret[codebook_report(c, i)] += counts[i];
    return codebook_reports(c);
}

const char *feature_status_name(enum feature_status status)
{
    switch (status) {
    case FEATURE_JUDGED: return "judged";
    case FEATURE_IDENTIFIER: return "identifier";
    case FEATURE_MISSING_COLUMN: return "missing_column";
    case FEATURE_NEW_COLUMN: return "new_column";
    }
    return "";
}

const char *feature_kind_name(enum codebook_kind kind)
{
    return kind == CODEBOOK_NUMERIC ? "numeric" : "categorical";
}
