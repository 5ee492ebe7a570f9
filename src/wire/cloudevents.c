/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/cloudevents.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base64_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"

/* Attributes by name; headers carry them with "ce-" before. */
static const struct {
    const char *name;
    size_t offset;
} attributes[] = {
    {"id", offsetof(struct cloudevents_event, id)},
    {"type", offsetof(struct cloudevents_event, type)},
    {"source", offsetof(struct cloudevents_event, source)},
    {"requestid", offsetof(struct cloudevents_event, pair)},
    {"inferenceservicename", offsetof(struct cloudevents_event, service)},
    {"namespace", offsetof(struct cloudevents_event, namespace_name)},
    {"component", offsetof(struct cloudevents_event, component)},
    {"endpoint", offsetof(struct cloudevents_event, endpoint)},
    {"modelid", offsetof(struct cloudevents_event, model_id)},
};

/* Keep a text as long as the events live; takes it, also when it fails. */
static const char *keep(struct cloudevents *c, char *text)
{
    if (!text || VEC_ROOM(c->texts, c->n_texts, c->texts_capacity, 1) < 0) {
        free(text);
        return NULL;
    }
    c->texts[c->n_texts++] = text;
    return text;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In place. False for "%00" too, which would cut the text. */
static bool percent_decode(char *text)
{
    char *out = text;
    for (const char *p = text; *p; p++) {
        if (*p != '%') {
            *out++ = *p;
            continue;
        }
        int high = hex_digit(p[1]);
        int low = high < 0 ? -1 : hex_digit(p[2]);
        if (low < 0 || high + low == 0)
            return false;
        *out++ = (char)(high * 16 + low);
        p += 2;
    }
    *out = '\0';
    return true;
}

static enum cloudevents_kind kind_of(const char *type)
{
    static const struct {
        const char *end;
        enum cloudevents_kind kind;
    } kinds[] = {{"inference.request", CLOUDEVENTS_REQUEST},
                 {"inference.response", CLOUDEVENTS_RESPONSE},
                 {"feedback", CLOUDEVENTS_FEEDBACK}};
    size_t length = strlen(type);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t n = strlen(kinds[i].end);
        if (length >= n && strcmp(type + length - n, kinds[i].end) == 0)
            return kinds[i].kind;
    }
    return CLOUDEVENTS_OTHER;
}

/* Put one attribute; takes `text`. */
static int put_attribute(struct cloudevents *c, struct cloudevents_event *ev, const char *name,
                         char *text, struct err *e)
{
    if (text && strlen(text) > CLOUDEVENTS_ID) {
        free(text);
        return err_set(e, ERR_LIMIT, "attribute %s is longer than %d bytes", name, CLOUDEVENTS_ID);
    }
    const char *kept = keep(c, text);
    if (!kept)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    if (strcasecmp(name, "time") == 0)
        ev->has_time = clock_parse(kept, strlen(kept), &ev->time_ms) == 0;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (strcasecmp(name, attributes[i].name) == 0)
            memcpy((char *)ev + attributes[i].offset, &kept, sizeof kept);
    return 0;
}

static bool is_attribute(const char *name)
{
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (strcasecmp(name, attributes[i].name) == 0)
            return true;
    return strcasecmp(name, "time") == 0;
}

/* All attributes are there: what follows from them. */
static int settle(struct cloudevents_event *ev, struct err *e)
{
    if (!ev->id || !*ev->id || !ev->type)
        return err_set(e, ERR_DATA, "an event has no id or no type");
    if (!ev->pair || !*ev->pair)
        ev->pair = ev->id;
    ev->kind = kind_of(ev->type);
    return 0;
}

static const char *header_of(const struct cloudevents_header *headers, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (headers[i].name && headers[i].value && strcasecmp(headers[i].name, name) == 0)
            return headers[i].value;
    return NULL;
}

static struct cloudevents_event *add_event(struct cloudevents *c)
{
    if (VEC_ROOM(c->events, c->n_events, c->events_capacity, 1) < 0)
        return NULL;
    c->events[c->n_events] = (struct cloudevents_event){0};
    return &c->events[c->n_events++];
}

/* Attributes are headers, the body is the payload untouched. Headers that are no attribute of ours are
 * not even decoded, so that a broken one does no harm. */
static int decode_binary(const struct cloudevents_header *headers, size_t n, const char *body,
                         size_t length, struct cloudevents *c, struct err *e)
{
    struct cloudevents_event *ev = add_event(c);
    if (!ev)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    for (size_t i = 0; i < n; i++) {
        const char *name = headers[i].name;
        if (!name || !headers[i].value || strncasecmp(name, "ce-", 3) != 0 ||
            !is_attribute(name + 3))
            continue;
        char *text = strdup(headers[i].value);
        if (text && !percent_decode(text)) {
            free(text);
            return err_set(e, ERR_DATA, "header %s is not percent-encoded right", name);
        }
        int result = put_attribute(c, ev, name + 3, text, e);
        if (result < 0)
            return result;
    }
    const char *type = header_of(headers, n, "content-type");
    char *copy = type ? strdup(type) : NULL;
    ev->content_type = copy ? keep(c, copy) : NULL;
    ev->data = (struct span){body ? body : "", length};
    return settle(ev, e);
}

/* "data" as compact JSON text (a text that is not JSON stays as it is), or "data_base64". */
static int read_data(struct cloudevents *c, struct cloudevents_event *ev, const struct json *json,
                     struct err *e)
{
    const struct json *data = json_get(json, "data");
    size_t length = 0;
    const char *text = json_text(json_get(json, "data_base64"), &length);
    struct str out;
    str_init(&out, 0);
    int result = 0;
    if (text)
        result = base64_decode(text, length, &out);
    else if ((text = json_text(data, &length)))
        result = str_add_bytes(&out, text, length);
    else if (data)
        result = json_write(data, 0, &out);
    size_t n = out.length;
    const char *kept = result == 0 ? keep(c, str_take(&out)) : NULL;
    bool present = text || data;
    str_done(&out);
    if (result < 0)
        return err_set(e, result, "the data of an event cannot be read");
    if (present && !kept)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    if (present)
        ev->data = (struct span){kept, n};
    return 0;
}

/* Structured mode; also an element of a batch. */
static int decode_event(struct cloudevents *c, const struct json *json, struct err *e)
{
    struct cloudevents_event *ev = add_event(c);
    const char *key;
    struct json *item;
    int result = ev ? 0 : err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    for (void *it = NULL; result == 0 && json_next(json, &it, &key, &item);) {
        const char *text = json_text(item, NULL);
        if (text && is_attribute(key))
            result = put_attribute(c, ev, key, strdup(text), e);
    }
    if (result == 0)
        result = read_data(c, ev, json, e);
    if (result < 0)
        return result;
    const char *type = json_text(json_get(json, "datacontenttype"), NULL);
    char *copy = type ? strdup(type) : NULL;
    ev->content_type = copy ? keep(c, copy) : NULL;
    return settle(ev, e);
}

/* Broken elements of a batch are counted, the others are kept. */
static int decode_batch(struct cloudevents *c, const struct json *array, struct err *e)
{
    size_t n = json_length(array);
    if (json_kind(array) != JSON_ARRAY)
        return err_set(e, ERR_DATA, "a batch of events is no array");
    if (n > CLOUDEVENTS_BATCH)
        return err_set(e, ERR_LIMIT, "more than %d events", CLOUDEVENTS_BATCH);
    for (size_t i = 0; i < n; i++) {
        size_t before = c->n_events;
        int result = decode_event(c, json_at(array, i), e);
        if (result == ERR_NOMEM)
            return result;
        if (result < 0) {
            c->n_events = before;
            c->n_bad++;
        }
    }
    return 0;
}

/* "type/subtype" with a suffix (+json) or parameters behind it. */
static bool media_is(const char *type, const char *media)
{
    size_t n = strlen(media);
    return strncasecmp(type, media, n) == 0 && (type[n] == '\0' || strchr(";+ \t", type[n]));
}

int cloudevents_decode(const struct cloudevents_header *headers, size_t n_headers, const char *body,
                       size_t length, struct cloudevents *ret, struct err *e)
{
    *ret = (struct cloudevents){0};
    const char *type = header_of(headers, n_headers, "content-type");
    bool batch = type && media_is(type, "application/cloudevents-batch");
    bool structured = type && media_is(type, "application/cloudevents");
    if (!batch && !structured) {
        if (!header_of(headers, n_headers, "ce-specversion"))
            return err_set(e, ERR_ABSENT, "the request is no CloudEvent");
        return decode_binary(headers, n_headers, body, length, ret, e);
    }
    struct json *root = NULL;
    int result = json_parse(body, length, &root, e);
    if (result == 0 && batch)
        result = decode_batch(ret, root, e);
    else if (result == 0 && json_kind(root) != JSON_OBJECT)
        result = err_set(e, ERR_DATA, "an event is no object");
    else if (result == 0)
        result = decode_event(ret, root, e);
    json_drop(root);
    return result;
}

void cloudevents_done(struct cloudevents *c)
{
    for (size_t i = 0; i < c->n_texts; i++)
        free(c->texts[i]);
    free(c->texts);
    free(c->events);
    *c = (struct cloudevents){0};
}
