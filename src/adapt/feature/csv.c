/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CSV with a header line. The reader underneath keeps the start of a record that is not complete;
 * this adapter reports whole records only, so what is handed in again from there on is skipped.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/adapt/feature.h"
#include "driftop/base/err.h"
#include "driftop/wire/csv.h"
#include "row_private.h"

/* clang-format off */
#define DELIMITER_ROW                                                                              \
    {.name = "delimiter", .type = OPTION_CHOICE, .choices = "comma semicolon tab pipe",            \
     .fallback = "comma", .help = "What stands between cells."}

static const struct option_row options[] = {
    {.name = "path", .type = OPTION_PATH, .flags = OPTION_REQUIRED,
     .help = "The log, or a pattern with * and ? that names several.",
     .example = "/var/log/fraud/*.csv"},
    {.name = "time_field", .type = OPTION_TEXT, .fallback = "ts",
     .help = "The row's own time: RFC 3339, or a number in s, ms, us or ns."},
    {.name = "version_field", .type = OPTION_TEXT, .fallback = "version",
     .help = "The version that answered."},
    {.name = "prediction_field", .type = OPTION_TEXT, .fallback = "prediction",
     .help = "What it answered; watched like a feature."},
    DELIMITER_ROW,
};

static const struct option_row reference_options[] = {
    {.name = "path", .type = OPTION_PATH, .flags = OPTION_REQUIRED,
     .help = "Training or validation rows with a header line.",
     .example = "/etc/driftop/fraud-reference.csv"},
    {.name = "prediction_field", .type = OPTION_TEXT, .fallback = "prediction",
     .help = "Which column is the prediction."},
    DELIMITER_ROW,
};
/* clang-format on */

struct feature_decoder {
    struct csv *csv;
    struct row_scratch scratch;
    const char *time[2], *version[2];
    struct row_names names;
    uint64_t fed, base; /* bytes handed to csv since its start, and reported as used */
};

static char delimiter_of(const struct option_set *set)
{
    const char *word = option_text(set, "delimiter");

    if (!word || strcmp(word, "comma") == 0)
        return ',';
    if (strcmp(word, "semicolon") == 0)
        return ';';
    return strcmp(word, "tab") == 0 ? '\t' : '|';
}

static void close_decoder(struct feature_decoder *d)
{
    if (!d)
        return;
    csv_free(d->csv);
    row_scratch_done(&d->scratch);
    free(d);
}

static struct feature_decoder *open_decoder(const struct option_set *set, struct err *e)
{
    struct csv_options csv = {.delimiter = delimiter_of(set)};
    struct feature_decoder *d = calloc(1, sizeof *d);

    if (d)
        d->csv = csv_new(&csv);
    if (!d || !d->csv) {
        close_decoder(d);
        err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
        return NULL;
    }
    d->time[0] = option_text(set, "time_field");
    d->version[0] = option_text(set, "version_field");
    d->names = (struct row_names){
        .time = d->time[0] ? d->time : NULL,
        .version = d->version[0] ? d->version : NULL,
    };
    return d;
}

static int one_row(struct feature_decoder *d, const struct csv_row *record,
                   const struct feature_sink *sink)
{
    const struct field *fields = csv_fields(d->csv, record);
    const char *field = NULL;
    struct feature_row row;
    int result;

    if (!fields)
        return ERR_NOMEM;
    result = row_make(&d->names, fields, record->n_cells, &d->scratch, &row, &field);
    if (result < 0)
        return result;
    if (result > 0) {
        sink->refused(sink->ctx, (enum source_refusal)(result - 1), field);
        return 0;
    }
    return sink->row(sink->ctx, &row);
}

/* All records of the piece. A bad one is refused, and the reader goes on behind it. */
static int drain(struct feature_decoder *d, const struct feature_sink *sink)
{
    struct csv_row record;
    int result;

    while ((result = csv_next(d->csv, &record, NULL)) != CSV_MORE) {
        if (result == ERR_NOMEM)
            return result;
        if (result < 0) {
            sink->refused(sink->ctx, result == ERR_LIMIT ? REFUSED_SIZE : REFUSED_SYNTAX, NULL);
            continue;
        }
        result = one_row(d, &record, sink);
        if (result < 0)
            return result;
    }
    return 0;
}

static int64_t feed(struct feature_decoder *d, const char *bytes, size_t length, bool start,
                    const struct feature_sink *sink)
{
    size_t held, used;
    int result;

    if (start) {
        csv_clear(d->csv);
        d->fed = d->base = 0;
    }
    held = (size_t)(d->fed - d->base);
    if (length <= held)
        return 0;
    result = csv_feed(d->csv, bytes + held, length - held, false);
    if (result == 0)
        result = drain(d, sink);
    if (result < 0)
        return result;
    d->fed += length - held;
    used = (size_t)(csv_offset(d->csv) - d->base);
    d->base += used;
    return (int64_t)used;
}

const struct feature_adapter feature_csv = {
    .name = "csv",
    .help = "CSV files with a header line, followed while they grow",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .reference_options = reference_options,
    .n_reference_options = sizeof reference_options / sizeof *reference_options,
    .open = open_decoder,
    .close = close_decoder,
    .feed = feed,
};
