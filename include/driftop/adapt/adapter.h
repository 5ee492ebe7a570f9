/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Adapters: one file each, one const struct each, named once in its kind's list (src/adapt/lists.c). All functions are pure: `requests` says what to ask, `decode` turns one reply
 * into observations. No socket, no clock, no global; so an adapter is tested from folders of
 * replies and fuzzed as bytes. Options come as an option_set made from the adapter's own rows.
 */
#ifndef DRIFTOP_ADAPT_ADAPTER_H
#define DRIFTOP_ADAPT_ADAPTER_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/config/option.h"
#include "driftop/model/observation.h"
#include "driftop/net/msg.h"

struct err;

/* What the adapter is asked about: one configured source. Texts are borrowed. */
struct adapt_scope {
    const struct option_set *options;
    const char *deployment;
    const char *version; /* the configured version of a server; "" otherwise */
    const char *model;   /* the model's name at the registry or server */
    const char *alias;   /* the champion alias; registry only */
};

/* Requests of one poll. `what` is the adapter's own label of a request ("ready", "metrics",
 * "page 2"): it comes back in decode and is shown in logs and plans. */
struct adapt_request {
    struct net_request request;
    char what[64];
    unsigned endpoint; /* among several (sockets): copied into what is decoded from its reply */
    unsigned page;     /* the adapter's own */
    enum adapt_need { ADAPT_NEEDED, ADAPT_OPTIONAL } need; /* a missing optional one is no fault */
};

struct adapt_requests {
    struct adapt_request *items;
    size_t n_items, items_capacity;
};

void adapt_requests_init(struct adapt_requests *list);
void adapt_requests_done(struct adapt_requests *list);
/* A cleared new element, its request initialised; NULL when out of memory or beyond 1,000. */
struct adapt_request *adapt_requests_add(struct adapt_requests *list, const char *what);

struct adapter {
    const char *name; /* as in the configuration's `type:` */
    const char *help; /* one line */
    const struct option_row *options;
    size_t n_options;

    /* Append what a poll asks. */
    int (*requests)(const struct adapt_scope *scope, struct adapt_requests *ret, struct err *e);
    /* One reply. Appends observations; may append more requests (the next page) to `more`. An error
     * names the fault for people and costs only this reply. */
    int (*decode)(const struct adapt_scope *scope, const struct adapt_request *request,
                  const struct net_reply *reply, struct observation_list *ret,
                  struct adapt_requests *more, struct err *e);
    /* NULL for adapters that only watch. */
    const struct controller *controller;
};

/* The lists, each ended by NULL; src/adapt/lists.c names every adapter once. */
extern const struct adapter *const adapt_servers[];
extern const struct adapter *const adapt_registries[];
extern const struct adapter *const adapt_traffic[];
const struct adapter *adapt_find(const struct adapter *const *list, const char *name);

#endif
