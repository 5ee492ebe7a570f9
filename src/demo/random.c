/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/random.h"

#include <math.h>

#define TWO_PI             6.283185307179586
#define LARGEST_EXACT_MEAN 30

uint64_t random_next(struct random *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct random random_stream(uint64_t seed, const char *name)
{
    struct random r = {seed};
    for (; *name; name++)
        r.state = random_next(&r) ^ (unsigned char)*name;
    return r;
}

double random_unit(struct random *r)
{
    return (double)(random_next(r) >> 11) * 0x1p-53;
}

double random_exponential(struct random *r, double mean)
{
    return -mean * log1p(-random_unit(r));
}

/* Box and Muller; the second number is not kept, so that a draw is one step of the stream. */
double random_normal(struct random *r, double mean, double sd)
{
    double radius = sqrt(random_exponential(r, 2));
    return mean + sd * radius * cos(TWO_PI * random_unit(r));
}

unsigned random_count(struct random *r, double mean)
{
    if (mean > LARGEST_EXACT_MEAN)
        return (unsigned)fmax(0, round(random_normal(r, mean, sqrt(mean))));
    unsigned n = 0;
    for (double left = random_exponential(r, 1); left < mean; left += random_exponential(r, 1))
        n++;
    return n;
}
