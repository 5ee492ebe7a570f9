/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether the rows of a deployment come as they use to: of all its versions, so that a shift of traffic
 * between them changes nothing. Feature says how many in words (query/feature_findings.c).
 */
#ifndef DRIFTOP_RECORD_FLOW_H
#define DRIFTOP_RECORD_FLOW_H

#include "driftop/record/ingest.h"

/* DRIFT_VOLUME: the last full five minutes have less than half or more than twice the rows of those in
 * the hour before, beyond their own variation. DRIFT_FRESHNESS: no row for ten times the usual gap. */
uint16_t flow_marks(const struct ingest_deployment *d, int64_t now_ms);

#endif
