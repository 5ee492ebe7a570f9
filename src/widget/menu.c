/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines on the screen are items that the filter leaves and, where the group changes, a heading.
 * They are counted when needed: a help has some dozens of items, and nothing can get out of step.
 */
#include "driftop/widget/menu.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"

#define KEY_WIDTH_MAX 12
#define PAGE          10

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Whether `text` holds the word of `length` bytes; letters outside of ASCII must be the same. */
static bool holds(const char *text, const char *word, size_t length)
{
    for (; *text; text++) {
        size_t i = 0;
        while (i < length && text[i] && lower(text[i]) == lower(word[i]))
            i++;
        if (i == length)
            return true;
    }
    return length == 0;
}

bool menu_match(const char *text, const char *filter)
{
    while (filter && *filter) {
        filter += strspn(filter, " ");
        size_t length = strcspn(filter, " ");
        bool inverse = *filter == '!' && length > 1;
        size_t skip = inverse ? 1 : 0;
        if (length > 0 && holds(text, filter + skip, length - skip) == inverse)
            return false;
        filter += length;
    }
    return true;
}

static bool is_shown(const struct menu *m, int i)
{
    const struct menu_item *item = &m->items[i];
    char text[512];

    if (!m->filter || !m->filter[0])
        return true;
    /* One may search for the key, for what it does, and for the heading. */
    snprintf(text, sizeof text, "%s %s %s", item->key ? item->key : "", item->text,
             item->group ? item->group : "");
    return menu_match(text, m->filter);
}

int menu_count(const struct menu *m)
{
    int n = 0;

    for (int i = 0; i < m->n_items; i++)
        n += is_shown(m, i);
    return n;
}

static bool is_new_group(const char *group, const char *previous)
{
    return group && group[0] && (!previous || strcmp(group, previous) != 0);
}

/* The line on which an item stands when headings are counted; `item` n_items gives all lines. */
static int line_of(const struct menu *m, int item)
{
    const char *group = NULL;
    int line = 0;

    for (int i = 0; i < m->n_items && i <= item; i++) {
        if (!is_shown(m, i))
            continue;
        if (is_new_group(m->items[i].group, group))
            line++;
        group = m->items[i].group;
        if (i < item)
            line++;
    }
    return line;
}

/* The shown item nearest to the selected one, and a first line that has it in sight. */
static void adjust(struct menu *m, int rows)
{
    int selected = -1;

    for (int i = 0; i < m->n_items; i++)
        if (is_shown(m, i) && (selected < 0 || i <= m->selected))
            selected = i;
    m->selected = selected < 0 ? 0 : selected;
    int line = line_of(m, m->selected);
    /* The heading above the first item comes into sight with it. */
    int top = line == 1 ? 0 : line;
    if (m->first > top)
        m->first = top;
    if (line >= m->first + rows)
        m->first = line - rows + 1;
    if (m->first < 0)
        m->first = 0;
}

static int key_width(const struct menu *m)
{
    int width = 0;

    for (int i = 0; i < m->n_items; i++) {
        int columns = m->items[i].key ? utf8_columns(m->items[i].key) : 0;
        width = columns > width ? columns : width;
    }
    return width > KEY_WIDTH_MAX ? KEY_WIDTH_MAX : width;
}

static void draw_item(struct canvas *c, struct rect line, const struct menu_item *item, int width,
                      bool selected)
{
    unsigned style = item->disabled ? ROLE_MUTED : ROLE_TEXT;
    struct rect rest = line;

    canvas_glyph(c, line.x, line.y, ROLE_TEXT, GLYPH_SELECTED);
    if (!selected)
        canvas_text(c, line.x, line.y, ROLE_TEXT, " ");
    rect_cut_left(&rest, 1);
    struct rect key = rect_cut_left(&rest, width);
    canvas_field(c, key.x, key.y, key.columns, ALIGN_LEFT, item->disabled ? ROLE_MUTED : ROLE_KEY,
                 item->key ? item->key : "");
    rect_cut_left(&rest, 2);
    /* It stays in sight: one looks for the key that did nothing, and finds why. */
    if (item->disabled)
        canvas_textf(c, rest.x, rest.y, style, "%s (%s)", item->text, item->disabled);
    else
        canvas_text(c, rest.x, rest.y, style, item->text);
    if (selected)
        canvas_restyle(c, line, ROLE_FOCUS);
}

void menu_draw(struct canvas *c, struct rect r, struct menu *m)
{
    const char *group = NULL;
    int line = 0, width = key_width(m);

    r = rect_intersect(canvas_area(c), r);
    if (rect_empty(r))
        return;
    struct rect saved = canvas_clip(c, r);
    canvas_fill(c, r, ROLE_TEXT);
    adjust(m, r.rows);
    for (int i = 0; i < m->n_items && line < m->first + r.rows; i++) {
        if (!is_shown(m, i))
            continue;
        if (is_new_group(m->items[i].group, group)) {
            canvas_text(c, r.x + 1, r.y + line - m->first, ROLE_TITLE, m->items[i].group);
            line++;
        }
        group = m->items[i].group;
        struct rect row = {r.x, r.y + line - m->first, r.columns, 1};
        if (line >= m->first)
            draw_item(c, row, &m->items[i], width, i == m->selected);
        line++;
    }
    if (line == 0)
        canvas_text(c, r.x + 1, r.y, ROLE_MUTED, "nothing matches");
    canvas_unclip(c, saved);
}

/* Move over `n` shown items, downwards when it is positive. */
static void step(struct menu *m, int n)
{
    int direction = n < 0 ? -1 : 1;

    for (int i = m->selected + direction; n != 0 && i >= 0 && i < m->n_items; i += direction) {
        if (!is_shown(m, i))
            continue;
        m->selected = i;
        n -= direction;
    }
}

bool menu_key(struct menu *m, const struct key *k)
{
    if (k->modifiers)
        return false;
    switch (k->code) {
    case KEY_UP: step(m, -1); return true;
    case KEY_DOWN: step(m, 1); return true;
    case KEY_PAGE_UP: step(m, -PAGE); return true;
    case KEY_PAGE_DOWN: step(m, PAGE); return true;
    case KEY_HOME: step(m, -m->n_items); return true;
    case KEY_END: step(m, m->n_items); return true;
    default: return false;
    }
}
