/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Styles. A cell names the role it plays, never a colour; the theme says what a role looks like.
 * A style is one unsigned number: a role, or'ed with attributes that come on top of the theme's:
 *
 *     canvas_text(c, x, y, ROLE_PAGE | STYLE_BOLD, "P1!");
 */
#ifndef DRIFTOP_TERM_STYLE_H
#define DRIFTOP_TERM_STYLE_H

/* Severities are page, ticket, ok, stale, unknown; champion and challenger tell versions apart;
 * focus is the selected row; heat0 to heat9 rise with the drift. The names stand in theme files. */
#define ROLE_LIST(X)                                                                               \
    X(ROLE_TEXT, "text")                                                                           \
    X(ROLE_TITLE, "title")                                                                         \
    X(ROLE_MUTED, "muted")                                                                         \
    X(ROLE_BORDER, "border")                                                                       \
    X(ROLE_KEY, "key")                                                                             \
    X(ROLE_FOCUS, "focus")                                                                         \
    X(ROLE_REVERSE, "reverse")                                                                     \
    X(ROLE_INPUT, "input")                                                                         \
    X(ROLE_MATCH, "match")                                                                         \
    X(ROLE_ERROR, "error")                                                                         \
    X(ROLE_ENVIRONMENT, "environment")                                                             \
    X(ROLE_ARMED, "armed")                                                                         \
    X(ROLE_PAGE, "page")                                                                           \
    X(ROLE_TICKET, "ticket")                                                                       \
    X(ROLE_OK, "ok")                                                                               \
    X(ROLE_STALE, "stale")                                                                         \
    X(ROLE_UNKNOWN, "unknown")                                                                     \
    X(ROLE_CHAMPION, "champion")                                                                   \
    X(ROLE_CHALLENGER, "challenger")                                                               \
    X(ROLE_REFERENCE, "reference")                                                                 \
    X(ROLE_CURRENT, "current")                                                                     \
    X(ROLE_HEAT0, "heat0")                                                                         \
    X(ROLE_HEAT1, "heat1")                                                                         \
    X(ROLE_HEAT2, "heat2")                                                                         \
    X(ROLE_HEAT3, "heat3")                                                                         \
    X(ROLE_HEAT4, "heat4")                                                                         \
    X(ROLE_HEAT5, "heat5")                                                                         \
    X(ROLE_HEAT6, "heat6")                                                                         \
    X(ROLE_HEAT7, "heat7")                                                                         \
    X(ROLE_HEAT8, "heat8")                                                                         \
    X(ROLE_HEAT9, "heat9")

enum role {
#define X(role, name) role,
    ROLE_LIST(X)
#undef X
        ROLE_COUNT
};

enum style_attribute {
    STYLE_BOLD = 1 << 8,
    STYLE_REVERSE = 1 << 9,
    STYLE_UNDERLINE = 1 << 10,
    STYLE_DIM = 1 << 11,
};

#define STYLE_ROLE(style)       ((enum role)((style)&0xffu))
#define STYLE_ATTRIBUTES(style) ((style)&0xff00u)

/* "page" for ROLE_PAGE. */
const char *style_role_name(enum role role);
/* The role of a name, or -1. */
int style_role_find(const char *name);

#endif
