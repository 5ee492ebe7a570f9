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

/* Doubles are sorted by their bits, as unsigned numbers, which is the order of their magnitudes with
 * the negative ones behind the others. They are taken from there in their own order in the end. */
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

static void insertion_sort(double *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t bits = load(&values[i]);
        size_t j = i;
        for (; j > 0 && load(&values[j - 1]) > bits; j--)
            values[j] = values[j - 1];
        store(&values[j], bits);
    }
}

#define DIGIT_BITS  11
#define DIGITS      3
#define BUCKETS     (1 << DIGIT_BITS)
#define RADIX_LEAST 64 /* below it insertion is faster */

static size_t digit_of(uint64_t bits, int shift)
{
    return (bits >> shift) & (BUCKETS - 1);
}

/* The highest bit that is not the same in all, and one more; 0 when they are all equal. */
static int varying_bits(const double *values, size_t n)
{
    uint64_t first = load(&values[0]), differ = 0;
    for (size_t i = 1; i < n; i++)
        differ |= load(&values[i]) ^ first;
    return differ == 0 ? 0 : 64 - __builtin_clzll(differ);
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
        uint64_t bits = load(&from[i]);
        store(&to[count[digit_of(bits, shift)]++], bits);
    }
}

/* By the three digits from bit `low` on; a digit that all share needs no pass. Returns where the
 * values are, which is values or room. n < 2^32. */
static double *sort_digits(double *values, double *room, size_t n, int low)
{
    uint32_t count[DIGITS][BUCKETS];
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = load(&values[i]) >> low;
        /* the first pass writes all over the room, and would wait for each line of it */
        __builtin_prefetch(&room[i], 1);
        for (int d = 0; d < DIGITS; d++)
            count[d][digit_of(bits, d * DIGIT_BITS)]++;
    }
    uint64_t any = load(&values[0]);
    for (int d = 0; d < DIGITS; d++) {
        int shift = low + d * DIGIT_BITS;
        if (count[d][digit_of(any, shift)] == n)
            continue;
        radix_pass(values, room, n, shift, count[d]);
        double *sorted = room;
        room = values;
        values = sorted;
    }
    return values;
}

static double *sort_bits(double *values, double *room, size_t n);

/* Two values in the wrong order agree from bit `low` on: sort all that do. Returns the last of them. */
static size_t mend(double *values, double *room, size_t n, size_t at, int low)
{
    uint64_t top = load(&values[at]) >> low;
    size_t first = at, last = at;
    while (first > 0 && load(&values[first - 1]) >> low == top)
        first--;
    while (last + 1 < n && load(&values[last + 1]) >> low == top)
        last++;
    double *sorted = sort_bits(&values[first], &room[first], last + 1 - first);
    if (sorted != &values[first])
        memcpy(&values[first], sorted, (last + 1 - first) * sizeof *values);
    return last;
}

/* The highest bits that vary tell nearly all values apart; the few that they do not are sorted by
 * themselves. Each level decides 33 bits, so that there are at most two. Returns where the values are,
 * which is values or room. */
static double *sort_bits(double *values, double *room, size_t n)
{
    if (n < RADIX_LEAST) {
        insertion_sort(values, n);
        return values;
    }
    int low = varying_bits(values, n) - DIGITS * DIGIT_BITS;
    double *sorted = sort_digits(values, room, n, low < 0 ? 0 : low);
    if (sorted != values)
        room = values;
    for (size_t i = 1; low > 0 && i < n; i++) {
        if (load(&sorted[i]) < load(&sorted[i - 1]))
            i = mend(sorted, room, n, i, low);
    }
    return sorted;
}

void quantile_sort(double *values, double *scratch, size_t n)
{
    if (n < 2)
        return;
    double *sorted = sort_bits(values, scratch, n);
    if (sorted == values) {
        memcpy(scratch, values, n * sizeof *values);
        sorted = scratch;
    }
    size_t left = n;
    for (; left > 0 && signbit(sorted[left - 1]); left--)
        values[n - left] = sorted[left - 1];
    memcpy(&values[n - left], sorted, left * sizeof *values);
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
