/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One try at an act against the fake fleet: planned, committed, run to its end.
 */
#ifndef TESTS_UNIT_ACT_ATTEMPT_H
#define TESTS_UNIT_ACT_ATTEMPT_H

#include "fleet.h"

#include "driftop/store/audit.h"

struct attempt {
    struct fake_fleet *f;
    struct act_environment env;
    struct act_planning *planning;
    struct plan plan;
    struct act *act;
    struct err err;
    enum act_phase phase;
    char line[512];
    int code;
    bool planned, ended;
};

static inline struct attempt begin(struct fake_fleet *f, const char *by)
{
    return (struct attempt){
        .f = f,
        .env = {
            .loop = f->loop, .net = f->net, .config = f->config, .store_path = f->store, .by = by}};
}

static inline void on_planned(void *ctx, int code, struct plan *plan, const struct err *e)
{
    struct attempt *a = ctx;
    a->planning = NULL;
    a->planned = true;
    a->plan = *plan;
    a->code = code;
    a->err = *e;
}

static inline void on_changed(void *ctx, struct act *act, enum act_phase phase, const char *line)
{
    struct attempt *a = ctx;
    a->phase = phase;
    str_copy(a->line, sizeof a->line, line);
    if (!act_ended(act))
        return;
    a->ended = true;
    act_free(act);
    a->act = NULL;
}

static inline struct plan_wish to_version(const char *version)
{
    struct plan_wish wish = {.intent = PLAN_ROLLBACK};
    str_copy(wish.version, sizeof wish.version, version);
    return wish;
}

static inline void plan_it(struct attempt *a, const struct plan_wish *wish)
{
    struct err e = {0};
    assert_int_equal(act_plan(&a->env, "fraud", wish, on_planned, a, &a->planning, &e), 0);
    FLEET_WAIT(a->f, a->planned);
}

static inline int commit(struct attempt *a)
{
    a->code = act_commit(&a->env, &a->plan, "pages", on_changed, a, &a->act, &a->err);
    return a->code;
}

static inline void run(struct attempt *a)
{
    assert_int_equal(commit(a), 0);
    FLEET_WAIT(a->f, a->ended);
}

static inline void rollback(struct attempt *a)
{
    struct plan_wish wish = to_version("41");
    plan_it(a, &wish);
    assert_int_equal(a->code, 0);
    run(a);
}

static inline void done(struct attempt *a)
{
    act_plan_cancel(a->planning);
    act_free(a->act);
    if (a->planned)
        plan_done(&a->plan);
}

/* The states of an act in the audit, "sent accepted verified". */
static inline const char *states(struct fake_fleet *f, const char *id)
{
    static char text[256];
    char path[128];
    struct audit_log log;

    text[0] = '\0';
    assert_int_equal(audit_read(audit_path(f->store, path, sizeof path), &log, NULL), 0);
    for (size_t i = 0; i < log.n_events; i++)
        if (strcmp(log.events[i].act, id) == 0) {
            str_copy(text + strlen(text), sizeof text - strlen(text), text[0] ? " " : "");
            str_copy(text + strlen(text), sizeof text - strlen(text), log.events[i].state);
        }
    audit_log_done(&log);
    return text;
}

#endif
