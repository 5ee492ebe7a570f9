/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the Prometheus parser share: the table of declared families and the reading
 * of one sample line.
 */
#ifndef DRIFTOP_WIRE_PROMETHEUS_PRIVATE_H
#define DRIFTOP_WIRE_PROMETHEUS_PRIVATE_H

#include "driftop/wire/prometheus.h"

struct family {
    struct span name;
    uint64_t hash;
    enum prometheus_type type;
    bool wanted;
};

/* Declared families by name; open addressing, slots hold index + 1. */
struct families {
    struct family *items;
    size_t n_items, items_capacity;
    uint32_t *slots;
    size_t n_slots;
    uint64_t seed;
};

void families_clear(struct families *f);
void families_done(struct families *f);
struct family *families_find(const struct families *f, struct span name);
/* The family of that name, made when there was none. NULL when out of memory, or, with *ret_full,
 * when there are PROMETHEUS_MAX_FAMILIES. */
struct family *families_put(struct families *f, struct span name, bool *ret_full);

enum suffix { SUFFIX_NONE, SUFFIX_BUCKET, SUFFIX_SUM, SUFFIX_COUNT, SUFFIX_VALUE, SUFFIX_CREATED };

/* What `name` is in a family of this name and type: SUFFIX_VALUE for the name itself and for _total
 * or _info; SUFFIX_NONE when it does not belong there. */
enum suffix family_suffix(const struct family *f, struct span name);
/* The declared family that owns `name` by a suffix; NULL when there is none. */
struct family *families_owner(const struct families *f, struct span name, enum suffix *ret);
/* Is it X_created of a declared X or X_total? */
bool families_created(const struct families *f, struct span name);

/* One line of a page, and where reading it has come to. */
struct line {
    const char *at, *end;
    const char *fault; /* why it cannot be read; a constant */
};

void line_blanks(struct line *l);
/* Up to the next blank, '{' or the end; or a quoted name. False with `fault`. */
bool line_name(struct line *l, struct span *ret);
/* From behind '{' to behind '}'. A first quoted element without '=' is the metric's name. `scratch` takes
 * unescaped values, as many bytes as the line has. False with `fault`. */
bool line_labels(struct line *l, char *scratch, struct prometheus_label *labels, size_t *ret_n,
                 struct span *ret_name);
/* Value, timestamp, exemplar, end. */
bool line_value(struct line *l, enum prometheus_format format, struct prometheus_sample *s);

#endif
