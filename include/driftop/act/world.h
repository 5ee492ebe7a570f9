/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One deployment as it is right now: read live through the adapters by the process that acts, so
 * that it works with the recorder dead. The raw observations are kept, because controllers plan and
 * judge from them; the shares are made here, per version and over all endpoints of the splitter.
 */
#ifndef DRIFTOP_ACT_WORLD_H
#define DRIFTOP_ACT_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/adapt/controller.h"
#include "driftop/base/err.h"
#include "driftop/config/config.h"

struct json;
struct loop;
struct net;

/* One version as the splitter sees it. Ratios are the mean over the splitter's endpoints, each of
 * which makes its own whole. */
struct world_share {
    char version[MODEL_NAME_SIZE], target[MODEL_NAME_SIZE];
    double desired_ratio, effective_ratio;
    bool up;
    double sessions_total;
};

struct world {
    int64_t at_ms;
    bool has_traffic, has_registry;
    struct world_share *shares; /* by version */
    size_t n_shares;
    char champion[MODEL_NAME_SIZE];       /* "" not set */
    char registry_fault[MODEL_TEXT_SIZE]; /* it could not be read: has_registry is then false */
    bool target_asked, target_ready;      /* the server of the version that was asked about */
    char target_state[MODEL_TEXT_SIZE];
    struct observation_list traffic, registry;
};

void world_init(struct world *w);
void world_done(struct world *w);
/* Sums the observations up into shares and champion. ERR_NOMEM. */
int world_settle(struct world *w, const struct config_deployment *d);
const struct world_share *world_share(const struct world *w, const char *version);
/* 0 when both say the same of shares and alias; else ERR_CONFLICT, and what changed, in words. */
int world_compare(const struct world *then, const struct world *now, struct err *e);
/* "v42 75 %  v41 25 %  champion 42". Returns buf. */
char *world_text(const struct world *w, char *buf, size_t size);
struct json *world_json(const struct world *w);
/* Shares and champion back from JSON; the observations are not in it. */
int world_from_json(const struct json *value, struct world *ret, struct err *e);

/* Reading it. `version` NULL or one whose servers are asked whether they are ready. The callback
 * comes once, never from inside the call; the world is moved out by it (world_init the original).
 * On an error e names the source that could not be read. */
typedef void world_read_fn(void *ctx, int code, struct world *world, const struct err *e);
struct world_reading;
int world_read(struct loop *loop, struct net *net, const struct config *config,
               const struct config_deployment *d, const char *version, world_read_fn *done,
               void *ctx, struct world_reading **ret, struct err *e);
void world_read_cancel(struct world_reading *reading);

#endif
