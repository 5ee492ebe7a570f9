/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/widget/histogram.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/widget/bar.h"
#include "driftop/widget/format.h"

#define BAR_MIN   6
#define LABEL_MAX 24
#define NOTE_MAX  16

/* Widths of the parts of a line, 0 for one that had to go; blanks stand between them. */
struct layout {
    bool compact; /* one line a cell, two bars in it */
    int title, label, bar, percent, points, note;
    double scale; /* the ratio that a full bar stands for */
};

static int at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

static void widen(int *width, const char *text, int limit)
{
    int columns = text ? at_most(utf8_columns(text), limit) : 0;

    if (columns > *width)
        *width = columns;
}

static int with_gap(int width)
{
    return width > 0 ? width + 1 : 0;
}

/* What the bars of a line may have: all that is left of `columns`. */
static int bar_room(const struct layout *l, int columns)
{
    int used = with_gap(l->label) + with_gap(l->points) + with_gap(l->note);

    if (l->compact)
        return (columns - used - 2 * with_gap(l->percent) - 3) / 2;
    return columns - used - with_gap(l->title) - with_gap(l->percent) - 1;
}

static struct layout make_layout(const struct histogram *h, struct rect r)
{
    struct layout l = {.percent = FORMAT_SHARE_COLUMNS, .points = FORMAT_POINTS_COLUMNS};
    /* The first to go comes first: the label is what a bar is worth nothing without. */
    int *parts[] = {&l.note, &l.points, &l.title, &l.percent};

    /* All cells in one line each tell more than half of them in two. */
    l.compact = histogram_rows(h) > r.rows;
    for (int i = 0; i < h->n_cells; i++) {
        widen(&l.label, h->cells[i].label, at_most(LABEL_MAX, r.columns / 3));
        widen(&l.note, h->cells[i].note, NOTE_MAX);
        l.scale = fmax(l.scale, fmax(h->cells[i].reference_ratio, h->cells[i].current_ratio));
    }
    if (!l.compact) {
        widen(&l.title, h->reference_title, LABEL_MAX);
        widen(&l.title, h->current_title, LABEL_MAX);
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts && bar_room(&l, r.columns) < BAR_MIN; i++)
        *parts[i] = 0;
    l.bar = bar_room(&l, r.columns) > 0 ? bar_room(&l, r.columns) : 0;
    return l;
}

int histogram_rows(const struct histogram *h)
{
    return h->n_cells > CANVAS_MAX ? 2 * CANVAS_MAX : h->n_cells > 0 ? 2 * h->n_cells : 0;
}

/* Axis, bar and percentage; returns the column behind them. */
static int draw_bar(struct canvas *c, int x, int y, const struct layout *l, unsigned style,
                    double ratio)
{
    char text[FORMAT_SIZE];

    /* The longest bar fills its room: the shape is what one compares, the numbers stand beside
     * it. */
    canvas_glyph(c, x++, y, ROLE_BORDER, GLYPH_AXIS);
    bar_draw_open(c, x, y, l->bar, style, l->scale > 0 ? ratio / l->scale : 0);
    x += l->bar;
    if (l->percent > 0)
        canvas_field(c, x + 1, y, l->percent, ALIGN_RIGHT, ROLE_TEXT, format_share(ratio, text));
    return x + with_gap(l->percent);
}

static void draw_change(struct canvas *c, int x, int y, const struct layout *l,
                        const struct histogram *h, const struct histogram_cell *cell)
{
    double change = cell->current_ratio - cell->reference_ratio;
    bool marked = h->threshold_ratio > 0 && fabs(change) >= h->threshold_ratio;
    char text[FORMAT_SIZE];

    if (l->points > 0)
        canvas_field(c, x + 1, y, l->points, ALIGN_RIGHT, marked ? ROLE_PAGE : ROLE_TEXT,
                     format_points(change, text));
    x += with_gap(l->points);
    if (l->note > 0 && cell->note)
        canvas_field(c, x + 1, y, l->note, ALIGN_LEFT, marked ? ROLE_PAGE : ROLE_MUTED, cell->note);
}

static void draw_title(struct canvas *c, int x, int y, const struct layout *l, unsigned style,
                       const char *title)
{
    if (l->title > 0 && title)
        canvas_field(c, x, y, l->title, ALIGN_LEFT, style, title);
}

static void draw_cell(struct canvas *c, struct rect line, const struct layout *l,
                      const struct histogram *h, const struct histogram_cell *cell)
{
    int x = line.x, y = line.y;

    canvas_fill(c, line, ROLE_TEXT);
    draw_title(c, x, y, l, ROLE_REFERENCE, h->reference_title);
    x += with_gap(l->title);
    if (l->label > 0)
        canvas_field(c, x, y, l->label, ALIGN_LEFT, ROLE_TEXT, cell->label ? cell->label : "");
    x += with_gap(l->label);
    int end = draw_bar(c, x, y, l, ROLE_REFERENCE, cell->reference_ratio);
    if (l->compact) {
        end = draw_bar(c, end + 1, y, l, ROLE_CURRENT, cell->current_ratio);
        draw_change(c, end, y, l, h, cell);
        return;
    }
    draw_title(c, line.x, y + 1, l, ROLE_CURRENT, h->current_title);
    end = draw_bar(c, x, y + 1, l, ROLE_CURRENT, cell->current_ratio);
    draw_change(c, end, y + 1, l, h, cell);
}

/* Which side is which; beside each other the bars have no room for it in their own lines. */
static void draw_heads(struct canvas *c, struct rect line, const struct layout *l,
                       const struct histogram *h)
{
    int x = line.x + with_gap(l->label) + 1;

    canvas_fill(c, line, ROLE_TEXT);
    canvas_field(c, x, line.y, l->bar, ALIGN_LEFT, ROLE_REFERENCE, h->reference_title);
    x += l->bar + with_gap(l->percent) + 2;
    canvas_field(c, x, line.y, l->bar, ALIGN_LEFT, ROLE_CURRENT, h->current_title);
}

int histogram_draw(struct canvas *c, struct rect r, const struct histogram *h)
{
    if (rect_empty(r) || h->n_cells <= 0)
        return 0;
    struct layout l = make_layout(h, r);
    int height = l.compact ? 1 : 2, first = h->first > 0 ? at_most(h->first, h->n_cells - 1) : 0;
    int left = h->n_cells - first, room = r.rows / height, shown = 0;
    struct rect saved = canvas_clip(c, r);

    if (l.compact && h->reference_title && h->current_title && left < room) {
        draw_heads(c, rect_cut_top(&r, 1), &l, h);
        room--;
    }
    if (left > room && room > 1)
        room = (r.rows - 1) / height; /* the last row tells of the rest */
    canvas_fill(c, r, ROLE_TEXT);
    for (; shown < room && shown < left; shown++) {
        struct rect line = {r.x, r.y + shown * height, r.columns, height};
        draw_cell(c, line, &l, h, &h->cells[first + shown]);
    }
    if (left > shown && shown * height < r.rows)
        canvas_textf(c, r.x, r.y + r.rows - 1, ROLE_MUTED, "... %d more", left - shown);
    canvas_unclip(c, saved);
    return shown;
}
