/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/cmd/types.h"
#include "driftop/config/load.h"
#include "driftop/loop/loop.h"
#include "driftop/net/listen.h"
#include "driftop/record/courier.h"
#include "driftop/store/db.h"
#include "driftop/store/read.h"
#include "driftop/store/write.h"

/* An Alertmanager and a command, and what each was told. */
struct world {
    struct clock clock;
    struct loop *loop;
    struct listener *manager;
    struct config *config;
    struct store *store;
    struct courier *courier;
    char folder[64], path[96];
    int status; /* what the manager answers; 0: nothing at all */
    unsigned n_posts;
    char last[2048];
};

static void on_post(struct listener *l, struct loop_id exchange,
                    const struct listen_request *request, void *ctx)
{
    struct world *w = ctx;
    w->n_posts++;
    snprintf(w->last, sizeof w->last, "%.*s", (int)request->body_length, request->body);
    struct listen_answer a = {.status = w->status, .body = "{}", .body_length = 2};
    if (w->status)
        listen_reply(l, exchange, &a);
    else
        listen_abort(l, exchange);
}

static void configure(struct world *w, bool command)
{
    struct config_errors errors = {0};
    struct types types;
    struct str text;

    str_init(&text, 0);
    str_addf(
        &text,
        "environment: test\nstore: {path: %s}\ndeployments: [{name: fraud, owner: risk}]\n"
        "notify:\n  - {type: alertmanager, url: \"http://127.0.0.1:%d\", on: [page, ticket]}\n",
        w->path, listen_port(w->manager));
    if (command)
        str_addf(&text, "  - {type: command, argv: [%s/hook], on: [page]}\n", w->folder);
    types_fill(&types);
    config_free(w->config);
    if (config_load_bytes(text.data, text.length, "-", &types.types, &w->config, &errors) < 0)
        fail_msg("%s", errors.errors[0].text);
    config_errors_done(&errors);
    str_done(&text);
}

static void open_courier(struct world *w)
{
    assert_int_equal(courier_new(w->loop, w->config, &w->courier, NULL), 0);
    assert_int_equal(courier_restore(w->courier, w->store, w->clock.fake_wall_ms, NULL), 0);
}

static int set_up(void **state)
{
    static struct world world;
    struct world *w = &world;
    char hook[96];

    *w = (struct world){.clock = clock_fake(1795230000000, 1000000), .status = 200};
    snprintf(w->folder, sizeof w->folder, "%s/driftop-courier-XXXXXX",
             access("/dev/shm", X_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->path, sizeof w->path, "%.60s/t.db", w->folder);
    snprintf(hook, sizeof hook, "%.60s/hook", w->folder);
    const char script[] =
        "#!/bin/sh\ncat >> \"${0%/*}/told\"\nexit \"$(cat \"${0%/*}/status\")\"\n";
    assert_int_equal(path_write(hook, script, strlen(script), 0700, NULL), 0);
    snprintf(hook, sizeof hook, "%.60s/status", w->folder);
    assert_int_equal(path_write(hook, "0", 1, 0600, NULL), 0);
    w->loop = loop_new(&w->clock);
    struct listen_options manager = {.address = "127.0.0.1:0", .handler = on_post, .ctx = w};
    assert_int_equal(listen_open(w->loop, &manager, &w->manager, NULL), 0);
    assert_int_equal(store_open(w->path, STORE_RECORD, &w->store, NULL), 0);
    configure(w, false);
    open_courier(w);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    courier_free(w->courier);
    store_close(w->store);
    listen_close(w->manager);
    loop_free(w->loop);
    config_free(w->config);
    return path_remove_tree(w->folder, NULL);
}

/* Some turns, in which time passes and what is due is sent. */
static void run(struct world *w, int64_t ms)
{
    int64_t end_ms = w->clock.fake_mono_ms + ms;
    do {
        courier_tick(w->courier, w->clock.fake_wall_ms);
        for (int i = 0; i < 16; i++)
            loop_turn(w->loop, i % 8 == 7);
        w->clock.fake_mono_ms += 1000;
        w->clock.fake_wall_ms += 1000;
    } while (w->clock.fake_mono_ms < end_ms);
}

static void flush(struct world *w, bool commit)
{
    assert_int_equal(store_begin(w->store, NULL), 0);
    assert_int_equal(courier_flush(w->courier, w->store, NULL), 0);
    assert_int_equal(store_end(w->store, commit, NULL), 0);
    if (commit)
        courier_flushed(w->courier);
}

static size_t in_outbox(struct world *w)
{
    struct outbox_item *items;
    size_t n;
    assert_int_equal(store_outbox(w->store, INT64_MAX, 1000, &items, &n, NULL), 0);
    outbox_free(items, n);
    return n;
}

static struct alert_state an_alert(struct world *w, enum alert_phase phase)
{
    struct alert_state a = {.id = 5,
                            .rule = ALERT_ERROR_RATIO,
                            .severity = ALERT_PAGE,
                            .phase = phase,
                            .since_ms = w->clock.fake_wall_ms,
                            .fired_ms = phase == ALERT_PENDING ? 0 : w->clock.fake_wall_ms};
    str_copy(a.deployment, sizeof a.deployment, "fraud");
    str_copy(a.summary, sizeof a.summary, "errors");
    a.resolved_ms = phase == ALERT_RESOLVED ? w->clock.fake_wall_ms : 0;
    return a;
}

static void tell(struct world *w, const struct alert_state *a)
{
    courier_tell(w->courier, a, w->clock.fake_wall_ms);
}

static unsigned commands(struct world *w)
{
    char path[96];
    struct str text;
    unsigned n = 0;

    snprintf(path, sizeof path, "%.60s/told", w->folder);
    str_init(&text, 0);
    (void)path_read(path, &text, NULL);
    for (size_t i = 0; i < text.length; i++)
        n += text.data[i] == '\n';
    str_done(&text);
    return n;
}

static void a_firing_alert_is_delivered(void **state)
{
    struct world *w = *state;
    struct alert_state a = an_alert(w, ALERT_PENDING);

    tell(w, &a);
    flush(w, true);
    assert_int_equal(in_outbox(w), 0);
    a = an_alert(w, ALERT_FIRING);
    tell(w, &a);
    flush(w, true);
    assert_int_equal(in_outbox(w), 1);
    run(w, 2000);
    assert_int_equal(w->n_posts, 1);
    assert_non_null(strstr(w->last, "driftop_error_ratio"));
    flush(w, true);
    assert_int_equal(in_outbox(w), 0);
    assert_int_equal(courier_source(w->courier, 0)->health, SOURCE_OK);
}

static void nothing_is_told_twice_when_the_store_fails(void **state)
{
    struct world *w = *state;
    struct alert_state a = an_alert(w, ALERT_FIRING);

    for (int i = 0; i < 3; i++) {
        tell(w, &a);
        flush(w, false);
        run(w, 2000);
    }
    assert_int_equal(w->n_posts, 1);
    flush(w, true);
    assert_int_equal(in_outbox(w), 0);
}

static void a_failure_is_tried_again_ever_later(void **state)
{
    struct world *w = *state;
    struct alert_state a = an_alert(w, ALERT_FIRING);

    w->status = 503;
    tell(w, &a);
    run(w, 4000);
    assert_int_equal(w->n_posts, 1);
    assert_int_equal(courier_source(w->courier, 0)->health, SOURCE_WRONG);
    run(w, 4000);
    assert_int_equal(w->n_posts, 2); /* after 5 s; then 10, 20 */
    run(w, 5000);
    assert_int_equal(w->n_posts, 2);
    w->status = 200;
    run(w, 8000);
    assert_int_equal(w->n_posts, 3);
    assert_int_equal(courier_source(w->courier, 0)->health, SOURCE_OK);
}

static void refused_for_good(void **state)
{
    struct world *w = *state;
    struct alert_state a = an_alert(w, ALERT_FIRING);

    w->status = 400;
    tell(w, &a);
    flush(w, true);
    run(w, 20000);
    assert_int_equal(w->n_posts, 1);
    assert_int_equal(courier_source(w->courier, 0)->refused[REFUSED_SYNTAX], 1);
    flush(w, true);
    assert_int_equal(in_outbox(w), 0);
}

static void an_alertmanager_hears_again_and_of_the_end_for_a_while(void **state)
{
    struct world *w = *state;
    struct alert_state a = an_alert(w, ALERT_FIRING);

    tell(w, &a);
    run(w, 150000);
    assert_int_equal(w->n_posts, 3);
    a = an_alert(w, ALERT_RESOLVED);
    tell(w, &a);
    run(w, 290000);
    assert_in_range(w->n_posts, 7, 8);
    unsigned n = w->n_posts;
    run(w, 400000);
    assert_in_range(w->n_posts, n, n + 1);
}

/* Away for an hour: one letter waits and not sixty. */
static void what_waits_is_replaced_by_what_is(void **state)
{
    struct world *w = *state;
    struct alert_state a = an_alert(w, ALERT_FIRING);

    w->status = 503;
    tell(w, &a);
    run(w, 600000);
    flush(w, true);
    assert_in_range(in_outbox(w), 1, 2);
    a = an_alert(w, ALERT_RESOLVED);
    tell(w, &a);
    w->status = 200;
    run(w, 301000);
    assert_non_null(strstr(w->last, "endsAt"));
    flush(w, true);
    assert_int_equal(in_outbox(w), 0);
}

static void the_outbox_survives(void **state)
{
    struct world *w = *state;
    struct alert_state a = an_alert(w, ALERT_FIRING);

    assert_int_equal(store_begin(w->store, NULL), 0);
    assert_int_equal(store_put_alert(w->store, &a, NULL), 0);
    tell(w, &a);
    assert_int_equal(courier_flush(w->courier, w->store, NULL), 0);
    assert_int_equal(store_end(w->store, true, NULL), 0);
    courier_free(w->courier);
    open_courier(w);
    run(w, 2000);
    assert_int_equal(w->n_posts, 1);
    tell(w, &a); /* known to have been told */
    run(w, 2000);
    assert_int_equal(w->n_posts, 1);
}

static void a_channel_that_is_gone_leaves_nothing(void **state)
{
    struct world *w = *state;

    struct outbox_item item = {.alert_id = 5, .body = strdup("{}"), .next_ms = 1};
    str_copy(item.channel, sizeof item.channel, "notify command 9");
    assert_int_equal(store_begin(w->store, NULL), 0);
    assert_int_equal(store_put_outbox(w->store, &item, NULL), 0);
    assert_int_equal(store_end(w->store, true, NULL), 0);
    free(item.body);
    courier_free(w->courier);
    open_courier(w);
    run(w, 2000);
    flush(w, true);
    assert_int_equal(in_outbox(w), 0);
}

static void a_command_hears_in_order(void **state)
{
    struct world *w = *state;
    char path[96];
    struct alert_state a = an_alert(w, ALERT_FIRING);

    courier_free(w->courier);
    configure(w, true);
    open_courier(w);
    snprintf(path, sizeof path, "%.60s/status", w->folder);
    assert_int_equal(path_write(path, "1", 1, 0600, NULL), 0);
    tell(w, &a);
    for (int i = 0; i < 200 && commands(w) == 0; i++) {
        courier_tick(w->courier, w->clock.fake_wall_ms);
        loop_turn(w->loop, 5);
    }
    assert_int_equal(commands(w), 1);
    for (int i = 0; i < 200 && !courier_source(w->courier, 1)->failures; i++)
        loop_turn(w->loop, 5);
    a = an_alert(w, ALERT_RESOLVED);
    tell(w, &a);
    for (int i = 0; i < 20; i++) {
        courier_tick(w->courier, w->clock.fake_wall_ms);
        loop_turn(w->loop, 2);
    }
    assert_int_equal(commands(w), 1); /* the end waits for the beginning */
    assert_int_equal(path_write(path, "0", 1, 0600, NULL), 0);
    w->clock.fake_wall_ms += 6000;
    w->clock.fake_mono_ms += 6000;
    for (int i = 0; i < 400 && commands(w) < 3; i++) {
        courier_tick(w->courier, w->clock.fake_wall_ms);
        loop_turn(w->loop, 5);
    }
    assert_int_equal(commands(w), 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_firing_alert_is_delivered),
        T(nothing_is_told_twice_when_the_store_fails),
        T(a_failure_is_tried_again_ever_later),
        T(refused_for_good),
        T(an_alertmanager_hears_again_and_of_the_end_for_a_while),
        T(what_waits_is_replaced_by_what_is),
        T(the_outbox_survives),
        T(a_channel_that_is_gone_leaves_nothing),
        T(a_command_hears_in_order),
    };
    return cmocka_run_group_tests_name("record/courier", tests, NULL, NULL);
}
