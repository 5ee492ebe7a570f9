/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A one-line editor: filters, the version in a plan, a reason. It only edits; what Enter means is
 * the view's business, so it answers PROMPT_ENTER also on an empty field.
 */
#ifndef DRIFTOP_WIDGET_PROMPT_H
#define DRIFTOP_WIDGET_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROMPT_SIZE 512

struct canvas;
struct key;

enum prompt_result { PROMPT_IGNORED, PROMPT_CHANGED, PROMPT_MOVED, PROMPT_ENTER, PROMPT_CANCEL };

struct prompt {
    char text[PROMPT_SIZE];
    size_t length, cursor;              /* in bytes, always on a whole character */
    size_t max_chars;                   /* 0: as many as there is room for */
    bool (*accept)(uint32_t character); /* NULL: everything printable */
    bool no_paste;                      /* pasted text does nothing */
    bool closed;                        /* shown, but nothing can be typed */
};

/* Empty; the other fields are as given before or zero. */
void prompt_clear(struct prompt *p);
/* Cut to fit; the cursor goes to the end. */
void prompt_set(struct prompt *p, const char *text);
/* Characters, Backspace, Delete, Left, Right, Home, End, C-u C-w C-a C-e, paste (first line). */
enum prompt_result prompt_key(struct prompt *p, const struct key *k);
/* The field in `columns` columns with the terminal's cursor in it when `focused`; scrolls sideways
 * to keep the cursor in sight. */
void prompt_draw(struct canvas *c, int x, int y, int columns, unsigned style,
                 const struct prompt *p, bool focused);
/* Filters for `accept`. */
bool prompt_accept_version(uint32_t character); /* letters, digits, and . _ - + / : = @ */
bool prompt_accept_shares(uint32_t character);  /* digits, and . , = % and blanks */

#endif
