/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What follow.c (reading) and follow_scan.c (which files there are) share.
 */
#ifndef DRIFTOP_RECORD_FOLLOW_PRIVATE_H
#define DRIFTOP_RECORD_FOLLOW_PRIVATE_H

#include "driftop/record/follow.h"

#define FOLLOW_CHUNK         ((size_t)1 << 20)
#define FOLLOW_FILES_MAX     1000
#define FOLLOW_HEAD_BYTES    4096    /* reaches beyond the header of a wide CSV file */
#define FOLLOW_LOST_MS       3600000 /* so long a loss stands as the fault; its count stays */
#define FOLLOW_IDLE_SCANS    30 /* a file that was moved away is let go after so many quiet scans */
#define FOLLOW_REMOVED_SCANS 3

struct followed {
    int fd;
    struct log_position position; /* what is stored at the next flush */
    struct log_position former;   /* before it was written anew in place; offset 0: never */
    char head[FOLLOW_HEAD_BYTES]; /* its first head_length bytes, as they were */
    struct feature_decoder *decoder;
    bool fresh;    /* the decoder has not seen the first line */
    bool skipping; /* inside a line that is too long */
    bool dirty;
    bool seen; /* by the present scan */
    bool anew; /* not what the last recorder read; unless there is a copy, rows are lost */
    int idle_scans;
};

struct follow {
    const struct feature_adapter *adapter;
    const struct option_set *options;
    const char *pattern;
    struct ingest *ingest;
    int deployment;
    struct source_state *source;
    struct followed *files;
    size_t n_files, files_capacity, next_file;
    struct log_position *restored; /* of the last recorder, until the first scan has used them */
    size_t n_restored;
    struct log_position *dropped; /* to be forgotten at the next flush */
    size_t n_dropped, dropped_capacity;
    char *chunk;             /* inside follow_step() only */
    int64_t now_ms, lost_ms; /* lost_ms: when rows were lost last */
};

/* What became of the bytes that were read before. */
enum follow_past { PAST_KEPT, PAST_CUT, PAST_GONE /* written anew in place */ };
enum follow_past follow_past(const struct followed *file);
/* The hash of the first bytes, taken anew while the file is still shorter than a head. */
void follow_take_head(struct followed *file);
void follow_close_file(struct follow *f, size_t index);

#endif
