/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine adds looks up over time: pending, firing, resolved. It does no I/O: the recorder
 * hands looks in and writes the alerts that changed. All alerts belong to the engine.
 */
#ifndef DRIFTOP_ALERT_ENGINE_H
#define DRIFTOP_ALERT_ENGINE_H

#include <stddef.h>

#include "driftop/alert/rule.h"

struct alert_engine;

struct alert_engine *alert_engine_new(void);
void alert_engine_free(struct alert_engine *engine);

/* Take up an alert that was pending or firing when the last recorder ended. A pending one begins its
 * time anew. ERR_NOMEM, ERR_LIMIT. */
int alert_engine_restore(struct alert_engine *engine, const struct alert_state *state);

/* One look of one rule at one (deployment, version, feature); "" where a rule has no version or
 * feature. Ignored while the version is out of service. "Bad for so long" begins anew after a look
 * that could not tell, after a minute without a look, and when the clock was turned back. ERR_NOMEM,
 * or ERR_LIMIT beyond 100,000 alerts. */
int alert_engine_look(struct alert_engine *engine, enum alert_rule rule, const char *deployment,
                      const char *version, const char *feature, const struct alert_look *look,
                      int64_t now_ms);

/* Called once a round and version, before its looks. `activity` is any counter that grows with
 * every row and request of the version. A version whose desired share is 0 and whose activity stood
 * still for 2 rounds is out of service: its alerts resolve as such, and only new activity (or a
 * share) lets them fire again. Until that is known of a version that is seen for the first time with
 * a share of 0, nothing new fires on it: its windows may be full of what it did before. */
int alert_engine_service(struct alert_engine *engine, const char *deployment, const char *version,
                         bool desired_is_zero, double activity, int64_t now_ms);

/* Called after a round: alerts that no look touched since `round_ms` belong to something the
 * configuration no longer names; they resolve as "no longer watched". A restored one has 5 minutes
 * until its first look. */
void alert_engine_sweep(struct alert_engine *engine, int64_t round_ms, int64_t now_ms);

/* Alerts that changed since they were last stored: fills up to n pointers, returns how many; who asks
 * again gets the others first. The caller stores each (which sets its id) and calls
 * alert_engine_stored(), after which the pointer is no longer valid. An alert that was resolved and
 * is bad again before its end was stored goes on as the same alert. */
size_t alert_engine_changed(struct alert_engine *engine, struct alert_state **ret, size_t n);
void alert_engine_stored(struct alert_engine *engine, struct alert_state *state);

#endif
