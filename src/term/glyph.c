/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/term/glyph.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Lines that UTF-8 and the alternate character set of a VT100 have in common: the backend turns
 * them into the latter where the locale cannot say them. */
#define LINES                                                                                      \
    [GLYPH_HLINE] = "─", [GLYPH_VLINE] = "│", [GLYPH_TOP_LEFT] = "┌", [GLYPH_TOP_RIGHT] = "┐",     \
    [GLYPH_BOTTOM_LEFT] = "└", [GLYPH_BOTTOM_RIGHT] = "┘", [GLYPH_TEE_LEFT] = "├",                 \
    [GLYPH_TEE_RIGHT] = "┤", [GLYPH_TEE_TOP] = "┬", [GLYPH_TEE_BOTTOM] = "┴", [GLYPH_CROSS] = "┼", \
    [GLYPH_AXIS] = "│"

#define ASCII_LINES                                                                                \
    [GLYPH_HLINE] = "-", [GLYPH_VLINE] = "|", [GLYPH_TOP_LEFT] = "+", [GLYPH_TOP_RIGHT] = "+",     \
    [GLYPH_BOTTOM_LEFT] = "+", [GLYPH_BOTTOM_RIGHT] = "+", [GLYPH_TEE_LEFT] = "+",                 \
    [GLYPH_TEE_RIGHT] = "+", [GLYPH_TEE_TOP] = "+", [GLYPH_TEE_BOTTOM] = "+", [GLYPH_CROSS] = "+", \
    [GLYPH_AXIS] = "|"

#define ASCII_MARKS                                                                                \
    [GLYPH_BAR_FULL] = "#", [GLYPH_BAR_EMPTY] = ".", [GLYPH_BAR_OTHER] = "=",                      \
    [GLYPH_SELECTED] = ">", [GLYPH_SORT_UP] = "^", [GLYPH_SORT_DOWN] = "v",                        \
    [GLYPH_MORE_LEFT] = "<", [GLYPH_MORE_RIGHT] = ">", [GLYPH_CUT] = "+", [GLYPH_ARROW] = ">"

#define UNICODE_MARKS                                                                              \
    [GLYPH_BAR_FULL] = "█", [GLYPH_BAR_EMPTY] = "·", [GLYPH_BAR_OTHER] = "▒",                      \
    [GLYPH_SELECTED] = ">", [GLYPH_SORT_UP] = "▲", [GLYPH_SORT_DOWN] = "▼",                        \
    [GLYPH_MORE_LEFT] = "<", [GLYPH_MORE_RIGHT] = ">", [GLYPH_CUT] = "…", [GLYPH_ARROW] = "→"

/* The ink climbs from the base line to the full cell. */
#define ASCII_LEVELS                                                                               \
    {                                                                                              \
        " ", "_", ".", "-", ":", "=", "+", "*", "#"                                                \
    }
#define BLOCK_LEVELS                                                                               \
    {                                                                                              \
        " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"                                              \
    }
#define BLOCK_EIGHTHS                                                                              \
    {                                                                                              \
        NULL, "▏", "▎", "▍", "▌", "▋", "▊", "▉"                                                  \
    }
/* Also where there are better ones: these ten are read without a legend. */
#define HEAT_MARKS                                                                                 \
    {                                                                                              \
        ".", ".", ":", ":", "+", "+", "#", "#", "@", "@"                                           \
    }

static const struct glyphs braille = {.name = "utf8-braille",
                                      .unicode = true,
                                      .braille = true,
                                      .glyph = {LINES, UNICODE_MARKS},
                                      .level = BLOCK_LEVELS,
                                      .eighth = BLOCK_EIGHTHS,
                                      .heat = HEAT_MARKS};
static const struct glyphs block = {.name = "utf8-block",
                                    .unicode = true,
                                    .glyph = {LINES, UNICODE_MARKS},
                                    .level = BLOCK_LEVELS,
                                    .eighth = BLOCK_EIGHTHS,
                                    .heat = HEAT_MARKS};
static const struct glyphs acs = {
    .name = "acs", .glyph = {LINES, ASCII_MARKS}, .level = ASCII_LEVELS, .heat = HEAT_MARKS};
static const struct glyphs ascii = {.name = "ascii",
                                    .glyph = {ASCII_LINES, ASCII_MARKS},
                                    .level = ASCII_LEVELS,
                                    .heat = HEAT_MARKS};

static const struct glyphs *const sets[] = {&braille, &block, &acs, &ascii};

#define N_SETS (sizeof sets / sizeof *sets)

const struct glyphs *glyphs_find(const char *name)
{
    for (size_t i = 0; i < N_SETS; i++)
        if (strcmp(sets[i]->name, name) == 0)
            return sets[i];
    return NULL;
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Terminals whose fonts are known to be poor, whatever the locale says. */
static bool is_poor(const char *term)
{
    return strcmp(term, "linux") == 0 || starts_with(term, "vt1") || starts_with(term, "vt2") ||
           starts_with(term, "cons");
}

const struct glyphs *glyphs_choose(const char *codeset, const char *term, bool has_acs)
{
    bool utf8 = strcasecmp(codeset, "UTF-8") == 0 || strcasecmp(codeset, "UTF8") == 0;
    bool plain = strcmp(codeset, "ANSI_X3.4-1968") == 0 || strcmp(codeset, "US-ASCII") == 0 ||
                 strcmp(codeset, "646") == 0 || codeset[0] == '\0';

    if (plain || (term && strcmp(term, "dumb") == 0))
        return &ascii;
    if (!utf8 || (term && is_poor(term)))
        return has_acs ? &acs : &ascii;
    /* screen(1) has long split characters outside of its tables; tmux has not, under its own
     * name. */
    return term && starts_with(term, "screen") ? &block : &braille;
}

const char *const *glyphs_names(void)
{
    static const char *const names[] = {"auto", "utf8-braille", "utf8-block", "acs", "ascii", NULL};
    return names;
}
