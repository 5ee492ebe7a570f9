/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_STATS_FEATURE_PRIVATE_H
#define DRIFTOP_STATS_FEATURE_PRIVATE_H

#include "driftop/stats/feature.h"

struct column;
struct side_report;

/* Clears *ret and fills everything that cells give: rows, rates, divergences. The options have
 * their defaults filled in. */
void feature_fill_cells(const struct codebook *c, const uint32_t *reference,
                        const uint32_t *current, const struct judge_options *options,
                        struct feature_result *ret);

/* The last step, when every number is in: lets every floor, band and p say what rows that hang together
 * say, by the options' design effect (k becomes 1/n + design/w), sets n_eff and the verdict. The options have their defaults filled in. */
void feature_settle(struct feature_result *r, const struct judge_options *options);

/* Two numeric columns taken apart; report may be NULL and gets the cells. The options have their
 * defaults filled in. ERR_NOMEM. */
int feature_judge_sorted(const struct column *reference, const struct column *current,
                         const struct judge_options *options, struct feature_result *ret,
                         struct side_report *report);

#endif
