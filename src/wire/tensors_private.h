/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two halves of driftop/wire/tensors.h share: rows under construction. V1 payloads are
 * appended row by row; V2 and columnar ones are columns that are laid side by side.
 */
#ifndef DRIFTOP_WIRE_TENSORS_PRIVATE_H
#define DRIFTOP_WIRE_TENSORS_PRIVATE_H

#include <stdbool.h>

#include "driftop/wire/tensors.h"

struct tensors_build {
    struct tensors *t;
    enum tensors_side side;
    const char *const *given; /* names for cells without one */
    size_t n_given;
    struct err *e;
};

int tensors_no_memory(struct err *e);
/* "feature_3", the given name, or base_3; alone (of one cell) without the number. It lives as long
 * as the tensors. NULL when out of memory. */
const char *tensors_name(struct tensors_build *b, const char *base, size_t index, bool alone);
/* True, false, numbers, texts, null; false for an object or an array. */
bool tensors_value(const struct json *json, struct value *ret);

/* V1: a list of lists, objects or scalars. */
int tensors_rows(struct tensors_build *b, const struct json *list);
/* V1 columnar: an object of lists, one for each feature. */
int tensors_columnar(struct tensors_build *b, const struct json *object);
/* V2: a list of {name, shape, datatype, data}. */
int tensors_v2(struct tensors_build *b, const struct json *list);

#endif
