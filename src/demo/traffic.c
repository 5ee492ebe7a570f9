/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/demo/fleet.h"
#include "driftop/loop/loop.h"

#define LATENCY_SPREAD   0.35 /* sigma of the logarithm */
#define ERROR_SECONDS    0.004
#define FLUSH_MS         1000
#define LONGEST_STEP_S   2.0 /* after a sleep of the machine nobody makes up for lost requests */
#define RESPONSE_SAMPLES 1024
#define BYTES_IN         640
#define BYTES_OUT        210

static void promote(struct fleet *f)
{
    const struct script_promotion *p = &script_promotion;
    struct registry_model *m = registry_model(&f->registry, p->deployment);

    f->promoted = true;
    for (size_t i = 0; i < CATALOG_DEPLOYMENTS; i++) {
        struct fleet_deployment *d = &f->deployments[i];
        if (strcmp(d->catalog->name, p->deployment) != 0)
            continue;
        for (size_t v = 0; v < CATALOG_VERSIONS; v++)
            d->backend->servers[v].weight = p->weights[v];
        if (m) {
            registry_set_alias(m, "challenger", d->catalog->versions[1 - p->version]);
            registry_set_alias(m, "champion", d->catalog->versions[p->version]);
        }
    }
}

static void follow_script(struct fleet *f)
{
    double now_s = fleet_script_s(f);

    if (!f->promoted && now_s >= script_promotion.at_s)
        promote(f);
    for (size_t i = 0; i < CATALOG_DEPLOYMENTS; i++) {
        struct fleet_deployment *d = &f->deployments[i];
        script_symptoms(d->catalog, now_s, &d->symptoms);
        for (size_t v = 0; v < CATALOG_VERSIONS; v++)
            if (d->symptoms.versions[v].dead)
                server_close(&d->servers[v]);
    }
}

static double draw_latency_s(struct fleet_deployment *d, const struct version_symptoms *s)
{
    double mean_s = d->catalog->latency_ms / 1000;

    if (s->slow_ratio > 0 && random_unit(&d->random) < s->slow_ratio)
        mean_s *= s->latency_factor;
    return mean_s * exp(random_normal(&d->random, 0, LATENCY_SPREAD));
}

static void leave_row(struct fleet_deployment *d, unsigned version, int64_t at_ms)
{
    population_draw(&d->population, &d->random, &d->symptoms, version, &d->row);
    delivery_add(&d->delivery, &d->row, version, at_ms);
}

static void serve(struct fleet_deployment *d, struct splitter_server *target, int64_t at_ms)
{
    unsigned version = (unsigned)(target - d->backend->servers);
    const struct version_symptoms *s = &d->symptoms.versions[version];
    struct server *server = &d->servers[version];

    target->bytes_in += BYTES_IN;
    if (!server->listener) {
        target->refused++;
        target->failed++;
        return;
    }
    bool failed = random_unit(&d->random) < d->catalog->error_ratio + s->error_ratio;
    double seconds = failed ? ERROR_SECONDS : draw_latency_s(d, s);
    server_count(server, seconds, failed);
    target->bytes_out += BYTES_OUT;
    *(failed ? &target->failed : &target->answered) += 1;
    target->response_ms += (seconds * 1000 - target->response_ms) / RESPONSE_SAMPLES * 16;
    if (!failed && random_unit(&d->random) < d->catalog->rows_per_s / d->catalog->requests_per_s)
        leave_row(d, version, at_ms);
}

/* Little's law: how many are under way at once. */
static void set_queue(struct fleet_deployment *d, unsigned version, double served_per_s)
{
    double busy = served_per_s * d->backend->servers[version].response_ms / 1000;

    d->servers[version].queue = random_count(&d->random, busy / 10);
}

static void arrive(struct fleet_deployment *d, double step_s, int64_t now_ms)
{
    unsigned n = random_count(&d->random, d->catalog->requests_per_s * step_s);
    uint64_t before[CATALOG_VERSIONS];

    for (unsigned v = 0; v < CATALOG_VERSIONS; v++)
        before[v] = d->backend->servers[v].given;
    for (unsigned i = 0; i < n; i++) {
        struct splitter_server *target = splitter_choose(d->backend);
        if (target)
            serve(d, target, now_ms - (int64_t)(step_s * 1000 * (n - i - 1) / n));
    }
    for (unsigned v = 0; v < CATALOG_VERSIONS; v++)
        set_queue(d, v, (double)(d->backend->servers[v].given - before[v]) / step_s);
}

static void flush(struct fleet *f, int64_t wall_ms)
{
    for (size_t i = 0; i < CATALOG_DEPLOYMENTS; i++) {
        int result = delivery_flush(&f->deployments[i].delivery, wall_ms, NULL);
        if (f->failed == 0)
            f->failed = result;
    }
}

void fleet_tick(struct fleet *f)
{
    int64_t now_ms = loop_now_ms(f->loop), wall_ms = clock_wall(loop_clock(f->loop));
    double step_s = (double)(now_ms - f->ticked_ms) / 1000;

    if (step_s <= 0)
        return;
    f->ticked_ms = now_ms;
    follow_script(f);
    for (size_t i = 0; i < CATALOG_DEPLOYMENTS; i++)
        arrive(&f->deployments[i], fmin(step_s, LONGEST_STEP_S), wall_ms);
    if (now_ms - f->flushed_ms >= FLUSH_MS) {
        f->flushed_ms = now_ms;
        flush(f, wall_ms);
    }
}
