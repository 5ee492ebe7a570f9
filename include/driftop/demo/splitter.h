/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demo's traffic splitter as plain state: backends with weighted servers, the way HAProxy keeps
 * them with "balance roundrobin" and without health checks. splitter_cli.h speaks for it. Names
 * are constants of the caller.
 */
#ifndef DRIFTOP_DEMO_SPLITTER_H
#define DRIFTOP_DEMO_SPLITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPLITTER_BACKENDS   32
#define SPLITTER_SERVERS    4
#define SPLITTER_NAME_SIZE  64
#define SPLITTER_WEIGHT_MAX 256

struct clock;

enum splitter_admin { SPLITTER_READY, SPLITTER_DRAIN, SPLITTER_MAINT };

struct splitter_server {
    char name[SPLITTER_NAME_SIZE];
    int port; /* on 127.0.0.1 */
    int weight, initial;
    enum splitter_admin admin;
    int turn; /* of the smooth round robin */
    uint64_t given, answered, failed, refused;
    uint64_t bytes_in, bytes_out;
    double response_ms; /* mean of the last ones */
    int64_t changed_ms; /* monotonic: when the admin state last changed */
};

struct splitter_backend {
    char name[SPLITTER_NAME_SIZE];
    struct splitter_server servers[SPLITTER_SERVERS];
    size_t n_servers;
    uint64_t unserved; /* requests when no server could take one */
};

struct splitter {
    const struct clock *clock;
    int64_t started_ms; /* monotonic */
    struct splitter_backend backends[SPLITTER_BACKENDS];
    size_t n_backends;
    uint64_t n_commands;
};

void splitter_init(struct splitter *s, const struct clock *clock);
/* NULL when there are too many. */
struct splitter_backend *splitter_add_backend(struct splitter *s, const char *name);
struct splitter_server *splitter_add_server(struct splitter_backend *b, const char *name, int port,
                                            int weight);
struct splitter_backend *splitter_backend(struct splitter *s, const char *name);
struct splitter_server *splitter_server(struct splitter_backend *b, const char *name);

/* Whether new requests go there at all. */
bool splitter_serves(const struct splitter_server *server);
/* The server of the next request, and counts it: smooth weighted round robin, so that any hundred
 * requests are split as the weights say. NULL when none serves. */
struct splitter_server *splitter_choose(struct splitter_backend *b);
void splitter_set_admin(struct splitter *s, struct splitter_server *server,
                        enum splitter_admin admin);

#endif
