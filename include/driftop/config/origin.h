/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every value of a loaded configuration and where it came from, for `config --origin`. Secrets
 * never appear: their value is "****".
 */
#ifndef DRIFTOP_CONFIG_ORIGIN_H
#define DRIFTOP_CONFIG_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

struct config;

/* Borrowed for the call. */
struct config_origin {
    const char *name;  /* "deployments.fraud-score.versions.41.servers.0.url" */
    const char *value; /* as written, "****" for a secret */
    const char *file;  /* "default" when not given */
    int line, column;  /* 0 when not given */
};

typedef void config_origin_fn(const struct config_origin *origin, void *ctx);

/* Calls fn for each value: the top level, default rules, registries, deployments, notify, act. Inside
 * each, values that were given come in the order of the file, and defaults follow. Returns 0 or
 * ERR_NOMEM, and then fn was not called. */
int config_each_origin(const struct config *c, config_origin_fn *fn, void *ctx);

#endif
