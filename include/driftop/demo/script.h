/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What goes wrong in the demo, and when. A pure function of the time since the start: at speed 1
 * the first twenty seconds are healthy and everything has happened after a minute. Faults do not
 * heal by themselves; what heals is taking a bad version out of the traffic.
 */
#ifndef DRIFTOP_DEMO_SCRIPT_H
#define DRIFTOP_DEMO_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/demo/catalog.h"

/* How one version behaves beyond what the catalogue says. */
struct version_symptoms {
    double error_ratio;    /* added */
    double latency_factor; /* 1 is healthy */
    double slow_ratio;     /* of the requests that the factor hits */
    bool dead;             /* its port refuses */
    bool biased;           /* its scores are wrong */
};

/* What is wrong with a deployment now. Texts are constants; NULL where nothing is. */
struct symptoms {
    struct version_symptoms versions[CATALOG_VERSIONS];
    const char *scaled_feature;
    double scale;
    const char *nulled_feature;
    double null_ratio;
    const char *renewed_feature, *new_value; /* values that did not exist before */
    double new_ratio;
};

void script_symptoms(const struct catalog_deployment *d, double at_s, struct symptoms *ret);

/* Somebody else's automation promotes a version: weights and the alias champion move. */
struct script_promotion {
    double at_s;
    const char *deployment;
    unsigned version;
    int weights[CATALOG_VERSIONS];
};

extern const struct script_promotion script_promotion;

/* The i-th thing that happens, for people: returns false behind the last. */
bool script_event(size_t i, double *ret_at_s, const char **ret_text);

#endif
