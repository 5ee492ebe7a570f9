/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demo's fleet as a whole: model servers, registry, splitter and the requests that are imagined
 * to arrive. A tick draws the arrivals of the time since the last one, lets the splitter give each
 * to a version, and counts it there; some leave a row behind.
 */
#ifndef DRIFTOP_DEMO_FLEET_H
#define DRIFTOP_DEMO_FLEET_H

#include <stdint.h>

#include "driftop/demo/delivery.h"
#include "driftop/demo/population.h"
#include "driftop/demo/registry.h"
#include "driftop/demo/server.h"
#include "driftop/demo/splitter.h"
#include "driftop/demo/splitter_cli.h"
#include "driftop/loop/id.h"

struct err;
struct loop;
struct net;

struct fleet_options {
    const char
        *folder; /* absolute, exists; logs, reference files, the socket and fleet.json go below */
    uint64_t seed;
    double speed; /* of the script */
};

struct fleet_deployment {
    const struct catalog_deployment *catalog;
    struct population population;
    struct population_row row; /* room for the one being drawn */
    struct random random;
    struct delivery delivery;
    struct splitter_backend *backend;
    struct server servers[CATALOG_VERSIONS];
    struct symptoms symptoms;
};

struct fleet {
    struct fleet_options options;
    struct loop *loop;
    struct net *net;
    struct splitter splitter;
    struct splitter_socket *socket;
    struct registry registry;
    struct fleet_deployment deployments[CATALOG_DEPLOYMENTS];
    int sink_port;
    struct loop_id tick;
    int64_t started_ms, ticked_ms, flushed_ms; /* monotonic */
    bool promoted;
    int failed; /* the first error of a delivery, or 0 */
};

/* Everything up and its files written, fleet.json last. done also after a failure. */
int fleet_init(struct fleet *f, struct loop *loop, const struct fleet_options *options,
               struct err *e);
void fleet_done(struct fleet *f);
/* Seconds of the script that have passed. */
double fleet_script_s(const struct fleet *f);

/* fleet.json, driftop.yaml and the reference files; see manifest.c. */
int fleet_write_files(const struct fleet *f, struct err *e);
/* The arrivals since the last call. */
void fleet_tick(struct fleet *f);

#endif
