/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Growing arrays of any type: three fields in the owner's struct (a pointer, a length, a
 * capacity) and one macro that makes room. Nothing hides the element type.
 *
 *     struct thing *things; size_t n_things, things_capacity;
 *     if (VEC_ROOM(list->things, list->n_things, list->things_capacity, 1) < 0)
 *         return ERR_NOMEM;
 *     list->things[list->n_things++] = (struct thing){...};
 */
#ifndef DRIFTOP_BASE_VEC_H
#define DRIFTOP_BASE_VEC_H

#include <stddef.h>

/* Make room for `extra` more elements behind `length`. Returns 0 or ERR_NOMEM; on failure the
 * array is as it was. New room is not cleared. */
#define VEC_ROOM(array, length, capacity, extra)                                                   \
    vec_room((void **)&(array), (length), &(capacity), (extra), sizeof *(array))

int vec_room(void **array, size_t length, size_t *capacity, size_t extra, size_t element_size);

#endif
