/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/prometheus.h"

#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "driftop/base/json_build.h"

struct collector {
    struct json *samples;
    const char *refused; /* families that begin like that are not wanted; "" refuses none */
};

static int collect(void *context, const struct prometheus_sample *s)
{
    static const char *const types[] = {"untyped", "counter", "gauge",    "histogram",
                                        "summary", "info",    "stateset", "gaugehistogram"};
    static const char *const roles[] = {"value", "bucket", "sum", "count"};
    struct collector *c = context;
    struct json *item = json_new_object(), *labels = json_new_object();
    put_span(item, "family", s->family);
    put_span(item, "name", s->name);
    put_text(item, "type", types[s->type]);
    put_text(item, "role", roles[s->role]);
    for (size_t i = 0; i < s->n_labels; i++) {
        char name[64] = "";
        if (s->labels[i].name.length < sizeof name)
            memcpy(name, s->labels[i].name.data, s->labels[i].name.length);
        put_span(labels, name, s->labels[i].value);
    }
    json_put(item, "labels", labels);
    put_number(item, "value", true, s->value);
    put_number(item, "timestamp_ms", s->has_timestamp, (double)s->timestamp_ms);
    json_append(c->samples, item);
    return 0;
}

static bool wants(void *context, struct span family, enum prometheus_type type)
{
    const struct collector *c = context;
    (void)type;
    return !*c->refused || !span_starts(family, c->refused);
}

/* args: "CONTENT-TYPE|REFUSED PREFIX|MAX SAMPLES", each may be empty. */
static struct json *print(const char *input, size_t length, const char *args)
{
    char type[128] = "", refused[64] = "", most[16] = "";
    const char *bar = strchr(args, '|'), *bar2 = bar ? strchr(bar + 1, '|') : NULL;
    memcpy(type, args, bar ? (size_t)(bar - args) : strlen(args));
    if (bar)
        memcpy(refused, bar + 1, bar2 ? (size_t)(bar2 - bar - 1) : strlen(bar + 1));
    if (bar2)
        memcpy(most, bar2 + 1, strlen(bar2 + 1));
    struct collector c = {json_new_array(), refused};
    struct prometheus_handler handler = {wants, collect, &c, strtoul(most, NULL, 10)};
    struct prometheus_report r;
    struct prometheus *p = prometheus_new();
    int code = prometheus_parse(p, input, length, prometheus_format_of(type), &handler, &r);
    prometheus_free(p);
    struct json *out = json_new_object();
    json_put(out, "samples", c.samples);
    put_number(out, "code", code != 0, code);
    put_number(out, "n_samples", true, (double)r.n_samples);
    put_number(out, "n_unwanted", r.n_unwanted > 0, (double)r.n_unwanted);
    put_number(out, "n_bad", r.n_bad > 0, (double)r.n_bad);
    put_number(out, "first_bad_line", r.n_bad > 0, r.first_bad_line);
    put_text(out, "first_bad", r.first_bad);
    json_put(out, "limited", json_new_bool(r.limited));
    json_put(out, "truncated", json_new_bool(r.truncated));
    return out;
}

int main(void)
{
    return cases_main("prometheus", print);
}
