/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/oip.h"

#include <string.h>

#include "cases.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"

static struct json *print_texts(const char *const *texts, size_t n)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < n; i++)
        json_append(list, json_new_text(texts[i]));
    return list;
}

static struct json *print_tensors(const struct oip_tensor *tensors, size_t n)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < n; i++) {
        struct json *item = json_new_object(), *shape = json_new_array();
        put_text(item, "name", tensors[i].name);
        put_text(item, "datatype", tensors[i].datatype);
        for (size_t k = 0; k < tensors[i].rank; k++)
            json_append(shape, json_new_int(tensors[i].shape[k]));
        json_put(item, "shape", shape);
        json_append(list, item);
    }
    return list;
}

static int print_metadata(struct json *out, const char *input, size_t length, struct err *e)
{
    struct oip_metadata m;
    int code = oip_parse_metadata(input, length, &m, e);
    put_text(out, "name", code == 0 ? m.name : NULL);
    put_text(out, "platform", code == 0 ? m.platform : NULL);
    json_put(out, "versions", print_texts(m.versions, m.n_versions));
    json_put(out, "extensions", print_texts(m.extensions, m.n_extensions));
    json_put(out, "inputs", print_tensors(m.inputs, m.n_inputs));
    json_put(out, "outputs", print_tensors(m.outputs, m.n_outputs));
    oip_metadata_done(&m);
    return code;
}

static int print_index(struct json *out, const char *input, size_t length, struct err *e)
{
    static const char *const states[] = {"absent",      "unknown", "ready",
                                         "unavailable", "loading", "unloading"};
    struct oip_index index;
    size_t dropped = 0;
    int code = oip_parse_index(input, length, &index, &dropped, e);
    struct json *list = json_new_array();
    for (size_t i = 0; i < index.n_models; i++) {
        const struct oip_model *m = &index.models[i];
        struct json *item = json_new_object();
        put_text(item, "name", m->name);
        put_text(item, "version", m->version);
        put_text(item, "reason", m->reason);
        put_text(item, "state_text", m->state_text);
        put_text(item, "state", states[m->state]);
        json_append(list, item);
    }
    json_put(out, "models", list);
    put_number(out, "dropped", dropped > 0, (double)dropped);
    oip_index_done(&index);
    return code;
}

/* The input is a list of status codes, one a line. */
static void print_readiness(struct json *out, const char *input, size_t length)
{
    static const char *const words[] = {"ready",  "not_ready",   "absent",
                                        "denied", "unsupported", "failed"};
    int status = 0;
    for (size_t i = 0; i < length; i++) {
        if (input[i] != '\n') {
            status = status * 10 + (input[i] - '0');
            continue;
        }
        char key[16] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
                        (char)('0' + status % 10)};
        put_text(out, key, words[oip_readiness(status)]);
        status = 0;
    }
}

static struct json *print(const char *input, size_t length, const char *args)
{
    struct json *out = json_new_object();
    struct err e;
    char text[64];
    int code = 0;
    if (strcmp(args, "metadata") == 0)
        code = print_metadata(out, input, length, &e);
    else if (strcmp(args, "index") == 0)
        code = print_index(out, input, length, &e);
    else if (strcmp(args, "readiness") == 0)
        print_readiness(out, input, length);
    else
        put_text(out, "error", oip_error(input, length, text, sizeof text));
    put_error(out, code, &e);
    return out;
}

int main(void)
{
    return cases_main("oip", print);
}
