/* SPDX-License-Identifier: GPL-3.0-or-later */
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
