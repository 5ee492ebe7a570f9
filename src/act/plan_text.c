/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plan as people read it (dry run, audit) and as it is kept between --plan and --apply.
 */
#include <stdio.h>
#include <string.h>

#include "driftop/act/plan.h"
#include "driftop/base/clock.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"

#define PLAN_SCHEMA "driftop.plan.v1"

static const char *check_word(enum check_result r)
{
    return r == CHECK_OK ? "ok" : r == CHECK_WARN ? "WARN" : "STOP";
}

/* One item, wrapped under its own label. */
static void add_item(struct str *ret, int columns, const char *label, const char *text)
{
    int room = columns - 8 > 20 ? columns - 8 : 20;
    size_t length = strlen(text);

    while (length > 0 || *label) {
        size_t take = length;
        if (take > (size_t)room) {
            take = (size_t)room;
            while (take > 0 && (text[take] != ' ' || text[take + 1] == '%'))
                take--;
            if (take == 0)
                take = (size_t)room;
        }
        str_addf(ret, "%-7s %.*s\n", label, (int)take, text);
        text += take;
        length -= take;
        while (length && *text == ' ')
            text++, length--;
        label = "";
    }
}

static void add_steps(struct str *ret, int columns, const struct control_steps *steps, int *number,
                      bool inverse)
{
    char label[16];
    for (size_t i = 0; i < steps->n_items; i++) {
        const struct control_step *s = &steps->items[i];
        snprintf(label, sizeof label, inverse ? "undo %d" : "%d", ++*number);
        add_item(ret, columns, label, inverse ? s->inverse_text : s->text);
    }
}

static bool is_stopped(const struct plan *p)
{
    for (size_t i = 0; i < p->n_checks; i++)
        if (p->checks[i].result == CHECK_STOP)
            return true;
    return false;
}

void plan_text(const struct plan *p, int columns, struct str *ret)
{
    char line[512], at[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
    int number = 0;

    str_addf(ret, "PLAN %s: %s %s%s%s in %s, nothing sent yet\n", p->id,
             p->wish.intent == PLAN_ROLLBACK ? "roll back" : plan_intent_name(p->wish.intent),
             p->deployment, p->wish.intent == PLAN_ROLLBACK ? " to v" : "",
             p->wish.intent == PLAN_ROLLBACK ? p->wish.version : "", p->environment);
    add_item(ret, columns, "now", world_text(&p->before, line, sizeof line));
    add_item(ret, columns, "after", world_text(&p->after, line, sizeof line));
    str_addf(ret, "%-7s %s, expires %s\n", "read", clock_format_hms(p->before.at_ms, at),
             clock_format_hms(p->expires_ms, until));
    for (size_t i = 0; i < p->n_checks; i++)
        add_item(ret, columns, check_word(p->checks[i].result), p->checks[i].text);
    add_steps(ret, columns, &p->traffic, &number, false);
    add_steps(ret, columns, &p->registry, &number, false);
    if (plan_empty(p)) {
        if (!is_stopped(p))
            add_item(ret, columns, "nothing", "to do: it is so already");
        return;
    }
    add_item(ret, columns, "verify",
             p->before.has_traffic
                 ? "effective shares equal the plan and requests follow, three looks running"
                 : "the alias is read back twice");
    number = 0;
    add_steps(ret, columns, &p->traffic, &number, true);
    add_steps(ret, columns, &p->registry, &number, true);
}

static struct json *steps_json(const struct plan *p)
{
    struct json *list = json_new_array();
    const struct control_steps *both[] = {&p->traffic, &p->registry};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->n_items; i++) {
            struct json *step = json_new_object();
            json_put(step, "request", json_new_text(both[k]->items[i].text));
            json_put(step, "endpoint", json_new_text(both[k]->items[i].endpoint));
            json_put(step, "inverse", json_new_text(both[k]->items[i].inverse_text));
            json_append(list, step);
        }
    return list;
}

static struct json *wish_json(const struct plan_wish *wish)
{
    struct json *o = json_new_object(), *shares = json_new_object();
    json_put(o, "intent", json_new_text(plan_intent_name(wish->intent)));
    json_put(o, "version", json_new_text(wish->version[0] ? wish->version : NULL));
    for (size_t i = 0; i < wish->n_shares; i++)
        json_put(shares, wish->shares[i].version, json_new_real(wish->shares[i].ratio));
    json_put(o, "shares", shares);
    json_put(o, "alias", json_new_text(wish->alias_version[0] ? wish->alias_version : NULL));
    json_put(o, "alias_delete", json_new_bool(wish->alias_delete));
    json_put(o, "undo_of", json_new_text(wish->undo_of[0] ? wish->undo_of : NULL));
    return o;
}

struct json *plan_json(const struct plan *p)
{
    struct json *o = json_new_object(), *checks = json_new_array();
    char at[CLOCK_TEXT_SIZE];

    json_put(o, "schema", json_new_text(PLAN_SCHEMA));
    json_put(o, "id", json_new_text(p->id));
    json_put(o, "deployment", json_new_text(p->deployment));
    json_put(o, "environment", json_new_text(p->environment));
    json_put(o, "intent", json_new_text(plan_intent_name(p->wish.intent)));
    json_put(o, "wish", wish_json(&p->wish));
    json_put(o, "made", json_new_text(clock_format_ms(p->made_ms, at)));
    json_put(o, "expires", json_new_text(clock_format_ms(p->expires_ms, at)));
    json_put(o, "before", world_json(&p->before));
    json_put(o, "after", world_json(&p->after));
    for (size_t i = 0; i < p->n_checks; i++) {
        struct json *check = json_new_object();
        json_put(check, "result", json_new_text(check_word(p->checks[i].result)));
        json_put(check, "text", json_new_text(p->checks[i].text));
        json_append(checks, check);
    }
    json_put(o, "checks", checks);
    json_put(o, "steps", steps_json(p));
    return o;
}

static int wish_from_json(const struct json *o, struct plan_wish *ret, struct err *e)
{
    const char *intent = json_text(json_get(o, "intent"), NULL), *version, *text;
    const struct json *shares = json_get(o, "shares");
    struct json *ratio;
    void *it = NULL;

    memset(ret, 0, sizeof *ret);
    ret->intent = PLAN_UNDO;
    for (int i = PLAN_ROLLBACK; intent && i <= PLAN_UNDO; i++)
        if (strcmp(intent, plan_intent_name((enum plan_intent)i)) == 0)
            ret->intent = (enum plan_intent)i;
    if (!intent)
        return err_set(e, ERR_DATA, "the stored plan says not what it is for");
    if ((text = json_text(json_get(o, "version"), NULL)))
        str_copy(ret->version, sizeof ret->version, text);
    if ((text = json_text(json_get(o, "alias"), NULL)))
        str_copy(ret->alias_version, sizeof ret->alias_version, text);
    ret->alias_delete = json_bool(json_get(o, "alias_delete"), false);
    if ((text = json_text(json_get(o, "undo_of"), NULL)))
        str_copy(ret->undo_of, sizeof ret->undo_of, text);
    while (shares && json_next(shares, &it, &version, &ratio)) {
        if (ret->n_shares >= PLAN_SHARES_MAX)
            return err_set(e, ERR_LIMIT, "the stored plan has too many shares");
        struct control_share *share = &ret->shares[ret->n_shares++];
        str_copy(share->version, sizeof share->version, version);
        if (!json_number(ratio, &share->ratio))
            return err_set(e, ERR_DATA, "the stored plan has a share that is no number");
    }
    return 0;
}

static int64_t time_of(const struct json *o, const char *key)
{
    int64_t ms = 0;
    const char *text = json_text(json_get(o, key), NULL);
    if (text)
        clock_parse(text, strlen(text), &ms);
    return ms;
}

int plan_from_json(const struct json *value, struct plan *ret, struct err *e)
{
    const char *schema = json_text(json_get(value, "schema"), NULL);
    const char *id = json_text(json_get(value, "id"), NULL);
    const char *deployment = json_text(json_get(value, "deployment"), NULL);
    const char *environment = json_text(json_get(value, "environment"), NULL);

    memset(ret, 0, sizeof *ret);
    world_init(&ret->before);
    world_init(&ret->after);
    control_steps_init(&ret->traffic);
    control_steps_init(&ret->registry);
    if (!schema || strcmp(schema, PLAN_SCHEMA) != 0 || !id || !deployment || !environment)
        return err_set(e, ERR_DATA, "this is no plan of this version of driftop");
    str_copy(ret->id, sizeof ret->id, id);
    str_copy(ret->deployment, sizeof ret->deployment, deployment);
    str_copy(ret->environment, sizeof ret->environment, environment);
    ret->made_ms = time_of(value, "made");
    ret->expires_ms = time_of(value, "expires");
    int r = wish_from_json(json_get(value, "wish"), &ret->wish, e);
    if (r == 0)
        r = world_from_json(json_get(value, "before"), &ret->before, e);
    if (r == 0)
        r = world_from_json(json_get(value, "after"), &ret->after, e);
    return r;
}
