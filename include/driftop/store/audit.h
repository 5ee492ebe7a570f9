/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The audit log: an append-only file of JSON lines beside the store, its own index. Each event
 * carries the hash of the one before and its own over its stored bytes, so a change in the middle
 * shows; a cut at the end shows only against a head that somebody wrote down elsewhere. Space is kept
 * ahead of the end (allocated, but not part of the file's length), so that an event can be written
 * on a full disk.
 *
 * A line is {"act","seq","state","at","by","body","previous","hash"} in this order; hash is SHA-256
 * over the line's bytes before `,"hash"`, previous that of the event before (64 zeros at first).
 */
#ifndef DRIFTOP_STORE_AUDIT_H
#define DRIFTOP_STORE_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/base/hash.h"

struct err;
struct json;

struct audit_event {
    char act[32];   /* the act's id; letters, digits and -_.: only */
    unsigned seq;   /* of the event within the act, from 1 */
    char state[32]; /* planned, refused, sent, ...; the same letters */
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
/* Make the file when there is none and keep space ahead. Recorder and dashboard call it at their
 * start, so that the first act finds room on a disk that has filled up since. ERR_DENIED to those
 * who may only look. */
int audit_prepare(const char *path, struct err *e);
/* Appends under flock, fdatasync, and sets event->previous, ->hash and (when seq is 0) ->seq. The
 * event is on disk when this returns 0; event->body stays the caller's. What a killed writer left
 * of a line is cut off first. ERR_INVALID, ERR_LIMIT (a line over 1 MiB), ERR_DENIED, ERR_FULL,
 * ERR_BUSY when the lock is not to be had within a second. */
int audit_append(const char *path, struct audit_event *event, struct err *e);
/* All events, oldest first; a missing file is an empty log. A half line at the end (a writer
 * killed in the middle) is left out. */
int audit_read(const char *path, struct audit_log *ret, struct err *e);
/* The same of at most the last max_bytes: a screen that wants to know who was here lately does not
 * read years. */
int audit_read_tail(const char *path, size_t max_bytes, struct audit_log *ret, struct err *e);
void audit_log_done(struct audit_log *log);
/* ERR_CHAIN with the number of the first line that does not follow (e->line). `head`: NULL, or a
 * head noted elsewhere, which must be in the chain: then nothing up to it was cut off. */
int audit_verify(const char *path, const char *head, size_t *ret_events, struct err *e);

#endif
