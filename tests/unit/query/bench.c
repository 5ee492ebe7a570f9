/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long the queries take on 200 deployments of 2 versions with 50 features, read before. Not run
 * by check: prints milliseconds.
 */
#include "world.h"

#include <time.h>

#include "driftop/query/drift.h"
#include "driftop/query/fleet.h"
#include "driftop/query/triage.h"

#define DEPLOYMENTS 200
#define FEATURES    50
#define ROUNDS      20

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void fill_one(struct world *w, int number)
{
    const struct told told[] = {{3, VERDICT_PAGE, DRIFT_RANGE}};
    char name[64], source[96];
    snprintf(name, sizeof name, "model-%03d", number);
    struct deployment_state d = world_deployment(w, name, "1", FEATURES);
    struct layout *layout = world_layout(w, d.id, FEATURES);
    for (int i = 1; i <= 2; i++) {
        char version[8];
        snprintf(version, sizeof version, "%d", i);
        struct version_state v = world_version(w, &d, version, 0.5, 0);
        world_summaries(w, v.id, layout, 1000, told, number % 7 == 0);
        snprintf(source, sizeof source, "%s/%d open-inference", name, i);
        world_source(w, SOURCE_SERVER, source, name, version, w->now_ms - 1000);
        for (int64_t ago = 60; ago > 0; ago--)
            store_put_metric(w->s, v.id, METRIC_SHARE, w->now_ms - ago * 10000, 0.5, NULL);
        if (number % 7 == 0)
            world_alert(w, ALERT_DRIFT, ALERT_PAGE, name, version, "f3", "PSI 0.50", 0.5);
    }
    snprintf(source, sizeof source, "%s haproxy", name);
    world_source(w, SOURCE_TRAFFIC, source, name, "", w->now_ms - 1000);
    layout_free(layout);
}

static void load_fleet(struct world *w)
{
    struct fleet_view f;
    assert_int_equal(fleet_view_load(w->s, w->now_ms, &f, NULL), 0);
    assert_int_equal(f.n_lines, DEPLOYMENTS);
    fleet_view_done(&f);
}

static void load_triage(struct world *w)
{
    struct triage t;
    assert_int_equal(triage_load(w->s, w->now_ms, &t, NULL), 0);
    assert_true(t.n_lines > 0);
    triage_done(&t);
}

static void load_drift(struct world *w)
{
    struct drift_view d;
    assert_int_equal(drift_view_load(w->s, NULL, DRIFT_ANY_SPAN, w->now_ms, &d, NULL), 0);
    assert_int_equal(d.n_lines, DEPLOYMENTS * 2 * FEATURES);
    drift_view_done(&d);
}

static void measure(const char *name, struct world *w, void (*load)(struct world *))
{
    load(w);
    double start = now();
    for (int i = 0; i < ROUNDS; i++)
        load(w);
    printf("%s %.2f ms\n", name, (now() - start) / ROUNDS);
}

int main(void)
{
    void *state;
    if (world_setup(&state) < 0)
        return 1;
    struct world *w = state;
    if (store_begin(w->s, NULL) < 0)
        return 1;
    for (int i = 0; i < DEPLOYMENTS; i++)
        fill_one(w, i);
    world_alive(w);
    if (store_end(w->s, true, NULL) < 0)
        return 1;
    measure("fleet", w, load_fleet);
    measure("triage", w, load_triage);
    measure("drift", w, load_drift);
    return world_teardown(&state) < 0;
}
