/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How one deployment's rows get to driftop: appended to a log that is rotated, or posted to
 * driftop's sink as flat rows or as an inference logger's pairs of events. What the sink does not
 * take is lost, as with a real logger; it may start later than the fleet.
 */
#ifndef DRIFTOP_DEMO_DELIVERY_H
#define DRIFTOP_DEMO_DELIVERY_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/base/str.h"
#include "driftop/demo/population.h"

#define DELIVERY_BATCH        64
#define DELIVERY_ROTATE_BYTES ((int64_t)64 << 20)

struct err;
struct net;

struct delivery {
    const struct population *population;
    char path[4096]; /* of the log */
    int fd;
    int64_t rotate_bytes;
    struct net *net;
    char url[64]; /* of the sink */
    uint64_t n_events;
    struct random *random; /* for the events' ids */
    struct str text;       /* rows that wait for the flush, as lines */
    /* DELIVER_SINK_EVENTS: rows that wait, by version */
    struct population_row rows[CATALOG_VERSIONS][DELIVERY_BATCH];
    size_t n_rows[CATALOG_VERSIONS];
};

/* path is the log's for DELIVER_FILE, url the sink's else. Everything is borrowed. ERR_IO,
 * ERR_NOMEM. done also after a failure. */
int delivery_init(struct delivery *d, const struct population *p, const char *path, struct net *net,
                  const char *url, struct random *random, struct err *e);
void delivery_done(struct delivery *d);
/* Takes a copy of the row. */
void delivery_add(struct delivery *d, const struct population_row *row, unsigned version,
                  int64_t at_ms);
/* Writes or posts what waits. ERR_IO, ERR_FULL: the rows are lost. */
int delivery_flush(struct delivery *d, int64_t now_ms, struct err *e);

#endif
