/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/mlflow.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "refusal_private.h"

#define ALIAS_BYTES 255

static const char *text_of(const struct json *object, const char *key)
{
    return json_text(json_get(object, key), NULL);
}

/* Very old servers send 64-bit numbers as text; json_int() takes both. */
static bool time_of(const struct json *object, const char *key, int64_t *ret)
{
    return json_int(json_get(object, key), ret);
}

/* An array of {name_key: ..., value_key: ...}; elements without a name are dropped. */
static int read_pairs(const struct json *array, const char *name_key, const char *value_key,
                      struct mlflow_pair **ret, size_t *ret_n)
{
    size_t n = json_kind(array) == JSON_ARRAY ? json_length(array) : 0;
    *ret_n = 0;
    *ret = n ? calloc(n, sizeof **ret) : NULL;
    if (n && !*ret)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct json *item = json_at(array, i);
        struct mlflow_pair pair = {text_of(item, name_key), text_of(item, value_key)};
        if (pair.name)
            (*ret)[(*ret_n)++] = pair;
    }
    return 0;
}

static int read_model(const struct json *item, struct mlflow_model *m)
{
    m->name = text_of(item, "name");
    m->description = text_of(item, "description");
    m->has_created = time_of(item, "creation_timestamp", &m->created_ms);
    m->has_updated = time_of(item, "last_updated_timestamp", &m->updated_ms);
    int result = read_pairs(json_get(item, "tags"), "key", "value", &m->tags, &m->n_tags);
    if (result < 0)
        return result;
    return read_pairs(json_get(item, "aliases"), "alias", "version", &m->aliases, &m->n_aliases);
}

static int read_version(const struct json *item, struct mlflow_version *v)
{
    v->name = text_of(item, "name");
    v->version = text_of(item, "version");
    v->stage = text_of(item, "current_stage");
    v->status = text_of(item, "status");
    v->source = text_of(item, "source");
    v->run_id = text_of(item, "run_id");
    v->has_created = time_of(item, "creation_timestamp", &v->created_ms);
    v->has_updated = time_of(item, "last_updated_timestamp", &v->updated_ms);
    return read_pairs(json_get(item, "tags"), "key", "value", &v->tags, &v->n_tags);
}

/* An answer holds one thing under `single` or a page of them under `plural`. An empty page has
 * no member at all. NULL when it is neither; *ret_page is NULL when it is a single one. */
static int open_answer(const char *bytes, size_t length, const char *single, const char *plural,
                       struct json **ret_root, struct json **ret_one, struct json **ret_page,
                       struct err *e)
{
    int result = json_parse(bytes, length, ret_root, e);
    if (result < 0)
        return result;
    *ret_one = json_get(*ret_root, single);
    *ret_page = json_get(*ret_root, plural);
    bool is_one = json_kind(*ret_one) == JSON_OBJECT;
    bool is_page = json_kind(*ret_page) == JSON_ARRAY || (!*ret_one && !*ret_page);
    bool is_error = json_get(*ret_root, "error_code") != NULL;
    if (json_kind(*ret_root) == JSON_OBJECT && !is_error && (is_one || is_page))
        return 0;
    return err_set(e, ERR_PROTOCOL, "the answer has neither %s nor %s", single, plural);
}

/* The token of the next page; an empty one is none. */
static const char *next_token(const struct json *root)
{
    const char *token = text_of(root, "next_page_token");
    return token && *token ? token : NULL;
}

int mlflow_parse_models(const char *bytes, size_t length, struct mlflow_models *ret, struct err *e)
{
    struct json *one, *page;
    *ret = (struct mlflow_models){0};
    int result = open_answer(bytes, length, "registered_model", "registered_models", &ret->root,
                             &one, &page, e);
    if (result < 0)
        return result;
    size_t n = one ? 1 : json_length(page);
    ret->next_page_token = next_token(ret->root);
    ret->models = n ? calloc(n, sizeof *ret->models) : NULL;
    if (n && !ret->models)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    for (size_t i = 0; i < n; i++) {
        struct mlflow_model *m = &ret->models[ret->n_models++];
        result = read_model(one ? one : json_at(page, i), m);
        if (result < 0)
            return err_set(e, result, "%s", err_message(result));
        if (!m->name)
            return err_set(e, ERR_PROTOCOL, "a registered model has no name");
    }
    return 0;
}

void mlflow_models_done(struct mlflow_models *m)
{
    for (size_t i = 0; i < m->n_models; i++) {
        free(m->models[i].aliases);
        free(m->models[i].tags);
    }
    free(m->models);
    json_drop(m->root);
    *m = (struct mlflow_models){0};
}

const char *mlflow_alias(const struct mlflow_model *m, const char *alias)
{
    for (size_t i = 0; i < m->n_aliases; i++)
        if (strcmp(m->aliases[i].name, alias) == 0)
            return m->aliases[i].value;
    return NULL;
}

int mlflow_parse_versions(const char *bytes, size_t length, struct mlflow_versions *ret,
                          struct err *e)
{
    struct json *one, *page;
    *ret = (struct mlflow_versions){0};
    int result =
        open_answer(bytes, length, "model_version", "model_versions", &ret->root, &one, &page, e);
    if (result < 0)
        return result;
    size_t n = one ? 1 : json_length(page);
    ret->next_page_token = next_token(ret->root);
    ret->versions = n ? calloc(n, sizeof *ret->versions) : NULL;
    if (n && !ret->versions)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    for (size_t i = 0; i < n; i++) {
        struct mlflow_version *v = &ret->versions[ret->n_versions++];
        result = read_version(one ? one : json_at(page, i), v);
        if (result < 0)
            return err_set(e, result, "%s", err_message(result));
        if (!v->name || !v->version)
            return err_set(e, ERR_PROTOCOL, "a model version has no name or no version");
    }
    return 0;
}

void mlflow_versions_done(struct mlflow_versions *v)
{
    for (size_t i = 0; i < v->n_versions; i++)
        free(v->versions[i].tags);
    free(v->versions);
    json_drop(v->root);
    *v = (struct mlflow_versions){0};
}

/* By MLflow's own word, which says more than the status; 0 when it is not one of these. */
static int code_of(const char *word, const char *message)
{
    static const struct {
        const char *word;
        int code;
    } words[] = {{"RESOURCE_DOES_NOT_EXIST", ERR_ABSENT},
                 {"ENDPOINT_NOT_FOUND", ERR_ABSENT},
                 {"UNAUTHENTICATED", ERR_AUTH},
                 {"CUSTOMER_UNAUTHORIZED", ERR_AUTH},
                 {"PERMISSION_DENIED", ERR_DENIED},
                 {"RESOURCE_CONFLICT", ERR_CONFLICT},
                 {"ABORTED", ERR_CONFLICT},
                 {"REQUEST_LIMIT_EXCEEDED", ERR_BUSY},
                 {"TEMPORARILY_UNAVAILABLE", ERR_BUSY},
                 {"DEADLINE_EXCEEDED", ERR_TIMEOUT}};
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0)
            return words[i].code;
    /* An alias that is not set, in the SQL store. */
    if (word && strcmp(word, "INVALID_PARAMETER_VALUE") == 0 &&
        strncmp(message, "Registered model alias ", 23) == 0 && strstr(message, "not found"))
        return ERR_ABSENT;
    return 0;
}

int mlflow_refusal(int status, const char *bytes, size_t length, struct err *e)
{
    struct json *root = NULL;
    char text[REFUSAL_TEXT];
    if (json_parse(bytes, length, &root, NULL) < 0)
        root = NULL;
    refusal_text(bytes, length, root, text, sizeof text);
    int code = code_of(text_of(root, "error_code"), text);
    json_drop(root);
    return err_set(e, code ? code : refusal_code(status), "MLflow says %d: %s", status,
                   text[0] ? text : "(nothing)");
}

static bool alias_valid(const char *alias)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t length = strlen(alias);
    if (length == 0 || length > ALIAS_BYTES || strspn(alias, allowed) != length)
        return false;
    bool number = (alias[0] == 'v' || alias[0] == 'V') && length > 1 &&
                  strspn(alias + 1, "0123456789") == length - 1;
    return !number && strcasecmp(alias, "latest") != 0;
}

int mlflow_write_alias(struct str *ret, const char *name, const char *alias, const char *version,
                       struct err *e)
{
    if (!*name || !*version)
        return err_set(e, ERR_INVALID, "a model's name and version may not be empty");
    if (!alias_valid(alias))
        return err_set(e, ERR_INVALID, "MLflow takes no alias of that name");
    struct json *body = json_new_object();
    json_put(body, "name", json_new_text(name));
    json_put(body, "alias", json_new_text(alias));
    json_put(body, "version", json_new_text(version)); /* a number would be refused */
    int result = json_length(body) == 3 ? json_write(body, 0, ret) : ERR_NOMEM;
    json_drop(body);
    return result < 0 ? err_set(e, result, "%s", err_message(result)) : 0;
}
