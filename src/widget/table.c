/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawing and keys. What stands where is decided by table_layout.c; here it is asked for each
 * frame, because the size, the rows and the shift may all have changed.
 */
#include "driftop/widget/table.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/key.h"

#define MORE_WIDTH 3 /* "9>" and a blank before it */

static int clamp(int value, int low, int high)
{
    return value > high ? (high < low ? low : high) : value < low ? low : value;
}

static void adjust_rows(const struct table *t, struct table_state *state, int rows)
{
    /* Rows may have come and gone since the last frame, and the window may have another size. */
    state->page_rows = rows;
    if (state->selected >= 0)
        state->selected = clamp(state->selected, 0, t->n_rows - 1);
    if (rows <= 0)
        return;
    if (state->selected >= 0 && state->selected < state->first_row)
        state->first_row = state->selected;
    if (state->selected >= state->first_row + rows)
        state->first_row = state->selected - rows + 1;
    state->first_row = clamp(state->first_row, 0, t->n_rows - rows);
}

/* The layout, with room for the note about hidden columns where there are some. */
static struct table_layout make_layout(const struct table *t, struct table_state *state, int width)
{
    struct table_layout layout = table_layout(t->columns, t->n_columns, width, state->column_shift);

    /* Laid out again with less room, as the note would cover the last title. */
    if (!t->no_head && layout.max_shift > 0 && width > 4 * MORE_WIDTH)
        layout = table_layout(t->columns, t->n_columns, width - MORE_WIDTH, state->column_shift);
    state->column_shift = clamp(state->column_shift, 0, layout.max_shift);
    return layout;
}

/* At the right end of the head line: the long form where the titles leave room for it. */
static void draw_more(struct canvas *c, struct rect line, const struct table_layout *layout,
                      int titles_end)
{
    char text[48];
    int end = line.x + line.columns;

    if (layout->hidden_left == 0 && layout->hidden_right == 0)
        return;
    if (layout->hidden_left > 0 && layout->hidden_right > 0)
        snprintf(text, sizeof text, "< %d, %d more >", layout->hidden_left, layout->hidden_right);
    else if (layout->hidden_right > 0)
        snprintf(text, sizeof text, "%d more >", layout->hidden_right);
    else
        snprintf(text, sizeof text, "< %d more", layout->hidden_left);
    if ((int)strlen(text) >= end - titles_end) {
        if (layout->hidden_right > 0)
            snprintf(text, sizeof text, "%d>", layout->hidden_right);
        else
            snprintf(text, sizeof text, "<%d", layout->hidden_left);
    }
    canvas_text(c, end - (int)strlen(text), line.y, ROLE_KEY, text);
}

/* A title and the mark of sorting, which stands in the blank beside a column that its title fills.
 * Returns the column behind them. */
static int draw_title(struct canvas *c, struct rect place, const struct table_column *column,
                      bool sorted, enum glyph mark)
{
    int title = utf8_columns(column->title);
    int used = title < place.columns ? title : place.columns;
    int x = column->align == ALIGN_RIGHT ? place.x + place.columns - used : place.x;
    struct rect saved = canvas_clip(c, (struct rect){x, place.y, used, 1});

    canvas_text(c, x, place.y, ROLE_TITLE, column->title);
    canvas_unclip(c, saved);
    if (!sorted)
        return x + used;
    if (column->align == ALIGN_RIGHT) {
        canvas_glyph(c, x - 1, place.y, ROLE_KEY, mark);
        return x + used;
    }
    canvas_glyph(c, x + used, place.y, ROLE_KEY, mark);
    return x + used + 1;
}

static void draw_head(struct canvas *c, struct rect line, const struct table *t,
                      const struct table_layout *layout)
{
    enum glyph mark = t->sort_descending ? GLYPH_SORT_DOWN : GLYPH_SORT_UP;
    int titles_end = line.x;

    for (int i = 0; i < layout->n_visible; i++) {
        int column = layout->visible[i].column;
        struct rect place = {line.x + 1 + layout->visible[i].x, line.y, layout->visible[i].width,
                             1};
        titles_end = draw_title(c, place, &t->columns[column], column == t->sort_column, mark);
    }
    draw_more(c, line, layout, titles_end);
}

static void draw_row(struct canvas *c, struct rect line, const struct table *t,
                     const struct table_layout *layout, int row, bool selected)
{
    for (int i = 0; i < layout->n_visible; i++) {
        int column = layout->visible[i].column;
        struct table_cell cell = {.style = ROLE_TEXT};
        t->cell(t->context, row, column, &cell);
        canvas_field(c, line.x + 1 + layout->visible[i].x, line.y, layout->visible[i].width,
                     t->columns[column].align, cell.style, cell.text);
    }
    /* The whole line in one look: what stands in it is a letter and a word, so no meaning is
     * lost. */
    if (selected) {
        canvas_glyph(c, line.x, line.y, ROLE_FOCUS, GLYPH_SELECTED);
        canvas_restyle(c, line, ROLE_FOCUS);
    }
}

void table_draw(struct canvas *c, struct rect r, const struct table *t, struct table_state *state)
{
    r = rect_intersect(canvas_area(c), r);
    if (rect_empty(r))
        return;
    struct rect saved = canvas_clip(c, r);
    canvas_fill(c, r, ROLE_TEXT);
    struct table_layout layout = make_layout(t, state, r.columns - 1);
    if (!t->no_head)
        draw_head(c, rect_cut_top(&r, 1), t, &layout);
    adjust_rows(t, state, r.rows);
    if (t->n_rows <= 0 && t->empty_text && r.rows > 0)
        canvas_field(c, r.x + 1, r.y, r.columns - 1, ALIGN_LEFT, ROLE_MUTED, t->empty_text);
    for (int row = state->first_row; row < t->n_rows && r.rows > 0; row++)
        draw_row(c, rect_cut_top(&r, 1), t, &layout, row, row == state->selected);
    canvas_unclip(c, saved);
}

static void select_row(const struct table *t, struct table_state *state, int64_t row)
{
    int last = t->n_rows - 1;

    state->selected = row > last ? (last < 0 ? 0 : last) : row < 0 ? 0 : (int)row;
}

static bool shift_key(struct table_state *state, const struct key *k)
{
    if (key_is(k, '<') || (k->code == KEY_LEFT && !k->modifiers)) {
        state->column_shift -= state->column_shift > 0;
        return true;
    }
    if (key_is(k, '>') || (k->code == KEY_RIGHT && !k->modifiers)) {
        state->column_shift += state->column_shift < TABLE_COLUMNS_MAX;
        return true;
    }
    return false;
}

bool table_key(const struct table *t, struct table_state *state, const struct key *k)
{
    /* One row stays in sight across a page, to find one's place again. */
    int page = state->page_rows > 1 ? state->page_rows - 1 : 1;

    if (shift_key(state, k))
        return true;
    if (k->modifiers)
        return false;
    switch (k->code) {
    case KEY_UP: select_row(t, state, (int64_t)state->selected - 1); return true;
    case KEY_DOWN: select_row(t, state, (int64_t)state->selected + 1); return true;
    case KEY_PAGE_UP: select_row(t, state, (int64_t)state->selected - page); return true;
    case KEY_PAGE_DOWN: select_row(t, state, (int64_t)state->selected + page); return true;
    case KEY_HOME: select_row(t, state, 0); return true;
    case KEY_END: select_row(t, state, t->n_rows); return true;
    default: return false;
    }
}
