/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plan: what an act would do, as read from the live world a moment ago. Pure text and values: the
 * dry run, the dialog and the audit show the same. It carries what it read (the other half of
 * compare-and-swap), expires after 15 minutes, and changes nothing by existing.
 */
#ifndef DRIFTOP_ACT_PLAN_H
#define DRIFTOP_ACT_PLAN_H

#include "driftop/act/world.h"

#define PLAN_VALID_MS   (15 * 60 * 1000)
#define PLAN_SHARES_MAX 32

enum plan_intent { PLAN_ROLLBACK, PLAN_TRAFFIC, PLAN_UNDO };
const char *plan_intent_name(enum plan_intent intent); /* "rollback", "traffic", "undo" */

/* What somebody wants. Rollback: `version` gets everything and the alias. Traffic: these shares,
 * every version not named gets nothing, the alias stays. Undo: the shares and the alias that the
 * act `undo_of` had found. */
struct plan_wish {
    enum plan_intent intent;
    char version[MODEL_NAME_SIZE];
    struct control_share shares[PLAN_SHARES_MAX]; /* version and ratio; targets are filled in */
    size_t n_shares;
    char alias_version[MODEL_NAME_SIZE]; /* "" leaves the alias alone, unless ... */
    bool alias_delete;                   /* ... it is to be taken away: it was not set before */
    char undo_of[32];
};

enum check_result { CHECK_OK, CHECK_WARN, CHECK_STOP };
struct plan_check {
    enum check_result result;
    char text[192]; /* "v41 is up in the splitter" */
};

struct plan {
    char id[32];
    char deployment[MODEL_NAME_SIZE], environment[MODEL_NAME_SIZE];
    struct plan_wish wish;
    int64_t made_ms, expires_ms;
    struct world before, after; /* after: the shares really obtained, rounding included */
    struct plan_check checks[16];
    size_t n_checks;
    struct control_steps traffic, registry; /* traffic first, then the alias */
};

/* Pure: world and wish give the plan. The world is moved in. ERR_REFUSED when a check stops it: *ret
 * is filled all the same, so that it can be shown why. ERR_ABSENT: no such version. The caller
 * ends it with plan_done() in every case. */
int plan_make(const struct config *config, const struct config_deployment *d, struct world *world,
              const struct plan_wish *wish, int64_t now_ms, struct plan *ret, struct err *e);
void plan_done(struct plan *p);
bool plan_empty(const struct plan *p); /* no step: it is so already */
/* For those who know more than the live world (alerts, age of readings). Beyond 16 it is dropped. */
void plan_check_add(struct plan *p, enum check_result result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Append the plan in words, lines of at most `columns`. */
struct str;
void plan_text(const struct plan *p, int columns, struct str *ret);
struct json *plan_json(const struct plan *p);
/* Back from JSON, for --apply: id, wish, what it had read; the steps are made anew from the world. */
int plan_from_json(const struct json *value, struct plan *ret, struct err *e);

#endif
