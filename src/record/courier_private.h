/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What courier.c (what is told to whom) and courier_send.c (how it gets there) share.
 */
#ifndef DRIFTOP_RECORD_COURIER_PRIVATE_H
#define DRIFTOP_RECORD_COURIER_PRIVATE_H

#include "driftop/act/access.h"
#include "driftop/adapt/notify.h"
#include "driftop/base/str.h"
#include "driftop/loop/loop.h"
#include "driftop/record/courier.h"
#include "driftop/store/write.h"

#define COURIER_LETTERS_MAX ((size_t)10000)
#define COURIER_BODY_LIMIT  ((size_t)64 << 10)
#define COURIER_IN_FLIGHT   4
#define COURIER_TIMEOUT_MS  30000
#define COURIER_RETRY_MS    5000
#define COURIER_RETRY_MAX   300000
#define COURIER_FORGET_MS   600000 /* longer than any channel wants to hear of an end */

struct channel {
    const struct config_adapter *entry;
    const struct notify_adapter *adapter;
    struct access access;
    struct source_state source;
};

/* One notification to one channel. It stays until a flush has taken it out of the store. */
struct letter {
    struct courier *courier;
    struct channel *channel;
    struct outbox_item item;
    struct loop_id call;
    bool is_command; /* what `call` is an id of: a child or a transfer */
    bool in_flight, delivered, dirty;
};

/* The last thing that was told of an alert. */
struct told {
    struct alert_state alert;
    int64_t told_ms, asked_ms; /* last letter; last time that it was said to have changed */
};

struct courier {
    struct loop *loop;
    struct net *net;
    const struct config *config;
    struct channel *channels;
    size_t n_channels;
    struct letter **letters;
    size_t n_letters, letters_capacity;
    struct told *told;
    size_t n_told, told_capacity;
};

/* Notifying is a write that the configuration asked for. */
bool courier_armed(void *ctx);
/* Starts the delivery: the letter is then in flight, or has its next time set. */
void courier_send(struct courier *c, struct letter *l, int64_t now_ms);

#endif
