/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/codebook.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codebook_private.h"
#include "column_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "search_private.h"

static bool is_numeric(const struct codebook *c)
{
    return c->summary.kind == CODEBOOK_NUMERIC;
}

enum codebook_kind codebook_kind_of(const struct value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind == VALUE_TEXT)
            return CODEBOOK_CATEGORICAL;
    }
    return CODEBOOK_NUMERIC;
}

int codebook_shape(struct codebook *c)
{
    c->n_cells = is_numeric(c) ? c->n_cuts + 1 + NUMERIC_SPECIALS : c->n_named + TEXT_SPECIALS;
    c->counts = calloc(c->n_cells, sizeof *c->counts);
    return c->counts ? 0 : ERR_NOMEM;
}

int codebook_derive(struct codebook *c)
{
    if (!is_numeric(c))
        return 0;
    c->decile = calloc(c->n_cuts + 1, sizeof *c->decile);
    if (!c->decile)
        return ERR_NOMEM;
    size_t edge = 0;
    for (size_t i = 0; i <= c->n_cuts; i++) {
        while (edge < c->n_edges && (i == c->n_cuts || c->cuts[i] > c->edges[edge]))
            edge++;
        c->decile[i] = (uint8_t)edge;
    }
    return 0;
}

int codebook_seal(struct codebook *c)
{
    struct str bytes;
    str_init(&bytes, 0);
    int rc = codebook_encode(c, &bytes);
    if (rc == 0)
        hash_sha256(bytes.data, bytes.length, c->hash);
    str_done(&bytes);
    return rc;
}

struct codebook *codebook_new(enum codebook_kind kind, size_t rows)
{
    struct codebook *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->summary = (struct codebook_summary){
        .kind = kind,
        .rows = rows,
        .min = NAN,
        .max = NAN,
        .mean = NAN,
        .sd = NAN,
        .p5 = NAN,
        .q1 = NAN,
        .p50 = NAN,
        .q3 = NAN,
        .p95 = NAN,
    };
    return c;
}

static int build_texts(const struct value *values, size_t n, size_t known, struct codebook **ret)
{
    struct codebook *c = codebook_new(CODEBOOK_CATEGORICAL, n);
    int rc = c ? codebook_build_texts(c, values, n, known) : ERR_NOMEM;
    if (rc == 0)
        rc = codebook_shape(c);
    for (size_t i = 0; rc == 0 && i < n; i++)
        c->counts[codebook_cell(c, &values[i])]++;
    if (rc == 0)
        rc = codebook_seal(c);
    if (rc < 0)
        codebook_free(c);
    else
        *ret = c;
    return rc;
}

static int build_numbers(const struct value *values, size_t n, size_t exact_values,
                         struct codebook **ret)
{
    struct column column;
    int rc = column_take(&column, values, n);
    if (rc == 0)
        rc = codebook_build_column(&column, exact_values, ret);
    column_done(&column);
    return rc;
}

int codebook_build(const struct value *values, size_t n, const struct codebook_options *options,
                   struct codebook **ret, struct err *e)
{
    struct codebook_options o = {.categorical = false};
    if (options)
        o = *options;
    if (n > UINT32_C(4000000000))
        return err_set(e, ERR_LIMIT, "the reference has more than 4000000000 rows");
    size_t exact = o.exact_values ? o.exact_values : CODEBOOK_EXACT_VALUES;
    size_t known = o.known_values ? o.known_values : CODEBOOK_KNOWN_VALUES;
    int rc = o.categorical || codebook_kind_of(values, n) == CODEBOOK_CATEGORICAL
                 ? build_texts(values, n, known, ret)
                 : build_numbers(values, n, exact, ret);
    return rc < 0 ? err_set(e, rc, "cannot freeze the reference: %s", err_message(rc)) : 0;
}

void codebook_free(struct codebook *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n_named; i++)
        free(c->names[i].bytes);
    free(c->known);
    free(c->cuts);
    free(c->decile);
    free(c->counts);
    free(c);
}

static size_t number_cell(const struct codebook *c, const struct value *value)
{
    if (value->kind == VALUE_NUMBER && isfinite(value->number))
        return search_first(c->cuts, c->n_cuts, value->number);
    if (value->kind == VALUE_MISSING || (value->kind == VALUE_NUMBER && isnan(value->number)))
        return c->n_cuts + 1;
    if (value->kind == VALUE_TEXT)
        return c->n_cuts + 4;
    return value->number > 0 ? c->n_cuts + 2 : c->n_cuts + 3;
}

struct codebook_bytes codebook_text(const struct value *value, char buf[CODEBOOK_NUMBER_SIZE])
{
    if (value->text)
        return (struct codebook_bytes){value->text, value->length};
    int length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(buf, CODEBOOK_NUMBER_SIZE, "%.*g", digits, value->number);
        double back = strtod(buf, NULL);
        if (memcmp(&back, &value->number, sizeof back) == 0)
            break;
    }
    return (struct codebook_bytes){buf, (size_t)length};
}

static size_t text_cell(const struct codebook *c, const struct value *value)
{
    if (value->kind == VALUE_MISSING)
        return c->n_named + 2;
    char buf[CODEBOOK_NUMBER_SIZE];
    struct codebook_bytes t = codebook_text(value, buf);
    uint64_t hash = hash_fast(t.bytes, t.length, CODEBOOK_SEED);
    size_t low = 0, high = c->n_known;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->known[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    /* Named cells are certain: their bytes are compared. Equal hashes stand side by side. */
    for (; low < c->n_known && c->known[low].hash == hash; low++) {
        size_t cell = c->known[low].cell;
        if (cell == c->n_named || (c->names[cell].length == t.length &&
                                   memcmp(c->names[cell].bytes, t.bytes, t.length) == 0))
            return cell;
    }
    return c->summary.truncated ? c->n_named : c->n_named + 1;
}

size_t codebook_cell(const struct codebook *c, const struct value *value)
{
    return is_numeric(c) ? number_cell(c, value) : text_cell(c, value);
}

size_t codebook_cells(const struct codebook *c)
{
    return c->n_cells;
}

size_t codebook_special(const struct codebook *c, enum codebook_special which)
{
    bool numeric = is_numeric(c);
    size_t first = numeric ? c->n_cuts + 1 : c->n_named;
    switch (which) {
    case CODEBOOK_MISSING: return numeric ? first : first + 2;
    case CODEBOOK_POSITIVE_INFINITY: return numeric ? first + 1 : CODEBOOK_NO_CELL;
    case CODEBOOK_NEGATIVE_INFINITY: return numeric ? first + 2 : CODEBOOK_NO_CELL;
    case CODEBOOK_INVALID: return numeric ? first + 3 : CODEBOOK_NO_CELL;
    case CODEBOOK_OTHER: return numeric ? CODEBOOK_NO_CELL : first;
    case CODEBOOK_UNSEEN: return numeric ? CODEBOOK_NO_CELL : first + 1;
    }
    return CODEBOOK_NO_CELL;
}

const uint32_t *codebook_counts(const struct codebook *c)
{
    return c->counts;
}

const struct codebook_summary *codebook_summary(const struct codebook *c)
{
    return &c->summary;
}

const char *codebook_hash(const struct codebook *c)
{
    return c->hash;
}

size_t codebook_intervals(const struct codebook *c)
{
    return is_numeric(c) ? c->n_cuts + 1 : 0;
}

size_t codebook_reports(const struct codebook *c)
{
    return is_numeric(c) ? c->n_edges + 1 + NUMERIC_SPECIALS : c->n_cells;
}

size_t codebook_report(const struct codebook *c, size_t cell)
{
    if (!is_numeric(c))
        return cell;
    return cell <= c->n_cuts ? c->decile[cell] : cell - c->n_cuts + c->n_edges;
}

bool codebook_outside(const struct codebook *c, size_t cell)
{
    if (!is_numeric(c) || cell > c->n_cuts || c->n_cuts == 0)
        return false;
    return cell == c->n_cuts || c->cuts[cell] < c->summary.min;
}
