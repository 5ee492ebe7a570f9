/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/model/ground.h"

#include <math.h>

#include "driftop/stats/verdict.h"

double drift_threshold(unsigned reason, bool page)
{
    if (reason & DRIFT_PSI)
        return page ? 0.25 : 0.1;
    if (reason & DRIFT_JS)
        return page ? 0.0225 : 0.01;
    if (reason & DRIFT_KS)
        return page ? 0.1 : 0.05;
    return page ? 0.02 : 0.005;
}

static double times(const struct drift_ground *g)
{
    return fabs(g->value) / g->threshold;
}

/* The best known of the distances that alone give the verdict; else the one that weighs most. */
static struct drift_ground distance_of(const struct drift_summary *d, bool page)
{
    const struct drift_ground all[] = {
        {DRIFT_PSI, (double)d->psi_excess, drift_threshold(DRIFT_PSI, page)},
        {DRIFT_JS, (double)d->js_excess, drift_threshold(DRIFT_JS, page)},
        {DRIFT_KS, (double)d->ks_low, drift_threshold(DRIFT_KS, page)},
    };
    struct drift_ground best = {0, 0, 1};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!(d->reason & all[i].reason))
            continue;
        if (all[i].value >= all[i].threshold)
            return all[i];
        if (!best.reason || times(&all[i]) > times(&best))
            best = all[i];
    }
    return best;
}

/* A rate says more than a distance: people know what missing values are. */
struct drift_ground drift_ground(const struct drift_summary *d)
{
    bool page = d->verdict == VERDICT_PAGE;
    struct drift_ground distance = distance_of(d, page);
    struct drift_ground rate = {d->reason & DRIFT_RATES, (double)d->rate_gap,
                                drift_threshold(0, page)};

    if (!distance.reason && !rate.reason)
        return (struct drift_ground){0, (double)d->psi_excess, drift_threshold(DRIFT_PSI, true)};
    return rate.reason && (!distance.reason || times(&rate) > times(&distance)) ? rate : distance;
}

double drift_distance(const struct drift_summary *d)
{
    double farthest = fmax(0, (double)d->psi_excess / drift_threshold(DRIFT_PSI, true));
    farthest = fmax(farthest, (double)d->js_excess / drift_threshold(DRIFT_JS, true));
    farthest = fmax(farthest, (double)d->ks_low / drift_threshold(DRIFT_KS, true));
    return fmax(farthest, fabs((double)d->rate_gap) / drift_threshold(0, true));
}

struct drift_ground drift_worst_ground(const struct drift_summary *d)
{
    if (drift_worst(d) <= d->verdict)
        return drift_ground(d);
    return (struct drift_ground){d->canary_reason, (double)d->canary_value,
                                 drift_threshold(d->canary_reason, d->canary == VERDICT_PAGE)};
}
