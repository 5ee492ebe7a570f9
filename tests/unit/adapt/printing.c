/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "printing.h"

#include "../wire/cases.h"
#include "driftop/base/clock.h"
#include "driftop/base/json_build.h"

static void put_filled(struct json *object, const char *key, const char *text)
{
    if (text && text[0])
        json_put(object, key, json_new_text(text));
}

struct json *print_request(const struct net_request *r)
{
    struct json *out = json_new_object(), *headers = json_new_array();

    json_put(out, "transport", json_new_text(r->transport == NET_HTTP ? "http" : "stream"));
    if (r->transport == NET_HTTP)
        put_filled(out, "method", r->method[0] ? r->method : "GET");
    put_filled(out, "address", r->address);
    for (size_t i = 0; i < r->n_headers; i++) {
        struct str line;
        str_init(&line, 0);
        str_addf(&line, "%s: %s", r->headers[i].name, r->headers[i].value);
        json_append(headers, json_new_text(line.data));
        str_done(&line);
    }
    if (r->n_headers > 0)
        json_put(out, "headers", json_keep(headers));
    json_drop(headers);
    put_filled(out, "body", r->body.data);
    if (r->flags & NET_MUTATING)
        json_put(out, "mutating", json_new_bool(true));
    if (r->failed)
        json_put(out, "failed", json_new_bool(true));
    return out;
}

static void put_metrics(struct json *out, const struct observation *o)
{
    const struct observed_metrics *m = &o->metrics;
    struct json *buckets = json_new_array();

    put_number(out, "requests", o->has & HAS_REQUESTS, m->requests_total);
    put_number(out, "errors", o->has & HAS_ERRORS, m->errors_total);
    put_number(out, "latency_sum_s", o->has & HAS_LATENCY_SUM, m->latency_sum_s);
    put_number(out, "latency_count", o->has & HAS_LATENCY_SUM, m->latency_count);
    put_number(out, "queue", o->has & HAS_QUEUE, m->queue);
    for (size_t i = 0; i < m->n_buckets; i++) {
        struct json *pair = json_new_array();
        json_append(pair, number_json(m->bucket_le_s[i]));
        json_append(pair, number_json(m->bucket_count[i]));
        json_append(buckets, pair);
    }
    if (o->has & HAS_LATENCY_BUCKETS)
        json_put(out, "buckets", json_keep(buckets));
    json_drop(buckets);
}

static void put_target(struct json *out, const struct observation *o)
{
    const struct observed_target *t = &o->target;

    put_filled(out, "target", t->target);
    put_filled(out, "state", t->state);
    put_number(out, "desired", o->has & HAS_DESIRED, t->desired_weight);
    put_number(out, "effective", o->has & HAS_EFFECTIVE, t->effective_weight);
    if (o->has & HAS_UP)
        json_put(out, "up", json_new_bool(t->up));
    put_number(out, "sessions", o->has & HAS_SESSIONS, t->sessions_total);
    put_number(out, "errors", o->has & HAS_ERRORS, t->errors_total);
}

struct json *print_observation(const struct observation *o)
{
    static const char *const kinds[] = {"ready", "metrics", "version",
                                        "alias", "target",  "control"};
    struct json *out = json_new_object();

    json_put(out, "kind", json_new_text(kinds[o->kind]));
    if (o->endpoint > 0)
        json_put(out, "endpoint", json_new_int(o->endpoint));
    put_filled(out, "version", o->version);
    if (o->kind == OBSERVATION_READY || o->kind == OBSERVATION_VERSION)
        json_put(out, "ready", json_new_bool(o->ready));
    put_filled(out, "text", o->text);
    put_number(out, "created_ms", o->has & HAS_CREATED, (double)o->created_ms);
    if (o->has & HAS_WRITABLE)
        json_put(out, "writable", json_new_bool(o->writable));
    if (o->kind == OBSERVATION_METRICS)
        put_metrics(out, o);
    if (o->kind == OBSERVATION_TARGET)
        put_target(out, o);
    return out;
}

struct json *print_step(const struct control_step *s)
{
    struct json *out = json_new_object();

    put_filled(out, "text", s->text);
    json_put(out, "request", print_request(&s->request));
    put_filled(out, "inverse_text", s->inverse_text);
    json_put(out, "inverse", print_request(&s->inverse));
    return out;
}

static struct json *bytes_json(const char *bytes, size_t length)
{
    struct json *out;
    struct str s;

    str_init(&s, 0);
    str_add_bytes(&s, bytes, length);
    out = json_new_text(s.data);
    str_done(&s);
    return out;
}

struct json *print_row(const struct feature_row *row)
{
    struct json *out = json_new_object();
    char at[CLOCK_TEXT_SIZE];

    if (row->at_ms != CLOCK_NEVER)
        json_put(out, "at", json_new_text(clock_format_ms(row->at_ms, at)));
    json_put(out, "version", bytes_json(row->version, row->version_length));
    if (row->deployment)
        json_put(out, "deployment", bytes_json(row->deployment, row->deployment_length));
    json_put(out, "fields", fields_json(row->fields, row->n_fields));
    return out;
}

const char *truth_name(enum control_truth truth)
{
    static const char *const names[] = {"no", "yes", "not yet"};

    return names[truth];
}
