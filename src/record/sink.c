/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/sink.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/adapt/sink_rows.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/loop/loop.h"
#include "driftop/net/listen.h"
#include "driftop/store/db.h"
#include "driftop/wire/cloudevents.h"
#include "pairs.h"

#define BODY_CEILING ((size_t)8 << 20)

/* The headers that say what an event is; no other is kept. */
static const char *const kept_headers[] = {
    "Content-Type", "Ce-Specversion", "Ce-Id",        "Ce-Type",
    "Ce-Source",    "Ce-Time",        "Ce-Requestid", "Ce-Namespace",
    "Ce-Component", "Ce-Endpoint",    "Ce-Modelid",   "Ce-Inferenceservicename",
};

struct sink {
    struct loop *loop;
    struct ingest *ingest;
    struct source_state *source;
    struct listener *listener;
    struct spool spool;
    struct pairs pairs;
    uint64_t rows_before;
    int64_t rated_ms;
    bool dirty;    /* something came since the last flush */
    bool rotated;  /* inside a flush: the spool stands on its next segment */
    int former_fd; /* of the segment before */
    uint64_t former_bytes;
};

static int on_row(void *ctx, const struct feature_row *row)
{
    struct sink *s = ctx;
    enum source_refusal reason = REFUSED_FIELD;
    int64_t now_ms = clock_wall(loop_clock(s->loop));

    for (size_t i = 0; i < ingest_count(s->ingest); i++) {
        const char *name = ingest_get(s->ingest, (int)i)->name;
        if (!row->deployment || strlen(name) != row->deployment_length ||
            memcmp(name, row->deployment, row->deployment_length) != 0)
            continue;
        int r = ingest_row(s->ingest, (int)i, row, now_ms, &reason);
        if (r == 0)
            s->source->rows++;
        else if (r > 0)
            s->source->refused[reason]++;
        return r < 0 ? r : 0;
    }
    s->source->refused[REFUSED_FIELD]++; /* nobody of that name */
    return 0;
}

static void on_refused(void *ctx, enum source_refusal reason, const char *field)
{
    struct sink *s = ctx;
    (void)field;
    s->source->refused[reason]++;
}

static int open_message(const struct spool_record *record, struct sink_message *ret, struct err *e)
{
    struct cloudevents_header headers[SPOOL_HEADERS];
    for (size_t i = 0; i < record->n_headers; i++)
        headers[i] = (struct cloudevents_header){record->names[i], record->values[i]};
    return sink_open(headers, record->n_headers, record->body, record->length, ret, e);
}

static int take_message(struct sink *s, const struct spool_record *record,
                        const struct sink_message *m)
{
    struct feature_sink out = {on_row, on_refused, s};

    s->dirty = true;
    if (m->kind == SINK_ROWS)
        return sink_read_rows(record->body, record->length, &out, NULL);
    for (size_t i = 0; i < m->n_halves; i++)
        pairs_take(&s->pairs, &m->halves[i], record->at_ms, &out);
    for (size_t i = 0; i < m->n_bad; i++)
        on_refused(s, REFUSED_SYNTAX, NULL);
    return 0;
}

static int replay(void *ctx, const struct spool_record *record)
{
    struct sink *s = ctx;
    struct feature_sink out = {on_row, on_refused, s};
    struct sink_message m;
    if (pairs_restore(&s->pairs, record, &out)) {
        s->dirty = true;
        return 0;
    }
    if (open_message(record, &m, NULL) == 0)
        (void)take_message(s, record, &m);
    sink_message_done(&m);
    return 0;
}

static void answer(struct listener *l, struct loop_id exchange, int status, const char *text)
{
    char body[512];
    int n = snprintf(body, sizeof body, status == 200 ? "{}\n" : "{\"error\": \"%.400s\"}\n", text);
    struct listen_answer a = {.status = status, .body = body, .body_length = (size_t)n};
    listen_reply(l, exchange, &a);
}

static void fill_record(const struct listen_request *request, int64_t now_ms,
                        struct spool_record *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->at_ms = now_ms;
    ret->body = request->body;
    ret->length = request->body_length;
    for (size_t i = 0; i < sizeof kept_headers / sizeof *kept_headers; i++) {
        const char *value = listen_header(request, kept_headers[i]);
        if (!value || strpbrk(value, "\r\n"))
            continue;
        ret->names[ret->n_headers] = kept_headers[i];
        ret->values[ret->n_headers++] = value;
    }
}

/* 200 only once the event lies in the spool. */
static int accept_event(struct sink *s, const struct listen_request *request, struct err *e)
{
    struct spool_record record;
    struct sink_message m;
    fill_record(request, clock_wall(loop_clock(s->loop)), &record);
    int r = open_message(&record, &m, e);
    if (r == 0 && (m.kind == SINK_ROWS || m.n_halves || m.n_bad))
        r = spool_append(&s->spool, &record, e);
    if (r == 0)
        r = take_message(s, &record, &m);
    sink_message_done(&m);
    return r;
}

static void on_request(struct listener *l, struct loop_id exchange,
                       const struct listen_request *request, void *ctx)
{
    struct sink *s = ctx;
    struct err e = {0};

    if (strcmp(request->method, "POST") != 0 && strcmp(request->method, "PUT") != 0) {
        answer(l, exchange, 405, "POST rows or events here");
        return;
    }
    s->source->tried_ms = clock_wall(loop_clock(s->loop));
    int r = accept_event(s, request, &e);
    if (r == 0) {
        s->source->ok_ms = s->source->tried_ms;
        answer(l, exchange, 200, "");
    } else if (r == ERR_FULL || r == ERR_NOMEM || r == ERR_IO) {
        s->source->refused[REFUSED_FULL]++;
        answer(l, exchange, 503, "the spool is full, try again later");
    } else {
        s->source->refused[r == ERR_LIMIT ? REFUSED_SIZE : REFUSED_SYNTAX]++;
        answer(l, exchange, 400, "neither rows nor an event that can be read");
    }
}

static void on_too_large(void *ctx)
{
    on_refused(ctx, REFUSED_SIZE, NULL);
}

static int stored_segment(struct store *store, uint64_t *ret)
{
    char text[32];
    *ret = 0;
    if (store_meta(store, "sink_segment", text, sizeof text) < 0)
        return 0;
    char *end;
    *ret = strtoull(text, &end, 10);
    return *end ? ERR_DATA : 0;
}

int sink_new(struct loop *loop, const struct config *config, struct ingest *ingest,
             struct store *store, struct source_state *source, struct sink **ret, struct err *e)
{
    uint64_t segment;
    struct sink *s = calloc(1, sizeof *s);
    if (!s)
        return err_set(e, ERR_NOMEM, "no memory for the sink");
    s->loop = loop;
    s->ingest = ingest;
    s->source = source;
    pairs_init(&s->pairs);
    s->rated_ms = clock_wall(loop_clock(loop));
    s->rows_before = source->rows;
    s->spool.fd = -1;
    struct listen_options options = {.address = config->sink_listen,
                                     .public_address =
                                         true, /* somebody wrote it into the configuration */
                                     .body_ceiling = BODY_CEILING,
                                     .handler = on_request,
                                     .too_large = on_too_large,
                                     .ctx = s};
    int r = stored_segment(store, &segment);
    if (r == 0)
        r = spool_open(&s->spool, config->store_path, segment, (uint64_t)config->sink_spool_bytes,
                       e);
    if (r == 0)
        r = spool_replay(&s->spool, replay, s, e);
    if (r == 0)
        r = listen_open(loop, &options, &s->listener, e);
    if (r < 0) {
        sink_free(s);
        return r;
    }
    source->health = SOURCE_OK;
    source->ok_ms = source->tried_ms = s->rated_ms;
    *ret = s;
    return 0;
}

void sink_free(struct sink *s)
{
    if (!s)
        return;
    if (s->listener)
        listen_close(s->listener);
    pairs_done(&s->pairs);
    spool_close(&s->spool);
    free(s);
}

int sink_port(const struct sink *s)
{
    return listen_port(s->listener);
}

void sink_tick(struct sink *s, int64_t now_ms)
{
    struct feature_sink out = {on_row, on_refused, s};
    if (pairs_expire(&s->pairs, now_ms, &out) > 0)
        s->dirty = true;
    if (now_ms - s->rated_ms >= 5000) {
        double seconds = (double)(now_ms - s->rated_ms) / 1000;
        s->source->rows_per_s = (double)(s->source->rows - s->rows_before) / seconds;
        s->rows_before = s->source->rows;
        s->rated_ms = now_ms;
    }
}

int sink_flush(struct sink *s, struct store *store, struct err *e)
{
    struct feature_sink out = {on_row, on_refused, s};
    char number[32];

    if (!s->dirty)
        return 0;
    s->former_fd = s->spool.fd;
    s->former_bytes = s->spool.bytes;
    int r = spool_next(&s->spool, e);
    if (r < 0)
        return r;
    s->rotated = true;
    /* The halves that still wait are what the next segment begins with. */
    r = pairs_carry(&s->pairs, &s->spool, &out, e);
    snprintf(number, sizeof number, "%" PRIu64, s->spool.segment);
    return r < 0 ? r : store_put_meta(store, "sink_segment", number, e);
}

void sink_flushed(struct sink *s, bool committed)
{
    if (!s->rotated)
        return;
    s->rotated = false;
    if (!committed) {
        spool_back(&s->spool, s->former_fd, s->former_bytes);
        return;
    }
    s->dirty = false;
    if (s->former_fd >= 0)
        close(s->former_fd);
    spool_remove(&s->spool, s->spool.segment - 1);
}
