/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ids with generations. Whatever lives across an asynchronous gap (a timer, a transfer, a child)
 * is named by an id and never by a pointer: a place is used again, its generation is not, so an id
 * that came too late finds nothing instead of a stranger. The table does not own what it holds.
 */
#ifndef DRIFTOP_LOOP_ID_H
#define DRIFTOP_LOOP_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop_id {
    uint32_t index;
    uint32_t generation; /* 0 names nothing, so a zeroed struct is "no id" */
};

struct id_slot {
    void *object; /* NULL when free */
    uint32_t generation;
    uint32_t next_free; /* index + 1 of the next free slot, 0 at the end */
};

struct id_table {
    struct id_slot *slots;
    size_t n_slots, slots_capacity;
    size_t count; /* in use */
    uint32_t first_free;
};

bool loop_id_set(struct loop_id id);
bool loop_id_equal(struct loop_id a, struct loop_id b);

void id_table_init(struct id_table *t);
void id_table_done(struct id_table *t);
/* ERR_NOMEM. The object must not be NULL. */
int id_table_add(struct id_table *t, void *object, struct loop_id *ret);
/* NULL when the id is stale or none. */
void *id_table_get(const struct id_table *t, struct loop_id id);
/* Like get, and the id is stale from now on. */
void *id_table_remove(struct id_table *t, struct loop_id id);
/* Walk: start with *position = 0; NULL at the end. Objects may be removed while walking. */
void *id_table_next(const struct id_table *t, size_t *position);

#endif
