/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/mlflow.h"

#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"

static struct json *print_pairs(const struct mlflow_pair *pairs, size_t n)
{
    struct json *object = json_new_object();
    for (size_t i = 0; i < n; i++)
        json_put(object, pairs[i].name, json_new_text(pairs[i].value));
    return object;
}

static int print_models(struct json *out, const char *input, size_t length, struct err *e)
{
    struct mlflow_models models;
    int code = mlflow_parse_models(input, length, &models, e);
    struct json *list = json_new_array();
    for (size_t i = 0; code == 0 && i < models.n_models; i++) {
        const struct mlflow_model *m = &models.models[i];
        struct json *item = json_new_object();
        put_text(item, "name", m->name);
        put_text(item, "description", m->description);
        put_number(item, "created_ms", m->has_created, (double)m->created_ms);
        put_number(item, "updated_ms", m->has_updated, (double)m->updated_ms);
        json_put(item, "aliases", print_pairs(m->aliases, m->n_aliases));
        json_put(item, "tags", print_pairs(m->tags, m->n_tags));
        put_text(item, "champion", mlflow_alias(m, "champion"));
        json_append(list, item);
    }
    json_put(out, "models", list);
    put_text(out, "next_page_token", models.next_page_token);
    mlflow_models_done(&models);
    return code;
}

static int print_versions(struct json *out, const char *input, size_t length, struct err *e)
{
    struct mlflow_versions versions;
    int code = mlflow_parse_versions(input, length, &versions, e);
    struct json *list = json_new_array();
    for (size_t i = 0; code == 0 && i < versions.n_versions; i++) {
        const struct mlflow_version *v = &versions.versions[i];
        struct json *item = json_new_object();
        put_text(item, "name", v->name);
        put_text(item, "version", v->version);
        put_text(item, "stage", v->stage);
        put_text(item, "status", v->status);
        put_text(item, "source", v->source);
        put_text(item, "run_id", v->run_id);
        put_number(item, "created_ms", v->has_created, (double)v->created_ms);
        put_number(item, "updated_ms", v->has_updated, (double)v->updated_ms);
        json_put(item, "tags", print_pairs(v->tags, v->n_tags));
        json_append(list, item);
    }
    json_put(out, "versions", list);
    put_text(out, "next_page_token", versions.next_page_token);
    mlflow_versions_done(&versions);
    return code;
}

/* The input is {name, alias, version}; the answer the body that would be sent. */
static int print_alias(struct json *out, const char *input, size_t length, struct err *e)
{
    struct json *in = NULL;
    struct str body;
    str_init(&body, 0);
    int code = json_parse(input, length, &in, e);
    if (code == 0)
        code = mlflow_write_alias(&body, json_text(json_get(in, "name"), NULL),
                                  json_text(json_get(in, "alias"), NULL),
                                  json_text(json_get(in, "version"), NULL), e);
    put_text(out, "body", body.data);
    json_drop(in);
    str_done(&body);
    return code;
}

/* args: models, versions, alias, or the status of a refusal. */
static struct json *print(const char *input, size_t length, const char *args)
{
    struct json *out = json_new_object();
    struct err e;
    int code;
    if (strcmp(args, "models") == 0)
        code = print_models(out, input, length, &e);
    else if (strcmp(args, "versions") == 0)
        code = print_versions(out, input, length, &e);
    else if (strcmp(args, "alias") == 0)
        code = print_alias(out, input, length, &e);
    else
        code = mlflow_refusal((int)strtol(args, NULL, 10), input, length, &e);
    put_error(out, code, &e);
    return out;
}

int main(void)
{
    return cases_main("mlflow", print);
}
