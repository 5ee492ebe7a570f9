/* SPDX-License-Identifier: GPL-3.0-or-later */
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

    if (!a->env.store)
        return NULL;
    if (act_list_load(a->env.store, 0, clock_wall(a->c->clock), &list, NULL) == 0)
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

int acting_load_plan(struct acting *a, const char *id, struct err *e)
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
    json_drop(json);
    free(text);
    return code;
}
