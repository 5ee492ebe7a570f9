/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/adapt/sink_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/wire/cloudevents.h"
#include "driftop/wire/ndjson.h"
#include "driftop/wire/tensors.h"
#include "row_private.h"

static const char *const time_names[] = {"ts", "time", "timestamp", NULL};
static const char *const version_names[] = {"version", NULL};
static const char *const deployment_names[] = {"deployment", NULL};
static const struct row_names sink_names = {time_names, version_names, deployment_names,
                                            "prediction"};

/* Same id in another namespace or service is another request. */
static void make_half(const struct cloudevents_event *event, struct sink_half *ret)
{
    char key[2 * MODEL_TEXT_SIZE];
    int n =
        snprintf(key, sizeof key, "%s/%s/%s", event->namespace_name ? event->namespace_name : "",
                 event->service, event->pair);

    *ret = (struct sink_half){
        .is_response = event->kind == CLOUDEVENTS_RESPONSE,
        .deployment = event->service,
        .version = event->endpoint ? event->endpoint : "",
        .at_ms = event->has_time ? event->time_ms : CLOCK_NEVER,
        .body = event->data.data,
        .length = event->data.length,
    };
    utf8_clean(ret->key, sizeof ret->key, key, n > 0 ? strlen(key) : 0);
}

static bool is_half(const struct cloudevents_event *event)
{
    return (event->kind == CLOUDEVENTS_REQUEST || event->kind == CLOUDEVENTS_RESPONSE) &&
           event->service && event->pair && event->data.length > 0;
}

int sink_open(const struct cloudevents_header *headers, size_t n_headers, const char *body,
              size_t length, struct sink_message *ret, struct err *e)
{
    struct cloudevents *events = calloc(1, sizeof *events);
    int result;

    *ret = (struct sink_message){.kind = SINK_HALVES};
    if (!events)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    ret->events = events;
    result = cloudevents_decode(headers, n_headers, body, length, events, e);
    if (result == ERR_ABSENT) {
        ret->kind = SINK_ROWS;
        return 0;
    }
    if (result < 0)
        return result;
    ret->halves = calloc(events->n_events + 1, sizeof *ret->halves);
    if (!ret->halves)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    for (size_t i = 0; i < events->n_events; i++) {
        if (is_half(&events->events[i]))
            make_half(&events->events[i], &ret->halves[ret->n_halves++]);
        else
            ret->n_ignored++;
    }
    ret->n_bad = events->n_bad;
    return 0;
}

void sink_message_done(struct sink_message *m)
{
    if (m->events) {
        cloudevents_done(m->events);
        free(m->events);
    }
    free(m->halves);
    *m = (struct sink_message){0};
}

/* One flat row as a line of JSON. */
static int one_line(struct ndjson *ndjson, struct row_scratch *scratch, const char *line,
                    size_t length, const struct feature_sink *sink)
{
    struct ndjson_row parsed;
    struct feature_row row;
    const char *field = NULL;
    int result = ndjson_parse(ndjson, line, length, &parsed, NULL);

    if (result == ERR_NOMEM || parsed.reason == NDJSON_EMPTY)
        return result == ERR_NOMEM ? result : 0;
    if (result < 0) {
        sink->refused(sink->ctx, parsed.reason == NDJSON_TOO_LONG ? REFUSED_SIZE : REFUSED_SYNTAX,
                      NULL);
        return 0;
    }
    if (parsed.has_features)
        result = row_make_nested(&sink_names, parsed.fields, parsed.n_fields, parsed.features,
                                 parsed.n_features, scratch, &row, &field);
    else
        result = row_make(&sink_names, parsed.fields, parsed.n_fields, scratch, &row, &field);
    if (result < 0)
        return result;
    if (result == 0)
        return sink->row(sink->ctx, &row);
    sink->refused(sink->ctx, (enum source_refusal)(result - 1), field);
    return 0;
}

/* Elements go through the reader of lines, so that a value means the same in all three shapes. */
static int read_array(struct ndjson *ndjson, struct row_scratch *scratch, const struct json *array,
                      const struct feature_sink *sink)
{
    struct str line;
    int result = 0;

    str_init(&line, 2 * NDJSON_LINE_BYTES);
    for (size_t i = 0; result >= 0 && i < json_length(array); i++) {
        str_clear(&line);
        if (json_write(json_at(array, i), 0, &line) < 0)
            sink->refused(sink->ctx, REFUSED_SIZE, NULL);
        else
            result = one_line(ndjson, scratch, line.data, line.length, sink);
    }
    str_done(&line);
    return result < 0 ? result : 0;
}

static int read_lines(struct ndjson *ndjson, struct row_scratch *scratch, const char *body,
                      size_t length, const struct feature_sink *sink)
{
    int result = 0;

    while (result >= 0 && length > 0) {
        const char *end = memchr(body, '\n', length);
        size_t n = end ? (size_t)(end - body) : length;
        result = one_line(ndjson, scratch, body, n, sink);
        n += end ? 1 : 0;
        body += n;
        length -= n;
    }
    return result < 0 ? result : 0;
}

int sink_read_rows(const char *body, size_t length, const struct feature_sink *sink, struct err *e)
{
    struct row_scratch scratch = {0};
    struct ndjson *ndjson = ndjson_new("features");
    struct json *root = NULL;
    size_t blank = 0;
    int result;

    while (blank < length && strchr(" \t\r\n", body[blank]) && body[blank])
        blank++;
    if (!ndjson) {
        result = err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    } else if (blank == length || (body[blank] != '[' && body[blank] != '{')) {
        result = err_set(e, ERR_DATA, "neither a JSON object, an array nor lines of objects");
    } else if (body[blank] == '[') {
        result = json_parse(body, length, &root, e);
        if (result == 0)
            result = read_array(ndjson, &scratch, root, sink);
    } else if (json_parse(body, length, &root, NULL) == 0) { /* one object, on any lines */
        struct json *array = json_new_array();
        json_append(array, json_keep(root));
        result = read_array(ndjson, &scratch, array, sink);
        json_drop(array);
    } else {
        result = read_lines(ndjson, &scratch, body, length, sink);
    }
    json_drop(root);
    ndjson_free(ndjson);
    row_scratch_done(&scratch);
    return result;
}
