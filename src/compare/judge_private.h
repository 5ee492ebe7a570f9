/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_COMPARE_JUDGE_PRIVATE_H
#define DRIFTOP_COMPARE_JUDGE_PRIVATE_H

#include "driftop/compare/compare.h"
#include "table_private.h"
#include "texts_private.h"

/* Both sides' texts on the reference's cells. */
struct joined {
    struct side_categories sides;
    char *names[SIDE_NAMED]; /* what sides.named borrows */
};

/* The rows of both sides are those of the group, missing ones included. ERR_NOMEM, ERR_IO. */
int join_texts(struct texts *reference, uint64_t reference_rows, struct texts *current,
               uint64_t current_rows, const struct spool *s, struct joined *ret, struct err *e);
void joined_done(struct joined *j);

void bars_of_numbers(const struct side_numbers *reference, const struct side_numbers *current,
                     struct compare_bars *ret);
void bars_of_cells(const struct feature_cell *cells, size_t n, struct compare_bars *ret);

/* The table into the report's groups; the table's bins are used up. */
int judge_table(struct table *t, const struct compare_options *options, struct compare_report *ret,
                struct err *e);

#endif
