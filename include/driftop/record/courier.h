/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The courier delivers notifications from the outbox in the store: an alert that fires, gets worse
 * or resolves is put in for each channel that wants it, and stays until it was delivered or refused
 * for good. A restart goes on where it was. Channels that must hear again (Alertmanager) do.
 */
#ifndef DRIFTOP_RECORD_COURIER_H
#define DRIFTOP_RECORD_COURIER_H

#include "driftop/alert/alert.h"
#include "driftop/config/config.h"
#include "driftop/model/state.h"

struct courier;
struct err;
struct loop;
struct net;
struct store;

int courier_new(struct loop *loop, const struct config *config, struct courier **ret,
                struct err *e);
void courier_free(struct courier *c);
/* Take up what the outbox holds and what is firing. */
int courier_restore(struct courier *c, struct store *store, int64_t now_ms, struct err *e);

/* An alert as it is about to be stored (it has its id). */
void courier_tell(struct courier *c, const struct alert_state *alert, int64_t now_ms);
/* Send what is due. About once a second. */
void courier_tick(struct courier *c, int64_t now_ms);

/* As ingest_flush(). */
int courier_flush(struct courier *c, struct store *store, struct err *e);
void courier_flushed(struct courier *c);

/* One state per channel, for doctor. */
size_t courier_channels(const struct courier *c);
struct source_state *courier_source(struct courier *c, size_t channel);

#endif
