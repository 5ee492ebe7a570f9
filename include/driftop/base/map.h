/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A map from byte strings to pointers or numbers. Keys are copied, values are not owned. The hash is
 * seeded per process, because keys come from the network. Iteration is in order of insertion.
 */
#ifndef DRIFTOP_BASE_MAP_H
#define DRIFTOP_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

union map_value {
    void *pointer;
    int64_t number;
};

struct map_entry {
    char *key; /* NUL-terminated copy; NULL in a removed entry */
    size_t key_length;
    uint64_t hash;
    union map_value value;
};

struct map {
    struct map_entry *entries; /* in order of insertion, `n_entries` of them, removed ones too */
    size_t n_entries, entries_capacity;
    size_t count; /* live entries */
    uint32_t *slots;
    size_t n_slots;
};

void map_init(struct map *m);
void map_done(struct map *m);
/* NULL when the key is not there. The pointer lives until the next change of the map. */
union map_value *map_get(const struct map *m, const char *key);
union map_value *map_get_bytes(const struct map *m, const void *key, size_t length);
/* The value's place, made when it was not there (then zero, and *ret_new is true). NULL when out
 * of memory. ret_new may be NULL. */
union map_value *map_put(struct map *m, const char *key, bool *ret_new);
union map_value *map_put_bytes(struct map *m, const void *key, size_t length, bool *ret_new);
bool map_remove(struct map *m, const char *key);

#endif
