/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grid itself: memory, clip and the one place where a character becomes cells.
 *
 * The invariant that everything else leans on: a cell of width 2 is followed by one of width 0, and
 * a cell of width 0 follows one of width 2. Each write that breaks a pair repairs it at once, so
 * that no reader (a backend, a golden text) ever meets half a character.
 */
#include "canvas_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/utf8.h"
#include "driftop/term/glyph.h"

static const struct canvas_cell blank = {.text = " ", .width = 1, .style = ROLE_TEXT};

static int bounded(int size)
{
    return size < 0 ? 0 : size > CANVAS_MAX ? CANVAS_MAX : size;
}

struct canvas *canvas_new(int columns, int rows, const struct glyphs *glyphs)
{
    struct canvas *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->glyphs = glyphs;
    if (canvas_resize(c, columns, rows) < 0) {
        free(c);
        return NULL;
    }
    return c;
}

void canvas_free(struct canvas *c)
{
    if (!c)
        return;
    free(c->cells);
    free(c);
}

int canvas_resize(struct canvas *c, int columns, int rows)
{
    /* A window of any size is a wish; CANVAS_MAX bounds what it may cost. */
    columns = bounded(columns);
    rows = bounded(rows);
    if (!c->cells || columns != c->columns || rows != c->rows) {
        /* One cell more, so that an empty canvas is no special case. */
        struct canvas_cell *cells = malloc(((size_t)columns * (size_t)rows + 1) * sizeof *cells);

        if (!cells)
            return ERR_NOMEM;
        free(c->cells);
        c->cells = cells;
        c->columns = columns;
        c->rows = rows;
    }
    canvas_clear(c);
    return 0;
}

void canvas_clear(struct canvas *c)
{
    size_t n = (size_t)c->columns * (size_t)c->rows;

    for (size_t i = 0; i < n; i++)
        c->cells[i] = blank;
    c->clip = canvas_area(c);
    c->cursor_shown = false;
}

struct rect canvas_area(const struct canvas *c)
{
    return (struct rect){0, 0, c->columns, c->rows};
}

const struct glyphs *canvas_glyphs(const struct canvas *c)
{
    return c->glyphs;
}

void canvas_set_glyphs(struct canvas *c, const struct glyphs *glyphs)
{
    c->glyphs = glyphs;
}

struct rect canvas_clip(struct canvas *c, struct rect r)
{
    struct rect saved = c->clip;

    c->clip = rect_intersect(c->clip, r);
    return saved;
}

void canvas_unclip(struct canvas *c, struct rect saved)
{
    /* The canvas may have shrunk since. */
    c->clip = rect_intersect(canvas_area(c), saved);
}

struct canvas_cell *canvas_cell_at(struct canvas *c, int x, int y)
{
    if (!rect_contains(c->clip, x, y))
        return NULL;
    return &c->cells[(size_t)y * (size_t)c->columns + (size_t)x];
}

/* The cell at (x, y) is about to be overwritten: when it is one half of a wide character, the other
 * half becomes blank, also outside of the clip, because half a character cannot be shown. */
static void unpair(struct canvas *c, struct canvas_cell *cell, int x)
{
    struct canvas_cell *other = NULL;

    if (cell->width == 2 && x + 1 < c->columns)
        other = cell + 1;
    else if (cell->width == 0 && x > 0)
        other = cell - 1;
    if (other) {
        unsigned style = other->style;
        *other = blank;
        other->style = (uint16_t)style;
    }
}

static void put_cell(struct canvas *c, int x, int y, unsigned style, const char *text,
                     size_t length, int width)
{
    struct canvas_cell *cell = canvas_cell_at(c, x, y);

    if (!cell)
        return;
    unpair(c, cell, x);
    if (length > CANVAS_CELL_BYTES)
        length = CANVAS_CELL_BYTES;
    /* The whole cell, so that rows can be compared as bytes. */
    memset(cell, 0, sizeof *cell);
    memcpy(cell->text, text, length);
    cell->width = (uint8_t)width;
    cell->style = (uint16_t)style;
}

void canvas_put(struct canvas *c, int x, int y, unsigned style, const char *text, size_t length,
                int width)
{
    if (width == 1) {
        put_cell(c, x, y, style, text, length, 1);
    } else if (canvas_cell_at(c, x, y) && canvas_cell_at(c, x + 1, y)) {
        put_cell(c, x, y, style, text, length, 2);
        put_cell(c, x + 1, y, style, "", 0, 0);
    } else {
        /* The clip cuts through it: what is inside becomes a blank. */
        put_cell(c, x, y, style, " ", 1, 1);
        put_cell(c, x + 1, y, style, " ", 1, 1);
    }
}
