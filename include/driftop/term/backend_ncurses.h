/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The terminal, by wide ncurses and terminfo alone. ncurses finds the differences and encodes them
 * into a file in memory; driftop sends these bytes itself, to a descriptor that does not block, so
 * that a stuck SSH connection cannot stop the program. One at a time, as ncurses has globals.
 */
#ifndef DRIFTOP_TERM_BACKEND_NCURSES_H
#define DRIFTOP_TERM_BACKEND_NCURSES_H

#include <stdbool.h>

struct backend;
struct err;
struct theme;

struct backend_ncurses_options {
    const char *term;          /* NULL: $TERM */
    const char *glyphs;        /* a set's name, NULL or "auto" */
    const struct theme *theme; /* as loaded; adapted to the terminal here. Copied */
    bool no_color;             /* also when $NO_COLOR is set */
};

/* setlocale() comes before. Takes over the terminal on standard input and output: ERR_IO when they
 * are none, ERR_ABSENT for a $TERM that terminfo does not know, ERR_INVALID for one that cannot
 * place its cursor; each with one line of text. */
int backend_ncurses_new(const struct backend_ncurses_options *options, struct backend **ret,
                        struct err *e);
/* Another theme from the next frame on. */
void backend_ncurses_set_theme(struct backend *b, const struct theme *theme);

#endif
