/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An act's events in the audit log, and what can be read back from them.
 */
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "act_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/loop/loop.h"
#include "driftop/store/audit.h"

static struct json *event_body(const struct act *a, const char *line, bool with_plan)
{
    struct json *body = json_new_object();
    json_put(body, "deployment", json_new_text(a->plan.deployment));
    json_put(body, "intent", json_new_text(plan_intent_name(a->plan.wish.intent)));
    json_put(body, "text", json_new_text(line));
    json_put(body, "reason", json_new_text(a->reason));
    json_put(body, "before", world_json(&a->plan.before));
    json_put(body, "after", world_json(&a->plan.after));
    /* The last word of this process: what has none was left by one that vanished. */
    if (a->ended)
        json_put(body, "ended", json_new_bool(true));
    if (with_plan && a->has_live)
        json_put(body, "plan", plan_json(&a->live));
    return body;
}

/* The head goes to syslog too: the chain has no key, so it shows tampering only against a head that
 * was noted elsewhere. */
static int append(struct act *a, const char *id, enum act_phase phase, struct json *body,
                  struct err *e)
{
    struct audit_event event = {.at_ms = clock_wall(loop_clock(a->env.loop)), .body = body};
    char path[4096];

    str_copy(event.act, sizeof event.act, id);
    str_copy(event.state, sizeof event.state, act_phase_name(phase));
    str_copy(event.by, sizeof event.by, a->env.by);
    int code = audit_append(audit_path(a->env.store_path, path, sizeof path), &event, e);
    json_drop(body);
    if (code < 0)
        return code;
    str_copy(a->head, sizeof a->head, event.hash);
    syslog(LOG_NOTICE, "driftop act %s %s %s head %s", id, a->plan.deployment, event.state,
           event.hash);
    return 0;
}

int act_audit_event(struct act *a, enum act_phase phase, const char *line, bool with_plan,
                    struct err *e)
{
    return append(a, a->plan.id, phase, event_body(a, line, with_plan), e);
}

void act_audit_undone(struct act *a, const char *id)
{
    struct json *body = json_new_object();
    char text[128];
    struct err e = {0};

    snprintf(text, sizeof text, "undone by act %s", a->plan.id);
    json_put(body, "deployment", json_new_text(a->plan.deployment));
    json_put(body, "text", json_new_text(text));
    (void)append(a, id, ACT_UNDONE, body, &e);
}

static const char *body_text(const struct audit_event *event, const char *key)
{
    const char *text = json_text(json_get(event->body, key), NULL);
    return text ? text : "";
}

char *act_audit_other(const struct act *a, char *buf, size_t size)
{
    struct audit_log log = {0};
    char path[4096], age[CLOCK_TEXT_SIZE], after[256];
    int64_t now_ms = clock_wall(loop_clock(a->env.loop));

    buf[0] = '\0';
    if (audit_read(audit_path(a->env.store_path, path, sizeof path), &log, NULL) < 0)
        return buf;
    for (size_t i = log.n_events; i-- > 0 && !buf[0];) {
        const struct audit_event *event = &log.events[i];
        struct world world;
        if (event->at_ms < a->plan.before.at_ms || strcmp(event->act, a->plan.id) == 0 ||
            strcmp(body_text(event, "deployment"), a->plan.deployment) != 0 ||
            strcmp(event->state, "sent") != 0)
            continue;
        if (world_from_json(json_get(event->body, "after"), &world, NULL) == 0)
            world_text(&world, after, sizeof after);
        else
            after[0] = '\0';
        world_done(&world);
        snprintf(buf, size, "%.80s set %.100s %s ago (act %s)", event->by, after,
                 clock_format_age(now_ms - event->at_ms, age), event->act);
    }
    audit_log_done(&log);
    return buf;
}

/* Before and after stand in every event of the act itself. */
static int take_event(const struct audit_event *event, struct plan *ret, struct err *e)
{
    str_copy(ret->deployment, sizeof ret->deployment, body_text(event, "deployment"));
    const char *intent = body_text(event, "intent");
    for (int i = PLAN_ROLLBACK; i <= PLAN_UNDO; i++)
        if (strcmp(intent, plan_intent_name((enum plan_intent)i)) == 0)
            ret->wish.intent = (enum plan_intent)i;
    const struct json *wish = json_get(json_get(event->body, "plan"), "wish");
    const char *undo_of = json_text(json_get(wish, "undo_of"), NULL);
    if (undo_of)
        str_copy(ret->wish.undo_of, sizeof ret->wish.undo_of, undo_of);
    world_done(&ret->before);
    world_done(&ret->after);
    int code = world_from_json(json_get(event->body, "before"), &ret->before, e);
    return code < 0 ? code : world_from_json(json_get(event->body, "after"), &ret->after, e);
}

int act_audit_find(const char *store_path, const char *id, enum act_phase *ret_phase,
                   struct plan *ret, char *reason, size_t size, struct err *e)
{
    struct audit_log log = {0};
    char path[4096];
    bool found = false;

    memset(ret, 0, sizeof *ret);
    world_init(&ret->before);
    world_init(&ret->after);
    control_steps_init(&ret->traffic);
    control_steps_init(&ret->registry);
    str_copy(ret->id, sizeof ret->id, id);
    int code = audit_read(audit_path(store_path, path, sizeof path), &log, e);
    for (size_t i = 0; i < log.n_events && code == 0; i++) {
        const struct audit_event *event = &log.events[i];
        if (strcmp(event->act, id) != 0)
            continue;
        if (!act_phase_from_name(event->state, ret_phase))
            continue;
        if (json_get(event->body, "before"))
            code = take_event(event, ret, e);
        if (reason && json_get(event->body, "reason"))
            str_copy(reason, size, body_text(event, "reason"));
        found = true;
    }
    audit_log_done(&log);
    if (code == 0 && !found)
        code = err_set(e, ERR_ABSENT, "no act is called %s", id);
    if (code < 0)
        plan_done(ret);
    return code;
}

/* States in which something was changed and can be taken back. */
static bool changed_something(enum act_phase phase)
{
    switch (phase) {
    case ACT_VERIFIED:
    case ACT_ACCEPTED:
    case ACT_PARTIAL:
    case ACT_DIVERGED:
    case ACT_STALLED:
    case ACT_UNKNOWN:
    case ACT_SENT: return true;
    default: return false;
    }
}

int act_undo_wish(const char *store_path, const char *id, char *deployment, size_t size,
                  struct plan_wish *ret, struct err *e)
{
    enum act_phase phase = ACT_PLANNED;
    struct plan plan;

    int code = act_audit_find(store_path, id, &phase, &plan, NULL, 0, e);
    if (code < 0)
        return code;
    memset(ret, 0, sizeof *ret);
    ret->intent = PLAN_UNDO;
    str_copy(ret->undo_of, sizeof ret->undo_of, id);
    str_copy(deployment, size, plan.deployment);
    for (size_t i = 0; i < plan.before.n_shares && ret->n_shares < PLAN_SHARES_MAX; i++) {
        struct control_share *share = &ret->shares[ret->n_shares++];
        str_copy(share->version, sizeof share->version, plan.before.shares[i].version);
        share->ratio = plan.before.shares[i].desired_ratio;
    }
    if (plan.before.has_registry && strcmp(plan.before.champion, plan.after.champion) != 0) {
        str_copy(ret->alias_version, sizeof ret->alias_version, plan.before.champion);
        ret->alias_delete = !plan.before.champion[0];
    }
    if (!changed_something(phase))
        code = err_set(e, ERR_REFUSED, "act %s %s: there is nothing to undo", id,
                       phase == ACT_UNDONE ? "was undone already" : "changed nothing");
    plan_done(&plan);
    return code;
}
