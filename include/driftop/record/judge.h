/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judging: every few seconds each version with new rows gets its summaries computed again, a slice
 * a turn so that nothing else waits. Alerts look at the shortest window that has enough rows; the
 * longer ones are shown. Against the reference with the alpha of the deployment's budget of false pages
 * and the design effect of its healthy minutes; a version that is not the champion is compared with the
 * champion's rows of the same minutes as well.
 */
#ifndef DRIFTOP_RECORD_JUDGE_H
#define DRIFTOP_RECORD_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "driftop/record/ingest.h"

#define JUDGE_EVERY_MS 5000

struct judge {
    size_t deployment, version; /* where the next slice begins */
    int64_t round_ms;           /* when the present round began, 0: between rounds */
    uint32_t *counts;           /* scratch; judge_done() frees it */
    size_t n_counts;
};

/* Judge versions until the budget is used up. Returns true when the round is complete: all
 * summaries are as of now. The caller starts a round by setting round_ms. */
bool judge_step(struct judge *j, struct ingest *g, int64_t budget_us, int64_t now_ms);

/* Frees what judging needed. */
void judge_done(struct judge *j);

/* The window alerts look at: the shortest with VERDICT_MIN_ROWS rows, else the longest. */
enum window_span judge_span(const struct ingest_version *v);

#endif
