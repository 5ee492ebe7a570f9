/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plan: what an act would do, as read from the live world a moment ago. Pure text and values: the
 * dry run, the dialog and the audit show the same. It is made by act_read() + plan_make(), carries
 * what it read (compare-and-swap), expires after 15 minutes, and changes nothing by existing.
 */
#ifndef DRIFTOP_ACT_PLAN_H
#define DRIFTOP_ACT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/adapt/controller.h"

struct config;
struct config_deployment;
struct json;

#define PLAN_VALID_MS (15 * 60 * 1000)

enum plan_intent { PLAN_ROLLBACK, PLAN_TRAFFIC, PLAN_UNDO };
const char *plan_intent_name(enum plan_intent intent);

/* What somebody wants. Rollback: `version` gets everything and the alias. Traffic: `shares` of
 * versions. Undo: the shares and alias that the act named by `undo_of` found. */
struct plan_wish {
    enum plan_intent intent;
    char version[MODEL_NAME_SIZE];
    struct control_share *shares; /* borrowed; targets may be empty */
    size_t n_shares;
    const char *alias_version; /* undo and traffic: NULL leaves the alias alone */
    char undo_of[32];
};

/* The deployment as read live: shares per version from the splitter, the alias from the registry. */
struct plan_world {
    int64_t at_ms;
    struct control_share *shares; /* desired ratios */
    double *effective;            /* same order */
    bool *up;
    size_t n_shares;
    char champion[MODEL_NAME_SIZE]; /* "" not set or no registry */
    bool has_registry, has_traffic;
};

enum check_result { CHECK_OK, CHECK_WARN, CHECK_STOP };
struct plan_check {
    enum check_result result;
    char text[256]; /* "v41 ready on 1/1 servers, read 0.4 s ago" */
};

struct plan {
    char id[32];
    enum plan_intent intent;
    char deployment[MODEL_NAME_SIZE], environment[MODEL_NAME_SIZE];
    char undo_of[32];
    int64_t made_ms, expires_ms;
    struct plan_world before, after;
    struct plan_check *checks;
    size_t n_checks;
    struct control_steps traffic, registry; /* traffic first, then the alias */
    char *text; /* the whole plan in words, lines of at most 76 columns */
};

/* Pure: the world and the wish give the plan. ERR_REFUSED when a check stops it: *ret is then still
 * filled, so that the dialog can show why. */
int plan_make(const struct config *config, const struct config_deployment *d,
              const struct plan_world *world, const struct control_snapshot *traffic,
              const struct control_snapshot *registry, const struct plan_wish *wish, int64_t now_ms,
              struct plan *ret, struct err *e);
void plan_done(struct plan *p);
/* True when every step list is empty: nothing to do. */
bool plan_empty(const struct plan *p);
struct json *plan_json(const struct plan *p);
/* Back from JSON (--apply): the wish, what it had read, and the id. */
int plan_from_json(const struct json *value, struct plan *ret, struct err *e);

#endif
