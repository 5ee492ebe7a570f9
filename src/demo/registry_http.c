/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry_http.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"

#define API            "/api/2.0/mlflow/"
#define TOKEN_PREFIX   "offset-"
#define MODELS_DEFAULT 100
#define MODELS_MAX     1000
#define VERSIONS_MAX   200000

/* One call: what it answers, or why not. */
struct call {
    struct registry *registry;
    const struct listen_request *request;
    struct json *body; /* of a POST or DELETE */
    struct json *answer;
    int status;
};

typedef void call_fn(struct call *c);

__attribute__((format(printf, 4, 5))) static void fail(struct call *c, int status, const char *code,
                                                       const char *format, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    c->status = status;
    json_put(c->answer, "error_code", json_new_text(code));
    json_put(c->answer, "message", json_new_text(text));
}

/* An argument: a query's of a GET, else a string of the JSON body. NULL after having failed. */
static const char *argument(struct call *c, const char *name)
{
    const struct json *value = json_get(c->body, name);
    const char *text = c->body ? json_text(value, NULL) : listen_query(c->request, name);

    if (!text && value)
        fail(c, 400, "INVALID_PARAMETER_VALUE", "Invalid value for parameter '%s' supplied: %s",
             name, "Value was of the wrong type, expected a string.");
    else if (!text || !*text)
        fail(c, 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter '%s'.", name);
    return text && *text ? text : NULL;
}

static struct registry_model *named_model(struct call *c)
{
    const char *name = argument(c, "name");
    struct registry_model *m = name ? registry_model(c->registry, name) : NULL;

    if (name && !m)
        fail(c, 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=%.128s not found",
             name);
    return m;
}

/* Aliases are shown by calls for one version only. */
static struct json *write_version(struct registry_model *m, const struct registry_version *v,
                                  bool with_aliases)
{
    struct json *object = json_new_object(), *aliases = json_new_array();

    json_put(object, "name", json_new_text(m->name));
    json_put(object, "version", json_new_text(v->version));
    json_put(object, "creation_timestamp", json_new_int(v->created_ms));
    json_put(object, "last_updated_timestamp", json_new_int(v->created_ms));
    json_put(object, "current_stage", json_new_text("None"));
    json_put(object, "status", json_new_text("READY"));
    for (size_t i = 0; with_aliases && i < m->n_aliases; i++)
        if (strcmp(m->aliases[i].version, v->version) == 0)
            json_append(aliases, json_new_text(m->aliases[i].name));
    if (json_length(aliases) > 0)
        json_put(object, "aliases", json_keep(aliases));
    json_drop(aliases);
    return object;
}

static struct json *write_model(struct registry_model *m)
{
    struct json *object = json_new_object(), *list = json_new_array();
    int64_t created_ms = m->n_versions ? m->versions[0].created_ms : 0;

    json_put(object, "name", json_new_text(m->name));
    json_put(object, "creation_timestamp", json_new_int(created_ms));
    json_put(object, "last_updated_timestamp", json_new_int(created_ms));
    if (m->n_versions > 0)
        json_append(list, write_version(m, &m->versions[m->n_versions - 1], false));
    json_put(object, "latest_versions", list);
    if (m->n_aliases == 0)
        return object;
    list = json_new_array();
    for (size_t i = 0; i < m->n_aliases; i++) {
        struct json *alias = json_new_object();
        json_put(alias, "alias", json_new_text(m->aliases[i].name));
        json_put(alias, "version", json_new_text(m->aliases[i].version));
        json_append(list, alias);
    }
    json_put(object, "aliases", list);
    return object;
}

static void get_model(struct call *c)
{
    struct registry_model *m = named_model(c);

    if (m)
        json_put(c->answer, "registered_model", write_model(m));
}

static bool number_of(const char *text, size_t most, size_t *ret)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    *ret = number;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && number <= most;
}

/* Where the page begins and how long it is; false after having failed. */
static bool page_of(struct call *c, size_t fallback, size_t most, size_t *ret_first, size_t *ret_n)
{
    const char *n = listen_query(c->request, "max_results");
    const char *token = listen_query(c->request, "page_token");

    *ret_first = 0;
    *ret_n = fallback;
    if (n && (!number_of(n, most, ret_n) || *ret_n == 0)) {
        fail(c, 400, "INVALID_PARAMETER_VALUE",
             "Invalid value for parameter 'max_results' supplied: '%.32s'", n);
        return false;
    }
    if (token && *token &&
        (strncmp(token, TOKEN_PREFIX, strlen(TOKEN_PREFIX)) != 0 ||
         !number_of(token + strlen(TOKEN_PREFIX), VERSIONS_MAX, ret_first))) {
        fail(c, 400, "INVALID_PARAMETER_VALUE", "Invalid page token, could not base64-decode");
        return false;
    }
    return true;
}

static void put_token(struct call *c, size_t next, size_t total)
{
    char token[48];

    if (next >= total)
        return;
    snprintf(token, sizeof token, TOKEN_PREFIX "%zu", next);
    json_put(c->answer, "next_page_token", json_new_text(token));
}

/* "name = 'x'" or "name='x'" is all the demo understands of the filter's language. Returns whether
 * it could be read; an empty name stands for all. */
static bool filter_name(struct call *c, char *buf, size_t size)
{
    const char *filter = listen_query(c->request, "filter");
    const char *at = filter ? filter + strspn(filter, " ") : "";

    buf[0] = '\0';
    if (*at == '\0')
        return true;
    if (strncmp(at, "name", 4) == 0) {
        at += 4 + strspn(at + 4, " ");
        at += *at == '=' ? 1 + strspn(at + 1, " ") : 0;
        size_t length = *at == '\'' ? strcspn(at + 1, "'") : 0;
        if (length > 0 && length < size && strcmp(at + 1 + length, "'") == 0) {
            memcpy(buf, at + 1, length);
            buf[length] = '\0';
            return true;
        }
    }
    fail(c, 400, "INVALID_PARAMETER_VALUE", "Invalid filter '%.128s'", filter);
    return false;
}

static void search_models(struct call *c)
{
    struct json *list = json_new_array();
    char name[REGISTRY_NAME_SIZE];
    size_t first, n, total = 0;

    if (page_of(c, MODELS_DEFAULT, MODELS_MAX, &first, &n) && filter_name(c, name, sizeof name)) {
        for (size_t i = 0; i < c->registry->n_models; i++) {
            struct registry_model *m = &c->registry->models[i];
            if (name[0] && strcmp(name, m->name) != 0)
                continue;
            if (total >= first && total < first + n)
                json_append(list, write_model(m));
            total++;
        }
        put_token(c, first + n, total);
    }
    if (json_length(list) > 0)
        json_put(c->answer, "registered_models", json_keep(list));
    json_drop(list);
}

/* Newest first, whatever order_by says. */
static void search_versions(struct call *c)
{
    struct json *list = json_new_array();
    char name[REGISTRY_NAME_SIZE];
    size_t first, n, total = 0;

    if (page_of(c, VERSIONS_MAX, VERSIONS_MAX, &first, &n) && filter_name(c, name, sizeof name)) {
        for (size_t i = 0; i < c->registry->n_models; i++) {
            struct registry_model *m = &c->registry->models[i];
            for (size_t k = m->n_versions; k > 0; k--) {
                if (name[0] && strcmp(name, m->name) != 0)
                    continue;
                if (total >= first && total < first + n)
                    json_append(list, write_version(m, &m->versions[k - 1], false));
                total++;
            }
        }
        put_token(c, first + n, total);
    }
    if (json_length(list) > 0)
        json_put(c->answer, "model_versions", json_keep(list));
    json_drop(list);
}

static void get_version(struct call *c)
{
    struct registry_model *m = named_model(c);
    const char *version = m ? argument(c, "version") : NULL;
    const struct registry_version *v = version ? registry_version(m, version) : NULL;

    if (v)
        json_put(c->answer, "model_version", write_version(m, v, true));
    else if (version)
        fail(c, 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=%s, version=%.64s) not found",
             m->name, version);
}

/* The real one answers the same for an absent alias and an absent model. */
static void get_alias(struct call *c)
{
    const char *name = argument(c, "name");
    const char *alias = name ? argument(c, "alias") : NULL;
    struct registry_model *m = alias ? registry_model(c->registry, name) : NULL;
    struct registry_alias *a = m ? registry_alias(m, alias) : NULL;

    if (a)
        json_put(c->answer, "model_version",
                 write_version(m, registry_version(m, a->version), true));
    else if (alias)
        fail(c, 400, "INVALID_PARAMETER_VALUE", "Registered model alias %.64s not found.", alias);
}

static void set_alias(struct call *c)
{
    struct registry_model *m = named_model(c);
    const char *alias = m ? argument(c, "alias") : NULL;
    const char *version = alias ? argument(c, "version") : NULL;

    if (!version)
        return;
    if (strlen(alias) >= REGISTRY_NAME_SIZE || strcasecmp(alias, "latest") == 0)
        fail(c, 400, "INVALID_PARAMETER_VALUE", "Invalid alias name: '%.64s'", alias);
    else if (!registry_version(m, version))
        fail(c, 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=%s, version=%.64s) not found",
             m->name, version);
    else if (!registry_set_alias(m, alias, version))
        fail(c, 400, "INVALID_PARAMETER_VALUE", "Too many aliases for %s", m->name);
}

static void delete_alias(struct call *c)
{
    struct registry_model *m = named_model(c);
    const char *alias = m ? argument(c, "alias") : NULL;

    if (alias)
        registry_delete_alias(m, alias);
}

static const struct {
    const char *method, *path;
    call_fn *run;
} calls[] = {
    {"GET", API "registered-models/get", get_model},
    {"GET", API "registered-models/search", search_models},
    {"GET", API "registered-models/alias", get_alias},
    {"POST", API "registered-models/alias", set_alias},
    {"DELETE", API "registered-models/alias", delete_alias},
    {"GET", API "model-versions/get", get_version},
    {"GET", API "model-versions/search", search_versions},
};

/* A body must be an object and say that it is JSON. */
static bool read_body(struct call *c)
{
    const char *type = listen_header(c->request, "Content-Type");

    if (strcmp(c->request->method, "GET") == 0)
        return true;
    if (!type || strncasecmp(type, "application/json", 16) != 0) {
        fail(c, 400, "BAD_REQUEST",
             "Bad Request. Content-Type must be one of ['application/json'].");
        return false;
    }
    if (json_parse(c->request->body, c->request->body_length, &c->body, NULL) == 0 &&
        json_kind(c->body) == JSON_OBJECT)
        return true;
    fail(c, 400, "BAD_REQUEST", "Malformed request body.");
    return false;
}

static void run(struct call *c)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(c->request->method, calls[i].method) == 0 &&
            strcmp(c->request->path, calls[i].path) == 0) {
            if (read_body(c))
                calls[i].run(c);
            return;
        }
    fail(c, 404, "ENDPOINT_NOT_FOUND", "no such call");
}

void registry_on_request(struct listener *l, struct loop_id exchange,
                         const struct listen_request *request, void *ctx)
{
    struct call c = {
        .registry = ctx, .request = request, .answer = json_new_object(), .status = 200};
    struct listen_answer a = {0};
    struct str text;

    str_init(&text, 0);
    if (strcmp(request->path, "/health") == 0) {
        str_add(&text, "OK");
        a.content_type = "text/html; charset=utf-8";
    } else {
        run(&c);
        json_write(c.answer, 0, &text);
    }
    a.status = c.status;
    a.body = text.data;
    a.body_length = text.length;
    listen_reply(l, exchange, &a);
    json_drop(c.answer);
    json_drop(c.body);
    str_done(&text);
}
