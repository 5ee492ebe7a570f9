/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Entries lie in one array in order of insertion; `slots` is an open-addressed table of their
 * indices plus one (0: free). A removed entry keeps its slot as a tombstone until the table is
 * built anew, which happens when entries, removed ones included, fill three quarters of it.
 */
#include "driftop/base/map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "driftop/base/vec.h"
#include "siphash_private.h"

#define FIRST_SLOTS 8
#define MOST_SLOTS  ((size_t)1 << 31)

/* The kernel hands every process sixteen random bytes at its start, so the seed needs no variable
 * of ours. */
static uint64_t hash_key(const void *key, size_t length)
{
    const void *random = (const void *)(uintptr_t)getauxval(AT_RANDOM);
    struct siphash_key seed = {0};

    if (random)
        memcpy(&seed, random, sizeof seed);
    return siphash(seed, key, length);
}

void map_init(struct map *m)
{
    *m = (struct map){0};
}

void map_done(struct map *m)
{
    for (size_t i = 0; i < m->n_entries; i++)
        free(m->entries[i].key);
    free(m->entries);
    free(m->slots);
    map_init(m);
}

static struct map_entry *find(const struct map *m, const void *key, size_t length, uint64_t hash)
{
    if (m->n_slots == 0)
        return NULL;
    for (size_t i = hash & (m->n_slots - 1); m->slots[i]; i = (i + 1) & (m->n_slots - 1)) {
        struct map_entry *entry = &m->entries[m->slots[i] - 1];

        if (entry->key && entry->hash == hash && entry->key_length == length &&
            (length == 0 || memcmp(entry->key, key, length) == 0))
            return entry;
    }
    return NULL;
}

static void place(struct map *m, size_t index)
{
    size_t i = m->entries[index].hash & (m->n_slots - 1);

    while (m->slots[i])
        i = (i + 1) & (m->n_slots - 1);
    m->slots[i] = (uint32_t)index + 1;
}

/* A new table without the removed entries, at most half full. */
static bool rebuild(struct map *m)
{
    size_t n_slots = FIRST_SLOTS, kept = 0;
    uint32_t *slots;

    while (n_slots < 2 * (m->count + 1) && n_slots < MOST_SLOTS)
        n_slots *= 2;
    if (n_slots < 2 * (m->count + 1))
        return false;
    slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    free(m->slots);
    m->slots = slots;
    m->n_slots = n_slots;
    for (size_t i = 0; i < m->n_entries; i++) {
        if (m->entries[i].key)
            m->entries[kept++] = m->entries[i];
    }
    m->n_entries = kept;
    for (size_t i = 0; i < kept; i++)
        place(m, i);
    return true;
}

union map_value *map_get(const struct map *m, const char *key)
{
    return map_get_bytes(m, key, strlen(key));
}

union map_value *map_get_bytes(const struct map *m, const void *key, size_t length)
{
    struct map_entry *entry = m->count ? find(m, key, length, hash_key(key, length)) : NULL;

    return entry ? &entry->value : NULL;
}

union map_value *map_put(struct map *m, const char *key, bool *ret_new)
{
    return map_put_bytes(m, key, strlen(key), ret_new);
}

static union map_value *insert(struct map *m, const void *key, size_t length, uint64_t hash)
{
    struct map_entry *entry;
    char *copy;

    if (m->n_entries + 1 > m->n_slots / 4 * 3 && !rebuild(m))
        return NULL;
    if (VEC_ROOM(m->entries, m->n_entries, m->entries_capacity, 1) < 0)
        return NULL;
    copy = length < SIZE_MAX ? malloc(length + 1) : NULL;
    if (!copy)
        return NULL;
    if (length > 0)
        memcpy(copy, key, length);
    copy[length] = '\0';
    entry = &m->entries[m->n_entries];
    *entry = (struct map_entry){.key = copy, .key_length = length, .hash = hash};
    place(m, m->n_entries++);
    m->count++;
    return &entry->value;
}

union map_value *map_put_bytes(struct map *m, const void *key, size_t length, bool *ret_new)
{
    uint64_t hash = hash_key(key, length);
    struct map_entry *entry = find(m, key, length, hash);
    union map_value *value = entry ? &entry->value : insert(m, key, length, hash);

    if (ret_new)
        *ret_new = !entry && value;
    return value;
}

bool map_remove(struct map *m, const char *key)
{
    size_t length = strlen(key);
    struct map_entry *entry = find(m, key, length, hash_key(key, length));

    if (!entry)
        return false;
    free(entry->key);
    *entry = (struct map_entry){0};
    m->count--;
    return true;
}
