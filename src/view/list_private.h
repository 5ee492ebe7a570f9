/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A list over rows that a query owns: which rows the filter leaves, in which order, and which one is
 * selected. The selection follows its row by name when the data is read again.
 */
#ifndef DRIFTOP_VIEW_LIST_PRIVATE_H
#define DRIFTOP_VIEW_LIST_PRIVATE_H

#include "driftop/widget/table.h"
#include "view_private.h"

#define LIST_TEXT_SIZE 512

/* How a list asks its view about row `row` of the data. */
struct list_source {
    const struct table_column *columns;
    int n_columns;
    const char *empty_text;
    void (*cell)(const void *context, int row, int column, struct table_cell *ret);
    /* The row's name, the same after reading again; and the words that the filter sees. */
    void (*key)(const void *context, int row, char *buf, size_t size);
    void (*words)(const void *context, int row, char *buf, size_t size);
    /* The number that column is sorted by; NaN: by the cell's text. NULL: all by text. */
    double (*number)(const void *context, int row, int column);
    bool (*problem)(const void *context, int row); /* n stops here; NULL: everywhere */
};

struct list {
    struct table_state table;
    int *rows; /* of the data, in the order shown; owned */
    int n_rows, n_data;
    int sort; /* the column, -1: the query's own order */
    bool reverse;
    bool filtered_out; /* the filter hides every row */
    bool placed;       /* selected_key says something */
    bool moved;        /* somebody chose the row; until then the first, the worst, is selected */
    bool gone;     /* the chosen row is no longer there: nothing is selected until a key moves */
    int gone_from; /* where it was */
    char selected_key[LIST_TEXT_SIZE];
};

void list_init(struct list *list);
void list_done(struct list *list);
/* The data has changed, or the filter: n rows. ERR_NOMEM leaves an empty list. */
int list_update(struct list *list, const struct list_source *source, const void *context, int n,
                const char *filter);
/* The data's row that is selected, or -1. */
int list_selected(const struct list *list);
/* What to do where the chosen row has ended; "" when it has not, or no row is left to choose. */
const char *list_gone_text(const struct list *list);
/* " 7 more, Down " for the rule below a list that goes on beyond its last line; else "". */
char *list_more_text(const struct list *list, char *buf, size_t size);
void list_draw(struct list *list, const struct list_source *source, const void *context,
               struct canvas *c, struct rect area, bool head);
/* Movement, columns, sorting, next problem. VIEW_FOLLOW when another row is selected. */
struct view_result list_key(struct list *list, const struct list_source *source,
                            const void *context, const struct key *key, enum view_do what);

#endif
