/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A feature's numbers as JSON, under the names that docs/STATISTICS.md defines them by: the one
 * writer behind `driftop compare --json` and `driftop drift --json`, so that both say the same. Pure.
 * What is absent, NaN or infinite is null; a failure of memory shows as an absent member.
 */
#ifndef DRIFTOP_STATS_FEATURE_JSON_H
#define DRIFTOP_STATS_FEATURE_JSON_H

#include "driftop/base/json_build.h"
#include "driftop/stats/feature.h"
#include "driftop/stats/shape.h"

/* The rates and statistics that this kind of feature has, each a member of o. */
void feature_json_put(struct json *o, enum codebook_kind kind, const struct feature_result *r);

/* [{"label", "special", "low", "high", "reference", "current", "psi"}]. The caller owns it, here and below. */
struct json *feature_json_cells(const struct feature_cell *cells, size_t n);

/* {"reference": [p5, p50, p95], "current": [...]} */
struct json *feature_json_quantiles(const struct feature_result *r);

/* {"kind", "by"}: by is null where nothing is named. */
struct json *feature_json_shape(const struct shape *shape);

#endif
