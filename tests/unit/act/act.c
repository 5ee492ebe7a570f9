/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attempt.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "driftop/alert/alert.h"
#include "driftop/base/json_build.h"
#include "driftop/store/db.h"
#include "driftop/store/lease.h"
#include "driftop/store/write.h"

static void happy(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");

    rollback(&a);
    assert_int_equal(a.phase, ACT_VERIFIED);
    assert_string_equal(states(f, a.plan.id), "sent accepted verified");
    /* The receiver is raised before the other is lowered, the alias comes last. */
    assert_int_equal(f->n_writes, 2);
    assert_string_equal(f->writes[0], "set weight fraud/v41 100");
    assert_string_equal(f->writes[1], "set weight fraud/v42 0");
    assert_int_equal(f->n_alias_writes, 1);
    assert_string_equal(f->champion, "41");
    done(&a);
}

static void credentials(void **state)
{
    struct fake_fleet *f = *state;
    char path[128];
    const char text[] = "act: {main: {token: \"${DRIFTOP_ACT}\"}}\n";

    setenv("DRIFTOP_ACT", "engineer", 1);
    snprintf(path, sizeof path, "%.60s/driftop", f->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%.60s/driftop/credentials.yaml", f->folder);
    assert_int_equal(path_write(path, text, strlen(text), 0600, NULL), 0);
    struct attempt without = begin(f, "ann");
    struct plan_wish wish = to_version("41");
    plan_it(&without, &wish);
    assert_string_equal(f->authorization[0], "Bearer reader"); /* as the recorder reads */
    done(&without);

    struct config_errors errors = {0};
    assert_int_equal(config_load_credentials(f->config, &errors), 0);
    config_errors_done(&errors);
    struct attempt a = begin(f, "ann");
    rollback(&a);
    assert_int_equal(a.phase, ACT_VERIFIED);
    assert_string_equal(f->authorization[1], "Bearer engineer");
    done(&a);
}

static void the_world_moved(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt ann = begin(f, "ann"), ben = begin(f, "ben");
    struct plan_wish wish = to_version("41");

    plan_it(&ann, &wish);
    plan_it(&ben, &wish);
    run(&ben);
    assert_int_equal(ben.phase, ACT_VERIFIED);
    size_t writes = f->n_writes;
    run(&ann);
    assert_int_equal(ann.phase, ACT_CONFLICT);
    assert_non_null(strstr(ann.line, "the plan had read"));
    assert_non_null(strstr(ann.line, "ben set v41 100 %"));
    assert_int_equal(f->n_writes, writes);
    assert_string_equal(states(f, ann.plan.id), "conflict");
    done(&ann);
    done(&ben);
}

static void moved_by_a_stranger(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");
    struct plan_wish wish = to_version("41");

    plan_it(&a, &wish);
    f->weight[0] = 50;
    run(&a);
    assert_int_equal(a.phase, ACT_CONFLICT);
    assert_non_null(strstr(a.line, "nobody did that through driftop here"));
    assert_int_equal(f->n_writes, 0);
    done(&a);
}

static bool warns(const struct plan *p, const char *text)
{
    for (size_t i = 0; i < p->n_checks; i++)
        if (p->checks[i].result == CHECK_WARN && strstr(p->checks[i].text, text))
            return true;
    return false;
}

/* Going back to a version that pages itself is a choice, but nobody's surprise. */
static void a_target_with_a_page_of_its_own(void **state)
{
    struct fake_fleet *f = *state;
    struct alert_state alert = {.severity = ALERT_PAGE, .phase = ALERT_FIRING};
    struct plan_wish wish = to_version("41");
    struct attempt a = begin(f, "ann"), b = begin(f, "ann");

    assert_int_equal(store_open(f->store, STORE_RECORD, &a.env.store, NULL), 0);
    str_copy(alert.deployment, sizeof alert.deployment, "fraud");
    str_copy(alert.version, sizeof alert.version, "42");
    str_copy(alert.summary, sizeof alert.summary, "errors 9 % > 5 %");
    assert_int_equal(store_put_alert(a.env.store, &alert, NULL), 0);
    plan_it(&a, &wish);
    assert_int_equal(a.code, 0);
    assert_false(warns(&a.plan, "pages")); /* 42 does, and gets less */
    alert.id = 0;
    str_copy(alert.version, sizeof alert.version, "41");
    assert_int_equal(store_put_alert(a.env.store, &alert, NULL), 0);
    b.env.store = a.env.store;
    plan_it(&b, &wish);
    assert_int_equal(b.code, 0);
    assert_true(warns(&b.plan, "v41 pages itself: errors 9 % > 5 %"));
    store_close(a.env.store);
    done(&a);
    done(&b);
}

static void denied(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");

    f->fault = FLEET_REJECT;
    f->fault_at = 0;
    rollback(&a);
    assert_int_equal(a.phase, ACT_REJECTED);
    assert_non_null(strstr(a.line, "nothing was changed"));
    assert_int_equal(f->n_writes, 1);
    assert_string_equal(states(f, a.plan.id), "sent rejected");
    done(&a);
}

static void a_lost_reply_of_what_was_done(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");

    f->fault = FLEET_SILENT_APPLIED;
    f->fault_at = 0;
    rollback(&a);
    assert_int_equal(a.phase, ACT_VERIFIED);
    assert_int_equal(f->n_writes, 2); /* each arrived once */
    done(&a);
}

static void a_lost_reply_of_what_was_not_done(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");

    f->fault = FLEET_SILENT_NOT;
    f->fault_at = 0;
    rollback(&a);
    assert_int_equal(a.phase, ACT_FAILED);
    assert_int_equal(f->n_writes, 1);
    assert_int_equal(f->weight[1], 100);
    done(&a);
}

static void a_lost_reply_and_nobody_to_ask(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");
    struct plan_wish wish = to_version("41");

    f->fault = FLEET_SILENT_APPLIED;
    f->fault_at = 0;
    plan_it(&a, &wish);
    assert_int_equal(commit(&a), 0);
    FLEET_WAIT(f, f->n_writes == 1);
    f->splitter_away = true;
    FLEET_WAIT(f, a.ended);
    assert_int_equal(a.phase, ACT_UNKNOWN);
    assert_string_equal(states(f, a.plan.id), "sent unknown");
    assert_int_equal(f->n_writes, 1);
    done(&a);
}

static void accepted_and_not_done(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");

    f->fault = FLEET_IGNORED;
    f->fault_at = 0;
    rollback(&a);
    assert_int_equal(a.phase, ACT_STALLED);
    assert_int_equal(f->n_writes, 1);
    done(&a);
}

static void requests_do_not_follow(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");

    f->stuck[1] = true;
    rollback(&a);
    assert_int_equal(a.phase, ACT_STALLED);
    assert_non_null(strstr(a.line, "v42 still gets"));
    done(&a);
}

static void somebody_else_drives_too(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");
    struct plan_wish wish = to_version("41");

    plan_it(&a, &wish);
    assert_int_equal(commit(&a), 0);
    FLEET_WAIT(f, a.phase == ACT_ACCEPTED);
    f->weight[1] = 30;
    FLEET_WAIT(f, a.ended);
    assert_int_equal(a.phase, ACT_DIVERGED);
    done(&a);
}

static void the_registry_went_away(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann"), b = begin(f, "ann");
    struct plan_wish wish = to_version("41");

    /* It was there for the plan, which moves the alias: half of it will not do. */
    plan_it(&a, &wish);
    f->registry_away = true;
    run(&a);
    assert_int_equal(a.phase, ACT_FAILED);
    assert_int_equal(f->n_writes, 0);
    /* It was away for the plan: the alias stays, also when it has come back. */
    plan_it(&b, &wish);
    assert_int_equal(b.code, 0);
    f->registry_away = false;
    run(&b);
    assert_int_equal(b.phase, ACT_VERIFIED);
    assert_string_equal(f->champion, "42");
    assert_int_equal(f->n_alias_writes, 0);
    done(&a);
    done(&b);
}

static void no_audit_no_act(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");
    struct plan_wish wish = to_version("41");
    char path[128];

    plan_it(&a, &wish);
    assert_int_equal(mkdir(audit_path(f->store, path, sizeof path), 0700), 0);
    run(&a);
    assert_int_equal(a.phase, ACT_REFUSED);
    assert_non_null(strstr(a.line, "the audit cannot be written"));
    assert_int_equal(f->n_writes, 0);
    done(&a);
}

static void one_driver(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");
    struct plan_wish wish = to_version("41");
    struct lease *lease;

    plan_it(&a, &wish);
    assert_int_equal(lease_take(f->store, "act-fraud", "ben", &lease, NULL), 0);
    assert_int_equal(commit(&a), ERR_CONFLICT);
    assert_non_null(strstr(a.err.text, "ben"));
    lease_drop(lease);
    assert_int_equal(f->n_writes, 0);
    done(&a);
}

static void refused_plans(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");
    struct plan_wish wish = to_version("41");

    plan_it(&a, &wish);
    f->clock.fake_wall_ms += PLAN_VALID_MS + 1;
    assert_int_equal(commit(&a), ERR_REFUSED);
    assert_non_null(strstr(a.err.text, "expired"));
    f->clock.fake_wall_ms -= PLAN_VALID_MS;
    str_copy(a.plan.environment, sizeof a.plan.environment, "other");
    assert_int_equal(commit(&a), ERR_REFUSED);
    str_copy(a.plan.environment, sizeof a.plan.environment, "test");
    f->armed = false;
    run(&a);
    assert_int_equal(a.phase, ACT_REFUSED);
    f->armed = true;
    assert_int_equal(commit(&a), ERR_REFUSED); /* its id is in the audit */
    assert_non_null(strstr(a.err.text, "used already (refused)"));
    assert_int_equal(f->n_writes, 0);
    done(&a);
}

static void other_endpoints(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");
    struct plan_wish wish = to_version("41");

    plan_it(&a, &wish);
    assert_int_equal(store_open(f->store, STORE_RECORD, &a.env.store, NULL), 0);
    assert_int_equal(store_put_meta(a.env.store, "endpoints_hash", "elsewhere", NULL), 0);
    assert_int_equal(commit(&a), ERR_REFUSED);
    assert_non_null(strstr(a.err.text, "other endpoints"));
    assert_int_equal(store_put_meta(a.env.store, "endpoints_hash", f->config->endpoints_hash, NULL),
                     0);
    assert_int_equal(commit(&a), 0);
    FLEET_WAIT(f, a.ended);
    assert_int_equal(a.phase, ACT_VERIFIED);
    store_close(a.env.store);
    done(&a);
}

/* What a process leaves that was killed behind its first word to the audit. */
static void leave(struct fake_fleet *f, struct attempt *a)
{
    struct plan_wish wish = to_version("41");

    *a = begin(f, "ann");
    plan_it(a, &wish);
    f->fault = FLEET_SILENT_NOT;
    f->fault_at = 0;
    assert_int_equal(commit(a), 0);
    FLEET_WAIT(f, f->n_writes == 1);
    act_free(a->act);
    a->act = NULL;
    f->fault_at = 99;
    assert_string_equal(states(f, a->plan.id), "sent");
}

static void resume(struct attempt *left, struct attempt *a)
{
    *a = begin(left->f, "recorder");
    a->code = act_resume(&a->env, left->plan.id, on_changed, a, &a->act, &a->err);
    if (a->code == 0)
        FLEET_WAIT(a->f, a->ended);
}

static void resumed_when_not_done(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt left, a;

    leave(f, &left);
    resume(&left, &a);
    assert_int_equal(a.phase, ACT_FAILED);
    assert_string_equal(states(f, left.plan.id), "sent failed");
    assert_int_equal(f->n_writes, 1);
    resume(&left, &a);
    assert_int_equal(a.code, ERR_REFUSED); /* settled */
    done(&left);
}

static void resumed_when_done(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt left, a;

    leave(f, &left);
    f->weight[0] = 100;
    f->weight[1] = 0;
    str_copy(f->champion, sizeof f->champion, "41");
    resume(&left, &a);
    assert_int_equal(a.phase, ACT_VERIFIED);
    assert_string_equal(states(f, left.plan.id), "sent accepted verified");
    assert_int_equal(f->n_writes, 1);
    done(&left);
}

static void resumed_when_half_done(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt left, a;

    leave(f, &left);
    f->weight[0] = 100; /* raised, and the other not lowered */
    resume(&left, &a);
    assert_int_equal(a.phase, ACT_PARTIAL);
    assert_non_null(strstr(a.line, "finish it or undo it"));
    done(&left);
}

static void resumed_only_when_its_process_is_gone(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt left, a;
    struct lease *lease;

    leave(f, &left);
    assert_int_equal(lease_take(f->store, "act-fraud", "ann", &lease, NULL), 0);
    resume(&left, &a);
    assert_int_equal(a.code, ERR_BUSY);
    lease_drop(lease);
    assert_int_equal(lease_take(f->store, "verify-fraud", "ann", &lease, NULL), 0);
    resume(&left, &a);
    assert_int_equal(a.code, ERR_BUSY);
    lease_drop(lease);
    done(&left);
    a = begin(f, "ann");
    assert_int_equal(act_resume(&a.env, "nothing", on_changed, &a, &a.act, &a.err), ERR_ABSENT);
}

static void already_so(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann");
    struct plan_wish wish = to_version("42");

    plan_it(&a, &wish);
    assert_true(plan_empty(&a.plan));
    run(&a);
    assert_int_equal(a.phase, ACT_VERIFIED);
    assert_int_equal(f->n_writes, 0);
    done(&a);
}

static void given_up_at_any_moment(void **state)
{
    struct fake_fleet *f = *state;
    struct plan_wish wish = to_version("41");

    for (int turns = 0; turns < 40; turns += 3) {
        struct attempt a = begin(f, "ann");
        f->weight[0] = 0;
        f->weight[1] = 100;
        assert_int_equal(act_plan(&a.env, "fraud", &wish, on_planned, &a, &a.planning, &a.err), 0);
        for (int i = 0; i < turns && !a.planned; i++)
            fleet_turn(f);
        if (a.planned && a.code == 0 && commit(&a) == 0)
            for (int i = 0; i < turns && !a.ended; i++)
                fleet_turn(f);
        done(&a);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, fleet_set_up, fleet_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(happy),
        T(credentials),
        T(the_world_moved),
        T(moved_by_a_stranger),
        T(a_target_with_a_page_of_its_own),
        T(denied),
        T(a_lost_reply_of_what_was_done),
        T(a_lost_reply_of_what_was_not_done),
        T(a_lost_reply_and_nobody_to_ask),
        T(accepted_and_not_done),
        T(requests_do_not_follow),
        T(somebody_else_drives_too),
        T(the_registry_went_away),
        T(no_audit_no_act),
        T(one_driver),
        T(refused_plans),
        T(other_endpoints),
        T(resumed_when_not_done),
        T(resumed_when_done),
        T(resumed_when_half_done),
        T(resumed_only_when_its_process_is_gone),
        T(already_so),
        T(given_up_at_any_moment),
    };
    return cmocka_run_group_tests_name("act/act", tests, NULL, NULL);
}
