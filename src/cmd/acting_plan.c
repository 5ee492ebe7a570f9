/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "acting_private.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/query/lists.h"
#include "driftop/store/read.h"

void acting_print(struct acting *a, struct json *value)
{
    struct str text;
    str_init(&text, 0);
    if (json_write(value, 2, &text) == 0)
        fprintf(a->c->out, "%s\n", text.data);
    str_done(&text);
    json_drop(value);
}

/* As the audit has it, which names the act from its first event to its last; NULL when it has not. */
static struct json *audited(const struct acting *a)
{
    struct act_list list;
    struct json *ret = NULL;

    if (act_list_read(a->env.store_path, 0, clock_wall(a->c->clock), &list, NULL) == 0)
        for (size_t i = 0; i < list.n_acts && !ret; i++)
            if (strcmp(list.acts[i].id, a->plan.id) == 0)
                ret = act_row_json(&list.acts[i]);
    act_list_done(&list);
    return ret;
}

struct json *acting_act_json(const struct acting *a, enum act_phase phase, const char *line)
{
    struct json *o = audited(a);
    char at[CLOCK_TEXT_SIZE];
    const struct plan *p = &a->plan;
    const char *reason = a->c->options[ACTING_REASON];

    if (o) {
        json_put(o, "schema", json_new_text("driftop.act.v1"));
        json_put(o, "text", json_new_text(line)); /* to the end: also what is left to do */
        return o;
    }
    o = json_new_object();
    json_put(o, "schema", json_new_text("driftop.act.v1"));
    json_put(o, "id", json_new_text(p->id));
    json_put(o, "deployment", json_new_text(p->deployment));
    json_put(o, "intent", json_new_text(plan_intent_name(p->wish.intent)));
    json_put(o, "state", json_new_text(act_phase_name(phase)));
    json_put(o, "text", json_new_text(line));
    json_put(o, "before", world_json(&p->before));
    json_put(o, "after", world_json(&p->after));
    json_put(o, "by", json_new_text(a->by));
    json_put(o, "reason", json_new_text(reason));
    json_put(o, "at", json_new_text(clock_format_ms(clock_wall(a->c->clock), at)));
    json_put(o, "hash", json_new_text(a->act ? act_head(a->act) : NULL));
    return o;
}

void acting_keep_plan(struct acting *a)
{
    struct str text;
    struct err e = {0};
    struct json *json = plan_json(&a->plan);

    str_init(&text, 0);
    int code = json_write(json, 0, &text);
    if (code == 0 && a->env.store)
        code = store_put_plan(a->env.store, a->plan.id, text.data, a->plan.expires_ms, &e);
    if (code < 0 || !a->env.store)
        fprintf(a->c->err, "driftop: the plan cannot be kept for --apply: %s\n",
                e.text[0] ? e.text : "there is no store");
    str_done(&text);
    json_drop(json);
}

static double share_of(const struct plan_wish *wish, const char *version)
{
    for (size_t i = 0; i < wish->n_shares; i++)
        if (strcmp(wish->shares[i].version, version) == 0)
            return wish->shares[i].ratio;
    return 0; /* what is not named gets none */
}

static bool shares_differ(const struct plan_wish *a, const struct plan_wish *b)
{
    for (size_t i = 0; i < a->n_shares; i++)
        if (fabs(a->shares[i].ratio - share_of(b, a->shares[i].version)) > 1e-9)
            return true;
    return false;
}

/* The plan says everything; but whoever also says which deployment, act, version or shares and means
 * others than the plan's has the wrong plan in hand. */
static int check_words(const struct plan *p, const char *deployment, const struct plan_wish *wish,
                       struct err *e)
{
    const struct plan_wish *planned = &p->wish;

    if (wish->intent != planned->intent)
        return err_set(e, ERR_REFUSED, "plan %s is a plan of %s, not of %s", p->id,
                       plan_intent_name(planned->intent), plan_intent_name(wish->intent));
    if (deployment[0] && strcmp(deployment, p->deployment) != 0)
        return err_set(e, ERR_REFUSED, "plan %s is for %s, not for %s", p->id, p->deployment,
                       deployment);
    if (wish->undo_of[0] && strcmp(wish->undo_of, planned->undo_of) != 0)
        return err_set(e, ERR_REFUSED, "plan %s takes back act %s, not %s", p->id, planned->undo_of,
                       wish->undo_of);
    if (wish->version[0] && strcmp(wish->version, planned->version) != 0)
        return err_set(e, ERR_REFUSED, "plan %s goes to v%s, not to v%s", p->id, planned->version,
                       wish->version);
    if (wish->n_shares && (shares_differ(wish, planned) || shares_differ(planned, wish)))
        return err_set(e, ERR_REFUSED, "plan %s sets other shares than --set", p->id);
    return 0;
}

int acting_load_plan(struct acting *a, const char *id, const char *deployment,
                     const struct plan_wish *wish, struct err *e)
{
    char *text = NULL;
    int64_t expires_ms;
    struct json *json = NULL;

    if (!a->env.store)
        return err_set(e, ERR_ABSENT, "there is no store that could hold plan %s", id);
    int code = store_plan(a->env.store, id, &text, &expires_ms, e);
    if (code == ERR_ABSENT)
        return err_set(e, ERR_ABSENT, "there is no plan %s, or it has expired", id);
    if (code == 0)
        code = json_parse(text, strlen(text), &json, e);
    if (code == 0) {
        code = plan_from_json(json, &a->plan, e);
        a->has_plan = true;
    }
    if (code == 0)
        code = check_words(&a->plan, deployment, wish, e);
    json_drop(json);
    free(text);
    return code;
}
