/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ncurses backend on a real pseudo-terminal, with libvterm as the terminal behind it. The child
 * draws through the backend on command; the parent plays the terminal and compares what it shows
 * with what the canvas holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <vterm.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/term/backend.h"
#include "driftop/term/backend_ncurses.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"
#include "driftop/term/key.h"
#include "driftop/term/theme.h"

#define WAIT_MS 5000

struct answer {
    int rc, columns, rows;
    int64_t bytes, dropped;
    char glyphs[GLYPH_NAME_MAX];
    char text[384]; /* an error, or the names of keys */
};

struct setup {
    const char *locale, *term, *glyphs;
    bool no_color;
};

struct world {
    pid_t child;
    int terminal, commands, answers;
    VTerm *vterm;
    struct str seen; /* all bytes that came out of the child */
    int columns, rows;
    const struct glyphs *glyphs;
};

/* ---- what is drawn, on both sides ---- */

static void draw(struct canvas *c, int step)
{
    struct rect area = canvas_area(c);

    canvas_clear(c);
    canvas_box(c, area, ROLE_BORDER);
    canvas_text(c, 2, 0, ROLE_ENVIRONMENT, " prod-eu ");
    canvas_text(c, 2, 1, ROLE_PAGE, "P1! fraud-score");
    canvas_text(c, 20, 1, ROLE_OK, "日本 e\u0301 é");
    canvas_text(c, 2, 2, ROLE_TICKET | STYLE_UNDERLINE, "T2  churn-b2c");
    for (int i = 0; i < GLYPH_LEVELS; i++)
        canvas_text(c, 2 + i, 3, ROLE_HEAT5, canvas_glyphs(c)->level[i]);
    canvas_textf(c, 2, 4, ROLE_TEXT, "%c", 'a' + step % 26);
    /* From here on every cell changes with the step. */
    for (int y = 5; step >= 100 && y < area.rows; y++)
        for (int x = 0; x < area.columns; x++)
            canvas_textf(c, x, y, (unsigned)((x + y + step) % ROLE_COUNT), "%c",
                         '!' + (x * 7 + y * 3 + step) % 90);
}

/* ---- the child ---- */

static void read_keys(struct backend *b, struct answer *a)
{
    char name[KEY_NAME_SIZE];
    struct key k;
    size_t used = 0;

    while ((a->rc = backend_read_key(b, 1000, &k, NULL)) > 0 &&
           used + KEY_NAME_SIZE < sizeof a->text)
        used +=
            (size_t)snprintf(a->text + used, sizeof a->text - used, "%s ", key_format(&k, name));
}

static void obey(struct backend *b, struct canvas *c, char command, int step, struct answer *a)
{
    struct err e = {0};

    switch (command) {
    case 'd':
        backend_size(b, &a->columns, &a->rows);
        canvas_resize(c, a->columns, a->rows);
        draw(c, step);
        a->rc = backend_present(b, c, &e);
        break;
    case 'k': read_keys(b, a); break;
    case 'w': backend_redraw(b); break;
    case 's': a->rc = backend_suspend(b); break;
    case 'r': a->rc = backend_resume(b); break;
    default: break;
    }
    a->bytes = b->bytes_written;
    a->dropped = b->frames_dropped;
    snprintf(a->glyphs, sizeof a->glyphs, "%s", b->glyphs->name);
}

struct order {
    char command;
    int step;
};

static void ignore(int signal)
{
    sigaction(signal, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
}

static _Noreturn void run_child(const struct setup *s, int commands, int answers)
{
    struct theme theme;
    struct backend *b = NULL;
    struct err e = {0};
    struct order order;
    struct answer a = {0};

    ignore(SIGHUP); /* so that a closed terminal is the backend's to notice */
    setlocale(LC_ALL, s->locale);
    if (s->no_color)
        setenv("NO_COLOR", "1", 1);
    theme_builtin("default", &theme);
    struct backend_ncurses_options options = {
        .term = s->term, .glyphs = s->glyphs, .theme = &theme};
    a.rc = backend_ncurses_new(&options, &b, &e);
    snprintf(a.text, sizeof a.text, "%s", e.text);
    if (b)
        snprintf(a.glyphs, sizeof a.glyphs, "%s", b->glyphs->name);
    if (write(answers, &a, sizeof a) != sizeof a || a.rc < 0)
        _exit(1);
    struct canvas *c = canvas_new(1, 1, b->glyphs);
    while (read(commands, &order, sizeof order) == sizeof order && order.command != 'q') {
        a = (struct answer){0};
        obey(b, c, order.command, order.step, &a);
        if (write(answers, &a, sizeof a) != sizeof a)
            break;
    }
    canvas_free(c);
    backend_free(b);
    _exit(0);
}

/* ---- the parent ---- */

static struct answer wait_answer(struct world *w)
{
    struct pollfd p = {.fd = w->answers, .events = POLLIN};
    struct answer a;

    /* A backend that blocks shows here. */
    assert_int_equal(poll(&p, 1, WAIT_MS), 1);
    assert_int_equal(read(w->answers, &a, sizeof a), sizeof a);
    return a;
}

static void start_size(struct world *w, struct setup s, int columns, int rows, struct answer *first)
{
    int commands[2], answers[2];
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};

    *w = (struct world){.columns = columns, .rows = rows};
    str_init(&w->seen, 0);
    assert_int_equal(pipe2(commands, O_CLOEXEC), 0);
    assert_int_equal(pipe2(answers, O_CLOEXEC), 0);
    w->child = forkpty(&w->terminal, NULL, NULL, &size);
    assert_true(w->child >= 0);
    if (w->child == 0) {
        close(commands[1]);
        run_child(&s, commands[0], answers[1]);
    }
    close(commands[0]);
    close(answers[1]);
    w->commands = commands[1];
    w->answers = answers[0];
    fcntl(w->terminal, F_SETFL, O_NONBLOCK);
    w->vterm = vterm_new(rows, columns);
    vterm_set_utf8(w->vterm, strcmp(s.locale, "C") != 0);
    vterm_screen_enable_altscreen(vterm_obtain_screen(w->vterm), 1);
    vterm_screen_reset(vterm_obtain_screen(w->vterm), 1);
    *first = wait_answer(w);
    w->glyphs = glyphs_find(first->glyphs);
}

static void start(struct world *w, struct setup s)
{
    struct answer first;

    start_size(w, s, 80, 24, &first);
    assert_int_equal(first.rc, 0);
}

static struct answer ask(struct world *w, char command, int step)
{
    struct order order = {command, step};

    assert_int_equal(write(w->commands, &order, sizeof order), sizeof order);
    return wait_answer(w);
}

/* Read what the child has sent, until there are `bytes` in all; -1 reads to the end. */
static void drain(struct world *w, int64_t bytes)
{
    struct pollfd p = {.fd = w->terminal, .events = POLLIN};
    char buf[4096];

    while (bytes < 0 || (int64_t)w->seen.length < bytes) {
        assert_int_equal(poll(&p, 1, WAIT_MS), 1);
        ssize_t n = read(w->terminal, buf, sizeof buf);
        if (n < 0 && errno == EAGAIN)
            continue;
        if (n <= 0)
            return;
        vterm_input_write(w->vterm, buf, (size_t)n);
        str_add_bytes(&w->seen, buf, (size_t)n);
    }
}

static void stop(struct world *w)
{
    struct order order = {.command = 'q'};
    int status;

    assert_int_equal(write(w->commands, &order, sizeof order), sizeof order);
    close(w->commands);
    if (w->terminal >= 0) {
        drain(w, -1);
        close(w->terminal);
    }
    assert_int_equal(waitpid(w->child, &status, 0), w->child);
    assert_int_equal(status, 0);
    close(w->answers);
    vterm_free(w->vterm);
    str_done(&w->seen);
}

/* Draw, and read until the terminal has it all: a large frame comes in pieces. */
static struct answer show(struct world *w, int step)
{
    struct answer a = ask(w, 'd', step);

    for (int tries = 0; a.rc == ERR_AGAIN && tries < 1000; tries++) {
        drain(w, a.bytes);
        a = ask(w, 'd', step);
    }
    assert_int_equal(a.rc, 0);
    drain(w, a.bytes);
    return a;
}

/* Row y of the terminal without blanks at its end. */
static void terminal_row(struct world *w, int y, char *buf, size_t size)
{
    VTermRect row = {.start_row = y, .end_row = y + 1, .start_col = 0, .end_col = w->columns};
    size_t n = vterm_screen_get_text(vterm_obtain_screen(w->vterm), buf, size - 1, row);

    while (n > 0 && buf[n - 1] == ' ')
        n--;
    buf[n] = '\0';
}

static void assert_shows(struct world *w, int step)
{
    struct canvas *c = canvas_new(w->columns, w->rows, w->glyphs);
    char shown[8192];
    struct str row;

    draw(c, step);
    str_init(&row, 0);
    for (int y = 0; y < w->rows; y++) {
        str_clear(&row);
        canvas_row_text(c, y, &row);
        terminal_row(w, y, shown, sizeof shown);
        assert_string_equal(shown, row.data);
    }
    str_done(&row);
    canvas_free(c);
}

static void resize(struct world *w, int columns, int rows)
{
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};

    w->columns = columns;
    w->rows = rows;
    assert_int_equal(ioctl(w->terminal, TIOCSWINSZ, &size), 0);
    vterm_set_size(w->vterm, rows, columns);
}

/* How many colours the SGR sequences in the bytes ask for. */
static int count_colors(const struct str *bytes)
{
    int colors = 0;

    for (const char *at = bytes->data; (at = strstr(at, "\033[")); at++) {
        size_t length = strspn(at + 2, "0123456789;");
        if (at[2 + length] != 'm')
            continue;
        for (const char *number = at + 2; number < at + 2 + length;
             number += strcspn(number, ";m") + 1) {
            long value = strtol(number, NULL, 10);
            colors += (value >= 30 && value <= 38) || (value >= 40 && value <= 48) || value >= 90;
        }
    }
    return colors;
}

static int count_not_ascii(const struct str *bytes)
{
    int n = 0;

    for (size_t i = 0; i < bytes->length; i++)
        n += (unsigned char)bytes->data[i] >= 0x80;
    return n;
}

/* ---- tests ---- */

static void every_terminal_shows_the_canvas(void **state)
{
    (void)state;
    static const struct setup setups[] = {
        {"C.UTF-8", "xterm-256color", NULL, false},
        {"C.UTF-8", "screen", NULL, false},
        {"C.UTF-8", "tmux-256color", NULL, false},
        {"C.UTF-8", "linux", NULL, false},
        {"C", "vt100", NULL, false},
        {"C", "vt100", "acs", false},
        {"C", "xterm", "utf8-block", false},
        {"C", "linux", "acs", false},
    };

    for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
        struct world w;
        start(&w, setups[i]);
        assert_true(show(&w, 0).bytes < 6000); /* the first paint's budget */
        bool forced = setups[i].glyphs && strcmp(setups[i].glyphs, "utf8-block") == 0;
        if (!forced) /* whose characters the locale cannot say */
            assert_shows(&w, 0);
        show(&w, 150);
        if (!forced)
            assert_shows(&w, 150);
        stop(&w);
    }
}

static void the_c_locale_gets_ascii_only(void **state)
{
    (void)state;
    static const char *const sets[] = {NULL, "acs", "utf8-braille"};

    for (size_t i = 0; i < 3; i++) {
        struct world w;
        start(&w, (struct setup){"C", "xterm-256color", sets[i], false});
        show(&w, 120);
        show(&w, 0);
        assert_int_equal(count_not_ascii(&w.seen), 0);
        if (!sets[i])
            assert_string_equal(w.glyphs->name, "ascii");
        stop(&w);
    }
}

static void no_color_means_none(void **state)
{
    (void)state;
    struct world w;

    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, true});
    show(&w, 120);
    assert_int_equal(count_colors(&w.seen), 0);
    stop(&w);
    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, false});
    show(&w, 120);
    assert_true(count_colors(&w.seen) > 0);
    stop(&w);
}

static void only_differences_are_sent(void **state)
{
    (void)state;
    struct world w;

    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, false});
    struct answer first = ask(&w, 'd', 0), same = ask(&w, 'd', 0), one = ask(&w, 'd', 1);
    assert_int_equal(same.bytes, first.bytes);
    assert_in_range(one.bytes - same.bytes, 1, 16);
    drain(&w, one.bytes);
    assert_shows(&w, 1);
    /* Ctrl-L sends it all again. */
    ask(&w, 'w', 0);
    struct answer whole = ask(&w, 'd', 1);
    assert_true(whole.bytes - one.bytes > first.bytes / 2);
    drain(&w, whole.bytes);
    assert_shows(&w, 1);
    stop(&w);
}

static void any_size_at_any_moment(void **state)
{
    (void)state;
    static const int sizes[][2] = {{40, 10}, {1, 1}, {200, 60}, {2, 1}, {1, 5}, {79, 23}, {20, 5}};
    struct world w;

    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, false});
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        resize(&w, sizes[i][0], sizes[i][1]);
        /* What a real terminal makes of its lines then is anybody's guess. */
        vterm_input_write(w.vterm, "\033[HGARBAGE\r\nGARBAGE", 19);
        assert_int_equal(show(&w, 100 + (int)i).columns, sizes[i][0]);
        assert_shows(&w, 100 + (int)i);
        vterm_input_write(w.vterm, "\033[HGARBAGE", 10);
        resize(&w, 80, 24);
        show(&w, 0);
        assert_shows(&w, 0);
    }
    stop(&w);
}

static void a_stuck_terminal_drops_frames(void **state)
{
    (void)state;
    struct world w;
    struct answer a = {0};
    int step = 100;

    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, false});
    resize(&w, 200, 60);
    for (; a.dropped < 3 && step < 200; step++)
        a = ask(&w, 'd', step);
    assert_int_equal(a.dropped, 3);
    assert_int_equal(a.rc, ERR_AGAIN);
    /* It reads again: soon the newest frame is there, and it is whole. */
    drain(&w, a.bytes);
    show(&w, 777);
    assert_shows(&w, 777);
    stop(&w);
}

static void a_closed_terminal_is_an_error(void **state)
{
    (void)state;
    struct world w;

    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, false});
    show(&w, 0);
    close(w.terminal);
    w.terminal = -1;
    assert_int_equal(ask(&w, 'd', 1).rc, ERR_IO);
    assert_int_equal(ask(&w, 'k', 0).rc, ERR_IO);
    stop(&w);
}

static tcflag_t local_modes(const struct world *w)
{
    struct termios modes;

    assert_int_equal(tcgetattr(w->terminal, &modes), 0);
    return modes.c_lflag;
}

static void suspended_and_back(void **state)
{
    (void)state;
    struct world w;

    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, false});
    show(&w, 3);
    assert_false(local_modes(&w) & (ECHO | ISIG | ICANON));
    struct answer a = ask(&w, 's', 0);
    assert_int_equal(a.rc, 0);
    assert_true((local_modes(&w) & (ECHO | ISIG | ICANON)) == (ECHO | ISIG | ICANON));
    assert_int_equal(ask(&w, 'd', 4).bytes, a.bytes); /* nothing is drawn meanwhile */
    ask(&w, 'r', 0);
    assert_false(local_modes(&w) & ECHO);
    show(&w, 5);
    assert_shows(&w, 5);
    stop(&w);
}

static void keys_come_through(void **state)
{
    (void)state;
    static const char typed[] = "R\033[A\x13\x1a\033[200~R41\r\033[201~\033";
    struct world w;
    struct str all;

    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, false});
    show(&w, 0);
    assert_non_null(strstr(w.seen.data, "\033[?2004h"));
    assert_int_equal(write(w.terminal, typed, sizeof typed - 1), sizeof typed - 1);
    str_init(&all, 0);
    for (int tries = 0; tries < 1000 && !strstr(all.data, "Paste "); tries++) {
        struct answer a = ask(&w, 'k', 0);
        assert_int_equal(a.rc, 0);
        str_add(&all, a.text);
    }
    assert_string_equal(all.data, "R Up C-s C-z Paste ");
    str_done(&all);
    stop(&w);
}

static void waiting_keys_do_not_cut_a_frame(void **state)
{
    (void)state;
    struct world w;

    start(&w, (struct setup){"C.UTF-8", "xterm-256color", NULL, false});
    assert_int_equal(write(w.terminal, "jjjj", 4), 4);
    for (int step = 120; step < 130; step++) {
        show(&w, step);
        assert_shows(&w, step);
    }
    stop(&w);
}

static void terminals_that_will_not_do_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *term;
        int rc;
    } cases[] = {{"nosuchterm", ERR_ABSENT}, {"dumb", ERR_INVALID}, {"", ERR_ABSENT}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w;
        struct answer first;
        start_size(&w, (struct setup){"C.UTF-8", cases[i].term, NULL, false}, 80, 24, &first);
        assert_int_equal(first.rc, cases[i].rc);
        assert_non_null(strstr(first.text, "TERM="));
        assert_null(strchr(first.text, '\n'));
        drain(&w, -1);
        assert_int_equal(w.seen.length, 0);
        waitpid(w.child, NULL, 0);
        close(w.terminal);
        close(w.commands);
        close(w.answers);
        vterm_free(w.vterm);
        str_done(&w.seen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_terminal_shows_the_canvas),
        cmocka_unit_test(the_c_locale_gets_ascii_only),
        cmocka_unit_test(no_color_means_none),
        cmocka_unit_test(only_differences_are_sent),
        cmocka_unit_test(any_size_at_any_moment),
        cmocka_unit_test(a_stuck_terminal_drops_frames),
        cmocka_unit_test(a_closed_terminal_is_an_error),
        cmocka_unit_test(suspended_and_back),
        cmocka_unit_test(keys_come_through),
        cmocka_unit_test(waiting_keys_do_not_cut_a_frame),
        cmocka_unit_test(terminals_that_will_not_do_are_named),
    };

    unsetenv("NO_COLOR");
    unsetenv("LINES");
    unsetenv("COLUMNS");
    ignore(SIGPIPE);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
