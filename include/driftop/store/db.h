/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store: one SQLite file in WAL mode, the only thing that recorder, dashboard and commands
 * share. One process records (it holds the lease, store/lease.h) and owns all state tables; readers
 * insert only acknowledgements, notes and plans. No statement stays open across a turn of the loop.
 *
 * It can be read whenever its file can: without permission to write, in a read-only folder, on a
 * full disk, while somebody records. A struct store belongs to one thread and does not survive a fork.
 */
#ifndef DRIFTOP_STORE_DB_H
#define DRIFTOP_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct store;

enum store_mode {
    STORE_RECORD,    /* create and migrate when needed, write everything */
    STORE_READ,      /* read; insert acks, notes and plans when the file allows it */
    STORE_IMMUTABLE, /* an exported file: nothing is ever written, not even a lock */
};

/* ERR_ABSENT: no file (STORE_READ); ERR_VERSION: made by a newer driftop; ERR_DENIED; ERR_CONFIG:
 * it lies on a network file system, where SQLite's locks do not hold; ERR_DATA: not a store. */
int store_open(const char *path, enum store_mode mode, struct store **ret, struct err *e);
void store_close(struct store *s);
const char *store_path(const struct store *s);
bool store_writable(const struct store *s);

/* True when another connection has changed something since the last call (PRAGMA data_version). It
 * is also true when the store has come back after a failure, so that everything is read again. */
bool store_changed(struct store *s);

/* Everything read between on and off is of one moment, and SQLite locks once. It must not outlive a
 * turn of the loop; what cannot be held is read statement by statement. */
void store_hold(struct store *s, bool on);

/* Everything between begin and end is one transaction (BEGIN IMMEDIATE). store_end(s, false) rolls
 * back. ERR_FULL on a full disk, ERR_BUSY when a reader's insert holds the lock for over 50 ms:
 * nothing is lost, the caller keeps what it had and tries again at the next flush. */
int store_begin(struct store *s, struct err *e);
int store_end(struct store *s, bool commit, struct err *e);

/* Move the log of what was committed into the file: waits for the disk (some 50 ms on a busy one) but
 * locks nobody out. The recorder's, every few seconds outside a transaction, at best in a worker with a
 * store of its own (STORE_RECORD); without it a commit does it now and then. */
int store_checkpoint(struct store *s, struct err *e);

/* Named texts: "environment", "config_hash", "config_at", "recorder", "endpoints_hash",
 * "recorder_stops" ... store_meta: ERR_ABSENT when not set. */
int store_put_meta(struct store *s, const char *key, const char *value, struct err *e);
int store_meta(struct store *s, const char *key, char *buf, size_t size);
/* Write a consistent copy (VACUUM INTO) that opens as STORE_IMMUTABLE anywhere. ERR_INVALID when the
 * path exists. */
int store_export(struct store *s, const char *path, struct err *e);

#endif
