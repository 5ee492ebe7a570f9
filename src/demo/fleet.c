/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/loop/address.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"
#include "driftop/net/send.h"

#define TICK_MS        200
#define OLDER_VERSIONS 1
#define DAY_MS         INT64_C(86400000)

static bool always(void *ctx)
{
    (void)ctx;
    return true;
}

/* A port that nobody has now, for the recorder to listen on later. */
static int free_port(int *ret_port, struct err *e)
{
    struct address address;
    int fd, result = address_parse("127.0.0.1:0", &address, e);

    if (result == 0)
        result = address_listen(&address, true, &fd, ret_port, e);
    if (result == 0)
        close(fd);
    return result;
}

static void register_model(struct registry *r, const struct catalog_deployment *c, int64_t now_ms)
{
    long newest = strtol(c->versions[CATALOG_VERSIONS - 1], NULL, 10);
    struct registry_model *m = registry_add(r, c->name);
    char version[24];

    for (long v = newest - CATALOG_VERSIONS - OLDER_VERSIONS + 1; m && v <= newest; v++) {
        snprintf(version, sizeof version, "%ld", v);
        if (v > 0)
            registry_add_version(m, version, now_ms - (newest - v + 1) * 9 * DAY_MS);
    }
    if (!m)
        return;
    registry_set_alias(m, "champion", c->versions[c->champion]);
    if (c->weights[1 - c->champion] > 0)
        registry_set_alias(m, "challenger", c->versions[1 - c->champion]);
}

static int start_servers(struct fleet *f, struct fleet_deployment *d, struct err *e)
{
    d->backend = splitter_add_backend(&f->splitter, d->catalog->name);
    if (!d->backend)
        return err_set(e, ERR_LIMIT, "too many deployments");
    for (size_t v = 0; v < CATALOG_VERSIONS; v++) {
        char name[32];
        int result =
            server_open(&d->servers[v], f->loop, d->catalog->name, d->catalog->versions[v], e);
        if (result < 0)
            return result;
        snprintf(name, sizeof name, "v%s", d->catalog->versions[v]);
        splitter_add_server(d->backend, name, d->servers[v].port, d->catalog->weights[v]);
    }
    return 0;
}

static int start_deployment(struct fleet *f, struct fleet_deployment *d,
                            const struct catalog_deployment *c, struct err *e)
{
    char path[4096], url[64];

    d->catalog = c;
    d->random = random_stream(f->options.seed, c->name);
    if (population_init(&d->population, c) < 0)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    d->row.values = calloc(d->population.n_features, sizeof *d->row.values);
    if (!d->row.values)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    snprintf(path, sizeof path, "%s/logs/%s.jsonl", f->options.folder, c->name);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", f->sink_port);
    int result = delivery_init(&d->delivery, &d->population, path, f->net, url, &d->random, e);
    if (result == 0)
        result = start_servers(f, d, e);
    register_model(&f->registry, c, clock_wall(loop_clock(f->loop)));
    return result;
}

static int make_folders(const struct fleet *f, struct err *e)
{
    static const char *const names[] = {"logs", "reference"};
    char path[4096];
    int result = 0;

    /* One that is left of an earlier run would tell of ports that nobody listens on. */
    snprintf(path, sizeof path, "%s/fleet.json", f->options.folder);
    unlink(path);
    for (size_t i = 0; result == 0 && i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", f->options.folder, names[i]);
        result = path_make_folder(path, e);
    }
    return result;
}

static void on_tick(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id;
    fleet_tick(ctx);
}

static int start_control(struct fleet *f, struct err *e)
{
    char path[4096];
    int result = registry_open(&f->registry, f->loop, e);

    snprintf(path, sizeof path, "%s/splitter.sock", f->options.folder);
    if (result == 0)
        result = splitter_socket_open(f->loop, path, &f->splitter, &f->socket, e);
    return result;
}

int fleet_init(struct fleet *f, struct loop *loop, const struct fleet_options *options,
               struct err *e)
{
    struct net_options net = {.armed = always, .user_agent = "driftop-fleet"};
    int result;

    *f = (struct fleet){.options = *options, .loop = loop};
    for (size_t i = 0; i < CATALOG_DEPLOYMENTS; i++)
        f->deployments[i].delivery.fd = -1;
    splitter_init(&f->splitter, loop_clock(loop));
    registry_init(&f->registry, loop_clock(loop));
    result = make_folders(f, e);
    if (result == 0)
        result = net_new(loop, &net, &f->net, e);
    if (result == 0)
        result = free_port(&f->sink_port, e);
    for (size_t i = 0; result == 0 && i < CATALOG_DEPLOYMENTS; i++)
        result = start_deployment(f, &f->deployments[i], &catalog[i], e);
    if (result == 0)
        result = start_control(f, e);
    f->started_ms = f->ticked_ms = f->flushed_ms = loop_now_ms(loop);
    if (result == 0)
        result = fleet_write_files(f, e);
    if (result < 0)
        return result;
    f->started_ms = f->ticked_ms = loop_now_ms(loop);
    f->tick = timer_repeat(loop, TICK_MS, TICK_MS, on_tick, f);
    return loop_id_set(f->tick) ? 0 : err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
}

void fleet_done(struct fleet *f)
{
    loop_cancel(f->loop, f->tick);
    splitter_socket_close(f->socket);
    registry_close(&f->registry);
    for (size_t i = 0; i < CATALOG_DEPLOYMENTS; i++) {
        struct fleet_deployment *d = &f->deployments[i];
        for (size_t v = 0; v < CATALOG_VERSIONS; v++)
            server_close(&d->servers[v]);
        delivery_done(&d->delivery);
        free(d->row.values);
        population_done(&d->population);
    }
    net_free(f->net);
}

double fleet_script_s(const struct fleet *f)
{
    return (double)(loop_now_ms(f->loop) - f->started_ms) / 1000 * f->options.speed;
}
