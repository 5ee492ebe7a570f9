/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Random numbers that are the same on every machine for the same seed: splitmix64 (Steele, Lea and
 * Flood, 2014) and the laws the demo draws from. Not for secrets.
 */
#ifndef DRIFTOP_DEMO_RANDOM_H
#define DRIFTOP_DEMO_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state;
};

/* A stream of its own for each name, so that one deployment's traffic does not move another's. */
struct random random_stream(uint64_t seed, const char *name);
uint64_t random_next(struct random *r);
double random_unit(struct random *r); /* [0, 1) */
double random_normal(struct random *r, double mean, double sd);
double random_exponential(struct random *r, double mean);
/* Poisson: exact up to a mean of 30, the rounded normal law beyond. */
unsigned random_count(struct random *r, double mean);

#endif
