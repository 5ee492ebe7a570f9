/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text into the clipboard of whoever sits at the terminal, over SSH as well: OSC 52. Write only;
 * driftop never asks for what is in it.
 */
#ifndef DRIFTOP_TERM_CLIPBOARD_PRIVATE_H
#define DRIFTOP_TERM_CLIPBOARD_PRIVATE_H

#include <stdbool.h>

struct str;

/* Of a text, the last byte of which is NUL: what is longer is cut. */
#define CLIPBOARD_BYTES 2048

/* Whether a terminal of that name ($TERM) may be sent the sequence. */
bool clipboard_speaks(const char *term);
/* Appends it; the text without control characters. ERR_NOMEM. */
int clipboard_sequence(const char *text, struct str *ret);

#endif
