/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A list one searches and chooses from: the `?` help and the `!` action menu. Items that cannot be
 * chosen stay in sight and say why.
 */
#ifndef DRIFTOP_WIDGET_MENU_H
#define DRIFTOP_WIDGET_MENU_H

#include <stdbool.h>

#include "driftop/term/rect.h"

struct canvas;
struct key;

struct menu_item {
    const char *key;      /* "R", may be NULL */
    const char *text;     /* "plan a rollback" */
    const char *group;    /* a heading stands where it changes; may be NULL */
    const char *disabled; /* the reason, or NULL */
};

struct menu {
    const struct menu_item *items;
    int n_items;
    const char *filter; /* words, see menu_match(); NULL or "": all */
    int selected;       /* index into items, kept on a shown item by menu_draw() */
    int first;          /* of the shown lines, set by menu_draw() */
};

/* True when `text` holds each blank-separated word of `filter`, letters of either case being the
 * same, and no word that is written "!word". */
bool menu_match(const char *text, const char *filter);
/* Items that the filter leaves. */
int menu_count(const struct menu *m);
void menu_draw(struct canvas *c, struct rect r, struct menu *m);
/* Arrows, PgUp, PgDn, Home, End. False for another key. */
bool menu_key(struct menu *m, const struct key *k);

#endif
