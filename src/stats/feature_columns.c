/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judging two columns of values: the cells as for counts, and what needs the values themselves.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codebook_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/ks_law.h"
#include "driftop/stats/quantile.h"
#include "feature_private.h"
#include "verdict_private.h"

/* The finite values of a column, sorted, in memory that the caller frees. */
static int sorted_values(const struct value *values, size_t n, double **ret, size_t *ret_n)
{
    double *sorted = calloc(2 * n + 1, sizeof *sorted);
    if (!sorted)
        return ERR_NOMEM;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind == VALUE_NUMBER && isfinite(values[i].number))
            sorted[count++] = values[i].number;
    }
    quantile_sort(sorted, sorted + count, count);
    *ret = sorted;
    *ret_n = count;
    return 0;
}

static void fill_quantiles(const double *sorted, size_t n, double ret[3])
{
    static const double shares[3] = {0.05, 0.5, 0.95};
    for (int i = 0; i < 3 && n > 0; i++)
        ret[i] = quantile_sorted(sorted, n, shares[i]);
}

static int fill_ks(const double *x, size_t n, const double *y, size_t w,
                   const struct judge_options *o, struct ks *ret)
{
    struct ks_gap gap = ks_gap_sorted(x, n, y, w);
    ks_from_gap(&gap, n, w, o->alpha, ret);
    if (o->quick)
        return 0;
    if ((uint64_t)n * w > KS_EXACT_PRODUCT) {
        ks_fill_p(ret, false);
        return 0;
    }
    ret->has_p = true;
    ret->method = KS_EXACT;
    return ks_law_exact(x, n, y, w, gap.gap, &ret->p, &ret->log10_p);
}

static int fill_values(const struct codebook *c, const struct value *reference, size_t n_reference,
                       const struct value *current, size_t n_current, const struct judge_options *o,
                       struct feature_result *ret)
{
    double *x = NULL, *y = NULL;
    size_t n, w;
    int rc = sorted_values(reference, n_reference, &x, &n);
    if (rc == 0)
        rc = sorted_values(current, n_current, &y, &w);
    if (rc < 0)
        goto out;
    fill_quantiles(x, n, ret->reference_quantiles);
    fill_quantiles(y, w, ret->current_quantiles);
    rank_of(x, n, y, w, c->summary.sd, &ret->rank);
    if (n > 0 && w > 0)
        rc = fill_ks(x, n, y, w, o, &ret->ks);
out:
    free(x);
    free(y);
    return rc;
}

static bool all_different(const struct codebook *c)
{
    const struct codebook_summary *s = codebook_summary(c);
    return s->kind == CODEBOOK_CATEGORICAL && s->finite > 1 && s->distinct == s->finite;
}

/* Both sides' texts are all different: a row's name, which has no distribution to drift. */
static int find_identifier(const struct codebook *c, const struct value *current, size_t n_current,
                           bool *ret, struct err *e)
{
    *ret = false;
    if (!all_different(c))
        return 0;
    struct codebook *other;
    struct codebook_options o = {.categorical = true};
    int rc = codebook_build(current, n_current, &o, &other, e);
    if (rc < 0)
        return rc;
    *ret = all_different(other);
    codebook_free(other);
    return 0;
}

static void fill_identifier(const struct codebook *c, size_t n_current, struct feature_result *ret)
{
    *ret = (struct feature_result){
        .status = FEATURE_IDENTIFIER,
        .kind = CODEBOOK_CATEGORICAL,
        .reference_rows = codebook_summary(c)->rows,
        .current_rows = n_current,
    };
    str_copy(ret->reason, sizeof ret->reason,
             "every value is different: an identifier, not judged");
}

static int judge(const struct codebook *c, const struct value *reference, size_t n_reference,
                 const struct value *current, size_t n_current, const struct judge_options *o,
                 struct feature_result *ret)
{
    uint32_t *counts = calloc(c->n_cells, sizeof *counts);
    if (!counts)
        return ERR_NOMEM;
    for (size_t i = 0; i < n_current; i++)
        counts[codebook_cell(c, &current[i])]++;
    feature_fill_cells(c, c->counts, counts, o, ret);
    free(counts);
    int rc = 0;
    if (c->summary.kind == CODEBOOK_NUMERIC)
        rc = fill_values(c, reference, n_reference, current, n_current, o, ret);
    verdict_judge(ret, o);
    return rc;
}

int feature_judge_columns(const struct value *reference, size_t n_reference,
                          const struct value *current, size_t n_current, bool categorical,
                          const struct judge_options *options, struct feature_result *ret,
                          struct err *e)
{
    struct judge_options o = judge_defaults(options);
    struct codebook_options how = {.categorical = categorical, .known_values = SIZE_MAX};
    struct codebook *c = NULL;
    bool identifier = false;
    if (n_current > UINT32_C(4000000000))
        return err_set(e, ERR_LIMIT, "a column has more than 4000000000 rows");
    int rc = codebook_build(reference, n_reference, &how, &c, e);
    if (rc == 0)
        rc = find_identifier(c, current, n_current, &identifier, e);
    if (rc < 0)
        goto out;
    if (identifier) {
        fill_identifier(c, n_current, ret);
        goto out;
    }
    rc = judge(c, reference, n_reference, current, n_current, &o, ret);
    if (rc < 0)
        err_set(e, rc, "cannot compare a column: %s", err_message(rc));
out:
    codebook_free(c);
    return rc;
}
