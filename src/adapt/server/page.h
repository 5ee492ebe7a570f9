/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A metrics page of a model server to the counters of one version. What the many servers call the
 * same thing is a table (families.c): a new server's names are new rows there. Units become
 * seconds.
 */
#ifndef DRIFTOP_ADAPT_SERVER_PAGE_H
#define DRIFTOP_ADAPT_SERVER_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/model/observation.h"
#include "driftop/net/msg.h"

struct err;

enum family_use {
    USE_REQUESTS, /* all requests */
    USE_SUCCESS,  /* those that went well: requests are these and the failures */
    USE_FAILURE,
    USE_CODES,       /* all requests, by status code: 500 and above are errors */
    USE_LATENCY,     /* histogram or summary; its count is requests where nothing else is */
    USE_LATENCY_SUM, /* a counter of time; the successes are its count */
    USE_QUEUE,
    USE_N
};

/* One family. `name` is without _total, scale makes seconds. Without model_label every sample is
 * the model's; a sample is used only where filter_label begins or ends with one of filter's words. */
struct family {
    const char *name;
    enum family_use use;
    int rank; /* of two for the same use the higher one is taken */
    double scale;
    const char *model_label, *version_label, *code_label;
    const char *filter_label, *filter;
    bool alone; /* usable only when the page speaks of one model */
};

extern const struct family page_families[];
extern const size_t page_n_families;

struct page_query {
    const char *model, *version;
    const struct family *own; /* from the configuration; used instead of the table; may be NULL */
    size_t n_own;
};

/* 0 and *ret filled. ERR_DATA when the page holds none of the families or speaks of other versions
 * only, ERR_PROTOCOL when it is cut off or too large, ERR_NOMEM. A server that has not counted
 * anything yet gives zero requests. */
int page_read(const struct net_reply *reply, const struct page_query *query,
              struct observation *ret, struct err *e);

#endif
