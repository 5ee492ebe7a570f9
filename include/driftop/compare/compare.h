/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two files, compared column by column: the statistics without a fleet. Files are CSV (RFC 4180)
 * or JSON lines; values beyond the memory allowed are spooled to temporary files without a name,
 * and the digits stay the same. Beside all rows, segments (rows with the same value of a column)
 * and periods of time are compared when they are asked for.
 *
 * It refuses a file without a header, records of different lengths, two columns of one name, and
 * more than COMPARE_GROUPS segments or periods. A report owns everything it points to.
 */
#ifndef DRIFTOP_COMPARE_COMPARE_H
#define DRIFTOP_COMPARE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/stats/onset.h"
#include "driftop/stats/sides.h"

struct err;

#define COMPARE_GROUPS       1000
#define COMPARE_MEMORY_BYTES ((size_t)1 << 30)
#define COMPARE_BARS         12

enum compare_format { COMPARE_BY_ENDING, COMPARE_CSV, COMPARE_JSON };

/* Told now and then while reading. size is 0 when it is not known. */
typedef void compare_progress(void *ctx, const char *path, uint64_t bytes, uint64_t size);

/* All zero is the default. Lists are names with commas between them. */
struct compare_options {
    const char *columns;     /* only these */
    const char *categorical; /* categories, even when all values are numbers */
    const char *by;          /* also compare the rows of each value of this column */
    const char *time;        /* the column of the time, for chunk_ms */
    int64_t chunk_ms;        /* also compare each period of the current file with the reference */
    struct judge_options judge;
    size_t memory_bytes; /* COMPARE_MEMORY_BYTES */
    enum compare_format format;
    char delimiter; /* a comma, or a tab in files that end with .tsv */
    compare_progress *progress;
    void *progress_ctx;
};

/* Counts of both sides on bars of equal width, the outer ones open, or on the first cells. */
struct compare_bars {
    size_t n;     /* 0: nothing to draw */
    bool numbers; /* else each bar is a cell */
    uint64_t reference[COMPARE_BARS], current[COMPARE_BARS];
    double low, high; /* numeric: where the first bar begins and the last one ends */
};

struct compare_feature {
    const char *name; /* the report's */
    struct feature_result result;
    struct feature_cell *cells;
    size_t n_cells;
    struct shape shape;
    char *sentence; /* "" when there is nothing to tell */
    struct compare_bars bars;
    struct onset onset; /* of the first group, with periods: bucket is the period's index */
};

/* Both files' rows, or those of a segment, or a period's against all of the reference. */
struct compare_group {
    char *label; /* NULL: all rows; else the segment's value */
    int64_t start_ms;
    uint64_t reference_rows, current_rows;
    enum verdict verdict;
    struct compare_feature *features; /* report's n_features of them, in the order of the files */
};

struct compare_report {
    double alpha;
    size_t n_judged; /* comparisons that alpha is divided by */
    char *reference_path, *current_path;
    enum verdict verdict; /* the worst of all groups */
    char **names;
    size_t n_features;
    struct compare_group *groups; /* all rows, then the segments, then the periods by time */
    size_t n_groups, n_segments, n_periods;
    const char *by; /* the options' */
    int64_t chunk_ms;
};

/* ERR_ABSENT: no such file; ERR_DATA, ERR_LIMIT: with file, line and column; ERR_USAGE: a column
 * that neither file has; ERR_NOMEM, ERR_IO, ERR_FULL. compare_done() may be called after a failure
 * too. */
int compare_run(const char *reference, const char *current, const struct compare_options *options,
                struct compare_report *ret, struct err *e);
void compare_done(struct compare_report *r);

#endif
