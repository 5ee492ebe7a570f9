/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_STATS_FEATURE_PRIVATE_H
#define DRIFTOP_STATS_FEATURE_PRIVATE_H

#include "driftop/stats/feature.h"

/* Clears *ret and fills everything that cells give: rows, rates, divergences. The options have
 * their defaults filled in. */
void feature_fill_cells(const struct codebook *c, const uint32_t *reference,
                        const uint32_t *current, const struct judge_options *options,
                        struct feature_result *ret);

#endif
