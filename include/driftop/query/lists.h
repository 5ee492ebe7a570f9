/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain lists: alerts (view 7), acts from the audit log (view 9), and sources (`doctor`).
 */
#ifndef DRIFTOP_QUERY_LISTS_H
#define DRIFTOP_QUERY_LISTS_H

#include "driftop/query/query.h"
#include "driftop/store/audit.h"

struct alert_list {
    int64_t at_ms;
    struct status status;
    struct alert_state *alerts; /* firing pages, firing tickets, pending, resolved in 24 h */
    size_t n_alerts;
    struct deployment_state *deployments; /* by name */
    size_t n_deployments;
};
/* Whose deployment it is; "" not known. */
const char *alert_list_owner(const struct alert_list *list, const char *deployment);
int alert_list_load(struct store *s, int64_t now_ms, struct alert_list *ret, struct err *e);
void alert_list_done(struct alert_list *list);
struct json *alert_list_json(const struct alert_list *list);

/* One act: its events folded. `state` is the last one's; but "unknown" where the process vanished
 * while sending. */
struct act_row {
    char id[32], deployment[MODEL_NAME_SIZE], state[32], by[256];
    char kind[32], intent[160]; /* "rollback", "rollback to 41" */
    char reason[MODEL_TEXT_SIZE], text[MODEL_TEXT_SIZE], hash[HASH_HEX_SIZE];
    bool left; /* nobody follows it any more and it has no verdict: `verify` is offered */
    struct json *before, *after; /* owned */
    int64_t at_ms, changed_ms;
    unsigned n_events;
};
struct act_list {
    int64_t at_ms;
    struct status status;
    struct act_row *acts; /* newest first */
    size_t n_acts;
};
int act_list_load(struct store *s, int64_t since_ms, int64_t now_ms, struct act_list *ret,
                  struct err *e);
/* The same without a store, of the audit file beside it; the status stays empty. */
int act_list_read(const char *store_path, int64_t since_ms, int64_t now_ms, struct act_list *ret,
                  struct err *e);
void act_list_done(struct act_list *list);
struct json *act_list_json(const struct act_list *list);
struct json *act_row_json(const struct act_row *row);

struct source_list {
    int64_t at_ms;
    struct status status;
    struct source_state *sources; /* failing first, then stale, then by name */
    size_t n_sources;
};
int source_list_load(struct store *s, int64_t now_ms, struct source_list *ret, struct err *e);
void source_list_done(struct source_list *list);
struct json *source_list_json(const struct source_list *list);

#endif
