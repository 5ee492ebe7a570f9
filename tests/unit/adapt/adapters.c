/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every adapter of servers, registries and traffic over its folders. A case holds
 *     options.yaml   as in the configuration
 *     scope.json     deployment, version, model, alias (each may be left out)
 *     reply-N        what the N-th request is answered, further pages too: a line "200 text/plain",
 *                    "stream", or "connect TEXT" and its like, then the body. reply-last stands
 *                    for all that have no file; {N} in it is the request's number.
 *     intent.json    {"shares": {TARGET: RATIO}} or {"version": V}: the plan is made too
 *     accept-N       the answer to its N-th step
 *     now-K/reply-N  what is read afterwards: is each step done, is the whole verified?
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../wire/cases.h"
#include "driftop/adapt/adapter.h"
#include "driftop/adapt/controller.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/net/gate.h"
#include "folder.h"
#include "printing.h"

#define REQUESTS_END 200

struct running {
    const struct folder_case *c;
    const struct adapter *adapter;
    struct option_set options;
    struct adapt_scope scope;
    struct json *scope_json;
};

static const struct adapter *find_adapter(const char *name)
{
    const struct adapter *a = adapt_find(adapt_servers, name);

    a = a ? a : adapt_find(adapt_registries, name);
    return a ? a : adapt_find(adapt_traffic, name);
}

/* The head line of a reply file into the reply. */
static void set_head(struct net_reply *reply, const char *head)
{
    static const int codes[] = {ERR_CONNECT, ERR_TIMEOUT, ERR_LIMIT, ERR_PROTOCOL, ERR_IO};
    size_t n = strcspn(head, " \n"), blank = head[n] == ' ';
    char word[32], rest[128];

    snprintf(word, sizeof word, "%.*s", (int)n, head);
    head += n + blank;
    snprintf(rest, sizeof rest, "%.*s", (int)strcspn(head, "\n"), head);
    if (strcmp(word, "stream") == 0)
        return;
    if (word[0] >= '0' && word[0] <= '9') {
        reply->status = (int)strtol(word, NULL, 10);
        str_copy(reply->content_type, sizeof reply->content_type, rest);
        return;
    }
    reply->outcome = strcmp(word, "connect") == 0 ? NET_BEFORE_SEND : NET_UNKNOWN;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(word, err_name(codes[i])) == 0)
            reply->code = codes[i];
    if (reply->code == 0)
        fail_msg("not the head of a reply: %s", head);
    err_set(&reply->err, reply->code, "%s", rest);
}

/* "{N}" becomes the number. */
static void add_body(struct str *body, const struct str *text, size_t from, size_t number)
{
    while (from < text->length) {
        const char *at = strstr(text->data + from, "{N}");
        size_t n = at ? (size_t)(at - text->data) - from : text->length - from;
        str_add_bytes(body, text->data + from, n);
        from += n;
        if (at) {
            str_addf(body, "%zu", number);
            from += 3;
        }
    }
}

static bool read_reply(const struct folder_case *c, const char *folder, const char *name,
                       size_t number, struct net_reply *ret)
{
    struct str text;
    char file[128];
    bool found;
    size_t head;

    net_reply_init(ret);
    snprintf(file, sizeof file, "%s%s-%zu", folder, name, number);
    found = folder_read(c, file, &text);
    if (!found) {
        str_done(&text);
        snprintf(file, sizeof file, "%s%s-last", folder, name);
        found = folder_read(c, file, &text);
    }
    if (found) {
        head = strcspn(text.data, "\n");
        set_head(ret, text.data);
        add_body(&ret->body, &text, head + (head < text.length), number);
    }
    str_done(&text);
    return found;
}

static struct json *decode_error(const char *what, int code, const struct err *e)
{
    struct json *out = json_new_object();

    json_put(out, "what", json_new_text(what));
    put_error(out, code, e);
    return out;
}

/* One whole poll from the files of a folder. Returns what was asked when `out` is given. */
static void poll_all(const struct running *r, const char *folder, struct observation_list *ret,
                     struct json *out)
{
    struct json *asked = json_new_array(), *errors = json_new_array();
    struct adapt_requests list;
    struct err e;
    int code;

    adapt_requests_init(&list);
    code = r->adapter->requests(&r->scope, &list, &e);
    if (code < 0)
        json_append(errors, decode_error("requests", code, &e));
    for (size_t i = 0; i < list.n_items && i < REQUESTS_END; i++) {
        struct adapt_requests more;
        struct net_reply reply;
        assert_true(net_is_read(&list.items[i].request)); /* a poll never writes */
        if (i < 5)
            json_append(asked, print_request(&list.items[i].request));
        adapt_requests_init(&more);
        if (read_reply(r->c, folder, "reply", i + 1, &reply)) {
            code = r->adapter->decode(&r->scope, &list.items[i], &reply, ret, &more, &e);
            if (code < 0)
                json_append(errors, decode_error(list.items[i].what, code, &e));
        }
        for (size_t k = 0; k < more.n_items; k++) {
            struct adapt_request *next = adapt_requests_add(&list, more.items[k].what);
            assert_non_null(next);
            next->endpoint = more.items[k].endpoint;
            next->page = more.items[k].page;
            net_request_done(&next->request);
            net_request_copy(&more.items[k].request, &next->request);
        }
        adapt_requests_done(&more);
        net_reply_done(&reply);
    }
    json_put(out, "requests", asked);
    if (json_length(errors) > 0)
        json_put(out, "errors", json_keep(errors));
    json_drop(errors);
    adapt_requests_done(&list);
}

static struct json *print_observations(const struct observation_list *list)
{
    struct json *out = json_new_array();

    for (size_t i = 0; i < list->n_items && i < 20; i++)
        json_append(out, print_observation(&list->items[i]));
    if (list->n_items > 20)
        json_append(out, json_new_int((int64_t)list->n_items));
    return out;
}

static size_t read_intent(const struct json *json, struct control_share shares[16],
                          struct control_intent *ret)
{
    struct json *map = json_get(json, "shares"), *value;
    const char *target;
    void *it = NULL;
    size_t n = 0;

    *ret = (struct control_intent){.kind = CONTROL_POINTER,
                                   .version = json_text(json_get(json, "version"), NULL)};
    while (n < 16 && json_next(map, &it, &target, &value)) {
        shares[n] = (struct control_share){0};
        str_copy(shares[n].target, sizeof shares[n].target, target);
        json_number(value, &shares[n++].ratio);
    }
    if (map)
        *ret = (struct control_intent){.kind = CONTROL_WEIGHT, .shares = shares, .n_shares = n};
    return n;
}

static struct json *print_accepted(const struct running *r, const struct control_steps *steps)
{
    struct json *out = json_new_array();

    for (size_t i = 0; i < steps->n_items; i++) {
        struct json *one = json_new_object();
        struct net_reply reply;
        struct err e;
        if (read_reply(r->c, "", "accept", i + 1, &reply)) {
            int code = r->adapter->controller->accepted(&steps->items[i], &reply, &e);
            json_put(one, "accepted", json_new_bool(code == 0));
            put_error(one, code, &e);
            json_append(out, json_keep(one));
        }
        json_drop(one);
        net_reply_done(&reply);
    }
    return out;
}

static struct json *print_now(const struct running *r, const char *folder,
                              const struct control_steps *steps,
                              const struct control_intent *intent)
{
    struct json *out = json_new_object(), *done = json_new_array(), *ignored = json_new_object();
    struct observation_list list;
    struct control_snapshot now;

    observation_list_init(&list);
    poll_all(r, folder, &list, ignored);
    now = (struct control_snapshot){list.items, list.n_items};
    for (size_t i = 0; i < steps->n_items; i++)
        json_append(done, json_new_text(truth_name(
                              r->adapter->controller->step_done(&steps->items[i], &now))));
    json_put(out, "step_done", done);
    json_put(out, "verified",
             json_new_text(truth_name(r->adapter->controller->verified(intent, &now))));
    observation_list_done(&list);
    json_drop(ignored);
    return out;
}

static void print_plan(const struct running *r, const struct observation_list *list,
                       const struct json *json, struct json *out)
{
    const struct control_snapshot before = {list->items, list->n_items};
    struct control_share shares[16];
    struct control_intent intent;
    struct control_steps steps;
    struct json *printed = json_new_array(), *accepted;
    struct err e;
    int code;

    read_intent(json, shares, &intent);
    control_steps_init(&steps);
    code = r->adapter->controller->plan(&r->scope, &before, &intent, &steps, &e);
    if (code < 0)
        json_put(out, "plan", decode_error("plan", code, &e));
    for (size_t i = 0; code == 0 && i < steps.n_items; i++) {
        assert_false(net_is_read(&steps.items[i].request));
        assert_false(net_is_read(&steps.items[i].inverse));
        json_append(printed, print_step(&steps.items[i]));
    }
    json_put(out, "steps", printed);
    accepted = print_accepted(r, &steps);
    if (json_length(accepted) > 0)
        json_put(out, "accepted", json_keep(accepted));
    json_drop(accepted);
    for (int k = 1; k < 10; k++) {
        char name[8], folder[16], probe[32];
        struct str text;
        bool found;
        snprintf(name, sizeof name, "now-%d", k % 10);
        snprintf(folder, sizeof folder, "%s/", name);
        snprintf(probe, sizeof probe, "%sreply-1", folder);
        found = folder_read(r->c, probe, &text);
        str_done(&text);
        if (!found)
            break;
        json_put(out, name, print_now(r, folder, &steps, &intent));
    }
    control_steps_done(&steps);
}

static const char *scope_text(const struct running *r, const char *key, const char *fallback)
{
    const char *text = json_text(json_get(r->scope_json, key), NULL);

    return text ? text : fallback;
}

static struct json *print_case(const struct folder_case *c)
{
    struct running r = {.c = c, .adapter = find_adapter(c->adapter)};
    struct json *out = json_new_object(), *intent;
    struct observation_list list;
    struct str yaml;
    struct err e;

    assert_non_null(r.adapter);
    assert_true(folder_read(c, "options.yaml", &yaml));
    if (option_set_parse(yaml.data, r.adapter->options, r.adapter->n_options, &r.options, &e) < 0)
        fail_msg("%s/%s/options.yaml:%d: %s", c->adapter, c->name, e.line, e.text);
    r.scope_json = folder_json(c, "scope.json");
    r.scope = (struct adapt_scope){
        .options = &r.options,
        .deployment = scope_text(&r, "deployment", "fraud-score"),
        .version = scope_text(&r, "version", "41"),
        .model = scope_text(&r, "model", "fraud-score"),
        .alias = scope_text(&r, "alias", "champion"),
    };
    observation_list_init(&list);
    poll_all(&r, "", &list, out);
    json_put(out, "observations", print_observations(&list));
    intent = folder_json(c, "intent.json");
    if (intent)
        print_plan(&r, &list, intent, out);
    json_drop(intent);
    observation_list_done(&list);
    json_drop(r.scope_json);
    option_set_done(&r.options);
    str_done(&yaml);
    return out;
}

static void run_list(const struct adapter *const *list)
{
    int wrong = 0;

    for (; *list; list++)
        wrong += folder_run((*list)->name, print_case);
    assert_int_equal(wrong, 0);
}

static void test_servers(void **state)
{
    (void)state;
    run_list(adapt_servers);
}

static void test_registries(void **state)
{
    (void)state;
    run_list(adapt_registries);
}

static void test_traffic(void **state)
{
    (void)state;
    run_list(adapt_traffic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_servers),
        cmocka_unit_test(test_registries),
        cmocka_unit_test(test_traffic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
