/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Glyph sets: what lines, bars, sparklines and marks are made of on this terminal. A canvas is
 * born with a set, so that a widget asks its canvas and is written once.
 *   utf8-braille  lines, eighth blocks, braille plots       most terminals in a UTF-8 locale
 *   utf8-block    the same without braille                  where fonts lack braille
 *   acs           the terminal's own line drawing, rest ASCII   vt100, the Linux console
 *   ascii         nothing but ASCII                         the C locale, pipes
 * In the sets that are not `unicode` a canvas replaces every other non-ASCII character by '?', so
 * that not one such byte can leave the program.
 */
#ifndef DRIFTOP_TERM_GLYPH_H
#define DRIFTOP_TERM_GLYPH_H

#include <stdbool.h>

enum glyph {
    GLYPH_HLINE,
    GLYPH_VLINE,
    GLYPH_TOP_LEFT,
    GLYPH_TOP_RIGHT,
    GLYPH_BOTTOM_LEFT,
    GLYPH_BOTTOM_RIGHT,
    GLYPH_TEE_LEFT, /* on the left border, open to the right */
    GLYPH_TEE_RIGHT,
    GLYPH_TEE_TOP,
    GLYPH_TEE_BOTTOM,
    GLYPH_CROSS,
    GLYPH_BAR_FULL,
    GLYPH_BAR_EMPTY,
    GLYPH_BAR_OTHER, /* the second part of a two-part bar */
    GLYPH_AXIS,      /* the base line of a histogram */
    GLYPH_SELECTED,
    GLYPH_SORT_UP,
    GLYPH_SORT_DOWN,
    GLYPH_MORE_LEFT,
    GLYPH_MORE_RIGHT,
    GLYPH_CUT, /* the last column of a text that did not fit */
    GLYPH_ARROW,
    GLYPH_COUNT
};

#define GLYPH_LEVELS   9 /* 0 is empty, 8 full */
#define GLYPH_EIGHTHS  8 /* of a bar's last cell; [0] unused */
#define GLYPH_HEAT     10
#define GLYPH_NAME_MAX 16

struct glyphs {
    const char *name;
    bool unicode;
    bool braille;
    const char *glyph[GLYPH_COUNT];
    const char *level[GLYPH_LEVELS];   /* sparkline, from low to high */
    const char *eighth[GLYPH_EIGHTHS]; /* NULL where bars have whole cells only */
    const char *heat[GLYPH_HEAT];
};

/* By name; NULL when there is none. "auto" is not a set: see glyphs_choose(). */
const struct glyphs *glyphs_find(const char *name);
/* The best set by nl_langinfo(CODESET), $TERM (NULL for no terminal) and whether terminfo knows a
 * line drawing character set. */
const struct glyphs *glyphs_choose(const char *codeset, const char *term, bool has_acs);
/* The names, ending with NULL, for help and error messages. */
const char *const *glyphs_names(void);

#endif
