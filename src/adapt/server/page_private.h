/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the samples of one version add up to, before it becomes an observation.
 */
#ifndef DRIFTOP_ADAPT_SERVER_PAGE_PRIVATE_H
#define DRIFTOP_ADAPT_SERVER_PAGE_PRIVATE_H

#include "driftop/wire/prometheus_histogram.h"
#include "page.h"

/* What one version label added up to. rank 0: nothing of that use. */
struct tally {
    char version[MODEL_NAME_SIZE]; /* "" where the sample names none */
    struct {
        int rank;
        double value, errors;
    } use[USE_N];
    struct prometheus_histogram latency;
    double latency_scale;
};

/* Adds to what is in the observation already. */
void tally_add_to(struct tally *t, struct observation *o);

#endif
