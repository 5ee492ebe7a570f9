/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Polling one source: on its own clock with jitter, the adapter's requests are sent, every reply is
 * decoded, follow-up pages are fetched, and when the last answer is in the fleet takes the
 * observations as one reading. A source that fails is asked less often, up to a bound, and never
 * delays another.
 */
#ifndef DRIFTOP_RECORD_POLL_H
#define DRIFTOP_RECORD_POLL_H

#include "driftop/adapt/adapter.h"
#include "driftop/config/config.h"
#include "driftop/model/fleet.h"
#include "driftop/model/state.h"

struct err;
struct loop;
struct net;

/* What all polls share; borrowed. */
struct poll_context {
    struct loop *loop;
    struct net *net;
    const struct config *config;
    struct fleet *fleet;
    /* Called after each completed poll. */
    void (*polled)(void *ctx, const struct source_state *source);
    void *ctx;
};

/* What is asked: texts are borrowed from the configuration. */
struct poll_target {
    const struct config_deployment *deployment;
    const struct config_adapter *entry;
    const struct adapter *adapter;
    enum source_kind kind;
    const char *version; /* "" but for servers */
    size_t ordinal;      /* among the servers of a version: 0 when there is only one, else from 1 */
    struct fleet_id fleet_deployment;
    uint32_t number; /* of the source, for the fleet */
};

struct poll;

/* The first poll follows within one interval, spread by chance. */
int poll_new(const struct poll_context *context, const struct poll_target *target,
             struct poll **ret, struct err *e);
/* What is in flight is cancelled; what the source said is dropped from the fleet. */
void poll_free(struct poll *p);
struct source_state *poll_source(struct poll *p);

#endif
