/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The left side grows from the left, the right side from the right; a part that leaves takes its
 * gap with it. Who stays is decided before anything is drawn, so that a view can ask as well.
 */
#include "driftop/widget/line.h"

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"

static int bounded(int n_parts)
{
    return n_parts < 0 ? 0 : n_parts > LINE_PARTS_MAX ? LINE_PARTS_MAX : n_parts;
}

static int gap_of(const struct line_part *part)
{
    return part->gap < 0 ? 0 : part->gap == 0 ? 1 : part->gap;
}

static int width_of(const struct line_part *part)
{
    int width = utf8_columns(part->text);

    return width > CANVAS_MAX ? CANVAS_MAX : width;
}

/* Columns of the kept parts of one side with the gaps between them. */
static int side_width(const struct line_part *parts, int n, const bool *keep, bool right)
{
    int width = 0;
    bool first = true;

    for (int i = 0; i < n; i++) {
        if (!keep[i] || parts[i].right != right)
            continue;
        width += width_of(&parts[i]) + (first ? 0 : gap_of(&parts[i]));
        first = false;
    }
    return width;
}

/* The part to leave next, or -1 when only one is left. */
static int find_least(const struct line_part *parts, int n, const bool *keep)
{
    int least = -1, kept = 0;

    for (int i = 0; i < n; i++) {
        if (!keep[i])
            continue;
        kept++;
        if (least < 0 || parts[i].priority <= parts[least].priority)
            least = i;
    }
    return kept > 1 ? least : -1;
}

void line_layout(const struct line_part *parts, int n_parts, int columns, bool *ret_keep)
{
    int n = bounded(n_parts);

    for (int i = 0; i < n; i++)
        ret_keep[i] = parts[i].text && parts[i].text[0];
    for (;;) {
        int left = side_width(parts, n, ret_keep, false);
        int right = side_width(parts, n, ret_keep, true);
        /* The two sides may touch, but not merge. */
        int between = left > 0 && right > 0 ? 1 : 0;
        int least = find_least(parts, n, ret_keep);
        if (least < 0 || left + between + right <= columns)
            return;
        ret_keep[least] = false;
    }
}

void line_draw(struct canvas *c, int x, int y, int columns, unsigned style,
               const struct line_part *parts, int n_parts)
{
    struct rect line = {x, y, columns, 1};
    bool keep[LINE_PARTS_MAX];
    int n = bounded(n_parts);

    if (rect_empty(rect_intersect(canvas_area(c), line)))
        return;
    struct rect saved = canvas_clip(c, line);
    canvas_fill(c, line, style);
    line_layout(parts, n, columns, keep);
    for (int side = 0; side < 2; side++) {
        bool right = side == 1, first = true;
        int at = right ? x + columns - side_width(parts, n, keep, true) : x;
        if (at < x)
            at = x; /* the one part that is left, too wide */
        for (int i = 0; i < n; i++) {
            if (!keep[i] || parts[i].right != right)
                continue;
            at += first ? 0 : gap_of(&parts[i]);
            first = false;
            canvas_field(c, at, y,
                         width_of(&parts[i]) < x + columns - at ? width_of(&parts[i])
                                                                : x + columns - at,
                         ALIGN_LEFT, parts[i].style, parts[i].text);
            at += width_of(&parts[i]);
        }
    }
    canvas_unclip(c, saved);
}
