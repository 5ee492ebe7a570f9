/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text is UTF-8 and every position is the begin of a character. Nothing is inserted that the
 * filter refuses, wherever it comes from; control characters never are.
 */
#include "driftop/widget/prompt.h"

#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"

static size_t next_at(const struct prompt *p, size_t at)
{
    uint32_t character;

    return at < p->length ? at + utf8_decode(p->text + at, p->length - at, &character) : at;
}

static size_t previous_at(const struct prompt *p, size_t at)
{
    if (at == 0)
        return 0;
    do
        at--;
    while (at > 0 && ((unsigned char)p->text[at] & 0xc0) == 0x80);
    return at;
}

static size_t count_chars(const struct prompt *p)
{
    size_t n = 0;

    for (size_t at = 0; at < p->length; at = next_at(p, at))
        n++;
    return n;
}

void prompt_clear(struct prompt *p)
{
    p->text[0] = '\0';
    p->length = p->cursor = 0;
}

void prompt_set(struct prompt *p, const char *text)
{
    char clean[PROMPT_SIZE];

    utf8_clean(clean, sizeof clean, text, strlen(text));
    str_copy(p->text, sizeof p->text, clean);
    p->length = strlen(p->text);
    while (p->max_chars > 0 && count_chars(p) > p->max_chars)
        p->length = previous_at(p, p->length);
    p->text[p->length] = '\0';
    p->cursor = p->length;
}

/* False when the character is not wanted or there is no room for it. */
static bool insert(struct prompt *p, uint32_t character)
{
    char bytes[4];
    size_t n = utf8_encode(character, bytes);

    if (character < ' ' || (character >= 0x7f && character < 0xa0) ||
        character == UTF8_REPLACEMENT || (p->accept && !p->accept(character)))
        return false;
    if (p->length + n >= PROMPT_SIZE || (p->max_chars > 0 && count_chars(p) >= p->max_chars))
        return false;
    memmove(p->text + p->cursor + n, p->text + p->cursor, p->length - p->cursor + 1);
    memcpy(p->text + p->cursor, bytes, n);
    p->length += n;
    p->cursor += n;
    return true;
}

static enum prompt_result erase(struct prompt *p, size_t from, size_t to)
{
    if (from >= to)
        return PROMPT_MOVED;
    memmove(p->text + from, p->text + to, p->length - to + 1);
    p->length -= to - from;
    p->cursor = from;
    return PROMPT_CHANGED;
}

static enum prompt_result move(struct prompt *p, size_t to)
{
    p->cursor = to;
    return PROMPT_MOVED;
}

static enum prompt_result paste(struct prompt *p, const char *text, size_t length)
{
    bool changed = false;

    if (p->no_paste)
        return PROMPT_IGNORED;
    /* A line end would be Enter if it were typed, so what stands behind it is not meant for
     * here. */
    for (size_t at = 0; at < length && text[at] != '\n' && text[at] != '\r';) {
        uint32_t character;
        at += utf8_decode(text + at, length - at, &character);
        changed |= insert(p, character == '\t' ? ' ' : character);
    }
    return changed ? PROMPT_CHANGED : PROMPT_MOVED;
}

/* The blanks before the cursor go with the word before them, as in a shell. */
static size_t word_start(const struct prompt *p)
{
    size_t at = p->cursor;

    while (at > 0 && p->text[at - 1] == ' ')
        at--;
    while (at > 0 && p->text[at - 1] != ' ')
        at--;
    return at;
}

static enum prompt_result control_key(struct prompt *p, uint32_t character)
{
    switch (character) {
    case 'u': return erase(p, 0, p->cursor);
    case 'w': return erase(p, word_start(p), p->cursor);
    case 'a': return move(p, 0);
    case 'e': return move(p, p->length);
    default: return PROMPT_IGNORED;
    }
}

static enum prompt_result edit_key(struct prompt *p, const struct key *k)
{
    switch (k->code) {
    case KEY_BACKSPACE: return erase(p, previous_at(p, p->cursor), p->cursor);
    case KEY_DELETE: return erase(p, p->cursor, next_at(p, p->cursor));
    case KEY_LEFT: return move(p, previous_at(p, p->cursor));
    case KEY_RIGHT: return move(p, next_at(p, p->cursor));
    case KEY_HOME: return move(p, 0);
    case KEY_END: return move(p, p->length);
    default: return PROMPT_IGNORED;
    }
}

enum prompt_result prompt_key(struct prompt *p, const struct key *k)
{
    if (k->code == KEY_ESC)
        return PROMPT_CANCEL;
    /* Alt is bound to nothing anywhere; a stray one must not type a letter into a plan. */
    if (p->closed || (k->modifiers & KEY_ALT))
        return PROMPT_IGNORED;
    if (k->code == KEY_ENTER)
        return PROMPT_ENTER;
    if (k->code == KEY_PASTE)
        return paste(p, k->paste, k->paste_length);
    if (k->code != KEY_CHAR)
        return edit_key(p, k);
    if (k->modifiers & KEY_CTRL)
        return control_key(p, k->character);
    return insert(p, k->character) ? PROMPT_CHANGED : PROMPT_MOVED;
}

/* Columns of the bytes from `from` to `to`. */
static int columns_between(const struct prompt *p, size_t from, size_t to)
{
    char part[PROMPT_SIZE];

    memcpy(part, p->text + from, to - from);
    part[to - from] = '\0';
    return utf8_columns(part);
}

void prompt_draw(struct canvas *c, int x, int y, int columns, unsigned style,
                 const struct prompt *p, bool focused)
{
    struct rect field = {x, y, columns, 1};
    size_t start = 0;

    if (rect_empty(rect_intersect(canvas_area(c), field)))
        return;
    struct rect saved = canvas_clip(c, field);
    /* The cursor wants a column of its own behind the text. */
    while (start < p->cursor && columns_between(p, start, p->cursor) >= columns)
        start = next_at(p, start);
    canvas_fill(c, field, style);
    canvas_text(c, x, y, style, p->text + start);
    if (focused && !p->closed)
        canvas_set_cursor(c, x + columns_between(p, start, p->cursor), y);
    canvas_unclip(c, saved);
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_one_of(uint32_t c, const char *set)
{
    return c > 0 && c < 0x80 && strchr(set, (int)c);
}

bool prompt_accept_version(uint32_t character)
{
    return is_digit(character) || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || is_one_of(character, "._-+/:=@");
}

bool prompt_accept_shares(uint32_t character)
{
    return is_digit(character) || is_one_of(character, ".,=% ");
}
