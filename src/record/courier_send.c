/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "courier_private.h"

#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/utf8.h"
#include "driftop/loop/child.h"

bool courier_armed(void *ctx)
{
    (void)ctx;
    return true;
}

/* 5 s, 10 s, 20 s ... 5 min. */
static int64_t retry_after_ms(int attempts)
{
    int64_t ms = COURIER_RETRY_MS;
    for (int i = 1; i < attempts && ms < COURIER_RETRY_MAX; i++)
        ms *= 2;
    return ms < COURIER_RETRY_MAX ? ms : COURIER_RETRY_MAX;
}

/* `answered`: somebody was there and said something. */
static enum source_health health(int code, bool answered)
{
    if (code == ERR_AUTH)
        return answered ? SOURCE_AUTH : SOURCE_SECRET;
    return answered ? SOURCE_WRONG : SOURCE_FAILING;
}

/* `bad` is what the receiver is when code is an error. */
static void ended(struct letter *l, int code, enum source_health bad, const struct err *e)
{
    struct source_state *s = &l->channel->source;
    int64_t now_ms = clock_wall(loop_clock(l->courier->loop));

    l->in_flight = false;
    l->dirty = true;
    s->tried_ms = now_ms;
    if (code == 0) {
        l->delivered = true;
        s->health = SOURCE_OK;
        s->ok_ms = now_ms;
        s->fault[0] = '\0';
        s->failures = 0;
        return;
    }
    const char *text = e->text[0] ? e->text : err_message(code);
    utf8_clean(l->item.fault, sizeof l->item.fault, text, strlen(text));
    str_copy(s->fault, sizeof s->fault, l->item.fault);
    s->health = bad;
    s->failures++;
    l->item.attempts++;
    l->item.next_ms = now_ms + retry_after_ms(l->item.attempts);
    /* Refused for good: trying again would only be refused again. It is counted, not forgotten. */
    if (code == ERR_REJECTED) {
        l->delivered = true;
        s->refused[REFUSED_SYNTAX]++;
    }
}

static void on_reply(struct loop_id id, struct net_reply *reply, void *ctx)
{
    struct letter *l = ctx;
    struct err e = {0};
    (void)id;
    int code = l->channel->adapter->delivered(reply, &e);
    ended(l, code, health(code, reply->outcome == NET_OK || reply->status), &e);
}

static void on_child(struct loop *loop, struct loop_id id, struct child_result *result, void *ctx)
{
    struct letter *l = ctx;
    struct net_reply reply;
    struct err e = {0};
    (void)loop;
    (void)id;

    net_reply_init(&reply);
    reply.outcome = result->code == 0 ? NET_OK : NET_UNKNOWN;
    reply.code = result->code;
    reply.status = result->exit_status;
    if (result->error_output)
        str_add_bytes(&reply.body, result->error_output->data, result->error_output->length);
    int code = l->channel->adapter->delivered(&reply, &e);
    net_reply_done(&reply);
    ended(l, code, health(code, result->code == 0), &e);
}

static int start(struct courier *c, struct letter *l, struct notify_delivery *d, struct err *e)
{
    l->is_command = d->is_command;
    if (!d->is_command)
        return net_send(c->net, &d->request, &l->channel->access.net, on_reply, l, &l->call, e);
    struct child_options options = {
        .argv = (const char *const *)d->argv,
        .input = l->item.body,
        .input_length = strlen(l->item.body),
        .timeout_ms = COURIER_TIMEOUT_MS,
    };
    return child_run(c->loop, &options, on_child, l, &l->call, e);
}

void courier_send(struct courier *c, struct letter *l, int64_t now_ms)
{
    struct notify_delivery d;
    struct err e = {0};
    (void)now_ms;

    memset(&d, 0, sizeof d);
    l->courier = c;
    net_request_init(&d.request, NET_HTTP);
    int code = l->channel->adapter->delivery(&l->channel->entry->options, l->item.body, &d, &e);
    if (code == 0)
        code = start(c, l, &d, &e);
    net_request_done(&d.request);
    if (code == 0)
        l->in_flight = true;
    else
        /* What keeps a request from being sent at all is the secret; a command has none. */
        ended(l, code, l->channel->access.net.auth ? SOURCE_SECRET : SOURCE_FAILING, &e);
}
