/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What acts leave behind: one whose process vanished before its last word is read and verified here
 * (never sent again: the recorder's sender cannot write), and one that came off is watched for five
 * minutes, because who else owns the weights often puts them back. Everything is known from the
 * audit log and the fleet.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/act/act.h"
#include "driftop/act/verify.h"
#include "driftop/base/json_build.h"
#include "driftop/base/log.h"
#include "driftop/base/str.h"
#include "driftop/store/audit.h"
#include "recorder_private.h"

#define WATCH_EVERY_MS 2000
#define WATCH_FOR_MS   (5 * 60000)
#define LEFT_AFTER_MS  10000
#define TAIL_BYTES     ((size_t)1 << 20)
#define TRIES_MAX      6

static const struct recorded *find_deployment(const struct recorder *r, const char *name)
{
    for (size_t i = 0; i < r->n_deployments; i++)
        if (strcmp(r->deployments[i].config->name, name) == 0)
            return &r->deployments[i];
    return NULL;
}

static const char *text_of(const struct audit_event *event, const char *key)
{
    const char *text = json_text(json_get(event->body, key), NULL);
    return text ? text : "";
}

/* The last event of its act, and no later act has set anything on the same deployment. */
static bool is_last_word(const struct audit_log *log, size_t at)
{
    const struct audit_event *event = &log->events[at];
    for (size_t i = at + 1; i < log->n_events; i++) {
        const struct audit_event *later = &log->events[i];
        if (strcmp(later->act, event->act) == 0)
            return false;
        if (strcmp(later->state, act_phase_name(ACT_SENT)) == 0 &&
            strcmp(text_of(later, "deployment"), text_of(event, "deployment")) == 0)
            return false;
    }
    return true;
}

/* What differs now from what the act had set, by readings that are younger than it. */
static bool differs(struct recorder *r, const struct recorded *d, const struct world *after,
                    int64_t since_ms, char *text, size_t size)
{
    const struct deployment_state *state = fleet_deployment(r->fleet, d->fleet);
    const struct fleet_id *ids;
    size_t n = fleet_versions(r->fleet, d->fleet, &ids);

    for (size_t i = 0; i < n; i++) {
        const struct version_state *v = fleet_version(r->fleet, ids[i]);
        const struct world_share *want = world_share(after, v->version);
        if (!want || !(v->has & VERSION_DESIRED) || v->traffic_at_ms <= since_ms ||
            fabs(v->desired_ratio - want->desired_ratio) <= VERIFY_TOLERANCE)
            continue;
        snprintf(text, size, "v%.60s is set to %.4g %% now, the act had set %.4g %%", v->version,
                 v->desired_ratio * 100, want->desired_ratio * 100);
        return true;
    }
    if (!after->has_registry || !state || state->champion_at_ms <= since_ms ||
        strcmp(state->champion, after->champion) == 0)
        return false;
    snprintf(text, size, "the alias names %.60s now, the act had left it at %.60s",
             state->champion[0] ? state->champion : "nothing",
             after->champion[0] ? after->champion : "nothing");
    return true;
}

/* Said once: the act's last state is then diverged, which nobody watches. */
static void tell_diverged(struct recorder *r, const struct audit_event *of, const char *text)
{
    static const char *const kept[] = {"deployment", "intent", "reason", "before", "after"};
    struct audit_event event = {.at_ms = clock_wall(r->clock), .body = json_new_object()};
    char path[4096];
    struct err e = {0};

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct json *value = json_get(of->body, kept[i]);
        if (value)
            json_put(event.body, kept[i], json_keep(value));
    }
    json_put(event.body, "text", json_new_text(text));
    json_put(event.body, "ended", json_new_bool(true));
    str_copy(event.act, sizeof event.act, of->act);
    str_copy(event.state, sizeof event.state, act_phase_name(ACT_DIVERGED));
    str_copy(event.by, sizeof event.by, r->watch.by);
    if (audit_append(audit_path(r->config->store_path, path, sizeof path), &event, &e) < 0)
        log_error("act %s diverged (%s), and the audit cannot be written: %s", of->act, text,
                  e.text);
    else
        log_warn("act %s diverged: %s", of->act, text);
    json_drop(event.body);
}

static void watch_settled(struct recorder *r, const struct audit_event *event, int64_t wall_ms)
{
    const struct recorded *d = find_deployment(r, text_of(event, "deployment"));
    struct world after;
    char text[256];

    if (!d || wall_ms - event->at_ms > WATCH_FOR_MS || wall_ms < event->at_ms)
        return;
    if (world_from_json(json_get(event->body, "after"), &after, NULL) == 0 &&
        differs(r, d, &after, event->at_ms, text, sizeof text))
        tell_diverged(r, event, text);
    world_done(&after);
}

static struct left_act *find_left(struct watch *w, const char *id)
{
    for (size_t i = 0; i < w->n_left; i++)
        if (strcmp(w->left[i].id, id) == 0)
            return &w->left[i];
    size_t most = sizeof w->left / sizeof *w->left;
    if (w->n_left == most) {
        memmove(w->left, w->left + 1, (most - 1) * sizeof *w->left);
        w->n_left--;
    }
    struct left_act *left = &w->left[w->n_left++];
    *left = (struct left_act){0};
    str_copy(left->id, sizeof left->id, id);
    return left;
}

static void on_changed(void *ctx, struct act *act, enum act_phase phase, const char *line)
{
    struct recorder *r = ctx;
    if (!act_ended(act))
        return;
    log_info("act %s was left by its process: %s, %s", act_id(act), act_phase_name(phase), line);
    act_free(act);
    r->watch.act = NULL;
}

static bool is_driven(const struct recorder *r, const char *deployment)
{
    static const char *const kinds[] = {"act", "verify"};
    char name[MODEL_NAME_SIZE + 8], who[256];
    for (size_t i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s-%.128s", kinds[i], deployment);
        if (lease_held(r->config->store_path, name, who, sizeof who))
            return true;
    }
    return false;
}

static void take_up(struct recorder *r, const struct audit_event *event, int64_t mono_ms)
{
    struct act_environment env = {.loop = r->loop,
                                  .net = r->net,
                                  .config = r->config,
                                  .store_path = r->config->store_path,
                                  .by = r->watch.by};
    struct left_act *left = find_left(&r->watch, event->act);
    struct err e = {0};

    if (is_driven(r, text_of(event, "deployment"))) {
        left->free_ms = 0;
        return;
    }
    if (!left->free_ms)
        left->free_ms = mono_ms;
    if (r->watch.act || mono_ms - left->free_ms < LEFT_AFTER_MS || mono_ms < left->next_ms ||
        left->tries >= TRIES_MAX)
        return;
    /* What could not be read is tried again, ever more rarely. */
    left->next_ms = mono_ms + ((int64_t)LEFT_AFTER_MS << (2 * left->tries));
    left->tries++;
    if (act_resume(&env, event->act, on_changed, r, &r->watch.act, &e) < 0)
        log_warn("act %s cannot be taken up: %s", event->act, e.text);
}

static void look_at(struct recorder *r, const struct audit_event *event, int64_t mono_ms,
                    int64_t wall_ms)
{
    enum act_phase phase;
    bool ended = json_bool(json_get(event->body, "ended"), false);

    if (!act_phase_from_name(event->state, &phase) ||
        !find_deployment(r, text_of(event, "deployment")))
        return;
    if (phase == ACT_UNKNOWN || (!ended && (phase == ACT_SENT || phase == ACT_ACCEPTED)))
        take_up(r, event, mono_ms);
    else if (phase == ACT_VERIFIED || phase == ACT_ACCEPTED)
        watch_settled(r, event, wall_ms);
}

void recorder_watch(struct recorder *r, int64_t mono_ms, int64_t wall_ms)
{
    struct audit_log log;
    char path[4096], by[200];

    if (mono_ms - r->watch.looked_ms < WATCH_EVERY_MS)
        return;
    r->watch.looked_ms = mono_ms;
    if (!r->watch.by[0])
        snprintf(r->watch.by, sizeof r->watch.by, "recorder of %.200s", act_by(by, sizeof by));
    audit_path(r->config->store_path, path, sizeof path);
    if (audit_read_tail(path, TAIL_BYTES, &log, NULL) < 0)
        return;
    for (size_t i = 0; i < log.n_events; i++)
        if (is_last_word(&log, i))
            look_at(r, &log.events[i], mono_ms, wall_ms);
    audit_log_done(&log);
}

void recorder_watch_end(struct recorder *r)
{
    act_free(r->watch.act);
    r->watch.act = NULL;
}
