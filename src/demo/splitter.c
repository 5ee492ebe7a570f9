/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/splitter.h"

#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/str.h"

void splitter_init(struct splitter *s, const struct clock *clock)
{
    *s = (struct splitter){.clock = clock, .started_ms = clock_mono(clock)};
}

struct splitter_backend *splitter_add_backend(struct splitter *s, const char *name)
{
    if (s->n_backends == SPLITTER_BACKENDS)
        return NULL;
    struct splitter_backend *b = &s->backends[s->n_backends++];
    *b = (struct splitter_backend){0};
    str_copy(b->name, sizeof b->name, name);
    return b;
}

struct splitter_server *splitter_add_server(struct splitter_backend *b, const char *name, int port,
                                            int weight)
{
    if (b->n_servers == SPLITTER_SERVERS)
        return NULL;
    struct splitter_server *server = &b->servers[b->n_servers++];
    *server = (struct splitter_server){.port = port, .weight = weight, .initial = weight};
    str_copy(server->name, sizeof server->name, name);
    return server;
}

struct splitter_backend *splitter_backend(struct splitter *s, const char *name)
{
    for (size_t i = 0; i < s->n_backends; i++)
        if (strcmp(s->backends[i].name, name) == 0)
            return &s->backends[i];
    return NULL;
}

struct splitter_server *splitter_server(struct splitter_backend *b, const char *name)
{
    for (size_t i = 0; i < b->n_servers; i++)
        if (strcmp(b->servers[i].name, name) == 0)
            return &b->servers[i];
    return NULL;
}

bool splitter_serves(const struct splitter_server *server)
{
    return server->admin == SPLITTER_READY && server->weight > 0;
}

struct splitter_server *splitter_choose(struct splitter_backend *b)
{
    struct splitter_server *best = NULL;
    int sum = 0;

    for (size_t i = 0; i < b->n_servers; i++) {
        struct splitter_server *server = &b->servers[i];
        if (!splitter_serves(server)) {
            server->turn = 0;
            continue;
        }
        sum += server->weight;
        server->turn += server->weight;
        if (!best || server->turn > best->turn)
            best = server;
    }
    if (!best) {
        b->unserved++;
        return NULL;
    }
    best->turn -= sum;
    best->given++;
    return best;
}

void splitter_set_admin(struct splitter *s, struct splitter_server *server,
                        enum splitter_admin admin)
{
    if (server->admin == admin)
        return;
    server->admin = admin;
    server->changed_ms = clock_mono(s->clock) - s->started_ms;
}
