/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table: a head line, rows that are asked for one by one, a selected row that scrolling keeps in
 * sight, and columns that make room for each other. Nothing of the data is copied.
 *
 * Columns that do not fit leave in order of their weight, the lowest first; `frozen` ones leave
 * last. What left is reached by shifting with < and >: shifted by k, the first k columns that
 * are not frozen are away and the others follow from left to right, so that every column comes
 * into sight. The head line's end says how many there are: "3 more >".
 */
#ifndef DRIFTOP_WIDGET_TABLE_H
#define DRIFTOP_WIDGET_TABLE_H

#include <stdbool.h>

#include "driftop/term/canvas_draw.h"
#include "driftop/term/rect.h"

#define TABLE_COLUMNS_MAX 32
#define TABLE_CELL_SIZE   256

struct canvas;
struct key;

struct table_column {
    const char *title;
    int weight;    /* the higher the longer it stays */
    int min_width; /* in columns; 1 at least */
    int ideal_width;
    enum align align;
    bool flexible; /* takes a share of the room that is left over */
    bool frozen;   /* what a row is called: stays when others are shifted away */
};

struct table_cell {
    char text[TABLE_CELL_SIZE];
    unsigned style; /* ROLE_TEXT unless set */
};

struct table {
    const struct table_column *columns;
    int n_columns; /* more than TABLE_COLUMNS_MAX are cut */
    int n_rows;
    int sort_column; /* its title gets a mark; -1 for none */
    bool sort_descending;
    bool no_head; /* rows only */
    const char *empty_text;
    /* Fill *ret, which comes empty, for one cell. */
    void (*cell)(const void *context, int row, int column, struct table_cell *ret);
    const void *context;
};

/* What the view keeps between frames; zero is a good start. */
struct table_state {
    int selected;     /* -1: none, no mark */
    int first_row;    /* set by table_draw() */
    int column_shift; /* kept in its range by table_draw() */
    int page_rows;    /* rows that fitted last time */
};

struct table_layout {
    int n_visible;
    struct {
        int column; /* index into the table's columns */
        int x, width;
    } visible[TABLE_COLUMNS_MAX];
    int hidden_left, hidden_right; /* columns out of sight, by where a shift leads */
    int max_shift;                 /* a larger one shows nothing new */
};

/* Pure: which columns stand where when `width` columns are free (the selection mark's one is the
 * table's own and not among them). x counts from 0. One blank stands between two columns. */
struct table_layout table_layout(const struct table_column *columns, int n_columns, int width,
                                 int shift);
/* Draws and brings `state` into range. */
void table_draw(struct canvas *c, struct rect r, const struct table *t, struct table_state *state);
/* Arrows, PgUp, PgDn, Home, End move the selection, < > Left Right shift the columns. False for a
 * key that is none of these. */
bool table_key(const struct table *t, struct table_state *state, const struct key *k);

#endif
