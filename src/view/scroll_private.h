/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scrolling through rows that are not a table.
 */
#ifndef DRIFTOP_VIEW_SCROLL_PRIVATE_H
#define DRIFTOP_VIEW_SCROLL_PRIVATE_H

#include <stdbool.h>

struct key;

/* `first` in its range when `shown` of `rows` are in sight. */
int scroll_clamp(int first, int rows, int shown);
/* Up, Down, PgUp, PgDn, Home, End; false for another key. */
bool scroll_key(int *first, int rows, int shown, const struct key *key);

#endif
