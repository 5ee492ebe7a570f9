/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One deployment's line, for the whole fleet and for the one that somebody looks at.
 */
#ifndef DRIFTOP_QUERY_FLEET_PRIVATE_H
#define DRIFTOP_QUERY_FLEET_PRIVATE_H

#include "driftop/query/fleet.h"
#include "snapshot_private.h"

/* Fills a zeroed line with all versions that are known, or with those that are configured, in the
 * splitter, or have rows in a window. Alerts are not in it yet. Also to be ended after an error. */
int fleet_line_load(struct store *s, const struct snapshot *sn, const struct deployment_state *d,
                    bool all, struct fleet_line *ret, struct err *e);
void fleet_line_done(struct fleet_line *line);
/* Counts it when it fires and is of this deployment. */
void fleet_line_alert(struct fleet_line *line, const struct alert_state *a);
/* After the alerts: sets the severity. */
void fleet_line_settle(struct fleet_line *line, const struct snapshot *sn);
struct json *fleet_line_json(const struct fleet_line *line, int64_t now_ms);

#endif
