/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answering side of stream.h: listens on a unix or TCP address and hands over what clients
 * send, a line at a time. It exists for the demo's splitter and for tests. A line longer than the
 * ceiling ends its connection. A client that half-closes after sending still gets the replies that
 * were given inside the callback, and a last line without a line feed is delivered too.
 */
#ifndef DRIFTOP_LOOP_STREAM_SERVER_H
#define DRIFTOP_LOOP_STREAM_SERVER_H

#include "driftop/loop/id.h"

struct loop;
struct err;

/* One line without its end (LF or CRLF). `connection` stays valid until the connection ends. */
typedef void stream_line_fn(struct loop *loop, struct loop_id connection, const char *line,
                            size_t length, void *ctx);

struct stream_server_options {
    const char *address; /* port 0: the kernel chooses; a stale unix socket is replaced */
    size_t line_ceiling; /* bytes; 0: 64 KiB */
    stream_line_fn *on_line;
    void *ctx;
};

/* loop_cancel(loop, id) ends the listening, removes a unix socket's file and closes its
 * connections. *ret_port (may be NULL) is 0 for a unix socket. ERR_INVALID, ERR_IO, ERR_DENIED. */
int stream_server_open(struct loop *loop, const struct stream_server_options *options,
                       struct loop_id *ret_id, int *ret_port, struct err *e);
/* Copies the bytes and sends them in order. ERR_ABSENT when the connection is gone. */
int stream_server_reply(struct loop *loop, struct loop_id connection, const void *bytes,
                        size_t length);
/* Close once all replies have left. */
void stream_server_finish(struct loop *loop, struct loop_id connection);

#endif
