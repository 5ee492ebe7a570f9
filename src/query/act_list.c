/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Acts: the events of the audit log, folded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/map.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "driftop/query/lists.h"
#include "driftop/store/lease.h"
#include "member_private.h"
#include "snapshot_private.h"

/* A process that lives sends, and takes its lock, well within this. */
#define SENDING_MS 5000
/* Verification has a verdict after 45 s, whatever happens. */
#define VERIFYING_MS 60000

struct folding {
    struct act_row *acts;
    unsigned *accepted; /* events "accepted": the second one is a verdict */
    size_t n_acts, acts_capacity, accepted_capacity;
    struct map by_id;
};

static struct act_row *find_act(struct folding *f, const char *id, unsigned **ret_accepted)
{
    bool is_new = false;
    union map_value *place = map_put(&f->by_id, id, &is_new);
    if (!place)
        return NULL;
    if (is_new) {
        if (VEC_ROOM(f->acts, f->n_acts, f->acts_capacity, 1) < 0 ||
            VEC_ROOM(f->accepted, f->n_acts, f->accepted_capacity, 1) < 0)
            return NULL;
        f->acts[f->n_acts] = (struct act_row){0};
        f->accepted[f->n_acts] = 0;
        str_copy(f->acts[f->n_acts].id, sizeof f->acts[0].id, id);
        place->number = (int64_t)f->n_acts++;
    }
    *ret_accepted = &f->accepted[place->number];
    return &f->acts[place->number];
}

static void take_text(const struct json *body, const char *key, char *buf, size_t size)
{
    const char *text = json_text(json_get(body, key), NULL);
    if (text && text[0])
        str_copy(buf, size, text);
}

static void take_side(const struct json *body, const char *key, struct json **side)
{
    struct json *value = json_get(body, key);
    if (value && !*side)
        *side = json_keep(value);
}

/* "rollback", or with the version, where the plan tells: "rollback to 41". */
static void take_intent(const struct json *body, struct act_row *act)
{
    const struct json *wish = json_get(json_get(body, "plan"), "wish");
    const char *version = json_text(json_get(wish, "version"), NULL);
    const char *undone = json_text(json_get(wish, "undo_of"), NULL);

    take_text(body, "intent", act->kind, sizeof act->kind);
    if (version && version[0] && strcmp(act->kind, "rollback") == 0)
        snprintf(act->intent, sizeof act->intent, "rollback to %.128s", version);
    else if (undone && undone[0] && strcmp(act->kind, "undo") == 0)
        snprintf(act->intent, sizeof act->intent, "undo of %.32s", undone);
    else if (!act->intent[0])
        str_copy(act->intent, sizeof act->intent, act->kind);
}

static int fold(struct folding *f, const struct audit_event *event)
{
    unsigned *accepted;
    struct act_row *act = find_act(f, event->act, &accepted);
    if (!act)
        return ERR_NOMEM;
    if (!act->n_events++)
        act->at_ms = event->at_ms;
    act->changed_ms = event->at_ms;
    *accepted += strcmp(event->state, "accepted") == 0;
    str_copy(act->state, sizeof act->state, event->state);
    str_copy(act->hash, sizeof act->hash, event->hash);
    if (!act->by[0])
        str_copy(act->by, sizeof act->by, event->by);
    take_text(event->body, "deployment", act->deployment, sizeof act->deployment);
    take_text(event->body, "reason", act->reason, sizeof act->reason);
    take_text(event->body, "text", act->text, sizeof act->text);
    take_intent(event->body, act);
    take_side(event->body, "before", &act->before);
    take_side(event->body, "after", &act->after);
    return 0;
}

/* Is somebody still at it? Sending holds the deployment's lock; verifying takes a minute at most. */
static void look_left(const char *store_path, struct act_row *act, bool verdict, int64_t now_ms)
{
    char name[MODEL_NAME_SIZE + 8], holder[64];
    int64_t age_ms = now_ms - act->changed_ms;

    if (strcmp(act->state, "unknown") == 0) {
        act->left = true;
    } else if (strcmp(act->state, "accepted") == 0) {
        act->left = !verdict && age_ms > VERIFYING_MS;
    } else if (strcmp(act->state, "sent") == 0 && age_ms > SENDING_MS) {
        snprintf(name, sizeof name, "act-%s", act->deployment);
        act->left = !lease_held(store_path, name, holder, sizeof holder);
        if (act->left)
            str_copy(act->state, sizeof act->state, "unknown");
    }
}

static int newest_first(const void *a, const void *b)
{
    const struct act_row *x = a, *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? 1 : -1;
    return strcmp(y->id, x->id);
}

static void drop_act(struct act_row *act)
{
    json_drop(act->before);
    json_drop(act->after);
}

static int load(const char *store_path, struct folding *f, struct err *e)
{
    struct audit_log log;
    char path[4096];
    int rc = audit_read(audit_path(store_path, path, sizeof path), &log, e);

    for (size_t i = 0; i < log.n_events && rc == 0; i++) {
        rc = fold(f, &log.events[i]);
        if (rc < 0)
            err_set(e, rc, "reading the audit log");
    }
    audit_log_done(&log);
    return rc;
}

int act_list_load(struct store *s, int64_t since_ms, int64_t now_ms, struct act_list *ret,
                  struct err *e)
{
    struct status status;
    int rc = status_load(s, now_ms, &status, e);
    if (rc < 0) {
        *ret = (struct act_list){.at_ms = now_ms, .status = status};
        return rc;
    }
    rc = act_list_read(store_path(s), since_ms, now_ms, ret, e);
    ret->status = status;
    return rc;
}

int act_list_read(const char *store_path, int64_t since_ms, int64_t now_ms, struct act_list *ret,
                  struct err *e)
{
    struct folding f = {0};
    *ret = (struct act_list){.at_ms = now_ms};
    map_init(&f.by_id);
    int rc = load(store_path, &f, e);
    for (size_t i = 0; i < f.n_acts; i++) {
        struct act_row *act = &f.acts[i];
        look_left(store_path, act, f.accepted[i] > 1, now_ms);
        if (act->changed_ms >= since_ms && rc == 0)
            f.acts[ret->n_acts++] = *act;
        else
            drop_act(act);
    }
    ret->acts = f.acts;
    map_done(&f.by_id);
    free(f.accepted);
    if (ret->n_acts)
        qsort(ret->acts, ret->n_acts, sizeof *ret->acts, newest_first);
    return rc;
}

void act_list_done(struct act_list *list)
{
    for (size_t i = 0; i < list->n_acts; i++)
        drop_act(&list->acts[i]);
    free(list->acts);
    *list = (struct act_list){0};
}

struct json *act_row_json(const struct act_row *row)
{
    struct json *o = json_new_object();

    member_text(o, "id", row->id);
    member_text(o, "deployment", row->deployment);
    member_text(o, "intent", row->kind);
    member_text(o, "what", row->intent);
    member_text(o, "state", row->state);
    json_put(o, "before", row->before ? json_keep(row->before) : json_new_null());
    json_put(o, "after", row->after ? json_keep(row->after) : json_new_null());
    member_text(o, "by", row->by);
    member_text(o, "reason", row->reason);
    member_time(o, "at", row->at_ms);
    member_time(o, "changed_at", row->changed_ms);
    member_text(o, "text", row->text);
    member_bool(o, "left", true, row->left);
    member_text(o, "hash", row->hash);
    return o;
}

struct json *act_list_json(const struct act_list *list)
{
    struct json *o = query_json("driftop.audit.v1", list->at_ms), *acts = json_new_array();

    for (size_t i = 0; i < list->n_acts; i++)
        json_append(acts, act_row_json(&list->acts[i]));
    json_put(o, "acts", acts);
    return o;
}
