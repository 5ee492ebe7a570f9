/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judging two columns of values: numbers are sorted first, texts counted on a codebook.
 */
#include <stdlib.h>
#include <string.h>

#include "column_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "feature_private.h"
#include "verdict_private.h"

static int judge_numbers(const struct value *reference, size_t n_reference,
                         const struct value *current, size_t n_current,
                         const struct judge_options *o, struct feature_result *ret)
{
    struct column x, y = {.rows = 0};
    int rc = column_take(&x, reference, n_reference);
    if (rc == 0)
        rc = column_take(&y, current, n_current);
    if (rc == 0)
        rc = feature_judge_sorted(&x, &y, o, ret, NULL);
    column_done(&x);
    column_done(&y);
    return rc;
}

static bool all_different(const struct codebook *c)
{
    const struct codebook_summary *s = codebook_summary(c);
    return s->kind == CODEBOOK_CATEGORICAL && s->finite > 1 && s->distinct == s->finite;
}

/* Both sides' texts are all different: a row's name, which has no distribution to drift. */
static int find_identifier(const struct codebook *c, const struct value *current, size_t n_current,
                           bool *ret)
{
    *ret = false;
    if (!all_different(c))
        return 0;
    struct codebook *other;
    struct codebook_options o = {.categorical = true};
    int rc = codebook_build(current, n_current, &o, &other, NULL);
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

static int judge_cells(const struct codebook *c, const struct value *current, size_t n_current,
                       const struct judge_options *o, struct feature_result *ret)
{
    uint32_t *counts = calloc(c->n_cells, sizeof *counts);
    if (!counts)
        return ERR_NOMEM;
    for (size_t i = 0; i < n_current; i++)
        counts[codebook_cell(c, &current[i])]++;
    feature_fill_cells(c, c->counts, counts, o, ret);
    feature_settle(ret, o);
    free(counts);
    return 0;
}

static int judge_texts(const struct value *reference, size_t n_reference,
                       const struct value *current, size_t n_current, const struct judge_options *o,
                       struct feature_result *ret)
{
    struct codebook_options how = {.categorical = true, .known_values = SIZE_MAX};
    struct codebook *c;
    bool identifier;
    int rc = codebook_build(reference, n_reference, &how, &c, NULL);
    if (rc < 0)
        return rc;
    rc = find_identifier(c, current, n_current, &identifier);
    if (rc == 0 && identifier)
        fill_identifier(c, n_current, ret);
    else if (rc == 0)
        rc = judge_cells(c, current, n_current, o, ret);
    codebook_free(c);
    return rc;
}

int feature_judge_columns(const struct value *reference, size_t n_reference,
                          const struct value *current, size_t n_current, bool categorical,
                          const struct judge_options *options, struct feature_result *ret,
                          struct err *e)
{
    struct judge_options o = judge_defaults(options);
    if (n_reference > UINT32_C(4000000000) || n_current > UINT32_C(4000000000))
        return err_set(e, ERR_LIMIT, "a column has more than 4000000000 rows");
    bool texts = categorical || codebook_kind_of(reference, n_reference) == CODEBOOK_CATEGORICAL;
    int rc = texts ? judge_texts(reference, n_reference, current, n_current, &o, ret)
                   : judge_numbers(reference, n_reference, current, n_current, &o, ret);
    return rc < 0 ? err_set(e, rc, "cannot compare a column: %s", err_message(rc)) : 0;
}
