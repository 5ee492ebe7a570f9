/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "near_private.h"

#include <string.h>
#include <strings.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

#define NEAR_SHOWN  3
#define NEAR_LENGTH 64

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Letters to insert, remove or change to make one of the other; long names are compared by their
 * beginnings. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[NEAR_LENGTH + 1];
    size_t n = strnlen(a, NEAR_LENGTH), m = strnlen(b, NEAR_LENGTH);

    for (size_t k = 0; k <= m; k++)
        row[k] = k;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= m; k++) {
            size_t above = row[k];
            row[k] = least(row[k - 1] + 1, above + 1, corner + (a[i - 1] != b[k - 1]));
            corner = above;
        }
    }
    return row[m];
}

/* How far a known name is from what was typed; a part of it is nearly right. */
static size_t strangeness(const char *typed, const char *known)
{
    if (typed[0] && strcasestr(known, typed))
        return 1;
    return edit_distance(typed, known);
}

int near_absent(const char *what, const char *name, near_name_fn *at, const void *ctx,
                struct err *e)
{
    const char *best[NEAR_SHOWN] = {0}, *known;
    size_t distance[NEAR_SHOWN], limit = 2 + strnlen(name, NEAR_LENGTH) / 4;
    char list[256] = "";
    size_t used = 0;

    for (size_t i = 0; (known = at(ctx, i)) != NULL; i++) {
        size_t d = strangeness(name, known);
        size_t place = NEAR_SHOWN;
        while (place > 0 && (!best[place - 1] || d < distance[place - 1]))
            place--;
        if (d > limit || place == NEAR_SHOWN)
            continue;
        for (size_t k = NEAR_SHOWN - 1; k > place; k--) {
            best[k] = best[k - 1];
            distance[k] = distance[k - 1];
        }
        best[place] = known;
        distance[place] = d;
    }
    for (size_t i = 0; i < NEAR_SHOWN && best[i]; i++) {
        str_copy(list + used, sizeof list - used, i ? ", " : "; near it: ");
        used += strlen(list + used);
        str_copy(list + used, sizeof list - used, best[i]);
        used += strlen(list + used);
    }
    return err_set(e, ERR_ABSENT, "no %s is called %s%s", what, name, list);
}
