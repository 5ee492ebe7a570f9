/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The backend without a terminal: frames become text, keys are put in by hand. It serves `driftop
 * screen`, golden texts, and tests that drive a whole dashboard.
 */
#ifndef DRIFTOP_TERM_BACKEND_TEXT_H
#define DRIFTOP_TERM_BACKEND_TEXT_H

#include <stddef.h>

struct backend;
struct canvas;
struct glyphs;
struct str;
struct theme;

/* Append the canvas as lines without trailing blanks. With a theme, colours are written as ANSI
 * sequences (for `driftop screen --color`); NULL gives plain text. */
int canvas_print(const struct canvas *c, const struct theme *theme, struct str *ret);

/* NULL when out of memory. */
struct backend *backend_text_new(int columns, int rows, const struct glyphs *glyphs);
void backend_text_resize(struct backend *b, int columns, int rows);
/* As if typed. */
void backend_text_type(struct backend *b, const char *bytes, size_t length);
/* The last frame shown, borrowed; NULL before the first. */
const struct canvas *backend_text_frame(const struct backend *b);

#endif
