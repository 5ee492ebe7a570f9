/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plan's field: when it is open, what it takes, and what does nothing; the key table; and
 * percentages as they are typed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/app/dashboard_act_private.h"
#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/store/db.h"
#include "driftop/store/write.h"
#include "driftop/term/key.h"
#include "driftop/view/dialog.h"
#include "driftop/view/stack.h"

#define NOW INT64_C(1795262400000)

static struct view_stack *open_plan(bool armed)
{
    struct view_stack *stack = view_stack_new("triage", NULL);
    assert_non_null(stack);
    struct view_frame *frame = view_stack_frame(stack);
    frame->now_ms = NOW;
    frame->armed_until_ms = armed ? NOW + 1000 : 0;
    assert_int_equal(view_stack_open(stack, "plan", NULL), 0);
    struct plan_panel *panel = plan_panel_find(stack);
    assert_non_null(panel);
    panel->stage = PLAN_SHOWN;
    return stack;
}

static struct view_result type(struct view_stack *stack, const char *text)
{
    struct view_result r = {0};
    for (; *text; text++) {
        struct key key = KEY_OF((uint32_t)*text);
        if (*text == '\n')
            key = (struct key){.code = KEY_ENTER};
        r = view_stack_key(stack, &key);
    }
    return r;
}

static void test_closed_while_read_only(void **state)
{
    struct view_stack *stack = open_plan(false);
    (void)state;
    struct view_result r = type(stack, "41\n");
    assert_int_not_equal(r.act, VIEW_COMMAND);
    assert_string_equal(plan_panel_find(stack)->answer.text, "");
    /* A arms from inside. */
    r = type(stack, "A");
    assert_int_equal(r.act, VIEW_COMMAND);
    assert_int_equal(r.command, DO_ARM);
    view_stack_free(stack);
}

static void test_typed_target_commits(void **state)
{
    struct view_stack *stack = open_plan(true);
    (void)state;
    struct view_result r = type(stack, "\n\n");
    assert_int_not_equal(r.act, VIEW_COMMAND); /* Enter on an empty field */
    r = type(stack, "41\n");
    assert_int_equal(r.act, VIEW_COMMAND);
    assert_int_equal(r.command, DO_COMMIT);
    assert_string_equal(r.text, "41");
    view_stack_free(stack);
}

static void test_paste_does_nothing(void **state)
{
    struct view_stack *stack = open_plan(true);
    struct key paste = {.code = KEY_PASTE, .paste = "41\n", .paste_length = 3};
    (void)state;
    assert_int_not_equal(view_stack_key(stack, &paste).act, VIEW_COMMAND);
    assert_string_equal(plan_panel_find(stack)->answer.text, "");
    assert_int_not_equal(type(stack, "\n").act, VIEW_COMMAND);
    view_stack_free(stack);
}

/* While it is read or sent, nothing that is typed is kept for later. */
static void test_other_stages(void **state)
{
    static const enum plan_stage stages[] = {PLAN_READING, PLAN_SENDING, PLAN_SETTLED};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct view_stack *stack = open_plan(true);
        plan_panel_find(stack)->stage = stages[i];
        assert_int_not_equal(type(stack, "41\n").act, VIEW_COMMAND);
        assert_string_equal(plan_panel_find(stack)->answer.text, "");
        view_stack_free(stack);
    }
}

/* A view has one meaning for a key, and what changes the world is an upper-case letter. */
static void test_key_table(void **state)
{
    (void)state;
    for (const struct view_key *a = view_keys; a->key; a++) {
        struct key key;
        assert_int_equal(key_parse(a->key, &key), 0);
        if (a->changes_world)
            assert_true(key.code == KEY_CHAR && !key.modifiers && key.character >= 'A' &&
                        key.character <= 'Z');
        for (const struct view_key *b = a + 1; b->key; b++)
            if (strcmp(a->key, b->key) == 0 && (a->where & b->where))
                fail_msg("%s means %s and %s", a->key, a->name, b->name);
    }
}

static void test_shares(void **state)
{
    struct world_share shares[2] = {{.version = "41"}, {.version = "42"}};
    struct plan plan = {.before = {.shares = shares, .n_shares = 2}};
    struct plan_wish wish;
    (void)state;

    assert_int_equal(dashboard_parse_shares(&plan, "41=75 v42=25%", &wish, NULL), 0);
    assert_int_equal(wish.n_shares, 2);
    assert_string_equal(wish.shares[1].version, "42");
    assert_true(fabs(wish.shares[1].ratio - 0.25) < 1e-9);
    struct plan_wish same;
    assert_int_equal(dashboard_parse_shares(&plan, " 75, 25", &same, NULL), 0);
    assert_true(dashboard_same_wish(&wish, &same));
    assert_int_equal(dashboard_parse_shares(&plan, "50 50", &same, NULL), 0);
    assert_false(dashboard_same_wish(&wish, &same));
    static const char *const bad[] = {"", "x", "41=", "41=nan", "75 20 5", "41=1e999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (dashboard_parse_shares(&plan, bad[i], &same, NULL) == 0)
            fail_msg("'%s' was taken", bad[i]);
}

/* ---- where R goes to ---- */

static void put_version(struct store *s, int64_t deployment, const char *version, double share)
{
    struct version_state v = {
        .deployment_id = deployment, .has = VERSION_DESIRED, .desired_ratio = share};
    str_copy(v.version, sizeof v.version, version);
    assert_int_equal(store_put_version(s, &v, NULL), 0);
}

static const char *default_version(struct store *s, const char *selected)
{
    static char version[MODEL_NAME_SIZE];
    struct dashboard d = {.store = s};
    struct view_target target = {.deployment = "fraud"};

    str_copy(target.version, sizeof target.version, selected);
    dashboard_default_version(&d, &target, version, sizeof version);
    return version;
}

/* Whoever presses R once more, on the page of the version that he has just taken out, is not offered
 * that version. */
static void test_where_r_goes_to(void **state)
{
    struct deployment_state d = {.name = "fraud", .champion = "42"};
    char folder[] = "/tmp/driftop-dialog-XXXXXX", path[64];
    struct store *s;
    (void)state;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/t.db", folder);
    assert_int_equal(store_open(path, STORE_RECORD, &s, NULL), 0);
    assert_int_equal(store_put_deployment(s, &d, NULL), 0);
    assert_int_equal(store_put_champion(s, d.id, "41", NOW - 2000, NULL), 0);
    assert_int_equal(store_put_champion(s, d.id, "42", NOW - 1000, NULL), 0);
    put_version(s, d.id, "41", 0.25);
    put_version(s, d.id, "42", 0.75);
    assert_string_equal(default_version(s, "42"), "41");
    assert_string_equal(default_version(s, ""), "41");
    str_copy(d.champion, sizeof d.champion, "41");
    assert_int_equal(store_put_deployment(s, &d, NULL), 0);
    assert_int_equal(store_put_champion(s, d.id, "41", NOW, NULL), 0);
    put_version(s, d.id, "41", 1);
    put_version(s, d.id, "42", 0);
    assert_string_equal(default_version(s, "42"), "");
    assert_string_equal(default_version(s, "41"), "42");
    store_close(s);
    assert_int_equal(path_remove_tree(folder, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_r_goes_to),
        cmocka_unit_test(test_closed_while_read_only),
        cmocka_unit_test(test_typed_target_commits),
        cmocka_unit_test(test_paste_does_nothing),
        cmocka_unit_test(test_other_stages),
        cmocka_unit_test(test_key_table),
        cmocka_unit_test(test_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
