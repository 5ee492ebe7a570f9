/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/server.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/net/listen.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

static const double bounds_s[SERVER_BUCKETS] = {0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15,
                                                0.2,   0.25, 0.3,  0.4,  0.5,  1,     2.5, 5};

struct listen_answer server_json(int status, const char *text)
{
    return (struct listen_answer){.status = status, .body = text, .body_length = strlen(text)};
}

static void write_counters(const struct server *s, struct str *ret)
{
    str_addf(ret,
             "# HELP model_infer_request_success Model infer request success count\n"
             "# TYPE model_infer_request_success_total counter\n"
             "model_infer_request_success_total{model=\"%s\",version=\"%s\"} %" PRIu64 "\n",
             s->model, s->version, s->successes);
    str_addf(ret,
             "# HELP model_infer_request_failure Model infer request failure count\n"
             "# TYPE model_infer_request_failure_total counter\n"
             "model_infer_request_failure_total{model=\"%s\",version=\"%s\"} %" PRIu64 "\n",
             s->model, s->version, s->failures);
    str_addf(ret,
             "# HELP model_infer_request_queue Requests that wait\n"
             "# TYPE model_infer_request_queue gauge\n"
             "model_infer_request_queue{model=\"%s\",version=\"%s\"} %u\n",
             s->model, s->version, s->queue);
}

static void write_histogram(const struct server *s, struct str *ret)
{
    uint64_t sum = 0;

    str_add(ret, "# HELP model_infer_request_duration_seconds Model infer request duration\n"
                 "# TYPE model_infer_request_duration_seconds histogram\n");
    for (int i = 0; i <= SERVER_BUCKETS; i++) {
        sum += s->buckets[i];
        str_addf(ret, "model_infer_request_duration_seconds_bucket{model=\"%s\",version=\"%s\",",
                 s->model, s->version);
        if (i < SERVER_BUCKETS)
            str_addf(ret, "le=\"%g\"} %" PRIu64 "\n", bounds_s[i], sum);
        else
            str_addf(ret, "le=\"+Inf\"} %" PRIu64 "\n", sum);
    }
    str_addf(ret,
             "model_infer_request_duration_seconds_sum{model=\"%s\",version=\"%s\"} %.6f\n"
             "model_infer_request_duration_seconds_count{model=\"%s\",version=\"%s\"} %" PRIu64
             "\n",
             s->model, s->version, s->seconds, s->model, s->version, sum);
}

static void answer_metrics(struct server *s, struct loop_id exchange)
{
    struct listen_answer a = {.content_type = METRICS_TYPE};
    struct str page;

    str_init(&page, 0);
    write_counters(s, &page);
    write_histogram(s, &page);
    a.body = page.data;
    a.body_length = page.length;
    listen_reply(s->listener, exchange, &a);
    str_done(&page);
}

static void answer(struct server *s, struct loop_id exchange, int status, const char *text)
{
    struct listen_answer a = server_json(status, text);

    listen_reply(s->listener, exchange, &a);
}

static void answer_metadata(struct server *s, struct loop_id exchange)
{
    char text[512];

    snprintf(text, sizeof text,
             "{\"name\":\"%s\",\"versions\":[\"%s\"],\"platform\":\"sklearn\",\"inputs\":[],"
             "\"outputs\":[{\"name\":\"prediction\",\"datatype\":\"FP64\",\"shape\":[-1,1]}]}",
             s->model, s->version);
    answer(s, exchange, 200, text);
}

/* MLServer wants a body here, be it an empty object. */
static void answer_index(struct server *s, struct loop_id exchange,
                         const struct listen_request *request)
{
    char text[512];

    if (strcmp(request->method, "POST") != 0) {
        answer(s, exchange, 405, "{\"detail\":\"Method Not Allowed\"}");
    } else if (request->body_length == 0) {
        answer(s, exchange, 422, "{\"detail\":[{\"msg\":\"Field required\"}]}");
    } else {
        snprintf(text, sizeof text,
                 "[{\"name\":\"%s\",\"version\":\"%s\",\"state\":\"READY\",\"reason\":\"\"}]",
                 s->model, s->version);
        answer(s, exchange, 200, text);
    }
}

/* Behind "/v2/models/": the model, perhaps its version, perhaps "/ready". */
static void answer_model(struct server *s, struct loop_id exchange, const char *path)
{
    static const char versions[] = "/versions/";
    size_t length = strlen(s->model), n = strlen(s->version);
    char text[512];

    if (strncmp(path, s->model, length) == 0) {
        const char *rest = path + length;
        if (strncmp(rest, versions, strlen(versions)) == 0 &&
            strncmp(rest + strlen(versions), s->version, n) == 0)
            rest += strlen(versions) + n;
        if (strcmp(rest, "/ready") == 0) {
            answer(s, exchange, 200, "");
            return;
        }
        if (*rest == '\0') {
            answer_metadata(s, exchange);
            return;
        }
    }
    snprintf(text, sizeof text, "{\"error\":\"Model %.128s not found\"}",
             strpbrk(path, "\"\\\n") ? "" : path);
    answer(s, exchange, 404, text);
}

static void on_request(struct listener *l, struct loop_id exchange,
                       const struct listen_request *request, void *ctx)
{
    static const char models[] = "/v2/models/";
    struct server *s = ctx;
    const char *path = request->path;

    (void)l;
    if (strcmp(path, "/v2/repository/index") == 0)
        answer_index(s, exchange, request);
    else if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
        answer(s, exchange, 405, "{\"detail\":\"Method Not Allowed\"}");
    else if (strcmp(path, "/metrics") == 0)
        answer_metrics(s, exchange);
    else if (strcmp(path, "/v2/health/live") == 0 || strcmp(path, "/v2/health/ready") == 0)
        answer(s, exchange, 200, "");
    else if (strcmp(path, "/v2") == 0)
        answer(s, exchange, 200,
               "{\"name\":\"driftop-fleet\",\"version\":\"1\",\"extensions\":[]}");
    else if (strncmp(path, models, strlen(models)) == 0)
        answer_model(s, exchange, path + strlen(models));
    else
        answer(s, exchange, 404, "{\"detail\":\"Not Found\"}");
}

int server_open(struct server *s, struct loop *loop, const char *model, const char *version,
                struct err *e)
{
    struct listen_options options = {
        .address = "127.0.0.1:0", .body_ceiling = 1 << 16, .handler = on_request, .ctx = s};
    int result;

    *s = (struct server){.model = model, .version = version};
    result = listen_open(loop, &options, &s->listener, e);
    if (result == 0)
        s->port = listen_port(s->listener);
    return result;
}

void server_close(struct server *s)
{
    if (s->listener)
        listen_close(s->listener);
    s->listener = NULL;
}

void server_count(struct server *s, double seconds, bool failed)
{
    int i = 0;

    while (i < SERVER_BUCKETS && seconds > bounds_s[i])
        i++;
    s->buckets[i]++;
    s->seconds += seconds;
    *(failed ? &s->failures : &s->successes) += 1;
}
