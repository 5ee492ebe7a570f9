/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scroll_private.h"

#include "driftop/term/key.h"

int scroll_clamp(int first, int rows, int shown)
{
    int last = rows - shown;

    if (first > last)
        first = last;
    return first > 0 ? first : 0;
}

bool scroll_key(int *first, int rows, int shown, const struct key *key)
{
    int page = shown > 1 ? shown - 1 : 1, at = *first;

    if (key->modifiers)
        return false;
    switch (key->code) {
    case KEY_UP: at--; break;
    case KEY_DOWN: at++; break;
    case KEY_PAGE_UP: at -= page; break;
    case KEY_PAGE_DOWN: at += page; break;
    case KEY_HOME: at = 0; break;
    case KEY_END: at = rows; break;
    default: return false;
    }
    *first = scroll_clamp(at, rows, shown);
    return true;
}
