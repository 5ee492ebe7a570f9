/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/poll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/act/access.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"
#include "driftop/net/auth.h"

#define REQUESTS_MAX 512 /* of one poll, pages included */
#define BACK_OFF_MAX 4   /* times the interval */

/* A request under way. */
struct call {
    struct poll *poll;
    size_t request; /* its index */
    struct loop_id id;
};

struct poll {
    struct poll_context context;
    struct poll_target target;
    struct adapt_scope scope;
    struct access access;
    struct source_state source;
    struct loop_id timer;
    uint64_t jitter;

    /* the poll under way */
    struct adapt_requests requests;
    struct call *calls[REQUESTS_MAX]; /* same index as the request; NULL when answered */
    size_t n_sent, n_open;
    struct observation_list observations;
    bool failed, denied, unreached, no_secret; /* of the answers that are needed */
    int64_t latency_ms, begun_mono_ms;
    char fault[MODEL_TEXT_SIZE];
};

static void begin(struct loop *loop, struct loop_id id, void *ctx);

static void schedule(struct poll *p)
{
    int64_t interval_ms = p->source.interval_ms;
    if (p->source.failures > 1) {
        uint64_t factor = p->source.failures < BACK_OFF_MAX ? p->source.failures : BACK_OFF_MAX;
        interval_ms *= (int64_t)factor;
    }
    /* From the beginning of the poll on, or slow answers would stretch the interval. */
    int64_t took_ms = loop_now_ms(p->context.loop) - p->begun_mono_ms;
    int64_t wait_ms = timer_jitter(interval_ms, 0.1, &p->jitter) - took_ms;
    p->timer = timer_once(p->context.loop, wait_ms > 0 ? wait_ms : 0, begin, p);
}

static int target_version(void *ctx, const char *target, char *buf, size_t size)
{
    return config_target_version(ctx, target, buf, size);
}

/* An answer that breaks off, is too long or speaks another protocol is one. */
static bool said_something(const struct net_reply *reply)
{
    return reply->outcome == NET_OK || reply->status || reply->code == ERR_PROTOCOL ||
           reply->code == ERR_LIMIT;
}

/* Which of the needed answers is missing, and how: reply NULL when nothing could even be sent. */
static void note_missing(struct poll *p, int code, const struct net_reply *reply)
{
    bool secret =
        p->access.net.auth && (!reply || (reply->outcome == NET_BEFORE_SEND && code == ERR_AUTH));
    p->failed = true;
    if (secret)
        p->no_secret = true;
    else if (code == ERR_AUTH || code == ERR_DENIED)
        p->denied = true;
    else if (reply && !said_something(reply))
        p->unreached = true;
}

/* What is to be mended first. */
static enum source_health health(const struct poll *p)
{
    return !p->failed     ? SOURCE_OK
           : p->no_secret ? SOURCE_SECRET
           : p->denied    ? SOURCE_AUTH
           : p->unreached ? SOURCE_FAILING
                          : SOURCE_WRONG;
}

static void note_fault(struct poll *p, const struct adapt_request *r, int code,
                       const struct net_reply *reply, const struct err *e)
{
    char text[sizeof r->what + sizeof e->text + 2];
    snprintf(text, sizeof text, "%s: %s", r->what, e && e->text[0] ? e->text : err_message(code));
    /* The first needed answer that is missing says most: the others follow from it. */
    bool said = p->failed || (r->need != ADAPT_NEEDED && p->fault[0]);
    if (r->need == ADAPT_NEEDED)
        note_missing(p, code, reply);
    if (said)
        return;
    utf8_clean(p->fault, sizeof p->fault, text, strlen(text));
}

static void hand_over(struct poll *p, int64_t wall_ms)
{
    struct fleet_reading reading = {
        .deployment = p->target.fleet_deployment,
        .source = p->target.number,
        .version = p->target.version,
        .items = p->observations.items,
        .n_items = p->observations.n_items,
        .wall_ms = wall_ms,
        .mono_ms = loop_now_ms(p->context.loop),
        .target_version = p->target.kind == SOURCE_TRAFFIC ? target_version : NULL,
        .ctx = (void *)(uintptr_t)p->target.deployment,
    };
    fleet_observe(p->context.fleet, &reading);
}

static void finish(struct poll *p)
{
    struct source_state *s = &p->source;
    int64_t wall_ms = clock_wall(loop_clock(p->context.loop));

    /* What did come in counts, even when another answer was missing. */
    if (p->observations.n_items)
        hand_over(p, wall_ms);
    s->latency_ms = (double)p->latency_ms;
    str_copy(s->fault, sizeof s->fault, p->fault);
    s->health = health(p);
    if (p->failed) {
        s->failures++;
        if (p->denied && p->access.net.auth)
            auth_forget(p->access.net.auth);
    } else {
        s->failures = 0;
        s->ok_ms = wall_ms;
    }
    adapt_requests_done(&p->requests);
    observation_list_done(&p->observations);
    if (p->context.polled)
        p->context.polled(p->context.ctx, s);
    schedule(p);
}

static void send_all(struct poll *p);

static void add_more(struct poll *p, struct adapt_requests *more, const struct net_reply *reply)
{
    for (size_t i = 0; i < more->n_items; i++) {
        struct adapt_request *from = &more->items[i];
        struct adapt_request *to = p->requests.n_items < REQUESTS_MAX
                                       ? adapt_requests_add(&p->requests, from->what)
                                       : NULL;
        if (!to) {
            struct err e;
            err_set(&e, ERR_LIMIT, "pages without end: stopped after %d", REQUESTS_MAX);
            note_fault(p, from, ERR_LIMIT, reply, &e);
            return;
        }
        net_request_done(&to->request);
        to->request = from->request;
        net_request_init(&from->request, NET_HTTP);
        to->endpoint = from->endpoint;
        to->page = from->page;
        to->need = from->need;
    }
}

static void answered(struct loop_id id, struct net_reply *reply, void *ctx)
{
    struct call *call = ctx;
    struct poll *p = call->poll;
    const struct adapt_request *r = &p->requests.items[call->request];
    struct adapt_requests more;
    struct err e = {0};
    (void)id;

    p->calls[call->request] = NULL;
    p->n_open--;
    free(call);
    if (reply->latency_ms > p->latency_ms)
        p->latency_ms = reply->latency_ms;
    adapt_requests_init(&more);
    int code = p->target.adapter->decode(&p->scope, r, reply, &p->observations, &more, &e);
    if (code < 0)
        note_fault(p, r, code, reply, &e);
    add_more(p, &more, reply);
    adapt_requests_done(&more);
    send_all(p);
}

/* All that is known goes out at once (the client bounds connections per host), so that one answer
 * that never comes does not hold up the others. */
static void send_all(struct poll *p)
{
    while (p->n_sent < p->requests.n_items) {
        size_t index = p->n_sent++;
        struct adapt_request *r = &p->requests.items[index];
        struct err e = {0};
        struct call *call = calloc(1, sizeof *call);
        if (!call) {
            note_fault(p, r, ERR_NOMEM, NULL, NULL);
            continue;
        }
        call->poll = p;
        call->request = index;
        int code =
            net_send(p->context.net, &r->request, &p->access.net, answered, call, &call->id, &e);
        if (code < 0) {
            free(call);
            note_fault(p, r, code, NULL, &e);
            continue;
        }
        p->calls[index] = call;
        p->n_open++;
    }
    if (p->n_open == 0)
        finish(p);
}

static void begin(struct loop *loop, struct loop_id id, void *ctx)
{
    struct poll *p = ctx;
    struct err e = {0};
    (void)id;

    p->timer = (struct loop_id){0};
    p->begun_mono_ms = loop_now_ms(loop);
    p->source.tried_ms = clock_wall(loop_clock(loop));
    p->failed = p->denied = p->unreached = p->no_secret = false;
    p->fault[0] = '\0';
    p->n_sent = 0;
    p->latency_ms = 0;
    adapt_requests_init(&p->requests);
    observation_list_init(&p->observations);
    int code = p->target.adapter->requests(&p->scope, &p->requests, &e);
    if (code < 0) {
        struct adapt_request whole = {.what = "request", .need = ADAPT_NEEDED};
        note_fault(p, &whole, code, NULL, &e);
    }
    send_all(p);
}

/* "fraud-score/41 open-inference": what people call the source. */
static void describe(struct poll *p)
{
    const struct poll_target *t = &p->target;
    struct source_state *s = &p->source;
    const char *address = option_text(&t->entry->options, "url");
    const struct option_value *sockets = option_get(&t->entry->options, "sockets");
    struct str shown;

    s->kind = t->kind;
    str_copy(s->deployment, sizeof s->deployment, t->deployment->name);
    str_copy(s->version, sizeof s->version, t->version);
    str_copy(s->type, sizeof s->type, t->entry->type);
    if (t->version[0] && t->ordinal)
        snprintf(s->name, sizeof s->name, "%.40s/%.30s %.25s %zu", t->deployment->name, t->version,
                 t->entry->type, t->ordinal);
    else if (t->version[0])
        snprintf(s->name, sizeof s->name, "%.60s/%.30s %.30s", t->deployment->name, t->version,
                 t->entry->type);
    else
        snprintf(s->name, sizeof s->name, "%.90s %.30s", t->deployment->name, t->entry->type);
    if (!address && sockets && sockets->n_items)
        address = sockets->items[0];
    str_init(&shown, 0);
    auth_redact_url(&shown, address ? address : "");
    str_copy(s->endpoint, sizeof s->endpoint, shown.data);
    str_done(&shown);
}

int poll_new(const struct poll_context *context, const struct poll_target *target,
             struct poll **ret, struct err *e)
{
    const struct config *c = context->config;
    struct poll *p = calloc(1, sizeof *p);
    if (!p)
        return err_set(e, ERR_NOMEM, "no memory for a source");
    p->context = *context;
    p->target = *target;
    p->scope = (struct adapt_scope){
        .options = &target->entry->options,
        .deployment = target->deployment->name,
        .version = target->version,
        .model = target->deployment->registry_model,
        .alias = target->deployment->champion_alias,
    };
    const char *model = option_text(&target->entry->options, "model");
    if (model)
        p->scope.model = model;
    p->source.interval_ms =
        (int64_t)option_number(&target->entry->options, "interval", (double)c->poll_interval_ms);
    p->source.timeout_ms = c->timeout_ms;
    p->jitter = hash_fast(target, sizeof *target, (uint64_t)(uintptr_t)p);
    describe(p);
    int r = access_open(c, &target->entry->options, NULL, &p->access, e);
    if (r < 0) {
        free(p);
        return r;
    }
    int64_t first_ms = timer_jitter(p->source.interval_ms / 4, 1.0, &p->jitter);
    p->timer = timer_once(context->loop, first_ms, begin, p);
    *ret = p;
    return 0;
}

void poll_free(struct poll *p)
{
    if (!p)
        return;
    loop_cancel(p->context.loop, p->timer);
    for (size_t i = 0; i < p->n_sent && i < REQUESTS_MAX; i++)
        if (p->calls[i]) {
            net_cancel(p->context.net, p->calls[i]->id);
            free(p->calls[i]);
        }
    fleet_drop_source(p->context.fleet, p->target.fleet_deployment, p->target.number);
    adapt_requests_done(&p->requests);
    observation_list_done(&p->observations);
    access_close(&p->access);
    free(p);
}

struct source_state *poll_source(struct poll *p)
{
    return &p->source;
}
