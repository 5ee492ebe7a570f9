/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sink's spool: a segment file of records, each with the event's headers and body as they came.
 * A segment is complete as soon as it is named in the store; the next one begins with the records
 * that must not be lost with it.
 */
#ifndef DRIFTOP_RECORD_SPOOL_H
#define DRIFTOP_RECORD_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define SPOOL_HEADERS 16

struct spool_record {
    int64_t at_ms; /* when it came */
    const char *names[SPOOL_HEADERS], *values[SPOOL_HEADERS];
    size_t n_headers;
    const char *body;
    size_t length;
};

struct spool {
    char base[1024]; /* "STORE.spool": a segment is "BASE.N" */
    uint64_t segment;
    uint64_t bytes, limit;
    int fd;
};

/* Opens segment `segment` for appending, made when it is not there; the segments before and behind
 * it are leftovers and removed. */
int spool_open(struct spool *s, const char *store_path, uint64_t segment, uint64_t limit,
               struct err *e);
void spool_close(struct spool *s);
/* ERR_FULL beyond the limit or on a full disk: nothing of the record is then in the file. */
int spool_append(struct spool *s, const struct spool_record *record, struct err *e);
/* Every whole record of the segment, in order. A half one at the end is cut off. */
int spool_replay(struct spool *s, int (*fn)(void *ctx, const struct spool_record *record),
                 void *ctx, struct err *e);
/* Go on in segment + 1 / go back to the one before, and remove the other. */
int spool_next(struct spool *s, struct err *e);
void spool_back(struct spool *s, int former_fd, uint64_t former_bytes);
void spool_remove(const struct spool *s, uint64_t segment);

#endif
