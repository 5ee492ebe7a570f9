/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "list_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/term/key.h"
#include "driftop/widget/menu.h"

#define TINY_CELL 10

void list_init(struct list *list)
{
    memset(list, 0, sizeof *list);
    list->sort = -1;
}

void list_done(struct list *list)
{
    free(list->rows);
    list->rows = NULL;
    list->n_rows = 0;
}

/* What the table's callbacks need beside the view's own context. */
struct shown {
    const struct list *list;
    const struct list_source *source;
    const void *context;
};

static void shown_cell(const void *context, int row, int column, struct table_cell *ret)
{
    const struct shown *s = context;
    s->source->cell(s->context, s->list->rows[row], column, ret);
}

/* ---- order ---- */

static int compare_rows(const struct shown *s, int a, int b)
{
    int column = s->list->sort;
    double x = NAN, y = NAN;

    if (s->source->number) {
        x = s->source->number(s->context, a, column);
        y = s->source->number(s->context, b, column);
    }
    if (isnan(x) != isnan(y))
        return isnan(x) ? 1 : -1; /* what is not known goes last, whichever way it is sorted */
    int sign = s->list->reverse ? -1 : 1;
    if (!isnan(x))
        return x < y ? sign : x > y ? -sign : 0; /* the largest first */
    struct table_cell p = {0}, q = {0};
    s->source->cell(s->context, a, column, &p);
    s->source->cell(s->context, b, column, &q);
    return sign * strcmp(p.text, q.text);
}

static int compare(const void *a, const void *b, void *ctx)
{
    const struct shown *s = ctx;
    int x = *(const int *)a, y = *(const int *)b;
    int order = s->list->sort >= 0 ? compare_rows(s, x, y) : 0;

    if (order)
        return order;
    bool back = s->list->sort < 0 && s->list->reverse;
    return (x < y ? -1 : x > y) * (back ? -1 : 1);
}

/* ---- selection ---- */

int list_selected(const struct list *list)
{
    int at = list->table.selected;
    return at >= 0 && at < list->n_rows ? list->rows[at] : -1;
}

static void remember(struct list *list, const struct list_source *source, const void *context)
{
    int row = list_selected(list);
    list->placed = row >= 0;
    if (row >= 0)
        source->key(context, row, list->selected_key, sizeof list->selected_key);
}

/* Back to the row of that name, else to the same place. */
static void find_again(struct list *list, const struct list_source *source, const void *context)
{
    char key[LIST_TEXT_SIZE];

    if (!list->moved)
        list->table.selected = 0;
    for (int i = 0; list->moved && list->placed && i < list->n_rows; i++) {
        source->key(context, list->rows[i], key, sizeof key);
        if (strcmp(key, list->selected_key) == 0) {
            list->table.selected = i;
            return;
        }
    }
    if (list->table.selected >= list->n_rows)
        list->table.selected = list->n_rows > 0 ? list->n_rows - 1 : 0;
    remember(list, source, context);
}

int list_update(struct list *list, const struct list_source *source, const void *context, int n,
                const char *filter)
{
    struct shown s = {list, source, context};
    char words[LIST_TEXT_SIZE];

    int *rows = realloc(list->rows, (size_t)(n > 0 ? n : 1) * sizeof *rows);
    if (!rows) {
        list->n_rows = 0;
        return ERR_NOMEM;
    }
    list->rows = rows;
    list->n_rows = 0;
    list->n_data = n;
    for (int i = 0; i < n; i++) {
        if (filter && filter[0]) {
            source->words(context, i, words, sizeof words);
            if (!menu_match(words, filter))
                continue;
        }
        list->rows[list->n_rows++] = i;
    }
    list->filtered_out = n > 0 && list->n_rows == 0;
    /* The query's own order is what they are in. */
    if (list->n_rows > 1 && (list->sort >= 0 || list->reverse))
        qsort_r(list->rows, (size_t)list->n_rows, sizeof *list->rows, compare, &s);
    find_again(list, source, context);
    return 0;
}

/* ---- drawing and keys ---- */

static struct table make_table(const struct list *list, const struct shown *s)
{
    return (struct table){
        .columns = s->source->columns,
        .n_columns = s->source->n_columns,
        .n_rows = list->n_rows,
        .sort_column = list->sort,
        .sort_descending = !list->reverse,
        .empty_text =
            list->filtered_out ? "nothing matches the filter: / changes it" : s->source->empty_text,
        .cell = shown_cell,
        .context = s,
    };
}

void list_draw(struct list *list, const struct list_source *source, const void *context,
               struct canvas *c, struct rect area, bool head)
{
    struct shown s = {list, source, context};
    struct table table = make_table(list, &s);
    struct table_column narrow[TABLE_COLUMNS_MAX];

    /* On a phone long columns are cut rather than left out. */
    if (area.columns < TINY_COLUMNS && source->n_columns <= TABLE_COLUMNS_MAX) {
        for (int i = 0; i < source->n_columns; i++) {
            narrow[i] = source->columns[i];
            if (narrow[i].min_width > TINY_CELL)
                narrow[i].min_width = TINY_CELL;
        }
        table.columns = narrow;
    }
    table.no_head = !head;
    table_draw(c, area, &table, &list->table);
}

static bool move_to_problem(struct list *list, const struct list_source *source,
                            const void *context, int step)
{
    for (int i = 1; i <= list->n_rows; i++) {
        int at = ((list->table.selected + step * i) % list->n_rows + list->n_rows) % list->n_rows;
        if (!source->problem || source->problem(context, list->rows[at])) {
            list->table.selected = at;
            return true;
        }
    }
    return false;
}

static void sort_next(struct list *list, const struct list_source *source, const void *context,
                      enum view_do what)
{
    struct shown s = {list, source, context};

    if (what == DO_REVERSE)
        list->reverse = !list->reverse;
    else if (++list->sort >= source->n_columns)
        list->sort = -1;
    if (list->n_rows > 1)
        qsort_r(list->rows, (size_t)list->n_rows, sizeof *list->rows, compare, &s);
    find_again(list, source, context);
}

struct view_result list_key(struct list *list, const struct list_source *source,
                            const void *context, const struct key *key, enum view_do what)
{
    struct shown s = {list, source, context};
    struct table table = make_table(list, &s);
    struct view_result result = {.act = VIEW_REDRAW};
    int before = list_selected(list);

    if (what == DO_SORT || what == DO_REVERSE)
        sort_next(list, source, context, what);
    else if (what == DO_NEXT || what == DO_PREVIOUS)
        move_to_problem(list, source, context, what == DO_NEXT ? 1 : -1);
    else if (key_is(key, 'j') || key_is(key, 'k'))
        table_key(&table, &list->table,
                  &(struct key){.code = key_is(key, 'j') ? KEY_DOWN : KEY_UP});
    else if (!table_key(&table, &list->table, key))
        result.act = VIEW_NONE;
    if (list_selected(list) != before) {
        list->moved = true;
        remember(list, source, context);
        result.act = VIEW_FOLLOW;
    }
    return result;
}
