/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Breaking is by columns, not bytes, and is done anew for each frame: paragraphs are short, and
 * nothing has to be kept when the width changes.
 */
#include "driftop/widget/text.h"

#include <stdio.h>
#include <string.h>

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"

#define LINE_BYTES (4 * CANVAS_MAX)

/* Where the line ends when its text, up to the newline, does not fit: behind the last blank, or,
 * without one, in the middle of the word. */
static size_t break_within(const char *text, size_t fits)
{
    for (size_t i = fits; i > 0; i--)
        if (text[i] == ' ')
            return i;
    return fits;
}

size_t text_break(const char *text, int columns, const char **ret_next)
{
    size_t whole = strcspn(text, "\n");
    int used = 0;
    size_t fits = utf8_fit(text, columns > 0 ? columns : 1, &used);

    /* Marks take no columns: only a bound on bytes keeps a line of them finite. */
    if (whole > LINE_BYTES - 8)
        whole = LINE_BYTES - 8;
    if (fits >= whole) {
        const char *next = text + whole + (text[whole] == '\n' ? 1 : 0);
        *ret_next = *next ? next : NULL;
        return whole;
    }
    if (fits == 0) { /* not even one character: take it all the same, or the caller never ends */
        uint32_t character;
        fits = utf8_decode(text, whole, &character);
    }
    size_t length = break_within(text, fits);
    const char *next = text + length;
    next += strspn(next, " ");
    *ret_next = *next ? next : NULL;
    return length;
}

int text_rows(const char *text, int columns)
{
    int rows = 0;

    while (text && *text) {
        text_break(text, columns, &text);
        rows++;
    }
    return rows;
}

int text_draw(struct canvas *c, struct rect r, unsigned style, const char *text, int first)
{
    char line[LINE_BYTES];
    int row = 0;

    if (rect_empty(r))
        return 0;
    struct rect saved = canvas_clip(c, r);
    for (; text && *text && row - first < r.rows; row++) {
        const char *start = text;
        size_t length = text_break(text, r.columns, &text);
        if (row < first)
            continue;
        snprintf(line, sizeof line, "%.*s", (int)length, start);
        canvas_text(c, r.x, r.y + row - first, style, line);
        /* There is more below. */
        if (text && row - first == r.rows - 1)
            canvas_glyph(c, r.x + r.columns - 1, r.y + r.rows - 1, style, GLYPH_CUT);
    }
    canvas_unclip(c, saved);
    return row > first ? row - first : 0;
}
