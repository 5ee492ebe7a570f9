/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"

struct headline words_headline(const struct compare_feature *f)
{
    const struct feature_result *r = &f->result;
    if (r->ks.present)
        return (struct headline){"ks", r->ks.d, r->ks.floor, fmax(0, r->ks.d - r->ks.floor)};
    if (r->cells.present)
        return (struct headline){"psi", r->cells.psi.value, r->cells.psi.floor,
                                 r->cells.psi.excess};
    return (struct headline){.name = NULL};
}

static int compare_features(const void *a, const void *b)
{
    const struct compare_feature *x = *(const struct compare_feature *const *)a;
    const struct compare_feature *y = *(const struct compare_feature *const *)b;
    if (x->result.verdict != y->result.verdict)
        return x->result.verdict < y->result.verdict ? 1 : -1;
    double mine = words_headline(x).excess, theirs = words_headline(y).excess;
    if (mine < theirs || mine > theirs)
        return mine < theirs ? 1 : -1;
    return x < y ? -1 : x > y; /* both lie in one array: the order of the files */
}

const struct compare_feature **words_order(const struct compare_report *r,
                                           const struct compare_group *g)
{
    const struct compare_feature **order = calloc(r->n_features + 1, sizeof *order);
    if (!order)
        return NULL;
    for (size_t i = 0; i < r->n_features; i++)
        order[i] = &g->features[i];
    qsort(order, r->n_features, sizeof *order, compare_features);
    return order;
}

char *words_shape(const struct shape *shape, char *buf, size_t size)
{
    double by = shape->by;
    buf[0] = '\0';
    switch (shape->kind) {
    case SHAPE_FROZEN: snprintf(buf, size, "frozen at %.6g", by); break;
    case SHAPE_SENTINEL: snprintf(buf, size, "%.6g stands in for values", by); break;
    case SHAPE_CLIPPED: snprintf(buf, size, "clipped at %.6g", by); break;
    case SHAPE_HOURS: snprintf(buf, size, "hours turned by %+.3g", by); break;
    case SHAPE_SCALE: snprintf(buf, size, "another unit: times %.6g", by); break;
    case SHAPE_SHIFT: snprintf(buf, size, "shifted by %+.6g", by); break;
    case SHAPE_MISSING: snprintf(buf, size, "missing %+.3g points", 100 * by); break;
    case SHAPE_INVALID: snprintf(buf, size, "no number %+.3g points", 100 * by); break;
    case SHAPE_NEW_VALUE: snprintf(buf, size, "new values %+.3g points", 100 * by); break;
    case SHAPE_OUT_OF_RANGE: snprintf(buf, size, "out of range %+.3g points", 100 * by); break;
    case SHAPE_NONE:
    case SHAPE_OTHER: break;
    }
    return buf;
}

char *words_worst(const struct compare_report *r, const struct compare_group *g, char *buf,
                  size_t size)
{
    const struct compare_feature **order = words_order(r, g);
    size_t bad = 0, used = 0;
    buf[0] = '\0';
    while (order && bad < r->n_features && order[bad]->result.verdict > VERDICT_UNKNOWN)
        bad++;
    for (size_t i = 0; i < bad && i < 2 && used < size; i++)
        used += (size_t)snprintf(buf + used, size - used, "%s%.32s", i ? ", " : "", order[i]->name);
    if (bad > 2 && used < size)
        snprintf(buf + used, size - used, " and %zu more", bad - 2);
    free(order);
    return buf;
}

char *words_group(const struct compare_group *g, char *buf, size_t size)
{
    char at[CLOCK_TEXT_SIZE];
    if (!g->label)
        return str_copy(buf, size, clock_format_s(g->start_ms, at));
    return g->label[0] ? utf8_clean(buf, size, g->label, strlen(g->label))
                       : str_copy(buf, size, "(missing)");
}

char *words_onset(const struct compare_report *r, const struct compare_feature *f, char *buf,
                  size_t size)
{
    char at[CLOCK_TEXT_SIZE];
    buf[0] = '\0';
    if (f->onset.present && f->result.verdict > VERDICT_UNKNOWN)
        snprintf(buf, size, "began in the period from %s",
                 clock_format_s(r->groups[1 + r->n_segments + f->onset.bucket].start_ms, at));
    return buf;
}
