/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of sending share: a loop, a sender that may write, and the last reply. Included
 * once by each test program, after cmocka.
 */
#ifndef DRIFTOP_TESTS_NET_WORLD_H
#define DRIFTOP_TESTS_NET_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../loop/wait.h"
#include "driftop/net/auth.h"
#include "driftop/net/send.h"
#include "raw_server.h"

struct world {
    struct clock clock;
    struct loop *loop;
    struct net *net;
    struct raw_server *server;
    raw_fn *script; /* set by a test before its first request */
    bool armed;
    unsigned n_replies;
    struct net_reply reply; /* the last one, its body moved here */
    char seen[4096];        /* the last request the server saw */
};

static inline bool world_armed(void *ctx)
{
    return ((struct world *)ctx)->armed;
}

static inline struct raw_answer world_answer(struct raw_server *s, unsigned n, const char *request,
                                             void *ctx)
{
    struct world *w = ctx;
    str_copy(w->seen, sizeof w->seen, request);
    return w->script(s, n, request, ctx);
}

static inline int world_set_up(void **state)
{
    static struct world world;
    world = (struct world){.clock = clock_system(), .armed = true};
    net_reply_init(&world.reply);
    world.loop = loop_new(&world.clock);
    struct net_options options = {.armed = world_armed, .armed_ctx = &world};
    if (world.loop == NULL || net_new(world.loop, &options, &world.net, NULL) < 0)
        return -1;
    world.server = raw_server_new(world.loop, world_answer, &world);
    *state = &world;
    return 0;
}

static inline int world_tear_down(void **state)
{
    struct world *w = *state;
    net_free(w->net);
    raw_server_free(w->server);
    loop_free(w->loop);
    net_reply_done(&w->reply);
    return 0;
}

static inline void world_on_reply(struct loop_id id, struct net_reply *reply, void *ctx)
{
    struct world *w = ctx;
    assert_true(loop_id_set(id));
    w->n_replies++;
    net_reply_done(&w->reply);
    w->reply = *reply;
    str_init(&reply->body, 0);
}

/* A request to the raw server. "POST" and the like are marked as writes. */
static inline struct net_request world_request(struct world *w, const char *method,
                                               const char *path)
{
    struct net_request r;
    net_request_init(&r, NET_HTTP);
    net_request_method(&r, method);
    net_request_address(&r, "http://127.0.0.1:%d%s", w->server->port, path);
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        r.flags |= NET_MUTATING;
    return r;
}

/* Send it, wait for the reply, done with the request. Returns the reply's code, or that of a
 * refusal. */
static inline int world_send(struct world *w, struct net_request *r,
                             const struct net_access *access)
{
    unsigned before = w->n_replies;
    int code = net_send(w->net, r, access, world_on_reply, w, NULL, NULL);
    net_request_done(r);
    if (code < 0)
        return code;
    WAIT_FOR(w->loop, w->n_replies > before);
    return w->reply.code;
}

static inline int world_ask(struct world *w, const char *method, const char *path)
{
    struct net_request r = world_request(w, method, path);
    return world_send(w, &r, NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_set_up, world_tear_down)

#endif
