/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between judge.c (verdicts) and judge_note.c (what there is to say of a feature that drifts).
 */
#ifndef DRIFTOP_RECORD_JUDGE_PRIVATE_H
#define DRIFTOP_RECORD_JUDGE_PRIVATE_H

#include "driftop/record/judge.h"
#include "driftop/stats/feature.h"

/* What a drift is told of: its verdict, and the feature's counts on both sides. */
struct judge_told {
    const struct feature_result *result;
    const uint32_t *other, *current;
    const char *name; /* the other side's: "reference", "champion" */
};

/* Make or bring up to date the note of a feature that drifts: its shape, when it began, its sentence.
 * s and told are of the alerting window. */
void judge_note(struct ingest_version *v, const struct layout_feature *f, size_t feature,
                const struct drift_summary *s, const struct judge_told *told, int64_t now_ms);

#endif
