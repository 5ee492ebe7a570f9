/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Socket addresses as text: "/path" or "unix:/path"; "127.0.0.1:9999", "[::1]:9999" or "host:9999",
 * optionally after "tcp:". And listening on one, for stream_server.h and net/listen.h.
 */
#ifndef DRIFTOP_LOOP_ADDRESS_H
#define DRIFTOP_LOOP_ADDRESS_H

#include <stdbool.h>

struct err;

struct address {
    bool local;     /* a unix socket: only path counts */
    char path[108]; /* as long as the kernel's struct sockaddr_un allows */
    char host[256];
    char port[8]; /* digits */
};

/* ERR_INVALID when the text has none of the forms above. */
int address_parse(const char *text, struct address *ret, struct err *e);

/* A listening, non-blocking, close-on-exec socket, the caller's to close. Port 0 is the kernel's
 * choice; *ret_port (may be NULL) is 0 for a unix socket. A unix socket nobody answers on any more
 * is replaced, a living one is ERR_IO "in use". ERR_REFUSED when loopback_only and it is not.
 * Resolves names and may wait for that, so it is for start-up. */
int address_listen(const struct address *a, bool loopback_only, int *ret_fd, int *ret_port,
                   struct err *e);

#endif
