/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whom a deployment's requests come from: rows of feature values drawn by the laws of its
 * catalogue, and what a version answers them. Reference and live rows come from the same place, so
 * that without a fault nothing drifts.
 */
#ifndef DRIFTOP_DEMO_POPULATION_H
#define DRIFTOP_DEMO_POPULATION_H

#include "driftop/base/value.h"
#include "driftop/demo/catalog.h"
#include "driftop/demo/random.h"
#include "driftop/demo/script.h"

#define POPULATION_CATEGORIES 8
#define POPULATION_VALUE_SIZE 32

struct population_feature {
    char name[32];
    const struct catalog_feature *law;
    struct {
        const char *text;
        size_t length;
        double up_to; /* cumulated share */
    } categories[POPULATION_CATEGORIES];
    size_t n_categories;
};

struct population {
    const struct catalog_deployment *deployment;
    struct population_feature *features;
    size_t n_features;
};

/* One row: n_features values, their texts constants; the prediction is finite. */
struct population_row {
    struct value *values;
    double prediction;
};

/* ERR_NOMEM. done also after a failure. */
int population_init(struct population *p, const struct catalog_deployment *d);
void population_done(struct population *p);
/* row->values has room for n_features. version: which of the two answers. */
void population_draw(const struct population *p, struct random *random, const struct symptoms *s,
                     unsigned version, struct population_row *row);
/* As written to logs and files: six digits, "" for missing. Returns buf. */
char *population_format(const struct value *value, char buf[POPULATION_VALUE_SIZE]);

#endif
