/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields to a row: finding the time and the version, and leaving them out of the features.
 */
#ifndef DRIFTOP_ADAPT_FEATURE_ROW_PRIVATE_H
#define DRIFTOP_ADAPT_FEATURE_ROW_PRIVATE_H

#include "driftop/adapt/feature.h"

/* The rows that every log of rows has, beside its path. */
/* clang-format off */
#define ROW_FIELD_ROWS                                                                             \
    {.name = "time_field", .type = OPTION_TEXT, .fallback = "ts",                                  \
     .help = "The row's own time: RFC 3339, or a number in s, ms, us or ns."},                     \
    {.name = "version_field", .type = OPTION_TEXT, .fallback = "version",                          \
     .help = "The version that answered."},                                                        \
    {.name = "prediction_field", .type = OPTION_TEXT, .fallback = "prediction",                    \
     .help = "What it answered; watched like a feature."}
#define ROW_PATH_HELP "The log, or a pattern with * and ? that names several."
/* clang-format on */

/* The names to look for, each a NULL-ended list of alternatives. */
struct row_names {
    const char *const *time;       /* NULL: rows need no time and no version (a reference) */
    const char *const *version;    /* NULL with time given: any version text is "" */
    const char *const *deployment; /* NULL: not looked for */
    const char *prediction;        /* NULL: it is no special field */
};

/* Memory for one row's fields, reused from row to row. */
struct row_scratch {
    struct field *fields;
    size_t n_fields, fields_capacity;
};

void row_scratch_done(struct row_scratch *scratch);

/* A row of fields that all stand in one object. 0 and *ret, or a refusal (enum source_refusal + 1)
 * with the field at fault in *ret_field; ERR_NOMEM. */
int row_make(const struct row_names *names, const struct field *fields, size_t n,
             struct row_scratch *scratch, struct feature_row *ret, const char **ret_field);
/* The same where the features stand in an object of their own beside time and version. */
int row_make_nested(const struct row_names *names, const struct field *fields, size_t n,
                    const struct field *features, size_t n_features, struct row_scratch *scratch,
                    struct feature_row *ret, const char **ret_field);

#endif
