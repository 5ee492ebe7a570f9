/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the demo's fleet consists of, as constant tables: deployments with their versions, traffic
 * and rules, and for each the laws its features are drawn from. Nothing here moves; what goes wrong
 * and when is script.h.
 */
#ifndef DRIFTOP_DEMO_CATALOG_H
#define DRIFTOP_DEMO_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#define CATALOG_DEPLOYMENTS 12
#define CATALOG_VERSIONS    2

enum catalog_law {
    LAW_NORMAL,      /* mean a, standard deviation b */
    LAW_LOGNORMAL,   /* of the logarithm: mean a, standard deviation b */
    LAW_EXPONENTIAL, /* mean a */
    LAW_COUNT,       /* Poisson with mean a */
    LAW_WHOLE,       /* each whole number from a to b alike */
    LAW_FLAG,        /* 1 with probability a, else 0 */
    LAW_CATEGORY     /* "text:weight text:weight ..." */
};

struct catalog_feature {
    const char *name;
    enum catalog_law law;
    double a, b;
    double missing_ratio;
    double effect; /* on the prediction, by the feature in standard deviations */
    const char *categories;
    unsigned repeat; /* beyond 0: so many columns name_00, name_01, ... */
};

/* How its rows reach driftop. */
enum catalog_delivery { DELIVER_FILE, DELIVER_SINK_ROWS, DELIVER_SINK_EVENTS };

enum catalog_kind { PREDICT_PROBABILITY, PREDICT_AMOUNT };

struct catalog_deployment {
    const char *name, *owner;
    const char *versions[CATALOG_VERSIONS];
    int weights[CATALOG_VERSIONS];
    unsigned champion; /* which of the versions the alias names at the start */
    double requests_per_s, rows_per_s;
    double latency_ms, error_ratio;
    enum catalog_delivery delivery;
    enum catalog_kind kind;
    double bias;        /* of the prediction */
    const char *rules;  /* as in the configuration: "{latency_p99: 300ms}"; NULL: the defaults */
    bool mobile_client; /* its device_os comes from the application that gets a new value */
    const struct catalog_feature *features;
    size_t n_features;
};

extern const struct catalog_deployment catalog[CATALOG_DEPLOYMENTS];

#endif
