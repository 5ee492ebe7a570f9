/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Paragraphs: text broken at blanks to a width. A word that is too long is broken where it must; a
 * newline in the text ends a line.
 */
#ifndef DRIFTOP_WIDGET_TEXT_H
#define DRIFTOP_WIDGET_TEXT_H

#include <stddef.h>

#include "driftop/term/rect.h"

struct canvas;

/* The length in bytes of the first line of `text` when `columns` are free; *ret_next is what to
 * go on with, NULL at the end. Never loops: each call takes at least one character. */
size_t text_break(const char *text, int columns, const char **ret_next);
/* Lines the whole text takes. */
int text_rows(const char *text, int columns);
/* Draw from line `first` on; returns the rows used. The last row ends in GLYPH_CUT when there is
 * more. */
int text_draw(struct canvas *c, struct rect r, unsigned style, const char *text, int first);

#endif
