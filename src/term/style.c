/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names come from the same list as the roles, so that a theme file can name each of them and no
 * other.
 */
#include "driftop/term/style.h"

#include <string.h>

static const char *const role_names[ROLE_COUNT] = {
#define X(role, name) [role] = name,
    ROLE_LIST(X)
#undef X
};

const char *style_role_name(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? role_names[role] : "";
}

int style_role_find(const char *name)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (strcmp(role_names[i], name) == 0)
            return i;
    return -1;
}
