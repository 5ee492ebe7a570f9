/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The adapters as the configuration loader wants them: config does not know adapt, so whoever loads
 * a configuration brings the types along.
 */
#ifndef DRIFTOP_CMD_TYPES_H
#define DRIFTOP_CMD_TYPES_H

#include "driftop/config/load.h"

#define TYPES_PER_KIND 64

/* The rows behind `types` point into the adapters. Filled by types_fill(), freed by nobody. */
struct types {
    struct config_types types;
    struct config_type kinds[CONFIG_KINDS][TYPES_PER_KIND];
};

void types_fill(struct types *ret);

#endif
