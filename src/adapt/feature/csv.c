/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CSV with a header line. The reader underneath would keep the start of a record that is not
 * complete, but the follower hands those bytes in again, or gives them up: so what is pending is
 * forgotten, and the next piece begins behind the header again.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/adapt/feature.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/wire/csv.h"
#include "row_private.h"

/* clang-format off */
#define DELIMITER_ROW                                                                              \
    {.name = "delimiter", .type = OPTION_CHOICE, .choices = "comma semicolon tab pipe",            \
     .fallback = "comma", .help = "What stands between cells."}

static const struct option_row options[] = {
    {.name = "path", .type = OPTION_PATH, .flags = OPTION_REQUIRED,
     .help = ROW_PATH_HELP,
     .example = "/var/log/fraud/*.csv"},
    ROW_FIELD_ROWS,
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
    struct str header; /* its bytes, as they stood in the file */
    bool pending;      /* the reader holds half a record */
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
    str_done(&d->header);
    free(d);
}

static struct feature_decoder *open_decoder(const struct option_set *set, struct err *e)
{
    struct csv_options csv = {.delimiter = delimiter_of(set)};
    struct feature_decoder *d = calloc(1, sizeof *d);

    if (d) {
        str_init(&d->header, CSV_RECORD_BYTES + 1);
        d->csv = csv_new(&csv);
    }
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

/* Line by line until the header is whole: a quoted name may hold newlines. Returns the bytes used, 0
 * when it is not all there yet. */
static int64_t read_header(struct feature_decoder *d, const char *bytes, size_t length,
                           const struct feature_sink *sink)
{
    size_t used = 0, n_names;

    csv_clear(d->csv);
    str_clear(&d->header);
    while (!csv_header(d->csv, &n_names)) {
        const char *end = memchr(bytes + used, '\n', length - used);
        size_t n = end ? (size_t)(end - bytes) + 1 - used : 0;
        int result = n > 0 ? csv_feed(d->csv, bytes + used, n, false) : 0;
        if (result == 0 && n > 0)
            result = drain(d, sink);
        if (result < 0 || n == 0)
            return result;
        used += n;
    }
    return str_add_bytes(&d->header, bytes, used) < 0 ? ERR_NOMEM : (int64_t)used;
}

/* The reader as it stands right behind the header. */
static int rewind_reader(struct feature_decoder *d, const struct feature_sink *sink)
{
    int result;

    if (!d->pending)
        return 0;
    csv_clear(d->csv);
    d->pending = false;
    result = csv_feed(d->csv, d->header.data, d->header.length, false);
    return result < 0 ? result : drain(d, sink);
}

static int64_t feed(struct feature_decoder *d, const char *bytes, size_t length, bool start,
                    const struct feature_sink *sink)
{
    int64_t header = 0;
    uint64_t from, used;
    int result;

    if (start || d->header.length == 0) {
        d->pending = false;
        header = read_header(d, bytes, length, sink);
        if (header <= 0)
            return header;
        bytes += header;
        length -= (size_t)header;
    }
    result = rewind_reader(d, sink);
    from = csv_offset(d->csv);
    if (result == 0)
        result = csv_feed(d->csv, bytes, length, false);
    if (result == 0)
        result = drain(d, sink);
    if (result < 0)
        return result;
    used = csv_offset(d->csv) - from;
    d->pending = used < length;
    return header + (int64_t)used;
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
