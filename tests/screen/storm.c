/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sizes from 1x1 on, resizing at any moment, and 100,000 keys of chance: no crash, no line beyond the
 * width, and nothing that would send while the screen is read-only.
 */
#include "fixture.h"

#include "driftop/term/canvas.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"
#include "driftop/term/key.h"
#include "driftop/view/dialog.h"

static void test_every_size(void **state)
{
    struct world *w = *state;
    struct canvas *c = canvas_new(1, 1, glyphs_find("utf8-block"));

    fixture_fill(w);
    for (size_t i = 0; views[i] && views[i]->digit; i++) {
        struct view_stack *stack = fixture_screen(w, FIXTURE_NORMAL, views[i]->name, c);
        for (int columns = 1; columns <= 220; columns += 1 + columns / 20)
            for (int rows = 1 + columns % 7; rows <= 70; rows += 1 + rows / 5) {
                canvas_resize(c, columns, rows);
                view_stack_draw(stack, c);
            }
        /* With the companions of each layout. */
        for (int columns = 1; columns <= 220; columns += 73)
            for (int rows = 1; rows <= 70; rows += 46) {
                canvas_resize(c, columns, rows);
                fixture_draw(w, FIXTURE_NORMAL, stack, c);
            }
        view_stack_free(stack);
    }
    canvas_free(c);
}

/* Dialogs at every size too. */
static void test_dialogs(void **state)
{
    static const char *const names[] = {"help", "filter", "note", "text", "plan"};
    struct world *w = *state;
    struct canvas *c = canvas_new(80, 24, glyphs_find("ascii"));

    fixture_fill(w);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct view_stack *stack = fixture_screen(w, FIXTURE_NORMAL, "triage", c);
        struct view_target target = {0};
        assert_int_equal(view_stack_open(stack, names[i], &target), 0);
        for (int columns = 1; columns <= 130; columns += 1 + columns / 10)
            for (int rows = 1; rows <= 40; rows += 1 + rows / 8) {
                canvas_resize(c, columns, rows);
                view_stack_draw(stack, c);
            }
        view_stack_free(stack);
    }
    canvas_free(c);
}

/* A plan longer than its box stays out of the question below it, at either end of its text. */
static void test_a_long_plan_keeps_its_box(void **state)
{
    struct world *w = *state;
    struct canvas *c = canvas_new(80, 24, glyphs_find("ascii"));
    struct key end = {.code = KEY_END};

    fixture_fill(w);
    struct view_stack *stack = fixture_screen(w, FIXTURE_NORMAL, "triage", c);
    assert_int_equal(view_stack_open(stack, "plan", NULL), 0);
    struct plan_panel *panel = plan_panel_find(stack);
    panel->stage = PLAN_SHOWN;
    str_copy(panel->question, sizeof panel->question, "Which?");
    for (int i = 0; i < 60; i++)
        str_add(&panel->text, "##########################\n");
    for (int i = 0; i < 2; i++) {
        struct str text;
        str_init(&text, 0);
        view_stack_draw(stack, c);
        canvas_all_text(c, &text);
        const char *question = strstr(text.data, "Which?");
        assert_non_null(question);
        assert_null(strchr(question, '#'));
        assert_null(memchr(text.data, '#', 2 * 80)); /* the head and the frame's title */
        assert_non_null(strchr(text.data, '#'));
        str_done(&text);
        view_stack_key(stack, &end);
    }
    view_stack_free(stack);
    canvas_free(c);
}

/* On a phone the field keeps its frame, and that there is more stands in the frame. */
static void test_a_plan_on_a_phone(void **state)
{
    struct world *w = *state;
    struct canvas *c = canvas_new(40, 10, glyphs_find("ascii"));
    struct str text;

    fixture_fill(w);
    struct view_stack *stack = fixture_screen(w, FIXTURE_NORMAL, "triage", c);
    assert_int_equal(view_stack_open(stack, "plan", NULL), 0);
    struct plan_panel *panel = plan_panel_find(stack);
    panel->stage = PLAN_SHOWN;
    str_copy(panel->title, sizeof panel->title, "roll back x");
    str_copy(panel->question, sizeof panel->question, "Which?");
    for (int i = 0; i < 9; i++)
        str_add(&panel->text, "a line\n");
    for (int i = 0; i < 2; i++) { /* how many lines fit is known once it was drawn */
        str_init(&text, 0);
        view_stack_draw(stack, c);
        canvas_all_text(c, &text);
        if (i == 0)
            str_done(&text);
    }
    assert_non_null(strstr(text.data, "5 more, Down -+"));
    assert_non_null(strstr(text.data, "| reason                           Tab |"));
    assert_non_null(strstr(text.data, "| Enter commits, Esc does nothing"));
    for (char *line = strchr(text.data, '\n') + 1, *end; (end = strchr(line, '\n')); line = end + 1)
        if (end > line)
            assert_true(end[-1] == '|' || end[-1] == '+');
    str_done(&text);
    view_stack_free(stack);
    canvas_free(c);
}

static struct key random_key(uint64_t *seed)
{
    static const enum key_code codes[] = {
        KEY_ENTER, KEY_ESC,     KEY_TAB,       KEY_BACKSPACE, KEY_UP,  KEY_DOWN, KEY_LEFT,
        KEY_RIGHT, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME,      KEY_END, KEY_F1,   KEY_DELETE};
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    uint64_t x = *seed >> 33;
    if (x % 4 == 0)
        return (struct key){.code = codes[x / 4 % (sizeof codes / sizeof *codes)]};
    if (x % 97 == 1)
        return (struct key){.code = KEY_PASTE, .paste = "R41\n", .paste_length = 4};
    if (x % 5 == 1)
        return KEY_OF("RTUVA41\x20vu"[x / 8 % 10]);
    return KEY_OF((uint32_t)(' ' + x / 8 % 95));
}

/* What the dashboard would do, but for the network: R, T and U open a plan that is ready. */
static void follow(struct view_stack *stack, const struct view_result *r)
{
    struct plan_panel *panel = plan_panel_find(stack);

    switch (r->command) {
    case DO_ROLLBACK:
    case DO_TRAFFIC:
    case DO_UNDO:
        if (!panel && view_stack_open(stack, "plan", NULL) == 0 &&
            (panel = plan_panel_find(stack))) {
            panel->stage = PLAN_SHOWN;
            str_add(&panel->text, "now v41 25 %\nok v41 is up\n");
        }
        break;
    case DO_BACK: view_stack_close_top(stack); break;
    default: break;
    }
}

static void test_keys_of_chance(void **state)
{
    struct world *w = *state;
    struct canvas *c = canvas_new(80, 24, glyphs_find("ascii"));
    uint64_t seed = 20261121;
    int plans = 0;

    fixture_fill(w);
    struct view_stack *stack = fixture_screen(w, FIXTURE_READ_ONLY, "triage", c);
    for (int i = 0; i < 100000; i++) {
        struct key key = random_key(&seed);
        struct view_result r = view_stack_key(stack, &key);
        if (r.act == VIEW_COMMAND) {
            assert_int_not_equal(r.command, DO_COMMIT);
            plans += r.command == DO_ROLLBACK;
            follow(stack, &r);
        }
        if (i % 1000 == 0) {
            canvas_resize(c, 1 + (int)(seed >> 40) % 220, 1 + (int)(seed >> 50) % 70);
            fixture_draw(w, FIXTURE_READ_ONLY, stack, c);
        }
    }
    assert_true(plans > 10); /* or the test has not been where it hurts */
    view_stack_free(stack);
    canvas_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_size, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_dialogs, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_long_plan_keeps_its_box, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_a_plan_on_a_phone, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_keys_of_chance, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
