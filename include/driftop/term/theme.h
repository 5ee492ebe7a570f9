/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Themes: what each role looks like. A theme is a YAML file of `role: "fg [on bg] [attributes]"`:
 * colours are default, black red green yellow blue magenta cyan white, bright-NAME, or 0 to 255;
 * attributes are bold reverse underline dim. A role that a file leaves out looks as in `default`.
 * The files `default` and `mono` are also compiled in, so that a lone binary has colours.
 */
#ifndef DRIFTOP_TERM_THEME_H
#define DRIFTOP_TERM_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/term/style.h"

#define THEME_DEFAULT_COLOR (-1)

struct err;

struct theme_look {
    int16_t fg, bg;      /* 0 to 255 or THEME_DEFAULT_COLOR */
    uint16_t attributes; /* STYLE_BOLD ... */
};

struct theme {
    char name[64];
    struct theme_look looks[ROLE_COUNT];
};

/* One of the compiled-in themes; false for another name. */
bool theme_builtin(const char *name, struct theme *ret);
/* Over `default`. ERR_CONFIG with where:line:column, and the nearest role's name for one that is
 * not known; *ret is then untouched. */
int theme_parse(const char *bytes, size_t length, const char *where, struct theme *ret,
                struct err *e);
/* By name: XDG's themes/NAME.yaml, the installed one, the compiled-in one; a name with a slash is a
 * path. ERR_ABSENT when it is nowhere, else as theme_parse(). */
int theme_load(const char *name, struct theme *ret, struct err *e);
/* Fit it to a terminal with so many colours: 256 become the nearest of 16, bright ones on 8 become
 * bold; with fewer than 8, or where the environment says so (NO_COLOR, TERM=dumb: see
 * theme_wants_mono()), it is `mono`, which tells roles apart by attributes alone. */
void theme_adapt(struct theme *theme, int colors);
/* True when the environment asks for no colours at all. Either may be NULL (unset). */
bool theme_wants_mono(const char *no_color, const char *term);
/* The look of a style: its role's, with the style's own attributes on top. */
struct theme_look theme_look(const struct theme *theme, unsigned style);

#endif
