/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/prometheus_histogram.h"

#include <math.h>
#include <stdlib.h>

#include "driftop/base/err.h"
#include "driftop/base/vec.h"
#include "driftop/wire/prometheus.h"
#include "number_private.h"

void prometheus_histogram_init(struct prometheus_histogram *h)
{
    *h = (struct prometheus_histogram){0};
}

void prometheus_histogram_done(struct prometheus_histogram *h)
{
    free(h->buckets);
    *h = (struct prometheus_histogram){0};
}

void prometheus_histogram_clear(struct prometheus_histogram *h)
{
    h->n_buckets = 0;
    h->has_sum = h->has_count = false;
    h->sum = h->count = 0.0;
}

/* Neither is less: the same bound, and true of two infinities as well. */
static bool same(double a, double b)
{
    return !(a < b) && !(a > b);
}

static int put_bucket(struct prometheus_histogram *h, double le, double count)
{
    if (h->n_buckets >= PROMETHEUS_BUCKETS)
        return ERR_LIMIT;
    if (VEC_ROOM(h->buckets, h->n_buckets, h->buckets_capacity, 1) < 0)
        return ERR_NOMEM;
    h->buckets[h->n_buckets++] = (struct prometheus_bucket){le, count};
    return 0;
}

/* Linear search: histograms have a dozen buckets, and PROMETHEUS_BUCKETS bounds the worst. */
static int add_bucket(struct prometheus_histogram *h, const struct prometheus_sample *sample)
{
    struct span text = prometheus_label(sample, "le");
    double le;
    if (!text.data || !number_any(text.data, text.length, &le) || isnan(le))
        return ERR_DATA;
    for (size_t i = 0; i < h->n_buckets; i++) {
        if (same(h->buckets[i].le, le)) {
            h->buckets[i].count += sample->value;
            return 0;
        }
    }
    return put_bucket(h, le, sample->value);
}

int prometheus_histogram_add(struct prometheus_histogram *h, const struct prometheus_sample *sample)
{
    bool bad = !isfinite(sample->value) || sample->value < 0.0;
    switch (sample->role) {
    case PROMETHEUS_BUCKET: return bad ? ERR_DATA : add_bucket(h, sample);
    case PROMETHEUS_SUM:
        h->sum += sample->value;
        h->has_sum = true;
        return 0;
    case PROMETHEUS_COUNT:
        if (bad)
            return ERR_DATA;
        h->count += sample->value;
        h->has_count = true;
        return 0;
    default: return 0;
    }
}

static int by_bound(const void *a, const void *b)
{
    double x = ((const struct prometheus_bucket *)a)->le;
    double y = ((const struct prometheus_bucket *)b)->le;
    return (x > y) - (x < y);
}

int prometheus_histogram_close(struct prometheus_histogram *h, struct err *e)
{
    if (h->n_buckets == 0)
        return err_set(e, ERR_ABSENT, "the histogram has no buckets");
    qsort(h->buckets, h->n_buckets, sizeof *h->buckets, by_bound);
    if (!isinf(h->buckets[h->n_buckets - 1].le)) {
        if (!h->has_count)
            return err_set(e, ERR_DATA, "the histogram has neither a +Inf bucket nor a count");
        int result = put_bucket(h, INFINITY, h->count);
        if (result < 0)
            return err_set(e, result, "%s", err_message(result));
    }
    for (size_t i = 1; i < h->n_buckets; i++)
        if (h->buckets[i].count < h->buckets[i - 1].count)
            return err_set(e, ERR_DATA, "the histogram's counts fall at le=\"%g\"",
                           h->buckets[i].le);
    return 0;
}

/* The same bounds, and nothing went back. */
static bool continues(const struct prometheus_histogram *now,
                      const struct prometheus_histogram *before)
{
    if (now->n_buckets != before->n_buckets || now->has_count != before->has_count)
        return false;
    if (now->has_count && now->count < before->count)
        return false;
    for (size_t i = 0; i < now->n_buckets; i++)
        if (!same(now->buckets[i].le, before->buckets[i].le) ||
            now->buckets[i].count < before->buckets[i].count)
            return false;
    return true;
}

int prometheus_histogram_delta(const struct prometheus_histogram *now,
                               const struct prometheus_histogram *before,
                               struct prometheus_histogram *ret, bool *ret_reset)
{
    bool reset = !continues(now, before);
    if (ret_reset)
        *ret_reset = reset;
    prometheus_histogram_clear(ret);
    if (VEC_ROOM(ret->buckets, 0, ret->buckets_capacity, now->n_buckets) < 0)
        return ERR_NOMEM;
    for (size_t i = 0; i < now->n_buckets; i++) {
        ret->buckets[i] = now->buckets[i];
        ret->buckets[i].count -= reset ? 0.0 : before->buckets[i].count;
    }
    ret->n_buckets = now->n_buckets;
    ret->has_count = now->has_count;
    ret->count = now->count - (reset ? 0.0 : before->count);
    ret->has_sum = now->has_sum && (reset || before->has_sum);
    ret->sum = now->sum - (reset ? 0.0 : before->sum);
    /* Counts may grow in each bucket and still not cumulate, when a series came or went. */
    for (size_t i = 1; i < ret->n_buckets; i++)
        if (ret->buckets[i].count < ret->buckets[i - 1].count)
            return ERR_DATA;
    return 0;
}

double prometheus_histogram_total(const struct prometheus_histogram *h)
{
    return h->n_buckets ? h->buckets[h->n_buckets - 1].count : h->count;
}

/* Inside bucket i, which holds the rank. */
static struct prometheus_quantile interpolate(const struct prometheus_histogram *h, size_t i,
                                              double rank)
{
    const struct prometheus_bucket *b = &h->buckets[i];
    double lower = i > 0 ? b[-1].le : b->le > 0.0 ? 0.0 : -INFINITY;
    struct prometheus_quantile q = {.lower = lower, .upper = b->le};
    if (isinf(b->le)) {
        /* The only bucket: nothing is known, not even a bound to be above of. */
        q.lower = i > 0 ? lower : -INFINITY;
        q.at_least = true;
        q.value = q.lower;
    } else if (isinf(lower)) {
        q.value = b->le;
    } else {
        double below = i > 0 ? b[-1].count : 0.0, inside = b->count - below;
        q.value = inside > 0.0 ? lower + (b->le - lower) * (rank - below) / inside : lower;
    }
    return q;
}

int prometheus_histogram_quantile(const struct prometheus_histogram *h, double q,
                                  struct prometheus_quantile *ret)
{
    double total = prometheus_histogram_total(h);
    if (!(total > 0.0) || !(q >= 0.0 && q <= 1.0))
        return ERR_ABSENT;
    double rank = q * total;
    size_t i = 0;
    /* The first bucket that reaches it and is not empty. */
    while (i + 1 < h->n_buckets && (h->buckets[i].count < rank || !(h->buckets[i].count > 0.0)))
        i++;
    *ret = interpolate(h, i, rank);
    return 0;
}
