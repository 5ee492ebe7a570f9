/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/model/observation.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/vec.h"

#define OBSERVATIONS_MAX 100000

void observation_list_init(struct observation_list *list)
{
    *list = (struct observation_list){0};
}

void observation_list_done(struct observation_list *list)
{
    free(list->items);
    *list = (struct observation_list){0};
}

struct observation *observation_add(struct observation_list *list, enum observation_kind kind)
{
    struct observation *o;

    if (list->n_items >= OBSERVATIONS_MAX ||
        VEC_ROOM(list->items, list->n_items, list->items_capacity, 1) < 0)
        return NULL;
    o = &list->items[list->n_items++];
    memset(o, 0, sizeof *o);
    o->kind = kind;
    return o;
}

const char *source_refusal_name(enum source_refusal reason)
{
    switch (reason) {
    case REFUSED_SYNTAX: return "syntax";
    case REFUSED_FIELD: return "field";
    case REFUSED_TIME: return "time";
    case REFUSED_LATE: return "late";
    case REFUSED_AHEAD: return "ahead";
    case REFUSED_VERSION: return "version";
    case REFUSED_SIZE: return "size";
    case REFUSED_UNPAIRED: return "unpaired";
    case REFUSED_LOST: return "lost";
    case REFUSED_FULL: return "full";
    case SOURCE_REFUSALS: break;
    }
    return "?";
}
