/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Feature adapters: where rows come from. A row is a time, a version, a prediction and named
 * values. The recorder follows the files; the adapter only understands bytes.
 */
#ifndef DRIFTOP_ADAPT_FEATURE_H
#define DRIFTOP_ADAPT_FEATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/value.h"
#include "driftop/config/option.h"
#include "driftop/model/observation.h"

struct err;

/* Borrowed from the decoder; valid until its next call. */
struct feature_row {
    int64_t at_ms;       /* CLOCK_NEVER in a reference, which needs no time and no version */
    const char *version; /* never NULL, not terminated, nor is the deployment */
    size_t version_length;
    const char *deployment; /* NULL from a file; rows of the HTTP sink name it */
    size_t deployment_length;
    const struct field *fields; /* the prediction is a field like the others */
    size_t n_fields;
};

struct feature_decoder; /* holds a CSV header or scratch memory; one per followed file */

/* A row, or a refusal: what was wrong and in which field (may be NULL). A negative result ends the
 * feed and is returned. */
struct feature_sink {
    int (*row)(void *ctx, const struct feature_row *row);
    void (*refused)(void *ctx, enum source_refusal reason, const char *field);
    void *ctx;
};

struct feature_adapter {
    const char *name; /* "jsonl", "csv" */
    const char *help;
    const struct option_row *options;
    size_t n_options;
    /* The rows of `reference:`; without a time_field among them a row needs no time. NULL: this type
     * cannot be a reference. */
    const struct option_row *reference_options;
    size_t n_reference_options;
    struct feature_decoder *(*open)(const struct option_set *options, struct err *e);
    void (*close)(struct feature_decoder *d);
    /* Bytes up to and with a line end; returns how many were used (whole rows only), or an error.
     * At the start of a file (offset 0) `start` is true: a CSV header is read there; when following
     * resumes in the middle the header is fed first with `start`. */
    int64_t (*feed)(struct feature_decoder *d, const char *bytes, size_t length, bool start,
                    const struct feature_sink *sink);
};

extern const struct feature_adapter *const adapt_features[];
const struct feature_adapter *adapt_feature_find(const char *name);

#endif
