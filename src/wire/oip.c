/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/oip.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "refusal_private.h"

enum oip_readiness oip_readiness(int status)
{
    switch (status) {
    case 400: /* MLServer and Triton */
    case 503: /* OpenVINO and KServe */ return OIP_NOT_READY;
    case 404: return OIP_ABSENT;
    case 401:
    case 403: return OIP_DENIED;
    case 405:
    case 406:
    case 501: return OIP_UNSUPPORTED;
    default: return status >= 200 && status <= 299 ? OIP_READY : OIP_FAILED;
    }
}

static const char *text_of(const struct json *object, const char *key)
{
    return json_text(json_get(object, key), NULL);
}

static size_t array_length(const struct json *value)
{
    return json_kind(value) == JSON_ARRAY ? json_length(value) : 0;
}

/* The texts of an array; other elements are dropped. */
static int read_texts(const struct json *array, const char ***ret, size_t *ret_n)
{
    size_t n = array_length(array);
    *ret = n ? calloc(n, sizeof **ret) : NULL;
    if (n && !*ret)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const char *text = json_text(json_at(array, i), NULL);
        if (text)
            (*ret)[(*ret_n)++] = text;
    }
    return 0;
}

/* A shape with anything but numbers in it, or with too many, counts as none. */
static void read_shape(const struct json *shape, struct oip_tensor *t)
{
    size_t n = array_length(shape);
    if (n > OIP_RANK)
        return;
    for (size_t i = 0; i < n; i++)
        if (!json_int(json_at(shape, i), &t->shape[i]))
            return;
    t->rank = n;
}

static int read_tensors(const struct json *array, struct oip_tensor **ret, size_t *ret_n)
{
    size_t n = array_length(array);
    *ret = n ? calloc(n, sizeof **ret) : NULL;
    if (n && !*ret)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct json *item = json_at(array, i);
        struct oip_tensor t = {.name = text_of(item, "name"),
                               .datatype = text_of(item, "datatype")};
        read_shape(json_get(item, "shape"), &t);
        if (t.name)
            (*ret)[(*ret_n)++] = t;
    }
    return 0;
}

/* A server says "version", a model "versions". */
static int read_versions(struct oip_metadata *m)
{
    const char *version = text_of(m->root, "version");
    if (json_get(m->root, "versions") || !version)
        return read_texts(json_get(m->root, "versions"), &m->versions, &m->n_versions);
    m->versions = calloc(1, sizeof *m->versions);
    if (!m->versions)
        return ERR_NOMEM;
    m->versions[m->n_versions++] = version;
    return 0;
}

int oip_parse_metadata(const char *bytes, size_t length, struct oip_metadata *ret, struct err *e)
{
    *ret = (struct oip_metadata){0};
    int result = json_parse(bytes, length, &ret->root, e);
    if (result < 0)
        return result;
    ret->name = text_of(ret->root, "name");
    ret->platform = text_of(ret->root, "platform");
    if (!ret->name)
        return err_set(e, ERR_PROTOCOL, "the metadata have no name");
    const struct json *extensions = json_get(ret->root, "extensions");
    if (!extensions) /* TorchServe's spelling */
        extensions = json_get(ret->root, "extenstion");
    if ((result = read_versions(ret)) < 0 ||
        (result = read_texts(extensions, &ret->extensions, &ret->n_extensions)) < 0 ||
        (result = read_tensors(json_get(ret->root, "inputs"), &ret->inputs, &ret->n_inputs)) < 0 ||
        (result = read_tensors(json_get(ret->root, "outputs"), &ret->outputs, &ret->n_outputs)) < 0)
        return err_set(e, result, "%s", err_message(result));
    return 0;
}

void oip_metadata_done(struct oip_metadata *m)
{
    free(m->versions);
    free(m->extensions);
    free(m->inputs);
    free(m->outputs);
    json_drop(m->root);
    *m = (struct oip_metadata){0};
}

static enum oip_state state_of(const char *word)
{
    static const struct {
        const char *word;
        enum oip_state state;
    } words[] = {{"READY", OIP_STATE_READY},
                 {"UNAVAILABLE", OIP_STATE_UNAVAILABLE},
                 {"LOADING", OIP_STATE_LOADING},
                 {"UNLOADING", OIP_STATE_UNLOADING}};
    if (!word)
        return OIP_STATE_ABSENT;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0)
            return words[i].state;
    return OIP_STATE_UNKNOWN;
}

/* An element is an object, or in KServe's list a bare name. */
static struct oip_model read_model(const struct json *item)
{
    const char *name = json_text(item, NULL);
    if (name)
        return (struct oip_model){.name = name};
    struct oip_model m = {.name = text_of(item, "name"),
                          .version = text_of(item, "version"),
                          .reason = text_of(item, "reason"),
                          .state_text = text_of(item, "state")};
    m.state = state_of(m.state_text);
    if (m.reason && !*m.reason)
        m.reason = NULL;
    if (m.version && !*m.version)
        m.version = NULL;
    return m;
}

int oip_parse_index(const char *bytes, size_t length, struct oip_index *ret, size_t *ret_dropped,
                    struct err *e)
{
    size_t dropped = 0;
    *ret = (struct oip_index){0};
    int result = json_parse(bytes, length, &ret->root, e);
    if (result < 0)
        return result;
    const struct json *list = ret->root;
    if (json_kind(list) == JSON_OBJECT)
        list = json_get(list, "models");
    if (json_kind(list) != JSON_ARRAY)
        return err_set(e, ERR_PROTOCOL, "the answer is no list of models");
    size_t n = json_length(list);
    ret->models = n ? calloc(n, sizeof *ret->models) : NULL;
    if (n && !ret->models)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    for (size_t i = 0; i < n; i++) {
        struct oip_model m = read_model(json_at(list, i));
        if (m.name && *m.name)
            ret->models[ret->n_models++] = m;
        else
            dropped++;
    }
    if (ret_dropped)
        *ret_dropped = dropped;
    return 0;
}

void oip_index_done(struct oip_index *i)
{
    free(i->models);
    json_drop(i->root);
    *i = (struct oip_index){0};
}

char *oip_error(const char *bytes, size_t length, char *buf, size_t size)
{
    struct json *root = NULL;
    if (json_parse(bytes, length, &root, NULL) < 0)
        root = NULL;
    refusal_text(bytes, length, root, buf, size);
    json_drop(root);
    return buf;
}
