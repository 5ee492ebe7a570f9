/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One source, polled from a server that says exactly the bytes a test wants. The adapter is this
 * test's own: a page of "ready" or "sick", and lists that name a next page. Time is turned by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../net/raw_server.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/cmd/types.h"
#include "driftop/config/load.h"
#include "driftop/loop/loop.h"
#include "driftop/net/send.h"
#include "driftop/record/poll.h"

#define TURN_MS     20
#define INTERVAL_MS 1000
#define TURNS_MAX   20000

#define OK(body)       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" body
#define SAYS(status)   "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"
#define HALF           "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nready"
#define OTHER          "220 mail ESMTP\r\n"
#define NO_ANSWER      ""
#define PORT_OF_NOBODY 1

struct world {
    struct clock clock;
    struct loop *loop;
    struct net *net;
    struct raw_server *server;
    struct config *config;
    struct fleet *fleet;
    struct fleet_id deployment;
    struct poll *poll;
    unsigned n_polled;
    struct source_state last;
    char folder[64];
    /* what the server says to each path */
    const char *ready, *extra, *list;
};

/* The adapter asks what a test asks for. */
static struct {
    int port;
    bool extra, extra_needed, extra_away, list;
} ask;

static int add_request(struct adapt_requests *ret, const char *what, int port, enum adapt_need need)
{
    struct adapt_request *r = adapt_requests_add(ret, what);
    if (!r)
        return ERR_NOMEM;
    r->need = need;
    net_request_address(&r->request, "http://127.0.0.1:%d/%s", port, what);
    return 0;
}

static int requests(const struct adapt_scope *scope, struct adapt_requests *ret, struct err *e)
{
    (void)scope, (void)e;
    int code = add_request(ret, "ready", ask.port, ADAPT_NEEDED);
    if (code == 0 && ask.extra)
        code = add_request(ret, "extra", ask.extra_away ? PORT_OF_NOBODY : ask.port,
                           ask.extra_needed ? ADAPT_NEEDED : ADAPT_OPTIONAL);
    if (code == 0 && ask.list)
        code = add_request(ret, "list", ask.port, ADAPT_NEEDED);
    return code;
}

static int decode(const struct adapt_scope *scope, const struct adapt_request *request,
                  const struct net_reply *reply, struct observation_list *ret,
                  struct adapt_requests *more, struct err *e)
{
    if (reply->outcome != NET_OK)
        return err_set(e, reply->code, "%s", reply->err.text);
    if (reply->status == 401 || reply->status == 403)
        return err_set(e, ERR_AUTH, "status %d", reply->status);
    if (reply->status != 200)
        return err_set(e, ERR_PROTOCOL, "status %d", reply->status);
    if (strcmp(request->what, "list") == 0)
        return strcmp(reply->body.data, "next ") == 0
                   ? add_request(more, "list", ask.port, ADAPT_NEEDED)
                   : 0;
    if (strcmp(reply->body.data, "ready") != 0 && strcmp(reply->body.data, "sick ") != 0)
        return err_set(e, ERR_DATA, "neither ready nor sick");
    struct observation *o = observation_add(ret, OBSERVATION_READY);
    o->ready = reply->body.data[0] == 'r';
    snprintf(o->version, sizeof o->version, "%s", scope->version);
    return 0;
}

static const struct adapter adapter = {.name = "test", .requests = requests, .decode = decode};

static struct raw_answer answer(struct raw_server *s, unsigned n, const char *request, void *ctx)
{
    struct world *w = ctx;
    const char *text = strncmp(request, "GET /extra", 10) == 0 ? w->extra
                       : strncmp(request, "GET /list", 9) == 0 ? w->list
                                                               : w->ready;
    (void)s, (void)n;
    return (struct raw_answer){
        .bytes = text[0] ? text : NULL,
        .close = !text[0] || strcmp(text, HALF) == 0 || strcmp(text, OTHER) == 0,
    };
}

static void polled(void *ctx, const struct source_state *source)
{
    struct world *w = ctx;
    w->n_polled++;
    w->last = *source;
}

static void load_config(struct world *w, const char *options)
{
    struct config_errors errors = {0};
    struct types types;
    char text[512];

    types_fill(&types);
    snprintf(text, sizeof text,
             "poll: {interval: %ds, timeout: 2s}\n"
             "deployments:\n  - name: alpha\n"
             "    versions: {\"1\": {servers: [{type: open-inference, "
             "url: \"http://127.0.0.1:%d\"%s}]}}\n",
             INTERVAL_MS / 1000, w->server->port, options);
    if (config_load_bytes(text, strlen(text), "test", &types.types, &w->config, &errors) < 0)
        fail_msg("%s", errors.errors[0].text);
    config_errors_done(&errors);
}

static void start(struct world *w, const char *options)
{
    struct deployment_state d = {.name = "alpha"};
    struct err e = {0};

    load_config(w, options);
    assert_int_equal(fleet_put_deployment(w->fleet, &d, &w->deployment), 0);
    const struct poll_context context = {.loop = w->loop,
                                         .net = w->net,
                                         .config = w->config,
                                         .fleet = w->fleet,
                                         .polled = polled,
                                         .ctx = w};
    const struct config_version *version = &w->config->deployments[0].versions[0];
    const struct poll_target target = {.deployment = &w->config->deployments[0],
                                       .entry = &version->servers[0],
                                       .adapter = &adapter,
                                       .kind = SOURCE_SERVER,
                                       .version = version->version,
                                       .fleet_deployment = w->deployment,
                                       .number = 1};
    if (poll_new(&context, &target, &w->poll, &e) < 0)
        fail_msg("%s", e.text);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->clock = clock_fake(1795262400000, 1000);
    w->loop = loop_new(&w->clock);
    snprintf(w->folder, sizeof w->folder, "/tmp/driftop-poll-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    assert_int_equal(net_new(w->loop, &(struct net_options){0}, &w->net, NULL), 0);
    w->server = raw_server_new(w->loop, answer, w);
    w->fleet = fleet_new();
    w->ready = OK("ready");
    w->extra = OK("ready");
    w->list = OK("end  ");
    memset(&ask, 0, sizeof ask);
    ask.port = w->server->port;
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    poll_free(w->poll);
    net_free(w->net);
    raw_server_free(w->server);
    fleet_free(w->fleet);
    loop_free(w->loop);
    config_free(w->config);
    int code = path_remove_tree(w->folder, NULL);
    free(w);
    return code;
}

static void turn(struct world *w)
{
    w->clock.fake_wall_ms += TURN_MS;
    w->clock.fake_mono_ms += TURN_MS;
    loop_turn(w->loop, 2);
}

/* Until the next poll is over; returns how long that took. */
static int64_t next(struct world *w)
{
    unsigned before = w->n_polled;
    int64_t from_ms = w->clock.fake_mono_ms;
    for (int i = 0; w->n_polled == before; i++) {
        if (i == TURNS_MAX)
            fail_msg("no poll within %d turns", TURNS_MAX);
        turn(w);
    }
    return w->clock.fake_mono_ms - from_ms;
}

static const struct version_state *version(struct world *w)
{
    const struct fleet_id *ids;
    size_t n = fleet_versions(w->fleet, w->deployment, &ids);
    return n ? fleet_version(w->fleet, ids[0]) : NULL;
}

static void a_good_answer(void **state)
{
    struct world *w = *state;
    start(w, "");
    const struct source_state *s = poll_source(w->poll);
    assert_int_equal(s->health, SOURCE_UNKNOWN);
    assert_string_equal(s->name, "alpha/1 open-inference");
    assert_int_equal(s->interval_ms, INTERVAL_MS);
    next(w);
    assert_int_equal(s->health, SOURCE_OK);
    assert_string_equal(s->fault, "");
    assert_int_equal(s->ok_ms, w->clock.fake_wall_ms);
    assert_true(version(w)->ready);
    w->ready = OK("sick ");
    next(w);
    assert_int_equal(s->health, SOURCE_OK); /* of the source, not of the version */
    assert_false(version(w)->ready);
}

/* Reached or not, let in or not, and whether it is an answer at all, are three things. */
static void what_is_wrong(void **state)
{
    static const struct {
        const char *says;
        enum source_health health;
        const char *fault;
    } cases[] = {
        {SAYS("500 Broken"), SOURCE_WRONG, "ready: status 500"},
        {SAYS("404 Nothing"), SOURCE_WRONG, "ready: status 404"},
        {OK("trash"), SOURCE_WRONG, "ready: neither ready nor sick"},
        {HALF, SOURCE_WRONG, "ready: "},
        {OTHER, SOURCE_WRONG, "ready: "},
        {SAYS("401 Who"), SOURCE_AUTH, "ready: status 401"},
        {SAYS("403 Not you"), SOURCE_AUTH, "ready: status 403"},
        {NO_ANSWER, SOURCE_FAILING, "ready: "},
    };
    struct world *w = *state;
    start(w, "");
    next(w);
    const struct source_state *s = poll_source(w->poll);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ok_ms = s->ok_ms;
        w->ready = cases[i].says;
        next(w);
        if (s->health != cases[i].health || !strstr(s->fault, cases[i].fault))
            fail_msg("%s: health %d, fault \"%s\"", cases[i].says, s->health, s->fault);
        assert_int_equal(s->failures, 1);
        assert_int_equal(s->ok_ms, ok_ms);
        w->ready = OK("ready");
        next(w);
        assert_int_equal(s->health, SOURCE_OK);
        assert_int_equal(s->failures, 0);
        assert_string_equal(s->fault, "");
    }
}

static void nobody_there(void **state)
{
    struct world *w = *state;
    ask.port = PORT_OF_NOBODY;
    start(w, "");
    next(w);
    assert_int_equal(w->last.health, SOURCE_FAILING);
    assert_int_equal(w->last.ok_ms, 0);
}

/* Half of it cannot be reached: that is the thing to say, whatever the other half answers. */
static void half_of_it_away(void **state)
{
    struct world *w = *state;
    ask.extra = ask.extra_needed = ask.extra_away = true;
    w->ready = SAYS("500 Broken");
    start(w, "");
    next(w);
    assert_int_equal(w->last.health, SOURCE_FAILING);
}

static void an_optional_answer(void **state)
{
    struct world *w = *state;
    ask.extra = true;
    w->extra = SAYS("500 Broken");
    start(w, "");
    next(w);
    assert_int_equal(w->last.health, SOURCE_OK);
    assert_string_equal(w->last.fault, "extra: status 500");
    assert_true(version(w)->ready);
    w->extra = SAYS("401 Who");
    next(w);
    assert_int_equal(w->last.health, SOURCE_OK);
}

/* Without its secret nothing is asked: whether the server answers is not known. */
static void a_secret_that_is_gone(void **state)
{
    struct world *w = *state;
    char path[96], options[160];
    snprintf(path, sizeof path, "%s/token", w->folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("t0ken\n", f);
    fclose(f);
    assert_int_equal(chmod(path, 0600), 0);
    snprintf(options, sizeof options, ", token: {file: %s}", path);
    start(w, options);
    next(w);
    assert_int_equal(w->last.health, SOURCE_OK);
    assert_int_equal(chmod(path, 0644), 0);
    w->ready = SAYS("401 Who"); /* so that it is read again */
    next(w);
    assert_int_equal(w->last.health, SOURCE_AUTH);
    unsigned asked = w->server->n_requests;
    next(w);
    assert_int_equal(w->last.health, SOURCE_SECRET);
    assert_null(strstr(w->last.fault, "t0ken"));
    assert_int_equal(w->server->n_requests, asked);
    assert_int_equal(chmod(path, 0600), 0);
    w->ready = OK("ready");
    next(w);
    assert_int_equal(w->last.health, SOURCE_OK);
}

static void lists_end(void **state)
{
    struct world *w = *state;
    ask.list = true;
    start(w, "");
    next(w);
    unsigned asked = w->server->n_requests;
    assert_int_equal(asked, 2);
    w->list = OK("next ");
    next(w);
    assert_int_equal(w->last.health, SOURCE_WRONG);
    assert_non_null(strstr(w->last.fault, "pages without end"));
    assert_int_equal(w->server->n_requests, asked + 512);
    assert_true(version(w)->ready); /* what did come counts */
}

/* One that fails is asked less often, up to a bound, and at once in its interval when it is back. */
static void back_off(void **state)
{
    static const int factors[] = {1, 2, 3, 4, 4, 4};
    struct world *w = *state;
    ask.port = PORT_OF_NOBODY;
    start(w, "");
    next(w);
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        assert_in_range(next(w), factors[i] * INTERVAL_MS * 9 / 10 - 2 * TURN_MS,
                        factors[i] * INTERVAL_MS * 11 / 10 + 10 * TURN_MS);
    ask.port = w->server->port;
    next(w);
    assert_int_equal(w->last.health, SOURCE_OK);
    for (int i = 0; i < 5; i++)
        assert_in_range(next(w), INTERVAL_MS * 9 / 10 - 10 * TURN_MS,
                        INTERVAL_MS * 11 / 10 + 10 * TURN_MS);
}

/* Its reply comes to nobody. */
static void freed_under_way(void **state)
{
    struct world *w = *state;
    start(w, "");
    next(w);
    unsigned asked = w->server->n_requests, before = w->n_polled;
    for (int i = 0; w->server->n_requests == asked && i < TURNS_MAX; i++)
        turn(w);
    assert_int_equal(w->n_polled, before);
    poll_free(w->poll);
    w->poll = NULL;
    for (int i = 0; i < 20; i++)
        turn(w);
    assert_int_equal(w->n_polled, before);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_answer),   TEST(what_is_wrong),         TEST(nobody_there),
        TEST(half_of_it_away), TEST(an_optional_answer),    TEST(lists_end),
        TEST(back_off),        TEST(a_secret_that_is_gone), TEST(freed_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
