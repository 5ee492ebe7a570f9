/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the recorder writes: the state of the fleet. All between store_begin() and store_end(), at
 * most one transaction a second, changed rows only. Rows are found by name (sources by kind and
 * name); ids are handed out at the first write and set in the struct. NaN is kept as unknown.
 */
#ifndef DRIFTOP_STORE_WRITE_H
#define DRIFTOP_STORE_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "driftop/alert/alert.h"
#include "driftop/model/state.h"

struct err;
struct store;

int store_put_deployment(struct store *s, struct deployment_state *d, struct err *e);
int store_put_version(struct store *s, struct version_state *v, struct err *e);
int store_put_source(struct store *s, struct source_state *source, struct err *e);
/* Insert when id is 0. */
int store_put_alert(struct store *s, struct alert_state *a, struct err *e);
/* Forget deployments and sources that this configuration no longer names (history stays). */
int store_keep_deployments(struct store *s, const char *const *names, size_t n, struct err *e);
int store_keep_sources(struct store *s, const int64_t *ids, size_t n, struct err *e);

/* The alias's own history: which version ("": none) it named from when on. To be called at every
 * read; a row is written when it differs from the last. */
int store_put_champion(struct store *s, int64_t deployment_id, const char *version, int64_t at_ms,
                       struct err *e);

/* The outbox of notifications: kept until delivered. */
struct outbox_item {
    int64_t id;
    int64_t alert_id;
    char channel[MODEL_NAME_SIZE]; /* the notify entry's place in the configuration */
    char *body;                    /* JSON; owned by the list */
    int attempts;
    int64_t next_ms;
    char fault[MODEL_TEXT_SIZE];
};
int store_put_outbox(struct store *s, struct outbox_item *item, struct err *e);
int store_drop_outbox(struct store *s, int64_t id, struct err *e);

#endif
