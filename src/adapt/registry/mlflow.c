/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * MLflow's model registry: the versions of one model and the alias that names the champion. Aliases
 * are read from registered-models/get only, because searches leave them out. The controller moves
 * the alias: a POINTER, which moves no traffic by itself. MLflow has no compare-and-swap, so the
 * caller re-reads before and after.
 */
#include <stdio.h>
#include <string.h>

#include "../reply_private.h"
#include "driftop/adapt/controller.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/wire/mlflow.h"

#define API         "api/2.0/mlflow"
#define PAGE_SIZE   200
#define PAGES_MAX   100
#define TOKEN_BYTES 4096

/* clang-format off */
static const struct option_row options[] = {
    {.name = "url", .type = OPTION_URL, .flags = OPTION_REQUIRED,
     .help = "Where the tracking server answers; /api/2.0/mlflow is added.",
     .example = "http://127.0.0.1:5000"},
    REPLY_HEADER_ROWS,
    OPTION_AUTH_ROWS,
};
/* clang-format on */

/* "BASE/api/2.0/mlflow/CALL" and what is in `query`. */
static void set_address(struct net_request *r, const struct adapt_scope *scope, const char *call,
                        const struct str *query)
{
    const char *url;
    int length;

    if (reply_base(scope->options, "url", &url, &length) < 0 || query->failed) {
        r->failed = true;
        return;
    }
    net_request_address(r, "%.*s/" API "/%s%s", length, url, call, query->data);
    reply_add_headers(r, scope->options);
}

static int add_page(const struct adapt_scope *scope, unsigned page, const char *token,
                    struct adapt_requests *ret)
{
    struct adapt_request *r;
    struct str query;
    char what[64];

    snprintf(what, sizeof what, "versions, page %u", page);
    r = adapt_requests_add(ret, what);
    if (!r)
        return ERR_NOMEM;
    r->page = page;
    str_init(&query, 32768);
    str_addf(&query, "?max_results=%d&order_by=version_number%%20DESC&filter=name%%3D%%27",
             PAGE_SIZE);
    net_percent_encode(&query, scope->model);
    str_add(&query, "%27");
    if (token) {
        str_add(&query, "&page_token=");
        net_percent_encode(&query, token);
    }
    set_address(&r->request, scope, "model-versions/search", &query);
    str_done(&query);
    return 0;
}

static int requests(const struct adapt_scope *scope, struct adapt_requests *ret, struct err *e)
{
    struct adapt_request *r;
    struct str query;

    /* The filter has no way to write a quote inside a name. */
    if (strchr(scope->model, '\''))
        return err_set(e, ERR_INVALID, "a model's name may not hold a quote");
    r = adapt_requests_add(ret, "model");
    if (!r)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    str_init(&query, 4096);
    str_add(&query, "?name=");
    net_percent_encode(&query, scope->model);
    set_address(&r->request, scope, "registered-models/get", &query);
    str_done(&query);
    return add_page(scope, 1, NULL, ret);
}

static int check_status(const struct net_reply *reply, struct err *e)
{
    int result = reply_check(reply, e);

    if (result < 0)
        return result;
    if (reply->status >= 400)
        return mlflow_refusal(reply->status, reply->body.data, reply->body.length, e);
    return reply->status == 200
               ? 0
               : err_set(e, ERR_PROTOCOL, "status %d is no answer of MLflow", reply->status);
}

static int decode_model(const struct adapt_scope *scope, const struct net_reply *reply,
                        struct observation_list *ret, struct err *e)
{
    struct mlflow_models models;
    struct observation *o;
    const char *version;
    int result = mlflow_parse_models(reply->body.data, reply->body.length, &models, e);

    if (result == 0 && models.n_models != 1)
        result = err_set(e, ERR_PROTOCOL, "the answer holds no model");
    if (result == 0 && scope->alias && scope->alias[0]) {
        version = mlflow_alias(&models.models[0], scope->alias);
        o = observation_add(ret, OBSERVATION_ALIAS);
        if (!o) {
            result = err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
        } else {
            str_copy(o->text, sizeof o->text, scope->alias);
            utf8_clean(o->version, sizeof o->version, version ? version : "",
                       version ? strlen(version) : 0);
        }
    }
    mlflow_models_done(&models);
    return result;
}

static int add_version(const struct mlflow_version *v, struct observation_list *ret)
{
    struct observation *o = observation_add(ret, OBSERVATION_VERSION);

    if (!o)
        return ERR_LIMIT;
    utf8_clean(o->version, sizeof o->version, v->version, strlen(v->version));
    /* Servers older than the field have only finished versions. */
    o->ready = !v->status || strcmp(v->status, "READY") == 0;
    if (v->status)
        utf8_clean(o->text, sizeof o->text, v->status, strlen(v->status));
    if (v->has_created) {
        o->created_ms = v->created_ms;
        o->has |= HAS_CREATED;
    }
    return 0;
}

static int next_page(const struct adapt_scope *scope, const struct adapt_request *request,
                     const char *token, struct adapt_requests *more, struct err *e)
{
    struct str encoded;
    bool same;

    if (strlen(token) > TOKEN_BYTES)
        return err_set(e, ERR_LIMIT, "the token of the next page is too long");
    str_init(&encoded, 4 * TOKEN_BYTES);
    str_add(&encoded, "&page_token=");
    net_percent_encode(&encoded, token);
    same = request->request.address && strstr(request->request.address, encoded.data);
    str_done(&encoded);
    if (same)
        return err_set(e, ERR_LIMIT, "the list of versions has no end: page %u names itself",
                       request->page);
    if (request->page >= PAGES_MAX)
        return err_set(e, ERR_LIMIT, "the list of versions has no end: stopped after %d pages",
                       PAGES_MAX);
    return add_page(scope, request->page + 1, token, more);
}

static int decode_page(const struct adapt_scope *scope, const struct adapt_request *request,
                       const struct net_reply *reply, struct observation_list *ret,
                       struct adapt_requests *more, struct err *e)
{
    struct mlflow_versions page;
    int result = mlflow_parse_versions(reply->body.data, reply->body.length, &page, e);

    for (size_t i = 0; result == 0 && i < page.n_versions; i++) {
        const struct mlflow_version *v = &page.versions[i];
        if (v->name && strcmp(v->name, scope->model) != 0)
            continue;
        if (v->version && add_version(v, ret) < 0)
            result = err_set(e, ERR_LIMIT, "too many versions");
    }
    if (result == 0 && page.next_page_token)
        result = next_page(scope, request, page.next_page_token, more, e);
    mlflow_versions_done(&page);
    return result;
}

static int decode(const struct adapt_scope *scope, const struct adapt_request *request,
                  const struct net_reply *reply, struct observation_list *ret,
                  struct adapt_requests *more, struct err *e)
{
    int result = check_status(reply, e);

    if (result < 0)
        return result;
    if (request->page > 0)
        return decode_page(scope, request, reply, ret, more, e);
    return decode_model(scope, reply, ret, e);
}

static void describe(const struct adapt_scope *scope, struct control_traits *ret)
{
    (void)scope;
    *ret = (struct control_traits){
        .kind = CONTROL_POINTER,
        .reversible = true,
        .settle_soft_ms = 5000,
        .settle_hard_ms = 30000,
        .warning = "An alias moves no traffic by itself: servers follow when they load it again.",
    };
}

static const struct observation *find(const struct control_snapshot *s, enum observation_kind kind,
                                      const char *version)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].kind == kind && (!version || strcmp(s->items[i].version, version) == 0))
            return &s->items[i];
    return NULL;
}

/* POST the alias, or DELETE it (with a body, as MLflow wants it) where it is not to be set. */
static int build(const struct adapt_scope *scope, const char *version, struct net_request *ret,
                 struct err *e)
{
    struct json *body;
    struct str none;
    int result = 0;

    str_init(&none, 0);
    net_request_method(ret, version[0] ? "POST" : "DELETE");
    ret->flags |= NET_MUTATING;
    set_address(ret, scope, "registered-models/alias", &none);
    net_request_header(ret, "Content-Type", "application/json");
    if (version[0])
        return mlflow_write_alias(&ret->body, scope->model, scope->alias, version, e);
    body = json_new_object();
    json_put(body, "name", json_new_text(scope->model));
    json_put(body, "alias", json_new_text(scope->alias));
    if (json_write(body, 0, &ret->body) < 0)
        result = err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    json_drop(body);
    return result;
}

static int move_text(const struct adapt_scope *scope, const char *version, char *buf, size_t size)
{
    return snprintf(buf, size, "%s alias %.64s of %.128s%s%.128s", version[0] ? "set" : "delete",
                    scope->alias, scope->model, version[0] ? " to version " : "", version);
}

static int plan(const struct adapt_scope *scope, const struct control_snapshot *before,
                const struct control_intent *intent, struct control_steps *ret, struct err *e)
{
    const struct observation *alias = find(before, OBSERVATION_ALIAS, NULL);
    const struct observation *target;
    struct control_step *step;
    const char *old;
    int result, used;

    if (intent->kind != CONTROL_POINTER || !intent->version)
        return err_set(e, ERR_INVALID, "MLflow moves an alias to a version, nothing else");
    if (!alias)
        return err_set(e, ERR_REFUSED, "the alias %s could not be read", scope->alias);
    target = find(before, OBSERVATION_VERSION, intent->version);
    if (intent->version[0] && (!target || !target->ready))
        return err_set(e, ERR_REFUSED, "version %s of %s is %s in the registry", intent->version,
                       scope->model, target ? target->text : "not");
    old = alias->version;
    if (strcmp(old, intent->version) == 0)
        return 0;
    step = control_steps_add(ret);
    if (!step)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    used = move_text(scope, intent->version, step->text, sizeof step->text);
    snprintf(step->text + used, sizeof step->text - (size_t)used, " (was %.128s)",
             old[0] ? old : "not set");
    move_text(scope, old, step->inverse_text, sizeof step->inverse_text);
    str_copy(step->endpoint, sizeof step->endpoint, option_text(scope->options, "url"));
    str_copy(step->expect.version, sizeof step->expect.version, intent->version);
    str_copy(step->before_version, sizeof step->before_version, old);
    result = build(scope, intent->version, &step->request, e);
    return result < 0 ? result : build(scope, old, &step->inverse, e);
}

static int accepted(const struct control_step *step, const struct net_reply *reply, struct err *e)
{
    struct json *answer = NULL;
    int result = reply_sent(reply, e);

    (void)step;
    if (result < 0)
        return result;
    if (reply->status >= 300) {
        result = mlflow_refusal(reply->status, reply->body.data, reply->body.length, e);
        if (result == ERR_AUTH || result == ERR_DENIED)
            return ERR_DENIED;
        return result == ERR_CONFLICT ? ERR_CONFLICT : ERR_REJECTED;
    }
    /* Success is "{}": anything else is somebody else's answer. */
    result = json_parse(reply->body.data, reply->body.length, &answer, NULL);
    if (result < 0 || json_kind(answer) != JSON_OBJECT)
        result = err_set(e, ERR_UNKNOWN, "the answer is not MLflow's: status %d", reply->status);
    json_drop(answer);
    return result;
}

static enum control_truth step_done(const struct control_step *step,
                                    const struct control_snapshot *now)
{
    const struct observation *alias = find(now, OBSERVATION_ALIAS, NULL);

    if (!alias || strcmp(alias->version, step->before_version) == 0)
        return CONTROL_NOT_YET;
    return strcmp(alias->version, step->expect.version) == 0 ? CONTROL_YES : CONTROL_NO;
}

static enum control_truth verified(const struct control_intent *intent,
                                   const struct control_snapshot *now)
{
    const struct observation *alias = find(now, OBSERVATION_ALIAS, NULL);

    return !alias                                         ? CONTROL_NOT_YET
           : strcmp(alias->version, intent->version) == 0 ? CONTROL_YES
                                                          : CONTROL_NO;
}

static const struct controller controller = {
    .describe = describe,
    .plan = plan,
    .accepted = accepted,
    .step_done = step_done,
    .verified = verified,
};

const struct adapter adapter_mlflow = {
    .name = "mlflow",
    .help = "MLflow model registry (2.x, 3.x): versions and aliases",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .requests = requests,
    .decode = decode,
    .controller = &controller,
};
