/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows are compared as bytes: cells are written whole, zeros behind their text, and have no
 * padding.
 */
#include "driftop/term/canvas_read.h"

#include <string.h>

#include "canvas_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"

const struct canvas_cell *canvas_row(const struct canvas *c, int y)
{
    if (y < 0 || y >= c->rows)
        return NULL;
    return c->cells + (size_t)y * (size_t)c->columns;
}

int canvas_row_text(const struct canvas *c, int y, struct str *ret)
{
    const struct canvas_cell *row = canvas_row(c, y);
    int used = row ? c->columns : 0;

    while (used > 0 && strcmp(row[used - 1].text, " ") == 0)
        used--;
    /* The right half of a wide character adds nothing: its text is empty. */
    for (int x = 0; x < used; x++)
        str_add(ret, row[x].text);
    return ret->failed ? ERR_NOMEM : 0;
}

int canvas_all_text(const struct canvas *c, struct str *ret)
{
    for (int y = 0; y < c->rows; y++) {
        canvas_row_text(c, y, ret);
        str_add_char(ret, '\n');
    }
    return ret->failed ? ERR_NOMEM : 0;
}

bool canvas_cursor(const struct canvas *c, int *ret_x, int *ret_y)
{
    if (!c->cursor_shown)
        return false;
    *ret_x = c->cursor_x;
    *ret_y = c->cursor_y;
    return true;
}

bool canvas_same_row(const struct canvas *a, const struct canvas *b, int y)
{
    const struct canvas_cell *row_a = canvas_row(a, y), *row_b = canvas_row(b, y);

    if (!row_a || !row_b || a->columns != b->columns)
        return !row_a && !row_b;
    return memcmp(row_a, row_b, (size_t)a->columns * sizeof *row_a) == 0;
}

/* Whether two rows that differ do so in their styles only. */
static bool same_text(const struct canvas *a, const struct canvas *b, int y)
{
    struct str text_a, text_b;

    str_init(&text_a, 0);
    str_init(&text_b, 0);
    canvas_row_text(a, y, &text_a);
    canvas_row_text(b, y, &text_b);
    bool same = strcmp(text_a.data, text_b.data) == 0;
    str_done(&text_a);
    str_done(&text_b);
    return same;
}

int canvas_diff(const struct canvas *a, const struct canvas *b, struct str *ret)
{
    int differing = 0, rows = a->rows > b->rows ? a->rows : b->rows;

    for (int y = 0; y < rows; y++) {
        if (canvas_same_row(a, b, y))
            continue;
        differing++;
        if (same_text(a, b, y)) {
            str_addf(ret, "~%d\n", y);
            continue;
        }
        str_add_char(ret, '-');
        canvas_row_text(a, y, ret);
        str_add(ret, "\n+");
        canvas_row_text(b, y, ret);
        str_add_char(ret, '\n');
    }
    return differing;
}

int canvas_copy(struct canvas *to, const struct canvas *from)
{
    if (canvas_resize(to, from->columns, from->rows) < 0)
        return ERR_NOMEM;
    memcpy(to->cells, from->cells,
           (size_t)from->columns * (size_t)from->rows * sizeof *from->cells);
    to->glyphs = from->glyphs;
    to->cursor_shown = from->cursor_shown;
    to->cursor_x = from->cursor_x;
    to->cursor_y = from->cursor_y;
    return 0;
}
