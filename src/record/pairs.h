/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Halves of logged inferences that wait for their other half: at most PAIRS_MAX, at most
 * PAIRS_WAIT_MS. Each is kept by itself, in the form in which the spool carries it over, so that one
 * of a large batch takes no more room than its own bytes.
 */
#ifndef DRIFTOP_RECORD_PAIRS_H
#define DRIFTOP_RECORD_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/adapt/sink_rows.h"
#include "driftop/base/map.h"
#include "spool.h"

#define PAIRS_WAIT_MS 60000
#define PAIRS_MAX     10000

struct pairs {
    struct map by_key; /* key -> struct waiting, the half that came first */
};

void pairs_init(struct pairs *p);
void pairs_done(struct pairs *p);
/* A half that came at at_ms: it is joined with the one that waits for it, and their rows go to
 * `out`; or it waits. One too many is refused. The same half again is dropped. */
void pairs_take(struct pairs *p, const struct sink_half *half, int64_t at_ms,
                const struct feature_sink *out);
/* Refuses those that have waited too long; how many. */
size_t pairs_expire(struct pairs *p, int64_t now_ms, const struct feature_sink *out);
/* Appends all that wait. One for which there is no room is refused. ERR_IO and its like. */
int pairs_carry(struct pairs *p, struct spool *spool, const struct feature_sink *out,
                struct err *e);
/* False when the record is none that pairs_carry() wrote. */
bool pairs_restore(struct pairs *p, const struct spool_record *record,
                   const struct feature_sink *out);

#endif
