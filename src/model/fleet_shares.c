/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The three shares of a deployment's versions, never merged. desired: the user's weights over all
 * targets. effective: the weights that count now over the targets that are up. observed: the
 * requests really given over the window. Weights mean something only beside their siblings on the
 * same endpoint, so shares are made per endpoint and then averaged; requests are added up.
 */
#include <math.h>
#include <string.h>

#include "driftop/base/str.h"
#include "fleet_private.h"

#define VERSION_TRAFFIC (VERSION_DESIRED | VERSION_EFFECTIVE | VERSION_OBSERVED | VERSION_UP)

static double effective_weight(const struct target *t)
{
    if (!(t->has & HAS_EFFECTIVE) || ((t->has & HAS_UP) && !t->up))
        return 0;
    return t->effective_weight > 0 ? t->effective_weight : 0;
}

static double desired_weight(const struct target *t)
{
    return (t->has & HAS_DESIRED) && t->desired_weight > 0 ? t->desired_weight : 0;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/* One endpoint's targets into its versions' sums. Returns the requests it gave out. */
static double add_splitter(struct splitter *s, unsigned *ret_has)
{
    double desired = 0, effective = 0, sessions = 0;

    for (size_t i = 0; i < s->n_targets; i++) {
        desired += desired_weight(&s->targets[i]);
        effective += effective_weight(&s->targets[i]);
    }
    for (size_t i = 0; i < s->n_targets; i++) {
        double delta[COUNTER_BUCKETS + MODEL_LATENCY_MAX];
        struct target *t = &s->targets[i];
        struct version_entry *v = t->version;

        if (!v->named) {
            v->named = true;
            v->state.up = false;
            str_copy(v->state.target, sizeof v->state.target, t->name);
            if (!(v->state.has & VERSION_READY))
                str_copy(v->state.state, sizeof v->state.state, t->state);
        }
        v->desired_sum += share(desired_weight(t), desired);
        v->effective_sum += share(effective_weight(t), effective);
        if (t->counters.n_values)
            v->state.served_total += t->counters.total[COUNTER_REQUESTS];
        if (counters_window(&t->counters, FLEET_WINDOW_MS, delta) > 0) {
            v->sessions_sum += delta[COUNTER_REQUESTS];
            sessions += delta[COUNTER_REQUESTS];
        }
        if (t->has & HAS_UP) {
            v->state.up = v->state.up || t->up;
            v->state.has |= VERSION_UP;
        }
        *ret_has |= t->has;
    }
    return sessions;
}

static void clear(struct version_entry *v)
{
    v->state.has &= ~(unsigned)VERSION_TRAFFIC;
    v->state.target[0] = '\0';
    v->desired_sum = v->effective_sum = v->sessions_sum = 0;
    v->state.served_total = 0;
    v->named = false;
}

struct shares {
    int n_splitters;
    double sessions;
    unsigned has;
    int64_t at_ms, mono_ms;
};

static void set(struct version_entry *v, const struct shares *sum)
{
    struct version_state *s = &v->state;
    struct series *series;

    if (!v->named)
        return;
    s->traffic_at_ms = sum->at_ms;
    if (sum->has & HAS_DESIRED) {
        s->desired_ratio = v->desired_sum / sum->n_splitters;
        s->has |= VERSION_DESIRED;
    }
    if (sum->has & HAS_EFFECTIVE) {
        s->effective_ratio = v->effective_sum / sum->n_splitters;
        s->has |= VERSION_EFFECTIVE;
    }
    if (sum->sessions > 0) {
        s->observed_ratio = v->sessions_sum / sum->sessions;
        s->has |= VERSION_OBSERVED;
    }
    series = fleet_need_series(v);
    if (series)
        series_add(&series[SERIES_SHARE], sum->mono_ms,
                   s->has & VERSION_OBSERVED ? s->observed_ratio : NAN);
}

void fleet_refresh_shares(const struct fleet *f, struct deployment_entry *d, int64_t mono_ms)
{
    struct shares sum = {.mono_ms = mono_ms};

    for (size_t i = 0; i < d->n_versions; i++)
        clear(fleet_get_version(f, d->versions[i]));
    for (size_t i = 0; i < d->n_splitters; i++) {
        struct splitter *s = &d->splitters[i];
        if (s->n_targets == 0 || mono_ms - s->mono_ms > FLEET_WINDOW_MS)
            continue;
        sum.sessions += add_splitter(s, &sum.has);
        if (sum.n_splitters++ == 0 || s->at_ms < sum.at_ms)
            sum.at_ms = s->at_ms;
    }
    for (size_t i = 0; i < d->n_versions; i++)
        set(fleet_get_version(f, d->versions[i]), &sum);
}
