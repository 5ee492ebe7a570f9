/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which family a sample belongs to. Names alone never tell: `ts_queue_count` may be a gauge, and
 * `vllm:iteration_tokens_total` a histogram.
 */
#include "prometheus_private.h"

#include <stdlib.h>

#include "driftop/base/hash.h"
#include "driftop/base/vec.h"

/* The suffixes a type has. _total and _info only in OpenMetrics, but no other format uses them for
 * anything else. */
static const struct {
    const char *text;
    enum suffix suffix;
    unsigned types;
} suffixes[] = {
    {"_bucket", SUFFIX_BUCKET, 1u << PROMETHEUS_HISTOGRAM | 1u << PROMETHEUS_GAUGEHISTOGRAM},
    {"_sum", SUFFIX_SUM, 1u << PROMETHEUS_HISTOGRAM | 1u << PROMETHEUS_SUMMARY},
    {"_count", SUFFIX_COUNT, 1u << PROMETHEUS_HISTOGRAM | 1u << PROMETHEUS_SUMMARY},
    {"_gsum", SUFFIX_SUM, 1u << PROMETHEUS_GAUGEHISTOGRAM},
    {"_gcount", SUFFIX_COUNT, 1u << PROMETHEUS_GAUGEHISTOGRAM},
    {"_total", SUFFIX_VALUE, 1u << PROMETHEUS_COUNTER},
    {"_info", SUFFIX_VALUE, 1u << PROMETHEUS_INFO},
    {"_created", SUFFIX_CREATED,
     1u << PROMETHEUS_COUNTER | 1u << PROMETHEUS_HISTOGRAM | 1u << PROMETHEUS_SUMMARY},
};
#define N_SUFFIXES (sizeof suffixes / sizeof *suffixes)

void families_clear(struct families *f)
{
    f->n_items = 0;
    if (f->slots)
        memset(f->slots, 0, f->n_slots * sizeof *f->slots);
}

void families_done(struct families *f)
{
    free(f->items);
    free(f->slots);
    *f = (struct families){0};
}

/* The slot that holds the name, or the free one where it belongs. */
static uint32_t *find_slot(const struct families *f, struct span name, uint64_t hash)
{
    for (size_t i = hash & (f->n_slots - 1);; i = (i + 1) & (f->n_slots - 1)) {
        uint32_t *slot = &f->slots[i];
        if (*slot == 0)
            return slot;
        const struct family *item = &f->items[*slot - 1];
        if (item->hash == hash && span_equal(item->name, name))
            return slot;
    }
}

struct family *families_find(const struct families *f, struct span name)
{
    if (f->n_items == 0)
        return NULL;
    uint32_t *slot = find_slot(f, name, hash_fast(name.data, name.length, f->seed));
    return *slot ? &f->items[*slot - 1] : NULL;
}

/* Keep the table at most half full. */
static int grow(struct families *f)
{
    if ((f->n_items + 1) * 2 <= f->n_slots)
        return 0;
    size_t n = f->n_slots ? f->n_slots * 2 : 256;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (!slots)
        return -1;
    free(f->slots);
    f->slots = slots;
    f->n_slots = n;
    for (size_t i = 0; i < f->n_items; i++)
        *find_slot(f, f->items[i].name, f->items[i].hash) = (uint32_t)i + 1;
    return 0;
}

struct family *families_put(struct families *f, struct span name, bool *ret_full)
{
    *ret_full = false;
    uint64_t hash = hash_fast(name.data, name.length, f->seed);
    if (grow(f) < 0 || VEC_ROOM(f->items, f->n_items, f->items_capacity, 1) < 0)
        return NULL;
    uint32_t *slot = find_slot(f, name, hash);
    if (*slot)
        return &f->items[*slot - 1];
    if (f->n_items >= PROMETHEUS_MAX_FAMILIES) {
        *ret_full = true;
        return NULL;
    }
    f->items[f->n_items++] = (struct family){.name = name, .hash = hash};
    *slot = (uint32_t)f->n_items;
    return &f->items[f->n_items - 1];
}

enum suffix family_suffix(const struct family *f, struct span name)
{
    if (name.length < f->name.length || memcmp(name.data, f->name.data, f->name.length) != 0)
        return SUFFIX_NONE;
    if (name.length == f->name.length)
        return SUFFIX_VALUE;
    struct span rest = {name.data + f->name.length, name.length - f->name.length};
    for (size_t i = 0; i < N_SUFFIXES; i++)
        if ((suffixes[i].types >> f->type & 1) && span_is(rest, suffixes[i].text))
            return suffixes[i].suffix;
    return SUFFIX_NONE;
}

/* Take the suffix off; the absent span when it is not there. */
static struct span without(struct span name, const char *suffix)
{
    size_t length = strlen(suffix);
    if (name.length <= length || memcmp(name.data + name.length - length, suffix, length) != 0)
        return (struct span){NULL, 0};
    return (struct span){name.data, name.length - length};
}

struct family *families_owner(const struct families *f, struct span name, enum suffix *ret)
{
    for (size_t i = 0; i < N_SUFFIXES; i++) {
        struct span base = without(name, suffixes[i].text);
        struct family *family = base.data ? families_find(f, base) : NULL;
        if (family && suffixes[i].types >> family->type & 1) {
            *ret = suffixes[i].suffix;
            return family;
        }
    }
    return NULL;
}

bool families_created(const struct families *f, struct span name)
{
    struct span base = without(name, "_created");
    if (!base.data || base.length > PROMETHEUS_NAME_BYTES)
        return false;
    enum suffix suffix;
    if (families_owner(f, name, &suffix))
        return true;
    char total[PROMETHEUS_NAME_BYTES + sizeof "_total"];
    memcpy(total, base.data, base.length);
    memcpy(total + base.length, "_total", sizeof "_total");
    return families_find(f, span_of(total)) != NULL;
}
