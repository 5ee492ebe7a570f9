/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "column_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/stats/quantile.h"
#include "search_private.h"

/* Which of the special cells a value that is not finite goes to. */
static size_t special_of(const struct value *v)
{
    if (v->kind == VALUE_TEXT)
        return 3;
    if (v->kind == VALUE_MISSING || isnan(v->number))
        return 0;
    return v->number > 0 ? 1 : 2;
}

int column_take(struct column *c, const struct value *values, size_t n)
{
    *c = (struct column){.rows = n, .mean = NAN, .sd = NAN};
    c->sorted = malloc((2 * n + 1) * sizeof *c->sorted);
    if (!c->sorted)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind == VALUE_NUMBER && isfinite(values[i].number))
            c->sorted[c->finite++] = values[i].number;
        else
            c->special[special_of(&values[i])]++;
    }
    /* before sorting: the moments are those of the rows' own order */
    if (c->finite > 0)
        quantile_moments(c->sorted, c->finite, &c->mean, &c->sd);
    quantile_sort(c->sorted, c->sorted + c->finite, c->finite);
    return 0;
}

void column_done(struct column *c)
{
    free(c->sorted);
    *c = (struct column){.rows = 0};
}

void column_count(const struct column *c, const struct codebook *codebook, uint32_t *counts)
{
    size_t before = 0;
    for (size_t i = 0; i < codebook->n_cuts; i++) {
        /* up to and with the cut: what is not below the next double */
        double past = nextafter(codebook->cuts[i], INFINITY);
        size_t end = before + search_first(c->sorted + before, c->finite - before, past);
        counts[i] = (uint32_t)(end - before);
        before = end;
    }
    counts[codebook->n_cuts] = (uint32_t)(c->finite - before);
    memcpy(&counts[codebook->n_cuts + 1], c->special, sizeof c->special);
}
