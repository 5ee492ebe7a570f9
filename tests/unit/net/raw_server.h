/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server for tests that says exactly the bytes it is told, wrong ones too. It runs on the test's
 * own loop, reads whole requests (head, and a body by its Content-Length) and hands them over.
 */
#ifndef DRIFTOP_TESTS_NET_RAW_SERVER_H
#define DRIFTOP_TESTS_NET_RAW_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/loop/id.h"

#define RAW_CONNECTIONS 32

struct loop;
struct raw_server;

/* What to do after a request. */
struct raw_answer {
    const char *bytes;    /* static; NULL: nothing */
    size_t length;        /* 0: strlen(bytes) */
    uint64_t flood_bytes; /* behind them, so many zeros */
    bool close;           /* then close */
};

/* `n` counts the requests of the whole server from 1. */
typedef struct raw_answer raw_fn(struct raw_server *s, unsigned n, const char *request, void *ctx);

struct raw_connection {
    struct raw_server *server;
    int fd; /* -1 when free */
    struct loop_id watch;
    char request[65536];
    size_t length;
    uint64_t flood_bytes;
    bool close;
};

struct raw_server {
    struct loop *loop;
    int fd, port;
    struct loop_id watch;
    unsigned n_requests, n_connections;
    uint64_t n_sent_bytes;
    struct raw_connection connections[RAW_CONNECTIONS];
    raw_fn *fn;
    void *ctx;
};

/* On 127.0.0.1, a port of the kernel's choice. Fails the test when it cannot. */
struct raw_server *raw_server_new(struct loop *loop, raw_fn *fn, void *ctx);
void raw_server_free(struct raw_server *s);

#endif
