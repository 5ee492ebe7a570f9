/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every view in every state at four sizes, against tests/screen/VIEW-STATE.txt. GENERATE=1 writes
 * these files anew; then look at them, for they are the product.
 */
#include "fixture.h"

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"

static const struct {
    int columns, rows;
} sizes[] = {{80, 24}, {40, 10}, {120, 40}, {200, 60}};
#define N_SIZES (sizeof sizes / sizeof *sizes)

static void check_lines(const char *text, int columns)
{
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        size_t length = strcspn(at, "\n");
        if ((int)length > columns)
            fail_msg("%zu columns in a screen of %d: %.*s", length, columns, (int)length, at);
        for (size_t i = 0; i < length; i++)
            if ((unsigned char)at[i] < ' ' || (unsigned char)at[i] > '~')
                fail_msg("a byte that is not ASCII: %.*s", (int)length, at);
    }
}

/* The four sizes of one view in one state. */
static void draw_all(struct world *w, enum fixture_state state, const char *view, struct str *ret)
{
    for (size_t i = 0; i < N_SIZES; i++) {
        struct canvas *c = canvas_new(sizes[i].columns, sizes[i].rows, glyphs_find("ascii"));
        struct str text;
        assert_non_null(c);
        str_init(&text, 0);
        struct view_stack *stack = fixture_screen(w, state, view, c);
        canvas_all_text(c, &text);
        check_lines(text.data, sizes[i].columns);
        str_addf(ret, "== %dx%d\n%s", sizes[i].columns, sizes[i].rows, text.data);
        str_done(&text);
        view_stack_free(stack);
        canvas_free(c);
    }
}

static void golden_path(const char *view, enum fixture_state state, char *buf, size_t size)
{
    const char *srcdir = getenv("srcdir");
    snprintf(buf, size, "%s/tests/screen/%s-%s.txt", srcdir ? srcdir : ".", view,
             fixture_state_name(state));
}

static void compare(const char *path, const struct str *got)
{
    struct str want;

    str_init(&want, 0);
    if (getenv("GENERATE"))
        assert_int_equal(path_write(path, got->data, got->length, 0644, NULL), 0);
    else if (path_read(path, &want, NULL) < 0)
        fail_msg("%s is missing: GENERATE=1 writes it", path);
    else if (strcmp(want.data, got->data) != 0) {
        size_t same = 0;
        while (want.data[same] && want.data[same] == got->data[same])
            same++;
        while (same > 0 && got->data[same - 1] != '\n')
            same--;
        fail_msg("%s differs from byte %zu on:\n-%.*s\n+%.*s", path, same,
                 (int)strcspn(want.data + same, "\n"), want.data + same,
                 (int)strcspn(got->data + same, "\n"), got->data + same);
    }
    str_done(&want);
}

static void check_state(struct world *w, enum fixture_state state)
{
    char path[512];

    for (size_t i = 0; views[i] && views[i]->digit; i++) {
        struct str text;
        str_init(&text, 0);
        draw_all(w, state, views[i]->name, &text);
        golden_path(views[i]->name, state, path, sizeof path);
        compare(path, &text);
        str_done(&text);
    }
}

static void test_goldens(void **state)
{
    struct world *w = *state;

    world_alive(w);
    check_state(w, FIXTURE_EMPTY);
    fixture_fill(w);
    check_state(w, FIXTURE_NORMAL);
    check_state(w, FIXTURE_STALE);
    check_state(w, FIXTURE_READ_ONLY);
    check_state(w, FIXTURE_ERROR);
}

/* A store that does not exist yet. */
static void test_waiting(void **state)
{
    struct canvas *c = canvas_new(80, 24, glyphs_find("ascii"));
    struct view_stack *stack = view_stack_new("triage", NULL);
    struct str text;
    (void)state;

    str_init(&text, 0);
    view_stack_frame(stack)->now_ms = NOON;
    view_stack_frame(stack)->waiting = true;
    view_stack_draw(stack, c);
    canvas_all_text(c, &text);
    assert_non_null(strstr(text.data, "NO DATA"));
    assert_non_null(strstr(text.data, "waiting for the recorder"));
    assert_non_null(strstr(text.data, "page -"));
    assert_null(strstr(text.data, "nothing is wrong"));
    str_done(&text);
    view_stack_free(stack);
    canvas_free(c);
}

/* In a UTF-8 terminal the same screens use its glyphs, and no line is wider either. */
static void test_unicode(void **state)
{
    struct world *w = *state;
    struct canvas *c = canvas_new(80, 24, glyphs_find("utf8-braille"));
    struct str text;

    str_init(&text, 0);
    fixture_fill(w);
    view_stack_free(fixture_screen(w, FIXTURE_NORMAL, "model", c));
    canvas_all_text(c, &text);
    assert_non_null(strstr(text.data, "─"));
    for (char *at = text.data; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        char line[1024];
        size_t length = strcspn(at, "\n");
        str_copy(line, length < sizeof line ? length + 1 : sizeof line, at);
        assert_true(utf8_columns(line) <= 80);
    }
    str_done(&text);
    canvas_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_goldens, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_unicode, world_setup, world_teardown),
        cmocka_unit_test(test_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
