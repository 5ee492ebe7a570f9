/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "codebook_private.h"
#include "driftop/base/str.h"

static bool is_atom(double below, double at)
{
    return nextafter(below, INFINITY) >= at;
}

static char *interval_label(const struct codebook *c, size_t cell, char *buf, size_t size)
{
    if (c->n_cuts == 0)
        snprintf(buf, size, "any number");
    else if (cell == 0)
        snprintf(buf, size, "<= %.6g", c->cuts[0]);
    else if (cell == c->n_cuts)
        snprintf(buf, size, "> %.6g", c->cuts[cell - 1]);
    else if (is_atom(c->cuts[cell - 1], c->cuts[cell]))
        snprintf(buf, size, "= %.6g", c->cuts[cell]);
    else
        snprintf(buf, size, "%.6g..%.6g", c->cuts[cell - 1], c->cuts[cell]);
    return buf;
}

char *codebook_label(const struct codebook *c, size_t cell, char *buf, size_t size)
{
    static const char *const numeric[] = {"missing", "+inf", "-inf", "invalid"};
    static const char *const text[] = {"other", "new value", "missing"};
    if (size == 0)
        return buf;
    if (cell >= c->n_cells)
        return str_copy(buf, size, "");
    if (cell < codebook_intervals(c))
        return interval_label(c, cell, buf, size);
    if (c->summary.kind == CODEBOOK_NUMERIC)
        return str_copy(buf, size, numeric[cell - c->n_cuts - 1]);
    if (cell < c->n_named)
        return str_copy(buf, size, c->names[cell].bytes);
    return str_copy(buf, size, text[cell - c->n_named]);
}
