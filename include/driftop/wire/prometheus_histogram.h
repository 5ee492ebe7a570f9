/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A classic Prometheus histogram over one or more series: collected from samples, subtracted from
 * the one before, asked for quantiles. Bounds are compared as numbers, because "1", "1.0" and
 * "1e+00" are the same bucket. A quantile always comes with the bucket it lies in: a reader must
 * see how wide that is.
 */
#ifndef DRIFTOP_WIRE_PROMETHEUS_HISTOGRAM_H
#define DRIFTOP_WIRE_PROMETHEUS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct prometheus_sample;

#define PROMETHEUS_BUCKETS 1024

struct prometheus_bucket {
    double le;    /* upper bound, inclusive; the last one is +Inf */
    double count; /* of all observations <= le */
};

struct prometheus_histogram {
    struct prometheus_bucket *buckets; /* sorted by le after prometheus_histogram_close() */
    size_t n_buckets, buckets_capacity;
    bool has_sum, has_count;
    double sum, count;
};

struct prometheus_quantile {
    double value;        /* linear inside the bucket */
    double lower, upper; /* the bucket: lower < value <= upper */
    bool at_least;       /* it lies in the +Inf bucket: value and lower are the highest finite
                            bound, upper is +Inf, and the truth is anywhere above */
};

void prometheus_histogram_init(struct prometheus_histogram *h);
void prometheus_histogram_done(struct prometheus_histogram *h);
void prometheus_histogram_clear(struct prometheus_histogram *h);

/* Take a sample of role bucket, sum or count; others are ignored. The same bound again (another
 * series of the same version) is added. ERR_DATA for a bucket without a readable `le` or with
 * a NaN or negative count, ERR_LIMIT for more than PROMETHEUS_BUCKETS. */
int prometheus_histogram_add(struct prometheus_histogram *h,
                             const struct prometheus_sample *sample);

/* Sort and check: ERR_ABSENT when empty, ERR_DATA when counts fall with le, or there is no +Inf
 * bucket and no count to make one of. */
int prometheus_histogram_close(struct prometheus_histogram *h, struct err *e);

/* ret = now - before, both closed; ret is initialised, and may not be one of them. When any count or
 * the bounds went back or changed, the process restarted: ret = now and *ret_reset (may be NULL)
 * is true. ERR_DATA when a series came or went in between, so that the difference is no histogram:
 * drop this window; ERR_NOMEM. */
int prometheus_histogram_delta(const struct prometheus_histogram *now,
                               const struct prometheus_histogram *before,
                               struct prometheus_histogram *ret, bool *ret_reset);

/* Rank q * total, linear inside the bucket; the first bucket starts at 0 when its bound is positive,
 * else it has no lower bound and value = upper. q in [0, 1]. ERR_ABSENT when there are no
 * observations. */
int prometheus_histogram_quantile(const struct prometheus_histogram *h, double q,
                                  struct prometheus_quantile *ret);

/* Observations in all, of a summary too; sum / total is the mean where has_sum. 0 when empty. */
double prometheus_histogram_total(const struct prometheus_histogram *h);

#endif
