/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/quantile.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

double quantile_sorted(const double *sorted, size_t n, double q)
{
    double h = (double)(n - 1) * q;
    double low = floor(h);
    size_t i = (size_t)low;
    if (i + 1 >= n)
        return sorted[n - 1];
    double a = sorted[i], b = sorted[i + 1], t = h - low;
    /* The product is stored, so that no compiler joins it with the sum. */
    volatile double part = t < 0.5 ? (b - a) * t : (b - a) * (1.0 - t);
    return t < 0.5 ? a + part : b - part;
}

size_t quantile_deciles(const double *sorted, size_t n, double ret_edges[9])
{
    size_t count = 0;
    for (int j = 1; n > 0 && j <= 9; j++) {
        double edge = quantile_sorted(sorted, n, j / 10.0);
        if (isfinite(edge) && (count == 0 || edge > ret_edges[count - 1]))
            ret_edges[count++] = edge;
    }
    return count;
}

/* The bits of a double as an unsigned number of the same order, and back. */
static uint64_t order_key(uint64_t bits)
{
    return bits & (UINT64_C(1) << 63) ? ~bits : bits | (UINT64_C(1) << 63);
}

static uint64_t order_bits(uint64_t key)
{
    return key & (UINT64_C(1) << 63) ? key & ~(UINT64_C(1) << 63) : ~key;
}

#define DIGIT_BITS 11
#define DIGITS     6 /* 6 * 11 >= 64 */
#define BUCKETS    (1 << DIGIT_BITS)

static unsigned digit_of(uint64_t key, int digit)
{
    return (unsigned)(key >> (digit * DIGIT_BITS)) & (BUCKETS - 1);
}

static uint64_t load(const double *p)
{
    uint64_t bits;
    memcpy(&bits, p, sizeof bits);
    return bits;
}

static void store(double *p, uint64_t bits)
{
    memcpy(p, &bits, sizeof bits);
}

/* One stable pass over a digit; false when all keys share it and nothing had to move. */
static int radix_pass(const double *from, double *to, size_t n, int digit, uint32_t *count)
{
    if (count[digit_of(load(&from[0]), digit)] == n)
        return 0;
    uint32_t place = 0;
    for (size_t i = 0; i < BUCKETS; i++) {
        uint32_t here = count[i];
        count[i] = place;
        place += here;
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t key = load(&from[i]);
        store(&to[count[digit_of(key, digit)]++], key);
    }
    return 1;
}

/* Least significant digit first, keys kept in the doubles' own memory. n < 2^32. */
static void radix_sort(double *values, double *scratch, size_t n)
{
    uint32_t count[DIGITS][BUCKETS];
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++) {
        uint64_t key = order_key(load(&values[i]));
        store(&values[i], key);
        for (int d = 0; d < DIGITS; d++)
            count[d][digit_of(key, d)]++;
    }
    double *from = values, *to = scratch;
    for (int d = 0; d < DIGITS; d++) {
        if (radix_pass(from, to, n, d, count[d])) {
            double *other = from;
            from = to;
            to = other;
        }
    }
    for (size_t i = 0; i < n; i++)
        store(&values[i], order_bits(load(&from[i])));
}

/* By the same order as the radix sort, which tells -0 from +0. */
static void insertion_sort(double *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t bits = load(&values[i]), key = order_key(bits);
        size_t j = i;
        for (; j > 0 && order_key(load(&values[j - 1])) > key; j--)
            values[j] = values[j - 1];
        store(&values[j], bits);
    }
}

void quantile_sort(double *values, double *scratch, size_t n)
{
    if (n < 64)
        insertion_sort(values, n);
    else
        radix_sort(values, scratch, n);
}

static double term(double value, double centre, bool squared)
{
    double x = value - centre;
    volatile double square = x * x; /* never fused with the sum it goes into */
    return squared ? square : x;
}

/* Sum in eight lanes, of halves of at most 128 terms. */
static double pairwise_sum(const double *v, size_t n, double centre, bool squared)
{
    if (n > 128) {
        size_t half = n / 2 - n / 2 % 8;
        return pairwise_sum(v, half, centre, squared) +
               pairwise_sum(v + half, n - half, centre, squared);
    }
    double lane[8] = {0}, rest = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (size_t j = 0; j < 8; j++)
            lane[j] += term(v[i + j], centre, squared);
    }
    rest =
        ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (; i < n; i++)
        rest += term(v[i], centre, squared);
    return rest;
}

void quantile_moments(const double *values, size_t n, double *ret_mean, double *ret_sd)
{
    double mean = pairwise_sum(values, n, 0, false) / (double)n;
    *ret_mean = mean;
    *ret_sd = sqrt(pairwise_sum(values, n, mean, true) / (double)n);
}
