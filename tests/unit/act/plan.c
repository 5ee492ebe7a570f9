/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet.h"

#include "driftop/act/shares.h"
#include "driftop/act/verify.h"
#include "driftop/base/json_build.h"

static struct config *config;

static int set_up(void **state)
{
    static const char text[] =
        "environment: test\nstore: {path: /tmp/none.db}\nregistries:\n"
        "  main: {type: mlflow, url: \"http://127.0.0.1:1\"}\ndeployments:\n"
        "  - name: fraud\n    registry: {use: main, model: fraud, champion: champion}\n"
        "    traffic: {type: haproxy, sockets: [/tmp/a.sock], backend: fraud}\n"
        "  - name: bare\n";
    struct config_errors errors = {0};
    struct types types;
    (void)state;

    types_fill(&types);
    int r = config_load_bytes(text, strlen(text), "test", &types.types, &config, &errors);
    if (r < 0)
        print_error("%s\n", errors.errors[0].text);
    config_errors_done(&errors);
    return r;
}

static int tear_down(void **state)
{
    (void)state;
    config_free(config);
    return 0;
}

static void add_target(struct world *w, const char *name, double weight, bool up)
{
    struct observation *o = observation_add(&w->traffic, OBSERVATION_TARGET);
    assert_non_null(o);
    o->has = HAS_DESIRED | HAS_EFFECTIVE | HAS_UP | HAS_SESSIONS;
    str_copy(o->target.target, sizeof o->target.target, name);
    str_copy(o->target.state, sizeof o->target.state, up ? "UP" : "DOWN");
    o->target.desired_weight = weight;
    o->target.effective_weight = up ? weight : 0;
    o->target.up = up;
}

static void add_registry(struct world *w, const char *champion)
{
    struct observation *o = observation_add(&w->registry, OBSERVATION_ALIAS);
    str_copy(o->version, sizeof o->version, champion);
    str_copy(o->text, sizeof o->text, "champion");
    for (int i = 40; i <= 42; i++) {
        o = observation_add(&w->registry, OBSERVATION_VERSION);
        snprintf(o->version, sizeof o->version, "%d", i);
        o->ready = true;
    }
}

/* v41 and v42 with these weights; the alias names 42. */
static struct world a_world(double first, double second)
{
    struct world w;
    world_init(&w);
    w.at_ms = 1795230000123;
    w.has_traffic = w.has_registry = true;
    add_target(&w, "v42", second, true);
    add_target(&w, "v41", first, true);
    add_registry(&w, "42");
    assert_int_equal(world_settle(&w, config_deployment(config, "fraud")), 0);
    return w;
}

static int make(struct world w, const struct plan_wish *wish, struct plan *ret, struct err *e)
{
    return plan_make(config, config_deployment(config, "fraud"), &w, wish, 1795230000123, ret, e);
}

static void near(double a, double b)
{
    assert_true(a - b < 1e-9 && b - a < 1e-9);
}

static void a_world_settles(void **state)
{
    struct world w = a_world(25, 75);
    char text[128];
    (void)state;

    assert_int_equal(w.n_shares, 2);
    assert_string_equal(w.shares[0].version, "41");
    near(w.shares[0].desired_ratio, 0.25);
    near(world_share(&w, "42")->effective_ratio, 0.75);
    assert_null(world_share(&w, "43"));
    assert_string_equal(world_text(&w, text, sizeof text), "v41 25 %  v42 75 %  champion 42");
    /* A second endpoint that says otherwise: the mean. */
    add_target(&w, "v41", 1, true);
    add_target(&w, "v42", 1, false);
    w.traffic.items[2].endpoint = w.traffic.items[3].endpoint = 1;
    assert_int_equal(world_settle(&w, config_deployment(config, "fraud")), 0);
    near(world_share(&w, "41")->desired_ratio, 0.375);
    near(world_share(&w, "41")->effective_ratio, 0.625);
    world_done(&w);
}

static void worlds_compare(void **state)
{
    struct world a = a_world(25, 75), b = a_world(25, 75), c = a_world(50, 50);
    struct err e;
    (void)state;

    assert_int_equal(world_compare(&a, &b, &e), 0);
    assert_int_equal(world_compare(&a, &c, &e), ERR_CONFLICT);
    assert_string_equal(e.text, "v41 is set to 50 % now, the plan had read 25 %");
    str_copy(b.champion, sizeof b.champion, "41");
    assert_int_equal(world_compare(&a, &b, &e), ERR_CONFLICT);
    assert_string_equal(e.text, "the alias names 41 now, the plan had read 42");
    a.has_registry = false; /* nothing was read of it: nothing to compare */
    assert_int_equal(world_compare(&a, &b, &e), 0);
    add_target(&b, "v43", 0, true);
    world_settle(&b, config_deployment(config, "fraud"));
    assert_int_equal(world_compare(&a, &b, &e), ERR_CONFLICT);
    assert_int_equal(world_compare(&b, &a, &e), ERR_CONFLICT);
    world_done(&a);
    world_done(&b);
    world_done(&c);
}

static void a_world_survives_json(void **state)
{
    struct world w = a_world(1, 2), back;
    struct json *json = world_json(&w);
    (void)state;

    assert_int_equal(world_from_json(json, &back, NULL), 0);
    assert_int_equal(world_compare(&w, &back, NULL), 0);
    assert_int_equal(back.at_ms, w.at_ms);
    assert_string_equal(back.champion, "42");
    world_done(&back);
    json_drop(json);
    w.has_traffic = w.has_registry = false;
    json = world_json(&w);
    assert_int_equal(world_from_json(json, &back, NULL), 0);
    assert_false(back.has_traffic || back.has_registry);
    world_done(&back);
    json_drop(json);
    assert_int_equal(world_from_json(NULL, &back, NULL), ERR_DATA);
    world_done(&back);
    world_done(&w);
}

static void rollback(void **state)
{
    struct plan_wish wish = {.intent = PLAN_ROLLBACK, .version = "41"};
    struct plan p;
    (void)state;

    assert_int_equal(make(a_world(0, 100), &wish, &p, NULL), 0);
    assert_int_equal(p.traffic.n_items, 2);
    assert_string_equal(p.traffic.items[0].expect.target, "v41");
    assert_string_equal(p.traffic.items[1].expect.target, "v42");
    assert_int_equal(p.registry.n_items, 1);
    near(world_share(&p.after, "41")->desired_ratio, 1);
    assert_string_equal(p.after.champion, "41");
    assert_string_equal(p.before.champion, "42");
    assert_int_equal(p.expires_ms - p.made_ms, PLAN_VALID_MS);
    plan_done(&p);
}

static void rounding_shows_what_is_obtained(void **state)
{
    struct plan_wish wish = {.intent = PLAN_TRAFFIC, .n_shares = 2};
    struct plan p;
    (void)state;

    str_copy(wish.shares[0].version, sizeof wish.shares[0].version, "41");
    str_copy(wish.shares[1].version, sizeof wish.shares[1].version, "42");
    wish.shares[0].ratio = 0.0035;
    wish.shares[1].ratio = 0.9965;
    assert_int_equal(make(a_world(0, 100), &wish, &p, NULL), 0);
    /* 0.35 % cannot be had: the smallest weight against the largest is more. */
    double share = world_share(&p.after, "41")->desired_ratio;
    near(share, 1.0 / 257);
    assert_string_equal(p.after.champion, "42"); /* traffic leaves the alias alone */
    assert_int_equal(p.registry.n_items, 0);
    plan_done(&p);
}

static void undo(void **state)
{
    struct plan_wish wish = {.intent = PLAN_UNDO, .n_shares = 1, .alias_version = "41"};
    struct plan p;
    (void)state;

    str_copy(wish.shares[0].version, sizeof wish.shares[0].version, "41");
    wish.shares[0].ratio = 1;
    assert_int_equal(make(a_world(50, 50), &wish, &p, NULL), 0);
    assert_int_equal(p.registry.n_items, 1);
    near(world_share(&p.after, "42")->desired_ratio, 0);
    plan_done(&p);
}

static void undo_of_an_alias_that_was_not_set(void **state)
{
    struct plan_wish wish = {.intent = PLAN_UNDO, .n_shares = 1, .alias_delete = true};
    struct plan p, back;
    struct json *json;
    struct str text;
    (void)state;

    str_copy(wish.shares[0].version, sizeof wish.shares[0].version, "41");
    wish.shares[0].ratio = 1;
    assert_int_equal(make(a_world(100, 0), &wish, &p, NULL), 0);
    assert_int_equal(p.traffic.n_items, 0);
    assert_int_equal(p.registry.n_items, 1);
    assert_string_equal(p.after.champion, "");
    str_init(&text, 0);
    plan_text(&p, 78, &text);
    assert_non_null(strstr(text.data, "champion not set"));
    assert_non_null(strstr(text.data, "1       delete alias champion of fraud (was 42)"));
    assert_non_null(strstr(text.data, "undo 1  set alias champion of fraud to version 42"));
    str_done(&text);
    json = plan_json(&p);
    assert_int_equal(plan_from_json(json, &back, NULL), 0);
    assert_true(back.wish.alias_delete);
    assert_string_equal(back.after.champion, "");
    json_drop(json);
    plan_done(&back);
    plan_done(&p);
}

static void check_refused(struct world w, const struct plan_wish *wish, int code, const char *why)
{
    struct plan p;
    struct err e = {0};

    assert_int_equal(make(w, wish, &p, &e), code);
    if (!strstr(e.text, why))
        fail_msg("%s: %s", why, e.text);
    assert_true(p.n_checks > 0); /* so that it can be shown why */
    assert_int_equal(p.checks[p.n_checks - 1].result, CHECK_STOP);
    /* That nothing would be sent has another reason here. */
    struct str text;
    str_init(&text, 0);
    plan_text(&p, 78, &text);
    assert_non_null(strstr(text.data, "STOP"));
    assert_null(strstr(text.data, "it is so already"));
    str_done(&text);
    plan_done(&p);
}

static void refusals(void **state)
{
    struct plan_wish wish = {.intent = PLAN_ROLLBACK, .version = "17"};
    struct world down;
    struct plan p;
    struct err e;
    (void)state;

    check_refused(a_world(0, 100), &wish, ERR_ABSENT, "there is no v17 in the splitter");
    wish.version[0] = '\0';
    check_refused(a_world(0, 100), &wish, ERR_USAGE, "to which version?");
    str_copy(wish.version, sizeof wish.version, "41");
    down = a_world(0, 100);
    down.traffic.items[1].target.up = false;
    world_settle(&down, config_deployment(config, "fraud"));
    assert_int_equal(make(down, &wish, &p, &e), ERR_REFUSED);
    assert_int_equal(p.checks[0].result, CHECK_STOP);
    assert_string_equal(p.checks[0].text, "v41 is not up in the splitter");
    plan_done(&p);

    wish = (struct plan_wish){.intent = PLAN_TRAFFIC, .n_shares = 1};
    str_copy(wish.shares[0].version, sizeof wish.shares[0].version, "41");
    wish.shares[0].ratio = 0.9;
    check_refused(a_world(0, 100), &wish, ERR_REFUSED, "the shares add up to 90 %, not 100 %");
    wish.shares[0].ratio = 1.1;
    check_refused(a_world(0, 100), &wish, ERR_REFUSED, "between 0 and 100 %");

    struct world nothing;
    world_init(&nothing);
    wish = (struct plan_wish){.intent = PLAN_ROLLBACK, .version = "41"};
    assert_int_equal(
        plan_make(config, config_deployment(config, "bare"), &nothing, &wish, 1, &p, &e),
        ERR_REFUSED);
    assert_non_null(strstr(e.text, "neither a splitter nor a registry"));
    plan_done(&p);
}

static void a_registry_that_is_away_leaves_the_alias(void **state)
{
    struct plan_wish wish = {.intent = PLAN_ROLLBACK, .version = "41"};
    struct world w = a_world(0, 100);
    struct plan p;
    bool warned = false;
    (void)state;

    w.has_registry = false;
    str_copy(w.registry_fault, sizeof w.registry_fault, "timed out");
    assert_int_equal(make(w, &wish, &p, NULL), 0);
    assert_int_equal(p.registry.n_items, 0);
    for (size_t i = 0; i < p.n_checks; i++)
        warned =
            warned || (p.checks[i].result == CHECK_WARN && strstr(p.checks[i].text, "alias stays"));
    assert_true(warned);
    plan_done(&p);
}

static void a_plan_survives_json(void **state)
{
    struct plan_wish wish = {.intent = PLAN_ROLLBACK, .version = "41"};
    struct plan p, back;
    struct json *json;
    struct str text;
    (void)state;

    assert_int_equal(make(a_world(0, 100), &wish, &p, NULL), 0);
    json = plan_json(&p);
    assert_int_equal(plan_from_json(json, &back, NULL), 0);
    assert_string_equal(back.id, p.id);
    assert_string_equal(back.deployment, "fraud");
    assert_int_equal(back.expires_ms, p.expires_ms);
    assert_int_equal(back.wish.intent, PLAN_ROLLBACK);
    assert_string_equal(back.wish.version, "41");
    assert_string_equal(back.wish.alias_version, "41");
    assert_int_equal(back.wish.n_shares, 1);
    assert_int_equal(world_compare(&back.after, &p.after, NULL), 0);
    assert_int_equal(world_compare(&back.before, &p.before, NULL), 0);
    plan_done(&back);
    json_put(json, "schema", json_new_text("something.else"));
    assert_int_equal(plan_from_json(json, &back, NULL), ERR_DATA);
    plan_done(&back);
    json_drop(json);

    str_init(&text, 0);
    plan_text(&p, 78, &text);
    assert_non_null(strstr(text.data, "roll back fraud to v41 in test, nothing sent yet"));
    assert_non_null(strstr(text.data, "set weight fraud/v41 100"));
    assert_non_null(strstr(text.data, "undo 1"));
    /* When it expires stands there as a time: the text is read again minutes later. */
    assert_non_null(strstr(text.data, "read    03:00:00Z, expires 03:15:00Z\n"));
    str_done(&text);
    /* At no width a number is parted from its per cent. */
    for (int columns = 40; columns <= 100; columns++) {
        str_init(&text, 0);
        plan_text(&p, columns, &text);
        for (char *line = text.data, *end; (end = strchr(line, '\n')); line = end + 1)
            assert_true(end - line <= columns || strncmp(line, "PLAN", 4) == 0);
        assert_null(strstr(text.data, "\n        %"));
        str_done(&text);
    }
    plan_done(&p);
}

static void shares(void **state)
{
    static const char *const bad[] = {
        "",      "41",          "=5",      "41=",    "41=x",   "41=101", "41=-1", "41=nan",
        "41=5x", "41=50,41=50", "41=0x64", "41=1e2", "41=+50", "41=inf", "41=.",  "41=5%%"};
    struct plan_wish wish = {.intent = PLAN_TRAFFIC};
    (void)state;

    assert_int_equal(shares_parse(" 41=75, 42=25%", &wish, NULL), 0);
    assert_int_equal(wish.n_shares, 2);
    assert_string_equal(wish.shares[1].version, "42");
    near(wish.shares[0].ratio, 0.75);
    near(wish.shares[1].ratio, 0.25);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wish = (struct plan_wish){.intent = PLAN_TRAFFIC};
        assert_int_equal(shares_parse(bad[i], &wish, NULL), ERR_USAGE);
    }
}

/* A verification of 0/100 to the given weights, with the requests given so far. */
struct watched {
    struct world before, after, now;
    struct verify v;
};

static void watch(struct watched *w, double first, double second)
{
    w->before = a_world(0, 100);
    w->after = a_world(first, second);
    w->now = a_world(first, second);
    verify_init(&w->v, &w->before, &w->after, 1000);
}

static void unwatch(struct watched *w)
{
    world_done(&w->before);
    world_done(&w->after);
    world_done(&w->now);
}

static void serve(struct watched *w, double first, double second)
{
    w->now.shares[0].sessions_total += first;
    w->now.shares[1].sessions_total += second;
}

static void set(struct watched *w, double first, double second)
{
    world_done(&w->now);
    w->now = a_world(first, second);
}

static void verified_after_three_looks(void **state)
{
    struct watched w;
    (void)state;

    watch(&w, 25, 75);
    assert_int_equal(verify_look(&w.v, &w.now, 1000), VERIFY_PENDING);
    for (int i = 1; i <= 3; i++) {
        serve(&w, 26, 74);
        assert_int_equal(verify_look(&w.v, &w.now, 1000 + i), i < 3 ? VERIFY_PENDING : VERIFY_DONE);
    }
    unwatch(&w);
}

static void beyond_three_sigma_it_begins_again(void **state)
{
    struct watched w;
    (void)state;

    watch(&w, 25, 75);
    verify_look(&w.v, &w.now, 1000);
    serve(&w, 25, 75);
    verify_look(&w.v, &w.now, 2000);
    assert_int_equal(w.v.agree, 1);
    serve(&w, 75, 25); /* 100 of 200: 8 sigma */
    assert_int_equal(verify_look(&w.v, &w.now, 3000), VERIFY_PENDING);
    assert_int_equal(w.v.agree, 0);
    serve(&w, 500, 500);
    assert_int_equal(verify_look(&w.v, &w.now, 32000), VERIFY_STALLED);
    unwatch(&w);
}

static void zero_must_stop_within_ten_seconds(void **state)
{
    struct watched w;
    (void)state;

    watch(&w, 100, 0);
    verify_look(&w.v, &w.now, 1000);
    serve(&w, 1000, 1); /* within the tolerance, but it is to be none */
    assert_int_equal(verify_look(&w.v, &w.now, 5000), VERIFY_PENDING);
    assert_int_equal(w.v.agree, 0);
    serve(&w, 1000, 1);
    assert_int_equal(verify_look(&w.v, &w.now, 11000), VERIFY_STALLED);
    assert_non_null(strstr(w.v.text, "v42 still gets"));
    unwatch(&w);
}

static void too_little_traffic(void **state)
{
    struct watched w;
    (void)state;

    watch(&w, 100, 0);
    verify_look(&w.v, &w.now, 1000);
    serve(&w, 9, 0);
    assert_int_equal(verify_look(&w.v, &w.now, 30999), VERIFY_PENDING);
    assert_int_equal(verify_look(&w.v, &w.now, 31000), VERIFY_NOT_OBSERVED);
    assert_string_equal(w.v.text, "applied, traffic not observed: 9 requests in 30 s");
    unwatch(&w);
}

static void a_splitter_that_restarts_counts_anew(void **state)
{
    struct watched w;
    (void)state;

    watch(&w, 100, 0);
    w.now.shares[0].sessions_total = w.now.shares[1].sessions_total = 5000;
    verify_look(&w.v, &w.now, 1000);
    w.now.shares[0].sessions_total = 20;
    w.now.shares[1].sessions_total = 0;
    assert_int_equal(verify_look(&w.v, &w.now, 2000), VERIFY_PENDING);
    for (int i = 1; i <= 3; i++) {
        serve(&w, 20, 0);
        assert_int_equal(verify_look(&w.v, &w.now, 2000 + i), i < 3 ? VERIFY_PENDING : VERIFY_DONE);
    }
    unwatch(&w);
}

static void a_third_value_is_divergence(void **state)
{
    struct watched w;
    (void)state;

    watch(&w, 100, 0);
    set(&w, 50, 50);
    assert_int_equal(verify_look(&w.v, &w.now, 1000), VERIFY_DIVERGED);
    set(&w, 100, 0);
    str_copy(w.now.champion, sizeof w.now.champion, "40");
    assert_int_equal(verify_look(&w.v, &w.now, 1000), VERIFY_DIVERGED);
    unwatch(&w);
}

static void not_effective(void **state)
{
    struct watched w;
    (void)state;

    watch(&w, 100, 0);
    set(&w, 0, 100); /* as before: slow, then failed */
    assert_int_equal(verify_look(&w.v, &w.now, 45999), VERIFY_PENDING);
    assert_int_equal(verify_look(&w.v, &w.now, 46000), VERIFY_FAILED);
    set(&w, 100, 0); /* set as planned, but the receiver has gone down */
    w.now.shares[0].effective_ratio = 0;
    assert_int_equal(verify_look(&w.v, &w.now, 30999), VERIFY_PENDING);
    assert_int_equal(verify_look(&w.v, &w.now, 31000), VERIFY_STALLED);
    assert_int_equal(verify_blind(&w.v, "no answer", 45999), VERIFY_PENDING);
    assert_int_equal(verify_blind(&w.v, "no answer", 46000), VERIFY_STALLED);
    unwatch(&w);
}

static void only_a_pointer(void **state)
{
    struct watched w;
    (void)state;

    watch(&w, 0, 100);
    w.after.has_traffic = false;
    w.after.n_shares = 0;
    str_copy(w.after.champion, sizeof w.after.champion, "41");
    assert_int_equal(verify_look(&w.v, &w.now, 1000), VERIFY_PENDING);
    str_copy(w.now.champion, sizeof w.now.champion, "41");
    assert_int_equal(verify_look(&w.v, &w.now, 2000), VERIFY_PENDING);
    assert_int_equal(verify_look(&w.v, &w.now, 3999), VERIFY_PENDING);
    assert_int_equal(verify_look(&w.v, &w.now, 4000), VERIFY_DONE);
    unwatch(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_world_settles),
        cmocka_unit_test(worlds_compare),
        cmocka_unit_test(a_world_survives_json),
        cmocka_unit_test(rollback),
        cmocka_unit_test(rounding_shows_what_is_obtained),
        cmocka_unit_test(undo),
        cmocka_unit_test(undo_of_an_alias_that_was_not_set),
        cmocka_unit_test(refusals),
        cmocka_unit_test(a_registry_that_is_away_leaves_the_alias),
        cmocka_unit_test(a_plan_survives_json),
        cmocka_unit_test(shares),
        cmocka_unit_test(verified_after_three_looks),
        cmocka_unit_test(beyond_three_sigma_it_begins_again),
        cmocka_unit_test(zero_must_stop_within_ten_seconds),
        cmocka_unit_test(too_little_traffic),
        cmocka_unit_test(a_splitter_that_restarts_counts_anew),
        cmocka_unit_test(a_third_value_is_divergence),
        cmocka_unit_test(not_effective),
        cmocka_unit_test(only_a_pointer),
    };
    return cmocka_run_group_tests_name("act/plan", tests, set_up, tear_down);
}
