/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values become heights in steps of a cell: eight to a cell where it is filled by level glyphs,
 * four where braille puts two values side by side. Height 0 is a gap; what has a value has at least
 * 1.
 */
#include "driftop/widget/sparkline.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/glyph.h"

struct scale {
    double min, max;
    int steps; /* of the whole plot's height */
};

/* One value or several merged into one. */
struct sample {
    int height;
    bool alarm;
};

static int per_cell(const struct canvas *c)
{
    return canvas_glyphs(c)->braille ? 2 : 1;
}

int sparkline_capacity(const struct canvas *c, int columns)
{
    return columns > 0 ? columns * per_cell(c) : 0;
}

static struct scale make_scale(const struct sparkline *s, int steps)
{
    struct scale scale = {.min = INFINITY, .max = -INFINITY, .steps = steps};

    for (int i = 0; i < s->n_values; i++) {
        if (!isfinite(s->values[i]))
            continue;
        scale.min = fmin(scale.min, s->values[i]);
        scale.max = fmax(scale.max, s->values[i]);
    }
    if (scale.min > 0)
        scale.min = 0; /* a share that moved from 90 to 91 % did not double */
    if (isfinite(s->min))
        scale.min = s->min;
    if (isfinite(s->max))
        scale.max = s->max;
    return scale;
}

static int height_of(const struct scale *scale, double value)
{
    if (isnan(value))
        return 0;
    if (value >= scale->max && scale->max > scale->min)
        return scale->steps;
    if (!(value > scale->min) || !(scale->max > scale->min))
        return 1;
    /* Halved first: the difference of two finite numbers may be infinite. */
    double ratio = (value / 2 - scale->min / 2) / (scale->max / 2 - scale->min / 2);
    return 1 + (int)lround(ratio * (scale->steps - 1));
}

/* Sample i of `n`. Fewer values than samples stand at the right, one each; more are spread over all
 * samples, and a sample of several shows the largest. */
static struct sample sample_at(const struct sparkline *s, const struct scale *scale, int n, int i)
{
    int64_t values = s->n_values, start = values - n + i, end = start + 1;
    struct sample sample = {0};

    if (values > n) {
        start = values * i / n;
        end = values * (i + 1) / n;
    }
    for (int64_t k = start < 0 ? 0 : start; k < end; k++) {
        int height = height_of(scale, s->values[k]);
        sample.height = height > sample.height ? height : sample.height;
        sample.alarm |= s->values[k] > s->threshold; /* false for NaN on either side */
    }
    return sample;
}

/* What is left of a height in the row that begins at `floor`, between 0 and `steps`. */
static int within(int height, int floor, int steps)
{
    int rest = height - floor;

    return rest < 0 ? 0 : rest > steps ? steps : rest;
}

static void put_braille(struct canvas *c, int x, int y, unsigned style, int left, int right)
{
    /* Dots from the lowest to the highest, by Unicode's numbering of the eight. */
    static const uint8_t left_dots[] = {0x00, 0x40, 0x44, 0x46, 0x47};
    static const uint8_t right_dots[] = {0x00, 0x80, 0xa0, 0xb0, 0xb8};
    char text[5];

    if (left == 0 && right == 0) {
        canvas_text(c, x, y, style, " ");
        return;
    }
    text[utf8_encode(0x2800u + left_dots[left] + right_dots[right], text)] = '\0';
    canvas_text(c, x, y, style, text);
}

void sparkline_draw(struct canvas *c, struct rect r, const struct sparkline *s)
{
    struct rect shown = rect_intersect(canvas_area(c), r);
    if (rect_empty(shown) || s->n_values <= 0) {
        canvas_fill(c, r, ROLE_TEXT);
        return;
    }
    int pair = per_cell(c), cell_steps = pair == 2 ? 4 : GLYPH_LEVELS - 1;
    int n = shown.columns * pair;
    struct scale scale = make_scale(s, cell_steps * shown.rows);

    for (int i = 0; i < shown.columns; i++) {
        struct sample first = sample_at(s, &scale, n, i * pair), second = first;
        if (pair == 2)
            second = sample_at(s, &scale, n, i * pair + 1);
        unsigned style = first.alarm || second.alarm ? s->alarm_style : s->style;
        for (int row = 0; row < shown.rows; row++) {
            int floor = (shown.rows - 1 - row) * cell_steps;
            int level = within(first.height, floor, cell_steps);
            if (pair == 2)
                put_braille(c, shown.x + i, shown.y + row, style, level,
                            within(second.height, floor, cell_steps));
            else
                canvas_text(c, shown.x + i, shown.y + row, style, canvas_glyphs(c)->level[level]);
        }
    }
}
