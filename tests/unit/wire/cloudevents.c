/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/cloudevents.h"

#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"

#define HEADERS 64

static struct json *print_event(const struct cloudevents_event *ev)
{
    static const char *const kinds[] = {"other", "request", "response", "feedback"};
    struct json *item = json_new_object();
    put_text(item, "id", ev->id);
    put_text(item, "type", ev->type);
    put_text(item, "kind", kinds[ev->kind]);
    put_text(item, "source", ev->source);
    put_text(item, "pair", ev->pair);
    put_text(item, "service", ev->service);
    put_text(item, "namespace", ev->namespace_name);
    put_text(item, "component", ev->component);
    put_text(item, "endpoint", ev->endpoint);
    put_text(item, "model_id", ev->model_id);
    put_text(item, "content_type", ev->content_type);
    put_number(item, "time_ms", ev->has_time, (double)ev->time_ms);
    put_span(item, "data", ev->data);
    return item;
}

/* The input is a request's headers, an empty line, and its body. */
static struct json *print(const char *input, size_t length, const char *args)
{
    struct cloudevents_header headers[HEADERS];
    size_t n = 0;
    (void)args;
    const char *blank = memmem(input, length, "\n\n", 2);
    size_t head = blank ? (size_t)(blank - input) + 1 : length;
    char *text = strndup(input, head);
    char *save = text;
    for (char *line; (line = strsep(&save, "\n")) && n < HEADERS;) {
        char *value = strstr(line, ": ");
        if (!value)
            continue;
        *value = '\0';
        headers[n++] = (struct cloudevents_header){line, value + 2};
    }
    const char *body = blank ? blank + 2 : input + length;
    struct cloudevents c;
    struct err e;
    int code = cloudevents_decode(headers, n, body, length - (size_t)(body - input), &c, &e);
    struct json *out = json_new_object(), *events = json_new_array();
    for (size_t i = 0; code == 0 && i < c.n_events; i++)
        json_append(events, print_event(&c.events[i]));
    json_put(out, "events", events);
    put_number(out, "n_bad", c.n_bad > 0, (double)c.n_bad);
    put_error(out, code, &e);
    cloudevents_done(&c);
    free(text);
    return out;
}

int main(void)
{
    return cases_main("cloudevents", print);
}
