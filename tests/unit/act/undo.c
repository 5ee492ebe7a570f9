/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attempt.h"

static void half_way(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann"), undo = begin(f, "ann");
    struct plan_wish wish;
    char deployment[MODEL_NAME_SIZE];
    struct err e;

    f->fault = FLEET_REJECT;
    f->fault_at = 1;
    rollback(&a);
    assert_int_equal(a.phase, ACT_PARTIAL);
    assert_non_null(strstr(a.line, "1 of 3 steps done"));
    f->fault_at = 99;
    assert_int_equal(act_undo_wish(f->store, a.plan.id, deployment, sizeof deployment, &wish, &e),
                     0);
    assert_string_equal(deployment, "fraud");
    plan_it(&undo, &wish);
    assert_int_equal(undo.code, 0);
    run(&undo);
    assert_int_equal(undo.phase, ACT_VERIFIED);
    assert_int_equal(f->weight[0], 0);
    assert_string_equal(states(f, a.plan.id), "sent partial undone");
    assert_int_equal(act_undo_wish(f->store, a.plan.id, deployment, sizeof deployment, &wish, &e),
                     ERR_REFUSED);
    done(&a);
    done(&undo);
}

static void undone(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann"), undo = begin(f, "ann");
    struct plan_wish wish;
    char deployment[MODEL_NAME_SIZE];

    rollback(&a);
    f->requests_flow = false; /* too little traffic to tell, but it is set */
    assert_int_equal(act_undo_wish(f->store, a.plan.id, deployment, sizeof deployment, &wish, NULL),
                     0);
    assert_string_equal(wish.alias_version, "42");
    plan_it(&undo, &wish);
    run(&undo);
    assert_int_equal(undo.phase, ACT_ACCEPTED);
    assert_non_null(strstr(undo.line, "applied, traffic not observed"));
    assert_string_equal(f->champion, "42");
    assert_string_equal(states(f, a.plan.id), "sent accepted verified undone");
    done(&a);
    done(&undo);
}

/* What was not set before is taken away again, and that can be undone as well. */
static void an_alias_that_was_not_set(void **state)
{
    struct fake_fleet *f = *state;
    struct attempt a = begin(f, "ann"), undo = begin(f, "ann"), redo = begin(f, "ann");
    struct plan_wish wish;
    char deployment[MODEL_NAME_SIZE];

    f->champion[0] = '\0';
    rollback(&a);
    assert_int_equal(a.phase, ACT_VERIFIED);
    assert_string_equal(f->champion, "41");
    assert_int_equal(act_undo_wish(f->store, a.plan.id, deployment, sizeof deployment, &wish, NULL),
                     0);
    plan_it(&undo, &wish);
    assert_string_equal(undo.plan.after.champion, "");
    run(&undo);
    assert_int_equal(undo.phase, ACT_VERIFIED);
    assert_string_equal(f->champion, "");
    assert_int_equal(
        act_undo_wish(f->store, undo.plan.id, deployment, sizeof deployment, &wish, NULL), 0);
    plan_it(&redo, &wish);
    run(&redo);
    assert_int_equal(redo.phase, ACT_VERIFIED);
    assert_string_equal(f->champion, "41");
    assert_int_equal(f->n_alias_writes, 3);
    done(&a);
    done(&undo);
    done(&redo);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fleet_set_up, fleet_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(half_way),
        T(undone),
        T(an_alias_that_was_not_set),
    };
    return cmocka_run_group_tests_name("act/undo", tests, NULL, NULL);
}
