/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows as text, in the shapes in which driftop takes them: a line of JSON for a log or the sink, a
 * line of CSV for the reference, and the request and response bodies that an inference logger
 * copies. Pure.
 */
#ifndef DRIFTOP_DEMO_ROWS_H
#define DRIFTOP_DEMO_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/demo/population.h"

struct str;

/* {"ts": ..., "version": ..., features, "prediction": ...}; first "deployment" when not NULL. */
void rows_add_json(struct str *s, const struct population *p, const struct population_row *row,
                   int64_t at_ms, const char *version, const char *deployment);
void rows_add_csv_header(struct str *s, const struct population *p);
void rows_add_csv(struct str *s, const struct population *p, const struct population_row *row);

/* Several rows as one inference: a tensor for each feature, and the answer's one. */
void rows_write_request(struct str *s, const struct population *p,
                        const struct population_row *rows, size_t n);
void rows_write_response(struct str *s, const struct population *p,
                         const struct population_row *rows, size_t n, const char *version,
                         const char *id);

/* The reference: n rows without a fault, drawn from a stream of their own, with the answers of the
 * version that the alias names. Same seed, same bytes. */
int rows_write_reference(struct str *s, const struct population *p, uint64_t seed, size_t n);

#endif
