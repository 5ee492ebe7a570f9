/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What everybody may read of the fleet. Each call is one short read transaction and fills an array
 * that the caller frees with free(). An empty result is 0 with n = 0. Orders: by name (version 9
 * before 10), alerts with firing pages first, then tickets, pending and resolved ones, the youngest
 * of each first. A number that was never known reads as NaN.
 */
#ifndef DRIFTOP_STORE_READ_H
#define DRIFTOP_STORE_READ_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/alert/alert.h"
#include "driftop/model/state.h"
#include "driftop/store/db.h"
#include "driftop/store/write.h"

/* name NULL: all. */
int store_deployments(struct store *s, const char *name, struct deployment_state **ret,
                      size_t *ret_n, struct err *e);
/* deployment_id 0: of all deployments, grouped by deployment. */
int store_versions(struct store *s, int64_t deployment_id, struct version_state **ret,
                   size_t *ret_n, struct err *e);
int store_sources(struct store *s, struct source_state **ret, size_t *ret_n, struct err *e);
/* Every pending and firing one, and those resolved after resolved_since_ms. deployment NULL: all.
 * The last acknowledgement and the last note are joined in; an acknowledged ticket that became a
 * page is not acknowledged. */
int store_alerts(struct store *s, const char *deployment, int64_t resolved_since_ms,
                 struct alert_state **ret, size_t *ret_n, struct err *e);
/* The version the alias named before the present one, for a rollback's default; ERR_ABSENT. */
int store_previous_champion(struct store *s, int64_t deployment_id, char *buf, size_t size);
/* What the alias named and from when on, the present one first, at most limit. The last row of a
 * complete list is where recording began, not a change. */
struct champion_row {
    char version[MODEL_NAME_SIZE]; /* "": it was not set */
    int64_t at_ms;
};
int store_champions(struct store *s, int64_t deployment_id, size_t limit, struct champion_row **ret,
                    size_t *ret_n, struct err *e);
/* Due items (next_ms <= now), at most limit; *ret owned by the caller: outbox_free(). */
int store_outbox(struct store *s, int64_t now_ms, size_t limit, struct outbox_item **ret,
                 size_t *ret_n, struct err *e);
void outbox_free(struct outbox_item *items, size_t n);

/* What readers insert. `by` is the claimed login name; note NULL or "": none. ERR_ABSENT: no such
 * alert. ERR_DENIED or ERR_FULL where the store can only be read. */
int store_add_ack(struct store *s, int64_t alert_id, const char *by, int64_t at_ms,
                  const char *note, struct err *e);
/* A note without an acknowledgement. */
int store_add_note(struct store *s, int64_t alert_id, const char *by, int64_t at_ms,
                   const char *note, struct err *e);
/* A plan as JSON text under its id, kept for a day after it expired; ret_text is freed with free().
 * An id that exists already is ERR_INVALID, one that does not ERR_ABSENT. */
int store_put_plan(struct store *s, const char *id, const char *text, int64_t expires_ms,
                   struct err *e);
int store_plan(struct store *s, const char *id, char **ret_text, int64_t *ret_expires_ms,
               struct err *e);

#endif
