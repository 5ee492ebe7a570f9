/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A distribution now against its reference, cell by cell: two bars, their percentages, the
 * difference in points and a note (what the cell adds to the PSI).
 *
 *     TRAIN 0-10    |##########                      31%
 *     NOW           |                                 0%   -31  psi 1.77
 *
 * Where rows are short, one line a cell holds both bars side by side.
 */
#ifndef DRIFTOP_WIDGET_HISTOGRAM_H
#define DRIFTOP_WIDGET_HISTOGRAM_H

#include "driftop/term/rect.h"

struct canvas;

struct histogram_cell {
    const char *label;
    double reference_ratio, current_ratio; /* NaN: not known */
    const char *note;                      /* may be NULL */
};

struct histogram {
    const char *reference_title, *current_title; /* "TRAIN", "NOW" */
    const struct histogram_cell *cells;
    int n_cells;
    int first;              /* scrolled: the first cell shown */
    double threshold_ratio; /* differences of at least this are emphasised; 0 for never */
};

/* Rows the whole histogram takes in `columns` with two lines a cell. */
int histogram_rows(const struct histogram *h);
/* Returns the cells shown; the last row says how many are left ("... 12 more"). */
int histogram_draw(struct canvas *c, struct rect r, const struct histogram *h);

#endif
