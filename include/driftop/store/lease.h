/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Leases: locks on small files beside the store (of the open file, F_OFD_SETLK: flock's kind, that can
 * be asked about without being taken). The kernel frees them when the holder dies, so there is
 * nothing to clean up. One named "recorder" says who records; one per deployment says who is
 * driving it. The file's text tells others who holds it and since when.
 */
#ifndef DRIFTOP_STORE_LEASE_H
#define DRIFTOP_STORE_LEASE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct lease;

/* Take the lease `name` of the store at store_path, or ERR_BUSY with the holder's text in e. `who` and
 * the time are written into the file. Works on a full disk (the text is then missing). */
int lease_take(const char *store_path, const char *name, const char *who, struct lease **ret,
               struct err *e);
void lease_drop(struct lease *lease);
/* What the holder has to say to whoever looks; "" takes it back. It fits in the block that the file
 * has anyway, so a full disk can be complained of. ERR_FULL when it was full from the start. */
int lease_note(struct lease *lease, const char *note);
/* True when somebody holds it and has something to say. */
bool lease_noted(const char *store_path, const char *name, char *buf, size_t size);
/* True when somebody holds it; buf gets the holder's text. Never takes it. */
bool lease_held(const char *store_path, const char *name, char *buf, size_t size);

#endif
