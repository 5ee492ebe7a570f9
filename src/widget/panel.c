/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Frames use the canvas's lines, so that they are +--+ where nothing else can be shown.
 */
#include "driftop/widget/panel.h"

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"

/* " title " on a border, as far as `columns` go. Returns the columns used. */
static int draw_title(struct canvas *c, int x, int y, int columns, unsigned style,
                      const char *title)
{
    int width = utf8_columns(title);

    if (columns < 3)
        return 0;
    if (width > columns - 2)
        width = columns - 2;
    canvas_text(c, x, y, style, " ");
    canvas_field(c, x + 1, y, width, ALIGN_LEFT, style | STYLE_BOLD, title);
    canvas_text(c, x + 1 + width, y, style, " ");
    return width + 2;
}

struct rect panel_box(struct canvas *c, struct rect r, unsigned style, const char *title,
                      const char *right)
{
    struct rect inside = rect_inset(r, 1, 1);
    struct rect saved = canvas_clip(c, r);
    int room = r.columns - 6; /* three columns of border at either end */

    canvas_box(c, r, style);
    if (title && title[0])
        room -= draw_title(c, r.x + 3, r.y, room, style, title);
    int width = right ? utf8_columns(right) + 2 : 0;
    /* The right title leaves first. */
    if (width > 2 && width < room)
        draw_title(c, r.x + r.columns - 2 - width, r.y, width, style, right);
    canvas_fill(c, inside, ROLE_TEXT);
    canvas_unclip(c, saved);
    return inside.columns >= 10 ? rect_inset(inside, 1, 0) : inside;
}

void panel_rule(struct canvas *c, struct rect *rest, unsigned style, const char *title)
{
    struct rect line = rect_cut_top(rest, 1);

    if (rect_empty(line))
        return;
    canvas_hline(c, line.x, line.y, line.columns, style, GLYPH_HLINE);
    if (title && title[0] && line.columns > 2) {
        int width = utf8_columns(title);
        int room = line.columns - 1;
        canvas_field(c, line.x + 1, line.y, width < room ? width : room, ALIGN_LEFT,
                     style | STYLE_BOLD, title);
    }
}

struct rect panel_center(struct rect area, int columns, int rows)
{
    struct rect r = rect_intersect(area, (struct rect){area.x, area.y, columns, rows});

    if (!rect_empty(area)) {
        r.x += (area.columns - r.columns) / 2;
        r.y += (area.rows - r.rows) / 2;
    }
    return r;
}
