/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A tally to the counters of an observation: which use stands for what.
 */
#include <string.h>

#include "page_private.h"

/* More buckets than are kept: every k-th bound and always the last. */
static void set_buckets(struct observed_metrics *m, const struct prometheus_histogram *h,
                        double scale)
{
    size_t step = (h->n_buckets + MODEL_LATENCY_MAX - 1) / MODEL_LATENCY_MAX;

    m->n_buckets = 0;
    for (size_t i = 0; i < h->n_buckets; i++) {
        if ((h->n_buckets - 1 - i) % step != 0)
            continue;
        m->bucket_le_s[m->n_buckets] = h->buckets[i].le * scale;
        m->bucket_count[m->n_buckets++] = h->buckets[i].count;
    }
}

static void add_latency(struct observation *o, struct tally *t)
{
    struct observed_metrics *m = &o->metrics, one = {0};

    if (t->use[USE_LATENCY].rank == 0)
        return;
    /* A summary has no buckets: a mean is all it says. */
    bool summary = t->latency.n_buckets == 0 && t->latency.has_count;
    if (!summary && prometheus_histogram_close(&t->latency, NULL) < 0)
        return;
    if (t->latency.has_sum) {
        m->latency_sum_s += t->latency.sum * t->latency_scale;
        m->latency_count += prometheus_histogram_total(&t->latency);
        o->has |= HAS_LATENCY_SUM;
    }
    if (t->latency.n_buckets < 2)
        return;
    set_buckets(&one, &t->latency, t->latency_scale);
    if (!(o->has & HAS_LATENCY_BUCKETS)) {
        m->n_buckets = one.n_buckets;
        memcpy(m->bucket_le_s, one.bucket_le_s, sizeof m->bucket_le_s);
    } else if (m->n_buckets != one.n_buckets ||
               memcmp(m->bucket_le_s, one.bucket_le_s, sizeof m->bucket_le_s) != 0) {
        return;
    }
    for (size_t i = 0; i < m->n_buckets; i++)
        m->bucket_count[i] += one.bucket_count[i];
    o->has |= HAS_LATENCY_BUCKETS;
}

static void add_requests(struct observation *o, struct tally *t)
{
    struct observed_metrics *m = &o->metrics;
    bool failures = t->use[USE_FAILURE].rank > 0;

    if (t->use[USE_REQUESTS].rank > 0) {
        m->requests_total += t->use[USE_REQUESTS].value;
    } else if (t->use[USE_SUCCESS].rank > 0 || failures) {
        m->requests_total += t->use[USE_SUCCESS].value + t->use[USE_FAILURE].value;
        failures = true; /* a counter without a series yet has counted nothing */
    } else if (t->use[USE_CODES].rank > 0) {
        m->requests_total += t->use[USE_CODES].value;
        m->errors_total += t->use[USE_CODES].errors;
        o->has |= HAS_ERRORS;
    } else if (t->use[USE_LATENCY].rank > 0) {
        m->requests_total += prometheus_histogram_total(&t->latency);
    } else {
        return;
    }
    o->has |= HAS_REQUESTS;
    if (failures) {
        m->errors_total += t->use[USE_FAILURE].value;
        o->has |= HAS_ERRORS;
    }
}

void tally_add_to(struct tally *t, struct observation *o)
{
    struct observed_metrics *m = &o->metrics;

    add_latency(o, t);
    add_requests(o, t);
    if (t->use[USE_LATENCY_SUM].rank > 0 && t->use[USE_LATENCY].rank == 0) {
        m->latency_sum_s += t->use[USE_LATENCY_SUM].value;
        m->latency_count += t->use[USE_SUCCESS].value;
        o->has |= HAS_LATENCY_SUM;
    }
    if (t->use[USE_QUEUE].rank > 0) {
        m->queue += t->use[USE_QUEUE].value;
        o->has |= HAS_QUEUE;
    }
}
