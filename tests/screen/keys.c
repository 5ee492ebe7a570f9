/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What keys lead to on real rows: which one is meant when the rows change under somebody's hands, and
 * what filters find.
 */
#include "fixture.h"

#include "driftop/term/canvas.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"
#include "driftop/term/key.h"

struct screen {
    struct world *w;
    struct canvas *c;
    struct view_stack *stack;
    struct str text;
};

static struct screen open_screen(struct world *w, const char *view)
{
    struct screen s = {.w = w, .c = canvas_new(80, 24, glyphs_find("ascii"))};

    str_init(&s.text, 0);
    s.stack = fixture_screen(w, FIXTURE_NORMAL, view, s.c);
    return s;
}

static void close_screen(struct screen *s)
{
    view_stack_free(s->stack);
    canvas_free(s->c);
    str_done(&s->text);
}

static struct view_result press(struct screen *s, const char *keys)
{
    struct view_result r = {0};

    for (; *keys; keys++) {
        struct key key = KEY_OF((uint32_t)*keys);
        if (*keys == '\n')
            key = (struct key){.code = KEY_ENTER};
        if (*keys == '\x1b')
            key = (struct key){.code = KEY_ESC};
        r = view_stack_key(s->stack, &key);
    }
    return r;
}

/* What is on the screen once everything has been read again. */
static const char *look(struct screen *s)
{
    fixture_draw(s->w, FIXTURE_NORMAL, s->stack, s->c);
    str_clear(&s->text);
    canvas_all_text(s->c, &s->text);
    return s->text.data;
}

static bool shows(struct screen *s, const char *text)
{
    return strstr(look(s), text) != NULL;
}

/* The alerts that fire, worst first as in Triage. */
static struct alert_state firing(struct world *w, const char *deployment, enum alert_rule rule)
{
    struct alert_state *alerts, found = {0};
    size_t n;

    assert_int_equal(store_alerts(w->s, NULL, INT64_MAX, &alerts, &n, NULL), 0);
    for (size_t i = 0; i < n && !found.id; i++)
        if (alerts[i].rule == rule && strcmp(alerts[i].deployment, deployment) == 0)
            found = alerts[i];
    free(alerts);
    assert_true(found.id != 0);
    return found;
}

static void resolve(struct world *w, struct alert_state a)
{
    a.phase = ALERT_RESOLVED;
    a.resolved_ms = a.changed_ms = w->now_ms;
    str_copy(a.resolution, sizeof a.resolution, "out of service");
    assert_int_equal(store_put_alert(w->s, &a, NULL), 0);
}

/* Somebody about to acknowledge what he has read must not hit what has moved into its place. */
static void test_an_ended_alert_leaves_nothing_selected(void **state)
{
    struct world *w = *state;

    fixture_fill(w);
    struct screen s = open_screen(w, "triage");
    struct alert_state errors = firing(w, "fraud-score", ALERT_ERROR_RATIO);
    while (press(&s, "a").target.alert_id != errors.id) {
        press(&s, "j");
        look(&s);
    }
    assert_true(shows(&s, ">P1! fraud-score  errors"));
    resolve(w, errors);
    assert_false(shows(&s, "fraud-score  errors"));
    assert_null(strstr(s.text.data, "\n>"));
    assert_true(shows(&s, "the selected line has ended"));
    struct view_result r = press(&s, "a");
    assert_int_equal(r.command, DO_ACK);
    assert_int_equal(r.target.alert_id, 0);
    assert_string_equal(press(&s, "R").target.deployment, "");
    /* Where no line is left, there is none to choose. */
    press(&s, "/zzz\n");
    assert_true(shows(&s, "nothing matches the filter"));
    assert_null(strstr(s.text.data, "the selected line has ended"));
    press(&s, "\x1b");
    assert_true(shows(&s, "the selected line has ended"));
    /* On from where it was. */
    press(&s, "j");
    assert_true(shows(&s, ">P1! pay-risk"));
    press(&s, "k");
    assert_true(shows(&s, ">P1! fraud-score  prediction"));
    close_screen(&s);
}

/* At the end of the list as well. */
static void test_the_last_line_ends(void **state)
{
    struct world *w = *state;

    world_alive(w);
    struct deployment_state d = world_deployment(w, "alpha", "1", 0);
    world_version(w, &d, "1", 1, 0);
    world_alert(w, ALERT_NOT_READY, ALERT_PAGE, "alpha", "1", "", "not ready", 1);
    struct alert_state last =
        world_alert(w, ALERT_LATENCY, ALERT_TICKET, "alpha", "1", "", "p99 9 ms", 9);
    struct screen s = open_screen(w, "triage");
    press(&s, "j");
    assert_true(shows(&s, ">T2  alpha"));
    resolve(w, last);
    look(&s);
    press(&s, "j");
    assert_true(shows(&s, ">P1! alpha"));
    resolve(w, firing(w, "alpha", ALERT_NOT_READY));
    look(&s);
    press(&s, "jkn");
    assert_true(shows(&s, "nothing is wrong"));
    close_screen(&s);
}

/* Who has pressed a row's key means that row from then on, chosen or not. */
static void test_a_key_pins_the_row(void **state)
{
    struct world *w = *state;

    fixture_fill(w);
    struct view_target none = {0};
    struct screen s = {.w = w, .c = canvas_new(80, 24, glyphs_find("ascii"))};
    str_init(&s.text, 0);
    s.stack = view_stack_new("triage", &none);
    assert_true(shows(&s, ">P1! eta-eu"));
    assert_string_equal(press(&s, "R").target.deployment, "eta-eu");
    resolve(w, firing(w, "eta-eu", ALERT_NOT_READY));
    look(&s);
    assert_int_equal(press(&s, "a").target.alert_id, 0);
    close_screen(&s);
}

/* A line of several alerts is one line, whichever of them speaks for it. */
static void test_a_line_stays_itself(void **state)
{
    struct world *w = *state;

    fixture_fill(w);
    struct screen s = open_screen(w, "triage");
    while (strcmp(press(&s, "R").target.deployment, "pay-risk") != 0) {
        press(&s, "j");
        look(&s);
    }
    assert_true(shows(&s, ">P1! pay-risk     amount_7d"));
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "pay-risk", "9", "hour", "PSI 4.00 over its floor", 4);
    assert_true(shows(&s, ">P1! pay-risk     hour PSI 4.00 (+"));
    /* And all of it is acknowledged with one key. */
    assert_true(press(&s, "a").target.together);
    close_screen(&s);
}

/* An alert that only stands in somebody else's line is found as well. */
static void test_opened_on_an_alert(void **state)
{
    struct world *w = *state;

    fixture_fill(w);
    struct alert_state second =
        world_alert(w, ALERT_DRIFT, ALERT_PAGE, "pay-risk", "9", "hour", "PSI 0.30", 0.3);
    struct view_target target = {.alert_id = second.id};
    struct screen s = {.w = w, .c = canvas_new(80, 24, glyphs_find("ascii"))};
    str_init(&s.text, 0);
    s.stack = view_stack_new("triage", &target);
    assert_true(shows(&s, ">P1! pay-risk     amount_7d"));
    close_screen(&s);
}

static void test_drift_by_owner(void **state)
{
    struct world *w = *state;

    fixture_fill(w);
    struct deployment_state *d;
    size_t n;
    assert_int_equal(store_deployments(w->s, "pay-risk", &d, &n, NULL), 0);
    assert_int_equal(n, 1);
    str_copy(d->owner, sizeof d->owner, "payments");
    assert_int_equal(store_put_deployment(w->s, d, NULL), 0);
    free(d);
    struct screen s = open_screen(w, "drift");
    press(&s, "/owner:pay\n");
    assert_true(shows(&s, "pay-risk    amount_7d"));
    assert_false(shows(&s, "fraud-score prediction"));
    close_screen(&s);
}

/* Where there is room for three lines they are those of the list. */
static void test_a_very_small_screen(void **state)
{
    struct world *w = *state;

    world_alive(w);
    world_deployment(w, "alpha", "1", 0);
    struct screen s = open_screen(w, "triage");
    canvas_resize(s.c, 20, 5);
    assert_true(shows(&s, "nothing is wrong"));
    world_alert(w, ALERT_NOT_READY, ALERT_PAGE, "alpha", "1", "", "not ready", 1);
    assert_true(shows(&s, ">P1! alpha"));
    close_screen(&s);
}

/* Sentences for those who cannot see the screen say no more than it does. */
static void test_sentences(void **state)
{
    struct world *w = *state;
    struct str text;

    world_alive(w);
    world_deployment(w, "alpha", "1", 0);
    struct screen s = open_screen(w, "triage");
    str_init(&text, 0);
    view_stack_say_all(s.stack, &text);
    assert_non_null(strstr(text.data, "nothing is wrong: no alert is firing.\n"));
    fixture_draw(w, FIXTURE_STALE, s.stack, s.c);
    str_clear(&text);
    view_stack_say_all(s.stack, &text);
    assert_null(strstr(text.data, "no alert is firing"));
    world_alert(w, ALERT_DRIFT, ALERT_PAGE, "alpha", "1", "income", "PSI 0.30", 0.3);
    look(&s);
    press(&s, "7");
    look(&s);
    str_clear(&text);
    view_stack_say_all(s.stack, &text);
    assert_non_null(strstr(text.data, "alpha version 1, income PSI 0.30, since"));
    str_done(&text);
    close_screen(&s);
}

/* More lines than there is room for say so. */
static void test_more_lines_below(void **state)
{
    struct world *w = *state;
    char version[8];

    fixture_fill(w);
    for (int i = 0; i < 20; i++) {
        snprintf(version, sizeof version, "%d", 100 + i);
        world_alert(w, ALERT_LATENCY, ALERT_TICKET, "ltv", version, "", "p99 900 ms > 300 ms", 0.9);
    }
    struct screen s = open_screen(w, "triage");
    assert_true(shows(&s, " more, Down "));
    struct key end = {.code = KEY_END};
    view_stack_key(s.stack, &end);
    assert_false(shows(&s, " more, Down "));
    close_screen(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_ended_alert_leaves_nothing_selected, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_the_last_line_ends, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_key_pins_the_row, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_line_stays_itself, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_opened_on_an_alert, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_drift_by_owner, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_very_small_screen, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_sentences, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_more_lines_below, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
