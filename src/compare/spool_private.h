/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where values go that memory is not meant to hold: one temporary file without a name, written at its
 * end, read anywhere, gone when the process is. In $TMPDIR, or /var/tmp, which unlike /tmp is not
 * memory again.
 */
#ifndef DRIFTOP_COMPARE_SPOOL_PRIVATE_H
#define DRIFTOP_COMPARE_SPOOL_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

struct err;

/* A piece of the file. */
struct extent {
    uint64_t offset, length;
};

struct spool {
    int fd; /* -1 until something was written */
    uint64_t end;
    size_t limit_bytes, used_bytes; /* memory that the columns may take, and take */
};

void spool_init(struct spool *s, size_t limit_bytes);
void spool_done(struct spool *s);

/* Append; the file is made when it is needed. ERR_IO, ERR_FULL, ERR_DENIED. */
int spool_write(struct spool *s, const void *bytes, size_t length, struct extent *ret,
                struct err *e);
/* Exactly `length` bytes from an offset. ERR_IO. */
int spool_read(const struct spool *s, uint64_t offset, void *bytes, size_t length, struct err *e);

/* Room for n doubles: plain memory when it fits into the limit, else a mapped piece of a file of
 * its own, which the kernel may write out. Given back by spool_release(). */
struct room {
    double *values;
    size_t n;
    size_t mapped_bytes; /* 0: plain memory */
};
int spool_room(struct spool *s, size_t n, struct room *ret, struct err *e);
void spool_release(struct spool *s, struct room *room);

#endif
