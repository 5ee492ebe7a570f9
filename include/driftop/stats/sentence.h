/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one sentence that tells an engineer where in the distribution a feature has moved:
 * "63 % of current is up to 12.4, reference 41 %".
 */
#ifndef DRIFTOP_STATS_SENTENCE_H
#define DRIFTOP_STATS_SENTENCE_H

#include <stddef.h>

#include "driftop/stats/feature.h"

/* About what decided the verdict: a rate, the widest gap of KS, or the cell that gives most of the
 * PSI (cells from feature_cells(), n of them, may be none). Empty when there is nothing to say.
 * Returns buf, always terminated. */
char *sentence_of(const struct feature_result *r, const struct feature_cell *cells, size_t n,
                  char *buf, size_t size);
/* The same where the other side is something else: "champion". */
char *sentence_against(const struct feature_result *r, const struct feature_cell *cells, size_t n,
                       const char *other, char *buf, size_t size);

#endif
