/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prometheus' text format 0.0.4 and OpenMetrics 1.0, in one pass, without copying: every sample is
 * handed to a function and its spans live until that function returns. A page is hostile: a
 * line that cannot be read is skipped and counted, ceilings end the reading with a word. Nothing
 * is allocated per sample, and the lines of a family nobody wants are not looked into.
 *
 * The family of a sample: a suffix (_bucket, _sum, _count, _total, ...) is taken off only when a
 * TYPE line declared the name without it with a type that has this suffix. `X_created` is
 * skipped where X or X_total is declared.
 */
#ifndef DRIFTOP_WIRE_PROMETHEUS_H
#define DRIFTOP_WIRE_PROMETHEUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/wire/span.h"

#define PROMETHEUS_LABELS       64     /* a sample with more is a bad line */
#define PROMETHEUS_LINE_BYTES   65536  /* and so is a longer line */
#define PROMETHEUS_NAME_BYTES   1024   /* and a longer name of a metric or a label */
#define PROMETHEUS_MAX_SAMPLES  100000 /* of wanted families a page, unless told otherwise */
#define PROMETHEUS_MAX_FAMILIES 20000  /* TYPE lines behind that many are not remembered */

enum prometheus_format { PROMETHEUS_TEXT, PROMETHEUS_OPENMETRICS };

enum prometheus_type {
    PROMETHEUS_UNTYPED,
    PROMETHEUS_COUNTER,
    PROMETHEUS_GAUGE,
    PROMETHEUS_HISTOGRAM,
    PROMETHEUS_SUMMARY,
    PROMETHEUS_INFO,
    PROMETHEUS_STATESET,
    PROMETHEUS_GAUGEHISTOGRAM,
};

/* What the sample is in its family; all but histograms and summaries have only values. */
enum prometheus_role { PROMETHEUS_VALUE, PROMETHEUS_BUCKET, PROMETHEUS_SUM, PROMETHEUS_COUNT };

struct prometheus_label {
    struct span name, value; /* the value without its escapes */
};

struct prometheus_sample {
    struct span family; /* of an OpenMetrics counter without _total */
    struct span name;   /* as written */
    enum prometheus_type type;
    enum prometheus_role role;
    const struct prometheus_label *labels;
    size_t n_labels;
    double value; /* NaN and infinities as they came */
    bool has_timestamp;
    int64_t timestamp_ms; /* OpenMetrics' seconds converted */
};

struct prometheus_handler {
    /* Once for every declared family, and for each undeclared name whenever it turns up. NULL: all
     * are wanted. */
    bool (*wants)(void *context, struct span family, enum prometheus_type type);
    /* Not 0 ends the reading; prometheus_parse() returns it. */
    int (*sample)(void *context, const struct prometheus_sample *sample);
    void *context;
    size_t max_samples; /* 0: PROMETHEUS_MAX_SAMPLES */
};

struct prometheus_report {
    size_t n_samples;      /* handed over */
    size_t n_unwanted;     /* lines of families not wanted, and skipped _created */
    size_t n_bad;          /* lines that could not be read */
    int first_bad_line;    /* from 1; 0 when there is none */
    const char *first_bad; /* a constant text, NULL when there is none */
    bool limited;          /* more samples than max_samples: the rest was not read */
    bool truncated;        /* OpenMetrics without # EOF, or text whose last line has no newline */
};

struct prometheus; /* a parser's memory, to use again from page to page */

struct prometheus *prometheus_new(void); /* NULL when out of memory */
void prometheus_free(struct prometheus *p);

/* By the media type of a Content-Type header; NULL or anything unknown is text. */
enum prometheus_format prometheus_format_of(const char *content_type);

/* Read one page. 0, what the handler returned, or ERR_NOMEM. *ret is filled in any case. A last line
 * without a newline is read in text and counts as truncated. */
int prometheus_parse(struct prometheus *p, const char *bytes, size_t length,
                     enum prometheus_format format, const struct prometheus_handler *handler,
                     struct prometheus_report *ret);

/* The value of a label; absent when the sample has no such label. */
struct span prometheus_label(const struct prometheus_sample *s, const char *name);

#endif
