/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parser of themes, and the files that are compiled in (their C is made from themes/ by make).
 */
#ifndef DRIFTOP_TERM_THEME_PRIVATE_H
#define DRIFTOP_TERM_THEME_PRIVATE_H

#include "driftop/term/theme.h"

extern const char *const theme_text_default;
extern const char *const theme_text_mono;

/* Change in *theme what the text names. On an error some of it may have changed. */
int theme_parse_over(const char *bytes, size_t length, const char *where, struct theme *theme,
                     struct err *e);

#endif
