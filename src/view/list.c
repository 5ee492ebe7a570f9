/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "list_private.h"

#include <math.h>
#include <stdio.h>
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

static bool is_selected(const struct list *list, const struct list_source *source,
                        const void *context, int row)
{
    char key[LIST_TEXT_SIZE];

    source->key(context, row, key, sizeof key);
    return strcmp(key, list->selected_key) == 0;
}

/* In the data, whatever the filter says. */
static bool still_there(const struct list *list, const struct list_source *source,
                        const void *context)
{
    for (int row = 0; row < list->n_data; row++)
        if (is_selected(list, source, context, row))
            return true;
    return false;
}

/* Back to the row of that name. One that the filter hides leaves its place; one that has ended
 * leaves nothing selected, or a key would mean a row that nobody has looked at. */
static void find_again(struct list *list, const struct list_source *source, const void *context)
{
    if (!list->moved)
        list->table.selected = 0;
    for (int i = 0; list->moved && list->placed && i < list->n_rows; i++)
        if (is_selected(list, source, context, list->rows[i])) {
            list->table.selected = i;
            list->gone = false;
            return;
        }
    if (list->gone)
        return;
    if (list->moved && list->placed && !still_there(list, source, context)) {
        list->gone = true;
        list->gone_from = list->table.selected;
        list->table.selected = -1;
        return;
    }
    if (list->table.selected >= list->n_rows)
        list->table.selected = list->n_rows > 0 ? list->n_rows - 1 : 0;
    remember(list, source, context);
}

const char *list_gone_text(const struct list *list)
{
    return list->gone && list->n_rows > 0 ? "the selected line has ended: choose one" : "";
}

char *list_more_text(const struct list *list, char *buf, size_t size)
{
    int more = list->n_rows - list->table.first_row - list->table.page_rows;

    buf[0] = '\0';
    if (more > 0 && list->table.page_rows > 0)
        snprintf(buf, size, " %d more, Down ", more);
    return buf;
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
    int from = list->table.selected;

    for (int i = 1; i <= list->n_rows; i++) {
        int at = ((from + step * i) % list->n_rows + list->n_rows) % list->n_rows;
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

/* Movement goes on from where the row was that has ended. */
static void stand_again(struct list *list, const struct key *key, enum view_do what)
{
    bool back =
        what == DO_PREVIOUS || key->code == KEY_UP || key->code == KEY_PAGE_UP || key_is(key, 'k');

    int at = list->gone_from - (back ? 0 : 1), last = list->n_rows - 1;

    list->table.selected = back || at < last ? at : last - 1;
}

/* What means the selected row makes it the chosen one. */
static bool means_row(enum view_do what)
{
    return what == DO_ACK || what == DO_NOTE || what == DO_ROLLBACK || what == DO_TRAFFIC ||
           what == DO_OPEN;
}

static bool order_or_move(struct list *list, const struct list_source *source, const void *context,
                          const struct key *key, enum view_do what)
{
    struct shown s = {list, source, context};
    struct table table = make_table(list, &s);

    if (what == DO_SORT || what == DO_REVERSE)
        sort_next(list, source, context, what);
    else if (what == DO_NEXT || what == DO_PREVIOUS)
        move_to_problem(list, source, context, what == DO_NEXT ? 1 : -1);
    else if (key_is(key, 'j') || key_is(key, 'k'))
        table_key(&table, &list->table,
                  &(struct key){.code = key_is(key, 'j') ? KEY_DOWN : KEY_UP});
    else
        return table_key(&table, &list->table, key);
    return true;
}

struct view_result list_key(struct list *list, const struct list_source *source,
                            const void *context, const struct key *key, enum view_do what)
{
    struct view_result result = {.act = VIEW_REDRAW};
    int before = list_selected(list);

    if (list->gone)
        stand_again(list, key, what);
    int from = list->table.selected;
    if (!order_or_move(list, source, context, key, what))
        result.act = VIEW_NONE;
    list->moved = list->moved || (means_row(what) && before >= 0);
    if (list->gone && list->table.selected == from)
        list->table.selected = -1;
    if (list_selected(list) != before) {
        list->moved = true;
        list->gone = false;
        remember(list, source, context);
        result.act = VIEW_FOLLOW;
    }
    return result;
}
