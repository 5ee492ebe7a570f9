/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From bytes to cells: cleaning, grouping combining marks with their base, and measuring.
 */
#include "canvas_private.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/utf8.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/glyph.h"

#define MARKS_MAX 4 /* combining marks of a cell, as many as ncurses takes */

/* One user-perceived character. */
struct cluster {
    char text[CANVAS_CELL_BYTES];
    size_t length;
    int width;
};

/* The next code point of *text, cleaned, and its width; *text moves on. Returns its bytes in
 * buf. */
static size_t next_clean(const char **text, char buf[8], int *ret_width)
{
    uint32_t character;
    size_t length = utf8_decode(*text, strnlen(*text, 4), &character);

    utf8_clean(buf, 8, *text, length);
    *text += length;
    length = strlen(buf);
    if (length == 0) {
        *ret_width = 0;
        return 0;
    }
    utf8_decode(buf, length, &character);
    *ret_width = utf8_width(character);
    return length;
}

/* Take the marks that follow into the cluster. Those beyond what a cell holds are read and
 * dropped, so that a text of a thousand marks on one letter is still one letter. */
static void add_marks(const char **text, struct cluster *k)
{
    for (int i = 0; **text && (unsigned char)**text >= 0x80;) {
        const char *ahead = *text;
        char buf[8];
        int width;
        size_t length = next_clean(&ahead, buf, &width);

        if (width != 0)
            return;
        *text = ahead;
        if (i++ < MARKS_MAX && k->length + length <= sizeof k->text) {
            memcpy(k->text + k->length, buf, length);
            k->length += length;
        }
    }
}

/* False at the end of the text. */
static bool next_cluster(const char **text, bool unicode, struct cluster *ret)
{
    char buf[8];

    do {
        unsigned char first = (unsigned char)**text;
        if (first == '\0')
            return false;
        if (first >= 0x20 && first < 0x7f) {
            buf[0] = *(*text)++;
            ret->length = 1;
            ret->width = 1;
        } else {
            /* A mark without a base has nothing to stand on: it is left out. */
            ret->length = next_clean(text, buf, &ret->width);
        }
    } while (ret->width == 0);
    memcpy(ret->text, buf, ret->length);
    add_marks(text, ret);
    if (!unicode && (ret->length > 1 || (unsigned char)ret->text[0] >= 0x80)) {
        bool was_ascii = (unsigned char)ret->text[0] < 0x80;
        ret->text[0] = was_ascii ? ret->text[0] : '?';
        ret->length = 1;
    }
    return true;
}

int canvas_text(struct canvas *c, int x, int y, unsigned style, const char *text)
{
    struct cluster k;
    int taken = 0;

    /* Far outside is as good as anywhere outside, and sums stay in range. */
    x = x < -2 * CANVAS_MAX ? -2 * CANVAS_MAX : x > CANVAS_MAX ? CANVAS_MAX : x;
    while (taken < CANVAS_MAX && next_cluster(&text, c->glyphs->unicode, &k)) {
        if (k.width == 2 && k.text[0] == '?') {
            canvas_put(c, x + taken, y, style, "?", 1, 1);
            canvas_put(c, x + taken + 1, y, style, "?", 1, 1);
        } else {
            canvas_put(c, x + taken, y, style, k.text, k.length, k.width);
        }
        taken += k.width;
    }
    return taken;
}

int canvas_textf(struct canvas *c, int x, int y, unsigned style, const char *format, ...)
{
    char buf[4 * CANVAS_MAX];
    va_list ap;

    va_start(ap, format);
    vsnprintf(buf, sizeof buf, format, ap);
    va_end(ap);
    return canvas_text(c, x, y, style, buf);
}

void canvas_fill(struct canvas *c, struct rect r, unsigned style)
{
    r = rect_intersect(c->clip, r);
    for (int y = r.y; y < r.y + r.rows; y++)
        for (int x = r.x; x < r.x + r.columns; x++)
            canvas_put(c, x, y, style, " ", 1, 1);
}

/* Columns of a text as canvas_text() will count them. */
static int measure(const struct canvas *c, const char *text)
{
    struct cluster k;
    int columns = 0;

    while (columns < CANVAS_MAX && next_cluster(&text, c->glyphs->unicode, &k))
        columns += k.width;
    return columns;
}

void canvas_field(struct canvas *c, int x, int y, int columns, enum align align, unsigned style,
                  const char *text)
{
    struct rect field = {x, y, columns, 1};

    if (rect_empty(rect_intersect(c->clip, field)))
        return;
    struct rect saved = canvas_clip(c, field);
    int width = measure(c, text), blank = columns > width ? columns - width : 0;

    canvas_fill(c, field, style);
    if (align == ALIGN_LEFT)
        blank = 0;
    else if (align == ALIGN_CENTER)
        blank /= 2;
    canvas_text(c, x + blank, y, style, text);
    if (width > columns)
        canvas_glyph(c, x + columns - 1, y, style, GLYPH_CUT);
    canvas_unclip(c, saved);
}
