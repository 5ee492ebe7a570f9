/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON lines: one object a line, the features in it or in an object of their own. A line that is no
 * object is refused and counted; a field that holds an object or an array is left out.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/adapt/feature.h"
#include "driftop/base/err.h"
#include "driftop/wire/ndjson.h"
#include "row_private.h"

/* clang-format off */
static const struct option_row options[] = {
    {.name = "path", .type = OPTION_PATH, .flags = OPTION_REQUIRED,
     .help = ROW_PATH_HELP,
     .example = "/var/log/fraud/*.jsonl"},
    ROW_FIELD_ROWS,
    {.name = "features", .type = OPTION_TEXT,
     .help = "The object that holds the features; else all other fields are features.",
     .example = "features"},
};

static const struct option_row reference_options[] = {
    {.name = "path", .type = OPTION_PATH, .flags = OPTION_REQUIRED,
     .help = "Training or validation rows, one object a line.",
     .example = "/etc/driftop/fraud-reference.jsonl"},
    {.name = "prediction_field", .type = OPTION_TEXT, .fallback = "prediction",
     .help = "The prediction, where the features stand in an object of their own."},
    {.name = "features", .type = OPTION_TEXT,
     .help = "The object that holds the features; else all fields are features.",
     .example = "features"},
};
/* clang-format on */

struct feature_decoder {
    struct ndjson *ndjson;
    struct row_scratch scratch;
    const char *time[2], *version[2];
    struct row_names names;
    bool nested, skipping; /* skipping: inside a line that is too long */
};

static void close_decoder(struct feature_decoder *d)
{
    if (!d)
        return;
    ndjson_free(d->ndjson);
    row_scratch_done(&d->scratch);
    free(d);
}

/* The option set outlives its decoders, so its texts are borrowed. */
static struct feature_decoder *open_decoder(const struct option_set *set, struct err *e)
{
    const char *features = option_text(set, "features");
    struct feature_decoder *d = calloc(1, sizeof *d);

    if (d)
        d->ndjson = ndjson_new(features);
    if (!d || !d->ndjson) {
        close_decoder(d);
        err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
        return NULL;
    }
    d->nested = features != NULL;
    d->time[0] = option_text(set, "time_field");
    d->version[0] = option_text(set, "version_field");
    d->names = (struct row_names){
        .time = d->time[0] ? d->time : NULL,
        .version = d->version[0] ? d->version : NULL,
        .prediction = option_text(set, "prediction_field"),
    };
    return d;
}

static enum source_refusal refusal_of(enum ndjson_reason reason)
{
    switch (reason) {
    case NDJSON_TOO_LONG: return REFUSED_SIZE;
    case NDJSON_TOO_MANY:
    case NDJSON_NOT_FINITE: return REFUSED_FIELD;
    default: return REFUSED_SYNTAX;
    }
}

static int one_line(struct feature_decoder *d, const char *line, size_t length,
                    const struct feature_sink *sink)
{
    struct ndjson_row parsed;
    struct feature_row row;
    const char *field = NULL;
    int result = ndjson_parse(d->ndjson, line, length, &parsed, NULL);

    if (result == ERR_NOMEM)
        return result;
    if (parsed.reason == NDJSON_EMPTY)
        return 0;
    if (result < 0) {
        sink->refused(sink->ctx, refusal_of(parsed.reason), NULL);
        return 0;
    }
    if (d->nested && !parsed.has_features) {
        sink->refused(sink->ctx, REFUSED_FIELD, "features");
        return 0;
    }
    result = d->nested
                 ? row_make_nested(&d->names, parsed.fields, parsed.n_fields, parsed.features,
                                   parsed.n_features, &d->scratch, &row, &field)
                 : row_make(&d->names, parsed.fields, parsed.n_fields, &d->scratch, &row, &field);
    if (result < 0)
        return result;
    if (result > 0) {
        sink->refused(sink->ctx, (enum source_refusal)(result - 1), field);
        return 0;
    }
    return sink->row(sink->ctx, &row);
}

static int64_t feed(struct feature_decoder *d, const char *bytes, size_t length, bool start,
                    const struct feature_sink *sink)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t used = 0;

    if (start) {
        d->skipping = false;
        if (length >= sizeof mark - 1 && memcmp(bytes, mark, sizeof mark - 1) == 0)
            used = sizeof mark - 1; /* some writers begin a file with it */
    }
    while (used < length) {
        const char *end = memchr(bytes + used, '\n', length - used);
        size_t n = end ? (size_t)(end - bytes) - used : length - used;
        int result = 0;
        if (d->skipping) {
            d->skipping = !end;
        } else if (end) {
            result = one_line(d, bytes + used, n, sink);
        } else if (n > NDJSON_LINE_BYTES) {
            /* No end in sight: counted once, and let go until its end comes. */
            sink->refused(sink->ctx, REFUSED_SIZE, NULL);
            d->skipping = true;
        } else {
            break;
        }
        if (result < 0)
            return result;
        used += end ? n + 1 : n;
    }
    return (int64_t)used;
}

const struct feature_adapter feature_jsonl = {
    .name = "jsonl",
    .help = "JSON lines, followed while they grow",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .reference_options = reference_options,
    .n_reference_options = sizeof reference_options / sizeof *reference_options,
    .open = open_decoder,
    .close = close_decoder,
    .feed = feed,
};
