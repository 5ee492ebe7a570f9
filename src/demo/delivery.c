/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/delivery.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/demo/rows.h"
#include "driftop/net/send.h"

static int open_log(struct delivery *d, struct err *e)
{
    d->fd = open(d->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return d->fd < 0 ? err_set_errno(e, errno, "%s", d->path) : 0;
}

static int make_batches(struct delivery *d)
{
    for (size_t v = 0; v < CATALOG_VERSIONS; v++)
        for (size_t i = 0; i < DELIVERY_BATCH; i++) {
            d->rows[v][i].values = calloc(d->population->n_features, sizeof(struct value));
            if (!d->rows[v][i].values)
                return ERR_NOMEM;
        }
    return 0;
}

int delivery_init(struct delivery *d, const struct population *p, const char *path, struct net *net,
                  const char *url, struct random *random, struct err *e)
{
    *d = (struct delivery){.population = p,
                           .fd = -1,
                           .rotate_bytes = DELIVERY_ROTATE_BYTES,
                           .net = net,
                           .random = random};
    str_init(&d->text, 4 << 20);
    str_copy(d->path, sizeof d->path, path);
    str_copy(d->url, sizeof d->url, url);
    if (p->deployment->delivery == DELIVER_FILE)
        return open_log(d, e);
    if (p->deployment->delivery == DELIVER_SINK_EVENTS && make_batches(d) < 0)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    return 0;
}

void delivery_done(struct delivery *d)
{
    for (size_t v = 0; v < CATALOG_VERSIONS; v++)
        for (size_t i = 0; i < DELIVERY_BATCH; i++)
            free(d->rows[v][i].values);
    if (d->fd >= 0)
        close(d->fd);
    str_done(&d->text);
}

void delivery_add(struct delivery *d, const struct population_row *row, unsigned version,
                  int64_t at_ms)
{
    const struct population *p = d->population;
    const struct catalog_deployment *c = p->deployment;

    if (c->delivery != DELIVER_SINK_EVENTS) {
        rows_add_json(&d->text, p, row, at_ms, c->versions[version],
                      c->delivery == DELIVER_SINK_ROWS ? c->name : NULL);
    } else if (d->n_rows[version] < DELIVERY_BATCH) {
        struct population_row *copy = &d->rows[version][d->n_rows[version]++];
        memcpy(copy->values, row->values, p->n_features * sizeof *row->values);
        copy->prediction = row->prediction;
    }
}

/* As logrotate does it: the old log gets another name and stays readable to who has it open. */
static int rotate(struct delivery *d, struct err *e)
{
    char old[sizeof d->path + 4];
    struct stat st;

    if (fstat(d->fd, &st) < 0 || st.st_size < d->rotate_bytes)
        return 0;
    snprintf(old, sizeof old, "%s.1", d->path);
    if (rename(d->path, old) < 0)
        return err_set_errno(e, errno, "%s", old);
    close(d->fd);
    return open_log(d, e);
}

static int write_log(struct delivery *d, struct err *e)
{
    const char *at = d->text.data;
    size_t left = d->text.length;

    while (left > 0) {
        ssize_t n = write(d->fd, at, left);
        if (n < 0 && errno != EINTR)
            return err_set_errno(e, errno, "%s", d->path);
        at += n > 0 ? n : 0;
        left -= n > 0 ? (size_t)n : 0;
    }
    return rotate(d, e);
}

static void on_posted(struct loop_id id, struct net_reply *reply, void *ctx)
{
    (void)id, (void)reply, (void)ctx;
}

/* The body and, where type is not NULL, the headers of a logged inference. */
static int post(struct delivery *d, const struct str *body, const char *type, const char *id,
                const char *at, struct err *e)
{
    struct net_request r;
    int result;

    net_request_init(&r, NET_HTTP);
    r.flags |= NET_MUTATING;
    net_request_method(&r, "POST");
    net_request_address(&r, "%s", d->url);
    net_request_header(&r, "Content-Type", "application/json");
    if (type) {
        net_request_header(&r, "Ce-Specversion", "1.0");
        net_request_header(&r, "Ce-Id", id);
        net_request_header(&r, "Ce-Type", type);
        net_request_header(&r, "Ce-Source", "http://127.0.0.1:9081/");
        net_request_header(&r, "Ce-Time", at);
        net_request_header(&r, "Ce-Inferenceservicename", d->population->deployment->name);
        net_request_header(&r, "Ce-Namespace", "demo");
        net_request_header(&r, "Ce-Component", "predictor");
    }
    str_add_bytes(&r.body, body->data, body->length);
    result = net_send(d->net, &r, NULL, on_posted, NULL, NULL, e);
    net_request_done(&r);
    return result;
}

static int post_pair(struct delivery *d, unsigned version, int64_t now_ms, struct err *e)
{
    const struct population *p = d->population;
    const struct population_row *rows = d->rows[version];
    size_t n = d->n_rows[version];
    char id[48], at[CLOCK_TEXT_SIZE];
    int result;

    if (n == 0)
        return 0;
    snprintf(id, sizeof id, "%016" PRIx64 "-%" PRIu64, random_next(d->random), d->n_events++);
    clock_format_ms(now_ms, at);
    rows_write_request(&d->text, p, rows, n);
    result = post(d, &d->text, "org.kubeflow.serving.inference.request", id, at, e);
    str_clear(&d->text);
    rows_write_response(&d->text, p, rows, n, p->deployment->versions[version], id);
    if (result == 0)
        result = post(d, &d->text, "org.kubeflow.serving.inference.response", id, at, e);
    str_clear(&d->text);
    d->n_rows[version] = 0;
    return result;
}

int delivery_flush(struct delivery *d, int64_t now_ms, struct err *e)
{
    int result = 0;

    switch (d->population->deployment->delivery) {
    case DELIVER_FILE: result = d->text.length ? write_log(d, e) : 0; break;
    case DELIVER_SINK_ROWS: result = d->text.length ? post(d, &d->text, NULL, "", "", e) : 0; break;
    case DELIVER_SINK_EVENTS:
        for (unsigned v = 0; v < CATALOG_VERSIONS; v++) {
            int one = post_pair(d, v, now_ms, e);
            result = result < 0 ? result : one;
        }
        break;
    }
    str_clear(&d->text);
    return result;
}
