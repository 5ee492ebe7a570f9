/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/act/access.h"
#include "driftop/act/world.h"
#include "driftop/base/clock.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/base/vec.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"

#define CALLS_MAX 256

enum asked { ASKED_TRAFFIC, ASKED_REGISTRY, ASKED_SERVER };

/* One source of the world. */
struct asking {
    enum asked what;
    const struct adapter *adapter;
    struct adapt_scope scope;
    struct access access;
    struct adapt_requests requests;
    size_t n_sent;
};

struct call {
    struct world_reading *reading;
    size_t asking, request;
    struct loop_id id;
    bool open;
};

struct world_reading {
    struct loop *loop;
    struct net *net;
    struct world world;
    const struct config_deployment *d;
    world_read_fn *done;
    void *ctx;
    struct asking askings[16];
    size_t n_askings;
    struct call *calls[CALLS_MAX]; /* on the heap: the client holds pointers to them */
    size_t n_calls, n_open;
    struct loop_id finishing;
    int code;
    struct err err;
};

void world_read_cancel(struct world_reading *r)
{
    if (!r)
        return;
    loop_cancel(r->loop, r->finishing);
    for (size_t i = 0; i < r->n_calls; i++) {
        if (r->calls[i]->open)
            net_cancel(r->net, r->calls[i]->id);
        free(r->calls[i]);
    }
    for (size_t i = 0; i < r->n_askings; i++) {
        adapt_requests_done(&r->askings[i].requests);
        access_close(&r->askings[i].access);
    }
    world_done(&r->world);
    free(r);
}

/* On a turn of its own, so that the callback never comes from inside world_read(). */
static void finish(struct loop *loop, struct loop_id id, void *ctx)
{
    struct world_reading *r = ctx;
    (void)id;

    r->finishing = (struct loop_id){0};
    r->world.at_ms = clock_wall(loop_clock(loop));
    if (r->code == 0 && world_settle(&r->world, r->d) < 0)
        r->code = err_set(&r->err, ERR_NOMEM, "no memory for the state of %s", r->d->name);
    r->done(r->ctx, r->code, &r->world, &r->err);
    world_read_cancel(r);
}

static void maybe_finish(struct world_reading *r)
{
    if (r->n_open == 0 && !loop_id_set(r->finishing))
        r->finishing = timer_once(r->loop, 0, finish, r);
}

static void note_fault(struct world_reading *r, const struct asking *a,
                       const struct adapt_request *request, int code, const struct err *e)
{
    const char *said = e->text[0] ? e->text : err_message(code);
    char text[200];
    if (request->need == ADAPT_OPTIONAL)
        return;
    utf8_clean(text, sizeof text, said, strlen(said)); /* it may quote the other side */
    if (a->what == ASKED_REGISTRY) {
        /* Traffic can be moved while the registry is away; the alias then stays as it is. */
        str_copy(r->world.registry_fault, sizeof r->world.registry_fault, text);
        r->world.has_registry = false;
    } else if (a->what == ASKED_SERVER) {
        str_copy(r->world.target_state, sizeof r->world.target_state, text);
        r->world.target_ready = false;
    } else if (r->code == 0) {
        r->code = code;
        err_set(&r->err, code, "%s: %s", request->what, text);
    }
}

static void take_ready(struct world_reading *r, const struct observation_list *list)
{
    for (size_t i = 0; i < list->n_items; i++)
        if (list->items[i].kind == OBSERVATION_READY) {
            r->world.target_ready = list->items[i].ready && r->world.target_ready;
            if (!list->items[i].ready)
                str_copy(r->world.target_state, sizeof r->world.target_state, list->items[i].text);
        }
}

static int decode(struct world_reading *r, struct asking *a, const struct adapt_request *request,
                  const struct net_reply *reply, struct adapt_requests *more, struct err *e)
{
    struct observation_list *list =
        a->what == ASKED_TRAFFIC ? &r->world.traffic : &r->world.registry;
    if (a->what != ASKED_SERVER)
        return a->adapter->decode(&a->scope, request, reply, list, more, e);
    struct observation_list own;
    observation_list_init(&own);
    int code = a->adapter->decode(&a->scope, request, reply, &own, more, e);
    take_ready(r, &own);
    observation_list_done(&own);
    return code;
}

static void send_all(struct world_reading *r, size_t asking);

static void answered(struct loop_id id, struct net_reply *reply, void *ctx)
{
    struct call *call = ctx;
    struct world_reading *r = call->reading;
    struct asking *a = &r->askings[call->asking];
    const struct adapt_request *request = &a->requests.items[call->request];
    struct adapt_requests more;
    struct err e = {0};
    (void)id;

    call->open = false;
    r->n_open--;
    adapt_requests_init(&more);
    int code = decode(r, a, request, reply, &more, &e);
    if (code < 0)
        note_fault(r, a, request, code, &e);
    for (size_t i = 0; i < more.n_items; i++) {
        struct adapt_request *to = adapt_requests_add(&a->requests, more.items[i].what);
        if (!to)
            break;
        net_request_done(&to->request);
        to->request = more.items[i].request;
        net_request_init(&more.items[i].request, NET_HTTP);
        to->endpoint = more.items[i].endpoint;
        to->page = more.items[i].page;
        to->need = more.items[i].need;
    }
    adapt_requests_done(&more);
    send_all(r, call->asking);
    maybe_finish(r);
}

static void send_one(struct world_reading *r, size_t asking, size_t index)
{
    struct asking *a = &r->askings[asking];
    struct err e = {0};
    struct call *call = r->n_calls < CALLS_MAX ? calloc(1, sizeof *call) : NULL;
    int code = call ? 0 : ERR_LIMIT;

    if (call) {
        *call = (struct call){.reading = r, .asking = asking, .request = index};
        r->calls[r->n_calls++] = call;
        code = net_send(r->net, &a->requests.items[index].request, &a->access.net, answered, call,
                        &call->id, &e);
    }
    if (code < 0) {
        note_fault(r, a, &a->requests.items[index], code, &e);
        return;
    }
    call->open = true;
    r->n_open++;
}

static void send_all(struct world_reading *r, size_t asking)
{
    struct asking *a = &r->askings[asking];
    while (a->n_sent < a->requests.n_items)
        send_one(r, asking, a->n_sent++);
}

static int ask(struct world_reading *r, const struct config *config,
               const struct config_adapter *entry, const struct adapter *const *list,
               enum asked what, const char *version, struct err *e)
{
    if (r->n_askings >= sizeof r->askings / sizeof *r->askings)
        return 0;
    struct asking *a = &r->askings[r->n_askings];
    const char *model = option_text(&entry->options, "model");
    const struct option_set *own =
        what == ASKED_REGISTRY ? config_credentials(config, entry->name) : NULL;

    memset(a, 0, sizeof *a);
    a->what = what;
    a->adapter = adapt_find(list, entry->type);
    if (!a->adapter)
        return err_set(e, ERR_CONFIG, "unknown type %s", entry->type);
    a->scope = (struct adapt_scope){
        .options = &entry->options,
        .deployment = r->d->name,
        .version = version,
        .model = model ? model : r->d->registry_model,
        .alias = r->d->champion_alias,
    };
    adapt_requests_init(&a->requests);
    int code = access_open(config, &entry->options, own, &a->access, e);
    if (code == 0)
        code = a->adapter->requests(&a->scope, &a->requests, e);
    r->n_askings++;
    return code;
}

static int ask_all(struct world_reading *r, const struct config *config, const char *version,
                   struct err *e)
{
    const struct config_deployment *d = r->d;
    const struct config_version *v = version ? config_version(d, version) : NULL;
    int code = 0;

    r->world.has_traffic = d->traffic != NULL;
    r->world.has_registry = d->registry != NULL;
    if (d->traffic)
        code = ask(r, config, d->traffic, adapt_traffic, ASKED_TRAFFIC, "", e);
    if (code == 0 && d->registry)
        code = ask(r, config, d->registry, adapt_registries, ASKED_REGISTRY, "", e);
    for (size_t i = 0; code == 0 && v && i < v->n_servers; i++) {
        r->world.target_asked = r->world.target_ready = true;
        code = ask(r, config, &v->servers[i], adapt_servers, ASKED_SERVER, version, e);
    }
    return code;
}

int world_read(struct loop *loop, struct net *net, const struct config *config,
               const struct config_deployment *d, const char *version, world_read_fn *done,
               void *ctx, struct world_reading **ret, struct err *e)
{
    struct world_reading *r = calloc(1, sizeof *r);
    if (!r)
        return err_set(e, ERR_NOMEM, "no memory to read %s", d->name);
    r->loop = loop;
    r->net = net;
    r->d = d;
    r->done = done;
    r->ctx = ctx;
    world_init(&r->world);
    int code = ask_all(r, config, version, e);
    if (code < 0) {
        world_read_cancel(r);
        return code;
    }
    for (size_t i = 0; i < r->n_askings; i++)
        send_all(r, i);
    maybe_finish(r);
    *ret = r;
    return 0;
}
