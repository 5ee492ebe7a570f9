/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The audit log: an append-only file of JSON lines beside the store, its own index. Each event
 * carries the hash of the one before and its own over its stored bytes, so a change in the middle
 * shows; a cut at the end shows only against a head that somebody wrote down elsewhere. Space is kept
 * ahead of the end (newlines are never written there: the file is preallocated, its length true),
 * so that an event can be written on a full disk.
 */
#ifndef DRIFTOP_STORE_AUDIT_H
#define DRIFTOP_STORE_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/base/hash.h"

struct err;
struct json;

struct audit_event {
    char act[32];   /* the act's id */
    unsigned seq;   /* of the event within the act, from 1 */
    char state[32]; /* planned, refused, sent, ... */
    int64_t at_ms;
    char by[256];      /* the claimed person: "ann (claimed; sudo root; ssh 10.0.0.7)" */
    struct json *body; /* what the event says; owned */
    char previous[HASH_HEX_SIZE], hash[HASH_HEX_SIZE];
};

struct audit_log {
    struct audit_event *events;
    size_t n_events, events_capacity;
    char head[HASH_HEX_SIZE];
};

/* "STORE-audit.jsonl": the file beside this store. Returns buf. */
char *audit_path(const char *store_path, char *buf, size_t size);
/* Appends under flock, fdatasync, and sets event->previous, ->hash and (when seq is 0) ->seq. The
 * event is on disk when this returns 0. */
int audit_append(const char *path, struct audit_event *event, struct err *e);
/* All events, oldest first; a missing file is an empty log. A half line at the end (a writer
 * killed in the middle) is left out. */
int audit_read(const char *path, struct audit_log *ret, struct err *e);
void audit_log_done(struct audit_log *log);
/* ERR_CHAIN with the number of the first line that does not follow; `head` NULL or what the
 * last hash must be. */
int audit_verify(const char *path, const char *head, size_t *ret_events, struct err *e);

#endif
