/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Servers that speak the Open Inference Protocol (MLServer, Triton, OpenVINO, KServe): whether a
 * version is ready, and what its metrics page counts. Readiness is the status code of the model's
 * own question alone; a server's readiness says nothing about a model. A server that cannot be
 * reached is not ready; one that does not let us in says nothing.
 */
#include <stdio.h>
#include <string.h>

#include "../reply_private.h"
#include "driftop/adapt/adapter.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/wire/oip.h"
#include "page.h"

#define SMALL_BYTES ((size_t)1 << 20)
#define ACCEPT                                                                                     \
    "text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1"

/* clang-format off */
static const struct option_row options[] = {
    {.name = "url", .type = OPTION_URL, .flags = OPTION_REQUIRED,
     .help = "Where the server answers; /v2/... is added.", .example = "http://127.0.0.1:8080"},
    {.name = "model", .type = OPTION_TEXT,
     .help = "The model's name at this server; else the deployment's name.", .example = "fraud"},
    {.name = "metrics", .type = OPTION_URL,
     .help = "Its Prometheus page; without it there are no rates.",
     .example = "http://127.0.0.1:8082/metrics"},
    {.name = "version_path", .type = OPTION_BOOL, .fallback = "false",
     .help = "Name the version in the path; needed where one server holds several."},
    {.name = "index", .type = OPTION_BOOL, .fallback = "false",
     .help = "Also list the repository (a POST that reads), for the reason a model is not ready."},
    {.name = "requests", .type = OPTION_TEXT,
     .help = "Counter of all requests, where the server uses names of its own.",
     .example = "scorer_requests_total"},
    {.name = "errors", .type = OPTION_TEXT, .help = "Counter of those that failed.",
     .example = "scorer_errors_total"},
    {.name = "latency", .type = OPTION_TEXT, .help = "Histogram or summary of their time.",
     .example = "scorer_seconds"},
    {.name = "latency_unit", .type = OPTION_CHOICE, .choices = "s ms us", .fallback = "s",
     .help = "Unit of that histogram."},
    {.name = "model_label", .type = OPTION_TEXT, .help = "Label of those that names the model.",
     .example = "model"},
    {.name = "version_label", .type = OPTION_TEXT,
     .help = "Label of those that names the version.", .example = "version"},
    REPLY_HEADER_ROWS,
    OPTION_AUTH_ROWS,
};
/* clang-format on */

static const char *model_of(const struct adapt_scope *scope)
{
    const char *model = option_text(scope->options, "model");

    if (model)
        return model;
    return scope->model && scope->model[0] ? scope->model : scope->deployment;
}

static int add_ready(const struct adapt_scope *scope, struct adapt_requests *ret)
{
    struct adapt_request *r = adapt_requests_add(ret, "ready");
    struct str path;
    const char *url;
    int length;

    if (!r || reply_base(scope->options, "url", &url, &length) < 0)
        return r ? ERR_INVALID : ERR_NOMEM;
    str_init(&path, 4096);
    net_percent_encode(&path, model_of(scope));
    if (option_bool(scope->options, "version_path") && scope->version[0]) {
        str_add(&path, "/versions/");
        net_percent_encode(&path, scope->version);
    }
    if (path.failed)
        r->request.failed = true;
    net_request_address(&r->request, "%.*s/v2/models/%s/ready", length, url, path.data);
    str_done(&path);
    r->request.ceiling_bytes = SMALL_BYTES;
    reply_add_headers(&r->request, scope->options);
    return 0;
}

static int add_index(const struct adapt_scope *scope, struct adapt_requests *ret)
{
    struct adapt_request *r = adapt_requests_add(ret, "index");
    const char *url;
    int length;

    if (!r || reply_base(scope->options, "url", &url, &length) < 0)
        return r ? ERR_INVALID : ERR_NOMEM;
    r->need = ADAPT_OPTIONAL;
    net_request_method(&r->request, "POST");
    net_request_address(&r->request, "%.*s/v2/repository/index", length, url);
    net_request_header(&r->request, "Content-Type", "application/json");
    str_add(&r->request.body, "{}"); /* MLServer answers 422 without a body */
    reply_add_headers(&r->request, scope->options);
    return 0;
}

static int add_metrics(const struct adapt_scope *scope, struct adapt_requests *ret)
{
    struct adapt_request *r = adapt_requests_add(ret, "metrics");

    if (!r)
        return ERR_NOMEM;
    net_request_address(&r->request, "%s", option_text(scope->options, "metrics"));
    net_request_header(&r->request, "Accept", ACCEPT);
    reply_add_headers(&r->request, scope->options);
    return 0;
}

static int requests(const struct adapt_scope *scope, struct adapt_requests *ret, struct err *e)
{
    int result = add_ready(scope, ret);

    if (result == 0 && option_bool(scope->options, "index"))
        result = add_index(scope, ret);
    if (result == 0 && option_text(scope->options, "metrics"))
        result = add_metrics(scope, ret);
    return result < 0 ? err_set(e, result, "%s", err_message(result)) : 0;
}

static int say_ready(const struct adapt_scope *scope, struct observation_list *ret, bool ready,
                     const char *text)
{
    struct observation *o = observation_add(ret, OBSERVATION_READY);

    if (!o)
        return ERR_NOMEM;
    str_copy(o->version, sizeof o->version, scope->version);
    o->ready = ready;
    str_copy(o->text, sizeof o->text, text);
    return 0;
}

/* What a status means that says neither ready nor not ready. */
static int ready_fault(const struct adapt_scope *scope, const struct net_reply *reply,
                       const char *text, struct observation_list *ret, struct err *e)
{
    const char *hint =
        option_bool(scope->options, "version_path") ? " (try version_path: false)" : "";

    switch (oip_readiness(reply->status)) {
    case OIP_ABSENT:
        say_ready(scope, ret, false, "not loaded");
        return err_set(e, ERR_ABSENT, "no model %s there: %.200s", model_of(scope), text);
    case OIP_DENIED: return err_set(e, ERR_AUTH, "status %d: %.200s", reply->status, text);
    case OIP_UNSUPPORTED:
        return err_set(e, ERR_PROTOCOL, "status %d: it cannot say whether %s is ready%s",
                       reply->status, model_of(scope), hint);
    default:
        if (reply->status >= 500) /* anything else, a redirect say, is not about the model */
            say_ready(scope, ret, false, "error");
        return err_set(e, ERR_PROTOCOL, "status %d: %.200s", reply->status, text);
    }
}

static int decode_ready(const struct adapt_scope *scope, const struct net_reply *reply,
                        struct observation_list *ret, struct err *e)
{
    char text[MODEL_TEXT_SIZE];
    int result = reply_check(reply, e);

    if (result == ERR_CONNECT || result == ERR_TIMEOUT)
        say_ready(scope, ret, false, result == ERR_CONNECT ? "no connection" : "no answer");
    if (result < 0)
        return result;
    oip_error(reply->body.data, reply->body.length, text, sizeof text);
    switch (oip_readiness(reply->status)) {
    case OIP_READY: return say_ready(scope, ret, true, "ready");
    case OIP_NOT_READY: return say_ready(scope, ret, false, text[0] ? text : "not ready");
    default: return ready_fault(scope, reply, text[0] ? text : "(nothing)", ret, e);
    }
}

/* Only what the readiness does not say: the word and the reason of a model that is not ready. */
static int decode_index(const struct adapt_scope *scope, const struct net_reply *reply,
                        struct observation_list *ret, struct err *e)
{
    struct oip_index index;
    char text[MODEL_TEXT_SIZE];
    int result = reply_check(reply, e);

    if (result < 0)
        return result;
    if (reply->status != 200)
        return err_set(e, oip_readiness(reply->status) == OIP_DENIED ? ERR_AUTH : ERR_PROTOCOL,
                       "status %d", reply->status);
    result = oip_parse_index(reply->body.data, reply->body.length, &index, NULL, e);
    for (size_t i = 0; result == 0 && i < index.n_models; i++) {
        const struct oip_model *m = &index.models[i];
        if (strcmp(m->name, model_of(scope)) != 0 || m->state == OIP_STATE_READY ||
            m->state == OIP_STATE_ABSENT || (m->version && strcmp(m->version, scope->version) != 0))
            continue;
        snprintf(text, sizeof text, "%.30s%s%.200s", m->state_text, m->reason ? ": " : "",
                 m->reason ? m->reason : "");
        result = say_ready(scope, ret, false, text);
    }
    oip_index_done(&index);
    return result;
}

static double latency_scale(const struct option_set *set)
{
    const char *unit = option_text(set, "latency_unit");

    if (unit && strcmp(unit, "ms") == 0)
        return 1e-3;
    return unit && strcmp(unit, "us") == 0 ? 1e-6 : 1;
}

static int decode_metrics(const struct adapt_scope *scope, const struct net_reply *reply,
                          struct observation_list *ret, struct err *e)
{
    const struct option_set *set = scope->options;
    static const char *const names[] = {"requests", "errors", "latency"};
    static const enum family_use uses[] = {USE_REQUESTS, USE_FAILURE, USE_LATENCY};
    struct family own[3];
    struct page_query query = {model_of(scope), scope->version, own, 0};
    struct observation *o;
    int result = reply_check(reply, e);

    if (result < 0)
        return result;
    if (reply->status != 200)
        return err_set(e, oip_readiness(reply->status) == OIP_DENIED ? ERR_AUTH : ERR_PROTOCOL,
                       "the metrics page answers with status %d", reply->status);
    for (size_t i = 0; i < 3; i++)
        if (option_text(set, names[i]))
            own[query.n_own++] = (struct family){
                .name = option_text(set, names[i]),
                .use = uses[i],
                .rank = 1,
                .scale = uses[i] == USE_LATENCY ? latency_scale(set) : 1,
                .model_label = option_text(set, "model_label"),
                .version_label = option_text(set, "version_label"),
            };
    o = observation_add(ret, OBSERVATION_METRICS);
    if (!o)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    str_copy(o->version, sizeof o->version, scope->version);
    result = page_read(reply, &query, o, e);
    if (result < 0)
        ret->n_items--;
    return result;
}

static int decode(const struct adapt_scope *scope, const struct adapt_request *request,
                  const struct net_reply *reply, struct observation_list *ret,
                  struct adapt_requests *more, struct err *e)
{
    (void)more;
    if (strcmp(request->what, "ready") == 0)
        return decode_ready(scope, reply, ret, e);
    if (strcmp(request->what, "index") == 0)
        return decode_index(scope, reply, ret, e);
    return decode_metrics(scope, reply, ret, e);
}

const struct adapter adapter_open_inference = {
    .name = "open-inference",
    .help = "Open Inference Protocol (MLServer, Triton, OpenVINO, KServe) with Prometheus metrics",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .requests = requests,
    .decode = decode,
};
