/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The key table. A row is a key, what it does, in which views, and how help names it; dispatch, the
 * `?` help, the bottom line and driftop-keys(7) are made from it. Lower-case keys never change the
 * world, and nothing that does is on control, alt or paste.
 */
#ifndef DRIFTOP_VIEW_KEYS_H
#define DRIFTOP_VIEW_KEYS_H

#include <stdbool.h>
#include <stddef.h>

struct key;

enum view_do {
    DO_NOTHING,
    DO_VIEW, /* a digit */
    DO_NEXT_VIEW,
    DO_PREVIOUS_VIEW,
    DO_LAST_VIEW,
    DO_OPEN,
    DO_BACK,
    DO_LEAVE, /* q: back, and the way out at the top */
    DO_QUIT,
    DO_NEXT,
    DO_PREVIOUS,
    DO_FILTER,
    DO_HELP,
    DO_SORT,
    DO_REVERSE,
    DO_WIDE,
    DO_GROUP,
    DO_SPAN,
    DO_VERSION,
    DO_NUMBERS,
    DO_FREEZE,
    DO_COPY,
    DO_CLI,
    DO_RUNBOOK,
    DO_ACK,
    DO_NOTE,
    DO_ARM,
    DO_ROLLBACK,
    DO_TRAFFIC,
    DO_UNDO,
    DO_RESUME,
    DO_COMMIT, /* Enter in a plan; `text` is what was typed */
    DO_REDRAW,
    DO_SUSPEND,
};

enum view_bit {
    VIEW_BIT_TRIAGE = 1,
    VIEW_BIT_FLEET = 2,
    VIEW_BIT_MODEL = 4,
    VIEW_BIT_DRIFT = 8,
    VIEW_BIT_FEATURE = 16,
    VIEW_BIT_ALERTS = 32,
    VIEW_BIT_AUDIT = 64,
};
#define VIEW_BIT_ALL 127u

struct view_key {
    const char *key; /* as key_parse() reads it */
    enum view_do what;
    unsigned where;     /* VIEW_BIT_... */
    const char *name;   /* "model.rollback": stable, for configuration and help */
    const char *help;   /* a few words */
    const char *brief;  /* for the bottom line; NULL: not there */
    bool changes_world; /* opens a plan, or arms */
};

extern const struct view_key view_keys[]; /* ended by a row without a key */
/* What this key does in a view with that bit. */
enum view_do view_key_find(const struct key *key, unsigned where);

#endif
