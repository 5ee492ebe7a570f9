/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/courier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "courier_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/base/vec.h"
#include "driftop/store/read.h"

int courier_new(struct loop *loop, const struct config *config, struct courier **ret, struct err *e)
{
    struct net_options net = {.armed = courier_armed};
    struct courier *c = calloc(1, sizeof *c);
    int r = ERR_NOMEM;

    if (!c)
        return err_set(e, ERR_NOMEM, "no memory for notifications");
    c->loop = loop;
    c->config = config;
    c->n_channels = config->n_notify;
    c->channels = calloc(config->n_notify + 1, sizeof *c->channels);
    if (!c->channels || (r = net_new(loop, &net, &c->net, e)) < 0)
        goto out;
    for (size_t i = 0; i < c->n_channels; i++) {
        struct channel *ch = &c->channels[i];
        ch->entry = &config->notify[i];
        ch->adapter = adapt_notify_find(ch->entry->type);
        if (!ch->adapter) {
            r = err_set(e, ERR_CONFIG, "unknown type of notification: %s", ch->entry->type);
            goto out;
        }
        ch->source.kind = SOURCE_NOTIFY;
        str_copy(ch->source.type, sizeof ch->source.type, ch->entry->type);
        snprintf(ch->source.name, sizeof ch->source.name, "notify %.40s %zu", ch->entry->type,
                 i + 1);
        if ((r = access_open(config, &ch->entry->options, NULL, &ch->access, e)) < 0)
            goto out;
    }
    *ret = c;
    return 0;
out:
    courier_free(c);
    return r;
}

static void letter_free(struct courier *c, struct letter *l)
{
    if (l->in_flight && l->is_command)
        loop_cancel(c->loop, l->call);
    else if (l->in_flight)
        net_cancel(c->net, l->call);
    free(l->item.body);
    free(l);
}

void courier_free(struct courier *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n_letters; i++)
        letter_free(c, c->letters[i]);
    for (size_t i = 0; c->channels && i < c->n_channels; i++)
        access_close(&c->channels[i].access);
    free(c->letters);
    free(c->told);
    free(c->channels);
    net_free(c->net);
    free(c);
}

static struct channel *find_channel(struct courier *c, const char *name)
{
    for (size_t i = 0; i < c->n_channels; i++)
        if (strcmp(c->channels[i].source.name, name) == 0)
            return &c->channels[i];
    return NULL;
}

static struct letter *add_letter(struct courier *c, struct channel *channel)
{
    if (c->n_letters >= COURIER_LETTERS_MAX ||
        VEC_ROOM(c->letters, c->n_letters, c->letters_capacity, 1) < 0) {
        if (channel)
            channel->source.refused[REFUSED_FULL]++;
        return NULL;
    }
    struct letter *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->channel = channel;
    if (channel)
        str_copy(l->item.channel, sizeof l->item.channel, channel->source.name);
    c->letters[c->n_letters++] = l;
    return l;
}

static struct told *find_told(struct courier *c, int64_t alert_id)
{
    for (size_t i = 0; i < c->n_told; i++)
        if (c->told[i].alert.id == alert_id)
            return &c->told[i];
    if (VEC_ROOM(c->told, c->n_told, c->told_capacity, 1) < 0)
        return NULL;
    struct told *t = &c->told[c->n_told++];
    memset(t, 0, sizeof *t);
    t->alert.id = alert_id;
    t->alert.phase = ALERT_PENDING;
    return t;
}

/* What the last recorder had not delivered. A channel that is no longer configured is dropped at
 * the next flush. */
static int restore_letters(struct courier *c, struct store *store, struct err *e)
{
    struct outbox_item *items;
    size_t n;
    int r = store_outbox(store, INT64_MAX, COURIER_LETTERS_MAX, &items, &n, e);
    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        struct channel *channel = find_channel(c, items[i].channel);
        struct letter *l = add_letter(c, channel);
        if (!l)
            continue;
        l->item = items[i];
        l->delivered = !channel; /* nobody to deliver to: the next flush drops it */
        items[i].body = NULL;
    }
    outbox_free(items, n);
    return 0;
}

int courier_restore(struct courier *c, struct store *store, int64_t now_ms, struct err *e)
{
    struct alert_state *alerts;
    size_t n;
    int r = restore_letters(c, store, e);
    if (r == 0)
        r = store_alerts(store, NULL, now_ms - COURIER_FORGET_MS, &alerts, &n, e);
    if (r < 0)
        return r;
    /* An alert and its letters were stored in one transaction: what is stored was told. */
    for (size_t i = 0; i < n; i++) {
        struct told *t = alerts[i].fired_ms ? find_told(c, alerts[i].id) : NULL;
        if (t)
            *t = (struct told){.alert = alerts[i], .told_ms = now_ms};
    }
    free(alerts);
    return 0;
}

static bool wanted(const struct channel *channel, const struct alert_state *a)
{
    const struct option_value *on = option_get(&channel->entry->options, "on");
    if (a->phase == ALERT_PENDING || !a->fired_ms)
        return false;
    if (!on || !on->present || !on->n_items)
        return true;
    for (size_t i = 0; i < on->n_items; i++)
        if (strcmp(on->items[i], alert_severity_name(a->severity)) == 0)
            return true;
    return false;
}

static void fill(const struct courier *c, const struct alert_state *a, int64_t now_ms,
                 struct notify_alert *ret)
{
    const struct config_deployment *d = config_deployment(c->config, a->deployment);
    *ret = (struct notify_alert){
        .environment = c->config->environment,
        .deployment = a->deployment,
        .version = a->version,
        .feature = a->feature,
        .rule = alert_rule_name(a->rule),
        .severity = alert_severity_name(a->severity),
        .phase = alert_phase_name(a->phase),
        .summary = a->summary,
        .runbook = d && d->runbook ? d->runbook : "",
        .owner = d && d->owner ? d->owner : "",
        .resolution = a->resolution,
        .id = a->id,
        .since_ms = a->since_ms,
        .fired_ms = a->fired_ms,
        .resolved_ms = a->resolved_ms,
        .now_ms = now_ms,
    };
}

/* Whoever is told again and again is told how it is, not how it came about: what still waits for him
 * is replaced, or a receiver that is away for an hour would get every minute of it. */
static struct letter *waiting_letter(struct courier *c, const struct channel *channel,
                                     int64_t alert_id)
{
    for (size_t i = c->n_letters; channel->adapter->resend_ms && i-- > 0;) {
        struct letter *l = c->letters[i];
        if (l->channel == channel && l->item.alert_id == alert_id && !l->in_flight && !l->delivered)
            return l;
    }
    return NULL;
}

static void write_letter(struct courier *c, struct channel *channel, const struct alert_state *a,
                         int64_t now_ms)
{
    struct notify_alert alert;
    struct str body;

    fill(c, a, now_ms, &alert);
    str_init(&body, COURIER_BODY_LIMIT);
    char *text = NULL;
    if (channel->adapter->body(&channel->entry->options, &alert, &body) == 0)
        text = str_take(&body);
    str_done(&body);
    struct letter *l = text ? waiting_letter(c, channel, a->id) : NULL;
    if (text && !l && (l = add_letter(c, channel))) {
        l->item.alert_id = a->id;
        l->item.next_ms = now_ms;
    }
    if (!l) {
        free(text);
        return;
    }
    free(l->item.body);
    l->item.body = text;
    l->dirty = true;
}

void courier_tell(struct courier *c, const struct alert_state *alert, int64_t now_ms)
{
    struct told *t = find_told(c, alert->id);
    if (t)
        t->asked_ms = now_ms;
    /* A flush that failed tells the same again: only news makes a letter. */
    if (!t || (t->alert.phase == alert->phase && t->alert.severity == alert->severity)) {
        if (t)
            t->alert = *alert;
        return;
    }
    t->alert = *alert;
    t->told_ms = now_ms;
    for (size_t i = 0; i < c->n_channels; i++)
        if (wanted(&c->channels[i], alert))
            write_letter(c, &c->channels[i], alert, now_ms);
}

/* What ended long ago needs no second telling. */
static void forget(struct courier *c, int64_t now_ms)
{
    for (size_t i = c->n_told; i-- > 0;) {
        const struct alert_state *a = &c->told[i].alert;
        /* One that cannot be stored comes again and again, and must not be news then. */
        if (a->phase == ALERT_RESOLVED && now_ms - a->resolved_ms > COURIER_FORGET_MS &&
            now_ms - c->told[i].asked_ms > COURIER_FORGET_MS)
            c->told[i] = c->told[--c->n_told];
    }
}

/* Channels that forget what they do not hear again hear it again. */
static void tell_again(struct courier *c, int64_t now_ms)
{
    for (size_t i = 0; i < c->n_told; i++) {
        struct told *t = &c->told[i];
        bool again = false;
        for (size_t k = 0; k < c->n_channels; k++) {
            struct channel *ch = &c->channels[k];
            int64_t every_ms = ch->adapter->resend_ms;
            bool ended = t->alert.phase == ALERT_RESOLVED &&
                         now_ms - t->alert.resolved_ms > ch->adapter->resolved_resend_ms;
            if (!every_ms || ended || now_ms - t->told_ms < every_ms || !wanted(ch, &t->alert))
                continue;
            write_letter(c, ch, &t->alert, now_ms);
            again = true;
        }
        if (again)
            t->told_ms = now_ms;
    }
}

/* Of one alert a channel hears in order: "resolved" must not be overtaken by "firing". It comes up
 * again when the one before it does. */
static bool must_wait(struct courier *c, size_t at)
{
    struct letter *l = c->letters[at];
    for (size_t i = 0; i < at; i++) {
        const struct letter *before = c->letters[i];
        if (before->delivered || before->channel != l->channel ||
            before->item.alert_id != l->item.alert_id)
            continue;
        if (!before->in_flight && before->item.next_ms > l->item.next_ms)
            l->item.next_ms = before->item.next_ms;
        return true;
    }
    return false;
}

void courier_tick(struct courier *c, int64_t now_ms)
{
    size_t in_flight = 0;

    tell_again(c, now_ms);
    forget(c, now_ms);
    for (size_t i = 0; i < c->n_letters; i++)
        in_flight += c->letters[i]->in_flight;
    for (size_t i = 0; i < c->n_letters && in_flight < COURIER_IN_FLIGHT; i++) {
        struct letter *l = c->letters[i];
        if (l->in_flight || l->delivered || l->item.next_ms > now_ms || must_wait(c, i))
            continue;
        courier_send(c, l, now_ms);
        in_flight += l->in_flight;
    }
}

int courier_flush(struct courier *c, struct store *store, struct err *e)
{
    int r = 0;
    for (size_t i = 0; i < c->n_letters && r == 0; i++) {
        struct letter *l = c->letters[i];
        if (l->delivered && l->item.id)
            r = store_drop_outbox(store, l->item.id, e);
        else if (!l->delivered && l->dirty)
            r = store_put_outbox(store, &l->item, e);
    }
    return r;
}

void courier_flushed(struct courier *c)
{
    for (size_t i = c->n_letters; i-- > 0;) {
        struct letter *l = c->letters[i];
        l->dirty = false;
        if (!l->delivered || l->in_flight)
            continue;
        letter_free(c, l);
        memmove(&c->letters[i], &c->letters[i + 1],
                (c->n_letters - i - 1) * sizeof(struct letter *));
        c->n_letters--;
    }
}

size_t courier_channels(const struct courier *c)
{
    return c->n_channels;
}

struct source_state *courier_source(struct courier *c, size_t channel)
{
    return &c->channels[channel].source;
}
