/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Members that every query writes in the same way: what is unknown is null, never left out.
 */
#ifndef DRIFTOP_QUERY_MEMBER_PRIVATE_H
#define DRIFTOP_QUERY_MEMBER_PRIVATE_H

#include "driftop/base/json_build.h"
#include "driftop/query/query.h"

/* {"schema": schema, "at": time}; schemas are called "driftop.NAME.v1". */
struct json *query_json(const char *schema, int64_t at_ms);
void member_text(struct json *o, const char *key, const char *text); /* "": null */
void member_time(struct json *o, const char *key, int64_t at_ms);    /* 0: null */
void member_real(struct json *o, const char *key, bool has, double number);
void member_int(struct json *o, const char *key, int64_t number);
void member_bool(struct json *o, const char *key, bool has, bool value);
/* Seconds since at_ms; null when that is 0. */
void member_age(struct json *o, const char *key, int64_t now_ms, int64_t at_ms);
/* {environment, config: {hash, at}, pages, tickets, sources: {...}, recorder: {...}} */
struct json *status_json(const struct status *st);
/* One alert, the same object in every list. */
struct json *alert_json(const struct alert_state *a);

#endif
