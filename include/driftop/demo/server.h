/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One model server of the demo: a port of its own that speaks the Open Inference Protocol for one
 * version of one model, and its Prometheus page under /metrics. What it counts is handed in by the
 * traffic (fleet.h); it serves no inference itself.
 */
#ifndef DRIFTOP_DEMO_SERVER_H
#define DRIFTOP_DEMO_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#define SERVER_BUCKETS 16

struct err;
struct listener;
struct listen_answer;
struct loop;

struct server {
    const char *model, *version;
    struct listener *listener; /* NULL: dead, its port refuses */
    int port;
    uint64_t successes, failures;
    uint64_t buckets[SERVER_BUCKETS + 1]; /* not cumulated; the last is +Inf */
    double seconds;                       /* of all requests */
    unsigned queue;
};

int server_open(struct server *s, struct loop *loop, const char *model, const char *version,
                struct err *e);
/* The port refuses from now on. */
void server_close(struct server *s);
void server_count(struct server *s, double seconds, bool failed);

/* What the demo's HTTP programs have in common: a JSON text as an answer, an error as one. */
struct listen_answer server_json(int status, const char *text);

#endif
