/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/loop/id.h"

#include <stdlib.h>

#include "driftop/base/err.h"
#include "driftop/base/vec.h"

bool loop_id_set(struct loop_id id)
{
    return id.generation != 0;
}

bool loop_id_equal(struct loop_id a, struct loop_id b)
{
    return a.index == b.index && a.generation == b.generation;
}

void id_table_init(struct id_table *t)
{
    *t = (struct id_table){0};
}

void id_table_done(struct id_table *t)
{
    free(t->slots);
    id_table_init(t);
}

static int grow(struct id_table *t)
{
    if (t->n_slots >= UINT32_MAX - 1)
        return ERR_LIMIT;
    if (VEC_ROOM(t->slots, t->n_slots, t->slots_capacity, 1) < 0)
        return ERR_NOMEM;
    t->slots[t->n_slots++] = (struct id_slot){.generation = 1};
    t->first_free = (uint32_t)t->n_slots;
    return 0;
}

int id_table_add(struct id_table *t, void *object, struct loop_id *ret)
{
    *ret = (struct loop_id){0};
    if (t->first_free == 0) {
        int code = grow(t);
        if (code < 0)
            return code;
    }
    uint32_t index = t->first_free - 1;
    struct id_slot *slot = &t->slots[index];
    t->first_free = slot->next_free;
    slot->object = object;
    t->count++;
    *ret = (struct loop_id){index, slot->generation};
    return 0;
}

void *id_table_get(const struct id_table *t, struct loop_id id)
{
    if (id.generation == 0 || id.index >= t->n_slots)
        return NULL;
    const struct id_slot *slot = &t->slots[id.index];
    return slot->generation == id.generation ? slot->object : NULL;
}

void *id_table_remove(struct id_table *t, struct loop_id id)
{
    void *object = id_table_get(t, id);
    if (object == NULL)
        return NULL;
    struct id_slot *slot = &t->slots[id.index];
    slot->object = NULL;
    /* A generation that would come round again retires its slot: it is never handed out again. */
    slot->generation++;
    if (slot->generation != 0) {
        slot->next_free = t->first_free;
        t->first_free = id.index + 1;
    }
    t->count--;
    return object;
}

void *id_table_next(const struct id_table *t, size_t *position)
{
    while (*position < t->n_slots) {
        void *object = t->slots[(*position)++].object;
        if (object != NULL)
            return object;
    }
    return NULL;
}
