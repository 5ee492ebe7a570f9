/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "ks_law_private.h"

/* n d^2 < 3 and n <= 500 give n d < 38.8; n d^1.5 <= 1.4 and n <= 100000 give n d < 58.1. The side
 * is 2 floor(n d) + 1. */
#define SIDE_MAX 117

struct matrix {
    int side;
    int exponent; /* the matrix is `at` times 10^exponent */
    double at[SIDE_MAX * SIDE_MAX];
};

static void multiply(const struct matrix *a, const struct matrix *b, struct matrix *ret)
{
    int m = a->side;
    for (int i = 0; i < m * m; i++)
        ret->at[i] = 0;
    for (int i = 0; i < m; i++) {
        for (int k = 0; k < m; k++) {
            double factor = a->at[i * m + k];
            for (int j = 0; j < m; j++)
                ret->at[i * m + j] += factor * b->at[k * m + j];
        }
    }
    ret->side = m;
    ret->exponent = a->exponent + b->exponent;
    if (ret->at[(m / 2) * m + m / 2] > 1e140) {
        for (int i = 0; i < m * m; i++)
            ret->at[i] *= 1e-140;
        ret->exponent += 140;
    }
}

/* Marsaglia, Tsang and Wang's H: 1/(i-j+1)! below the diagonal, corrected at the rim by h. */
static void durbin_matrix(double h, int m, struct matrix *ret)
{
    *ret = (struct matrix){.side = m};
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++)
            ret->at[i * m + j] = i - j + 1 < 0 ? 0 : 1;
    }
    for (int i = 0; i < m; i++) {
        ret->at[i * m] -= pow(h, i + 1);
        ret->at[(m - 1) * m + i] -= pow(h, m - i);
    }
    ret->at[(m - 1) * m] += 2 * h - 1 > 0 ? pow(2 * h - 1, m) : 0;
    for (int i = 0; i < m; i++) {
        for (int j = 0; j <= i + 1 && j < m; j++)
            ret->at[i * m + j] *= exp(-lgamma(i - j + 2.0));
    }
}

double ks_durbin(double d, uint64_t n)
{
    double nd = (double)n * d;
    int k = (int)nd + 1, m = 2 * k - 1;
    if (m > SIDE_MAX)
        return 1;
    struct matrix base, power, next;
    durbin_matrix(k - nd, m, &base);
    /* power = base^n by its binary digits, highest first */
    int bit = 63;
    while (!(n >> bit & 1))
        bit--;
    power = base;
    while (--bit >= 0) {
        multiply(&power, &power, &next);
        power = next;
        if (n >> bit & 1) {
            multiply(&power, &base, &next);
            power = next;
        }
    }
    double middle = power.at[(k - 1) * m + k - 1];
    double scale = lgamma((double)n + 1) - (double)n * log((double)n);
    return exp(log(middle) + power.exponent * M_LN10 + scale);
}

double ks_pelz_good(double d, uint64_t n)
{
    double root = sqrt((double)n), z = root * d;
    double z2 = z * z, z4 = z2 * z2, z6 = z4 * z2, z7 = z6 * z, z8 = z4 * z4, z10 = z8 * z2;
    double pi2 = M_PI * M_PI, pi4 = pi2 * pi2, pi6 = pi4 * pi2;
    double k0 = 0, k1 = 0, k2 = 0, k2_even = 0, k3 = 0, k3_even = 0;
    if (z < 0.1)
        return 0;
    for (int j = 12; j >= 0; j--) {
        /* odd halves: both signs of j + 1/2 count alike */
        double x = j + 0.5, x2 = x * x, x4 = x2 * x2, x6 = x4 * x2;
        double e = 2 * exp(-pi2 * x2 / (2 * z2));
        k0 += e;
        k1 += (pi2 * x2 - z2) * e;
        k2 += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * x2 + pi4 * (1 - 2 * z2) * x4) * e;
        k3 += (-30 * z6 - 90 * z8 + pi2 * (135 * z4 - 96 * z6) * x2 +
               pi4 * (212 * z4 - 60 * z2) * x4 + pi6 * (5 - 30 * z2) * x6) *
              e;
        double y2 = (double)j * j, even = 2 * exp(-pi2 * y2 / (2 * z2));
        k2_even += pi2 * y2 * even;
        k3_even += (3 * pi2 * y2 * z2 - pi4 * y2 * y2) * even;
    }
    double half_pi = sqrt(M_PI / 2);
    k0 *= half_pi / z;
    k1 *= half_pi / (6 * z4);
    k2 = half_pi * (k2 / (72 * z7) - k2_even / (36 * z2 * z));
    k3 = half_pi * (k3 / (6480 * z10) + k3_even / (216 * z6));
    return k0 + k1 / root + k2 / (double)n + k3 / ((double)n * root);
}

/* Terms of the sum that are looked at; above, one in so many. */
#define TERMS 256

static double smirnov_term_log(double d, double n, double j)
{
    double at = d + j / n;
    if (at >= 1)
        return j < n ? -INFINITY : (n - 1) * log(at);
    return lgamma(n + 1) - lgamma(j + 1) - lgamma(n - j + 1) + (j - 1) * log(at) +
           (n - j) * log1p(-at);
}

double ks_smirnov_log(double d, uint64_t n)
{
    double count = (double)n, stride = fmax(1, floor(count / TERMS));
    double largest = -INFINITY, sum = 0;
    for (double j = 0; j <= count * (1 - d); j += stride) {
        double term = smirnov_term_log(d, count, j);
        if (term > largest) {
            sum = sum * exp(largest - term) + 1;
            largest = term;
        } else {
            sum += exp(term - largest);
        }
    }
    return log(d) + largest + log(sum * stride);
}
