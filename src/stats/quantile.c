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

/* Sorting works on keys: the bits of a double turned so that unsigned numbers have the same order,
 * -0 before +0. They are kept in the doubles' own memory. */
#define SIGN (UINT64_C(1) << 63)

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

static uint64_t key_of(uint64_t bits)
{
    return bits & SIGN ? ~bits : bits | SIGN;
}

static uint64_t bits_of(uint64_t key)
{
    return key & SIGN ? key & ~SIGN : ~key;
}

static void insertion_sort(double *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t key = load(&keys[i]);
        size_t j = i;
        for (; j > 0 && load(&keys[j - 1]) > key; j--)
            keys[j] = keys[j - 1];
        store(&keys[j], key);
    }
}

#define DIGIT_BITS  11
#define DIGITS      3
#define BUCKETS     (1 << DIGIT_BITS)
#define RADIX_LEAST 64 /* below it insertion is faster */

/* The highest bit in which the keys differ, and one more; 0 when they are all equal. */
static int varying_bits(const double *keys, size_t n)
{
    uint64_t all = UINT64_MAX, any = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t key = load(&keys[i]);
        all &= key;
        any |= key;
    }
    return all == any ? 0 : 64 - __builtin_clzll(all ^ any);
}

/* One stable pass over the digit that begins at `shift`. */
static void radix_pass(const double *from, double *to, size_t n, int shift, uint32_t *count)
{
    uint32_t place = 0;
    for (size_t i = 0; i < BUCKETS; i++) {
        uint32_t here = count[i];
        count[i] = place;
        place += here;
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t key = load(&from[i]);
        store(&to[count[(key >> shift) & (BUCKETS - 1)]++], key);
    }
}

/* By the three digits from bit `low` on. n < 2^32. */
static void sort_digits(double *keys, double *scratch, size_t n, int low)
{
    uint32_t count[DIGITS][BUCKETS];
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++) {
        uint64_t part = load(&keys[i]) >> low;
        for (int d = 0; d < DIGITS; d++)
            count[d][(part >> (d * DIGIT_BITS)) & (BUCKETS - 1)]++;
    }
    /* an odd number of passes ends in scratch */
    radix_pass(keys, scratch, n, low, count[0]);
    radix_pass(scratch, keys, n, low + DIGIT_BITS, count[1]);
    radix_pass(keys, scratch, n, low + 2 * DIGIT_BITS, count[2]);
    memcpy(keys, scratch, n * sizeof *keys);
}

/* One more than the last key that is equal to keys[first] above `low`; says whether they rise. */
static size_t equal_end(const double *keys, size_t n, size_t first, int low, bool *ret_sorted)
{
    uint64_t last = load(&keys[first]), top = last >> low;
    size_t i = first + 1;
    *ret_sorted = true;
    for (; i < n; i++) {
        uint64_t key = load(&keys[i]);
        if (key >> low != top)
            break;
        *ret_sorted &= key >= last;
        last = key;
    }
    return i;
}

/* The highest bits in which keys differ tell nearly all of them apart; the few that they do not are
 * sorted by themselves. Each level decides 33 bits, so that there are at most two. */
static void sort_keys(double *keys, double *scratch, size_t n)
{
    bool sorted;
    if (n < RADIX_LEAST) {
        insertion_sort(keys, n);
        return;
    }
    int low = varying_bits(keys, n) - DIGITS * DIGIT_BITS;
    low = low < 0 ? 0 : low;
    sort_digits(keys, scratch, n, low);
    for (size_t i = 0, end; low > 0 && i < n; i = end) {
        end = equal_end(keys, n, i, low, &sorted);
        if (!sorted)
            sort_keys(&keys[i], scratch, end - i);
    }
}

void quantile_sort(double *values, double *scratch, size_t n)
{
    for (size_t i = 0; i < n; i++)
        store(&values[i], key_of(load(&values[i])));
    sort_keys(values, scratch, n);
    for (size_t i = 0; i < n; i++)
        store(&values[i], bits_of(load(&values[i])));
}

static double term(double value, double scale, double centre, bool squared)
{
    double x = value * scale - centre;
    volatile double square = x * x; /* never fused with the sum it goes into */
    return squared ? square : x;
}

/* Of values times scale, a power of two. */
struct sum {
    double scale, centre;
    bool squared;
};

/* Sum in eight lanes, of halves of at most 128 terms. */
static double pairwise_sum(const double *v, size_t n, const struct sum *s)
{
    if (n > 128) {
        size_t half = n / 2 - n / 2 % 8;
        return pairwise_sum(v, half, s) + pairwise_sum(v + half, n - half, s);
    }
    double lane[8] = {0}, rest = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (size_t j = 0; j < 8; j++)
            lane[j] += term(v[i + j], s->scale, s->centre, s->squared);
    }
    rest =
        ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (; i < n; i++)
        rest += term(v[i], s->scale, s->centre, s->squared);
    return rest;
}

static void scaled_moments(const double *values, size_t n, double scale, double *ret_mean,
                           double *ret_sd)
{
    struct sum s = {.scale = scale};
    s.centre = pairwise_sum(values, n, &s) / (double)n;
    *ret_mean = s.centre / scale;
    s.squared = true;
    *ret_sd = sqrt(pairwise_sum(values, n, &s) / (double)n) / scale;
}

/* The power of two that brings the largest value near 1. */
static double scale_of(const double *values, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(values[i]));
    int exponent = 0;
    frexp(most, &exponent);
    return ldexp(1, exponent < -1000 ? 1000 : -exponent);
}

/* Squares below this lose digits to the end of the range. */
#define SD_LEAST 1e-140

void quantile_moments(const double *values, size_t n, double *ret_mean, double *ret_sd)
{
    scaled_moments(values, n, 1, ret_mean, ret_sd);
    if (!isfinite(*ret_sd) || *ret_sd < SD_LEAST)
        scaled_moments(values, n, scale_of(values, n), ret_mean, ret_sd);
}
