/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Following feature logs: files by glob, through rotation and truncation, each row exactly once. A
 * file is known by device, inode and a hash of its first bytes, so that neither a rename nor a
 * recycled inode deceives. What was read since the last flush is written with the counts it led
 * to, in one transaction; after a crash reading begins again at the stored position.
 */
#ifndef DRIFTOP_RECORD_FOLLOW_H
#define DRIFTOP_RECORD_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "driftop/config/config.h"
#include "driftop/model/state.h"
#include "driftop/record/ingest.h"
#include "driftop/store/read_drift.h"

struct follow;

/* One configured source of rows. Everything is borrowed but *ret. `source` takes the numbers. */
int follow_new(const struct config_adapter *adapter, struct ingest *ingest, int deployment,
               struct source_state *source, struct follow **ret, struct err *e);
void follow_free(struct follow *f);
/* At start: where the last recorder had come to. */
int follow_restore(struct follow *f, struct store *store, struct err *e);

/* Look at the folder again: new files, rotated ones, truncated ones. About once a second. */
void follow_scan(struct follow *f, int64_t now_ms);
/* Read and count at most budget_bytes. True when there may be more right now. */
bool follow_step(struct follow *f, size_t budget_bytes, int64_t now_ms);

/* As ingest_flush() and ingest_flushed(). */
int follow_flush(struct follow *f, struct store *store, struct err *e);
void follow_flushed(struct follow *f);

#endif
