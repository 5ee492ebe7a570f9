/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The recorder: polls, counts, judges, alerts, and writes the store. One at a time per store, by the
 * lease. It runs on the caller's loop and never blocks it for long; `driftop record` gives it a
 * process of its own. It only ever reads from the network.
 */
#ifndef DRIFTOP_RECORD_RECORDER_H
#define DRIFTOP_RECORD_RECORDER_H

#include <stdbool.h>

#include "driftop/config/config.h"

struct err;
struct loop;
struct recorder;
struct source_state;
struct store;

/* Opens the store, takes the lease, takes up where the last recorder ended, and starts. The
 * configuration is borrowed until recorder_reload() or recorder_free(). ERR_BUSY when somebody else
 * records (who: in e); the errors of store_open(). A source that cannot be had is a fault on the
 * screen and no error here. */
int recorder_new(struct loop *loop, const struct config *config, struct recorder **ret,
                 struct err *e);
/* Writes what is not yet written, as far as the disk allows, and lets the lease go. */
void recorder_free(struct recorder *r);

/* Go on with another configuration of the same environment and store: sources are set up anew,
 * windows, alerts and positions stay. */
int recorder_reload(struct recorder *r, const struct config *config, struct err *e);

/* For tests and benchmarks: everything that is pending is read, counted, judged and written. */
int recorder_settle(struct recorder *r, struct err *e);
struct store *recorder_store(struct recorder *r);

#endif
