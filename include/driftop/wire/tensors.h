/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inference payloads to rows of fields: V1 `instances` and `predictions` (lists of lists, of
 * objects or of scalars), V1 columnar `inputs` and `outputs` (an object of lists), V2 `inputs` and
 * `outputs` (tensors with name, shape and data, nested or flat). Shape [N] is one field a row, [N, K]
 * is K fields name_0 to name_K-1, more dimensions are flattened into K. Cells without a name are
 * called feature_0 ... (requests) and prediction_0 ... (responses), a single one feature and
 * prediction, unless the caller names them. Row i of a request belongs to row i of its response.
 */
#ifndef DRIFTOP_WIRE_TENSORS_H
#define DRIFTOP_WIRE_TENSORS_H

#include <stddef.h>

#include "driftop/base/value.h"

struct err;
struct json;

#define TENSORS_ROWS    65536
#define TENSORS_COLUMNS 4096
#define TENSORS_FIELDS  ((size_t)1 << 21) /* rows times columns */

enum tensors_side { TENSORS_REQUEST, TENSORS_RESPONSE };

struct tensors_row {
    size_t first, n; /* of fields[] */
};

/* Fields borrow from the struct. */
struct tensors {
    struct field *fields;
    size_t n_fields, fields_capacity;
    struct tensors_row *rows;
    size_t n_rows, rows_capacity;
    size_t n_nested; /* named values left out because they hold an object or a list */
    const char *id, *model_name, *model_version; /* of V2, NULL when absent */
    char **names;                                /* generated ones */
    size_t n_names, names_capacity;
    struct json *root;
};

/* names (n_names of them, may be NULL) are used for cells that have no name of their own. ret is
 * filled anew; done it also after a failure. ERR_ABSENT when the body holds none of the known
 * members (our own polls come back like that), ERR_DATA for no JSON, unequal lengths or data that do
 * not fill the shape, ERR_LIMIT, ERR_NOMEM. */
int tensors_decode(const char *bytes, size_t length, enum tensors_side side,
                   const char *const *names, size_t n_names, struct tensors *ret, struct err *e);
void tensors_done(struct tensors *t);

#endif
