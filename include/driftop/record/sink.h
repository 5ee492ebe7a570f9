/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP sink: rows that come to us. An answer of 200 means the event is in the spool, a bounded
 * file beside the store that is replayed at start; 503 means it is full. Requests of an inference
 * logger wait for their response for 60 s, 10,000 at most, and are then counted as lost. Each flush
 * opens a new spool segment (with the halves that still wait) and names it in the transaction that
 * holds the counts, so every event is counted exactly once.
 */
#ifndef DRIFTOP_RECORD_SINK_H
#define DRIFTOP_RECORD_SINK_H

#include "driftop/config/config.h"
#include "driftop/model/state.h"
#include "driftop/record/ingest.h"

struct err;
struct loop;
struct sink;
struct store;

/* Replays what the last recorder left, then listens. `source` takes the numbers; all is borrowed but
 * *ret. ERR_IO when the address is taken: the sink is then a fault, the recorder goes on. */
int sink_new(struct loop *loop, const struct config *config, struct ingest *ingest,
             struct store *store, struct source_state *source, struct sink **ret, struct err *e);
void sink_free(struct sink *s);
int sink_port(const struct sink *s);
/* Halves that waited too long are given up. */
void sink_tick(struct sink *s, int64_t now_ms);

/* As ingest_flush(): names the next segment inside the transaction; after the commit the former
 * one is deleted, after a rollback the next one. */
int sink_flush(struct sink *s, struct store *store, struct err *e);
void sink_flushed(struct sink *s, bool committed);

#endif
