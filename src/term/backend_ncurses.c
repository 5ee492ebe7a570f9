/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one file that knows curses. ncurses is used for what it is best at, finding the shortest way
 * from one screen to the next in the language of this terminal, and kept from what it does badly in
 * a program with a loop: it writes into a file in memory instead of the terminal (so it cannot
 * block, and its bytes can be counted), it reads no keys, owns no signals and no terminal modes.
 */
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>

#include "driftop/term/backend_ncurses.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/term/backend.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/glyph.h"
#include "driftop/term/theme.h"
#include "clipboard_private.h"
#include "tty_private.h"

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define LEAVE_MS  200 /* for the last bytes to a slow terminal */

struct backend_ncurses {
    struct backend backend;
    struct tty tty;
    SCREEN *screen;
    FILE *memory;         /* what ncurses takes for the terminal */
    struct canvas *shown; /* the frame that the terminal shows, or will when all bytes are sent */
    bool whole;           /* the next frame is sent from scratch */
    bool started;         /* something was sent that must be taken back */
    bool suspended;
    bool ansi; /* speaks ECMA-48, so it may be told about pastes */
    bool clipboard;
    struct theme theme;
    bool no_color;
    bool cursor_on;
    attr_t attributes[ROLE_COUNT];
    cchar_t row[CANVAS_MAX];
};

static struct backend_ncurses *ncurses_of(struct backend *b)
{
    return (struct backend_ncurses *)b;
}

/* ---- bytes ---- */

/* Send what ncurses has written since the last time: 0, ERR_AGAIN when some has to wait, ERR_IO. */
static int send_memory(struct backend_ncurses *n)
{
    char bytes[4096];
    int fd = fileno(n->memory), rc = 0;
    ssize_t got;

    fflush(n->memory);
    /* ncurses writes with the same offset that is read with: back to the start, and empty it
     * again. */
    if (lseek(fd, 0, SEEK_SET) < 0)
        return ERR_IO;
    while ((got = read(fd, bytes, sizeof bytes)) > 0)
        if ((rc = tty_write(&n->tty, bytes, (size_t)got)) < 0 && rc != ERR_AGAIN)
            break;
    if (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0)
        return ERR_IO;
    n->backend.bytes_written = n->tty.bytes_written;
    return rc;
}

/* ---- looks ---- */

static attr_t attributes_of(unsigned attributes)
{
    return (attributes & STYLE_BOLD ? A_BOLD : A_NORMAL) |
           (attributes & STYLE_REVERSE ? A_REVERSE : A_NORMAL) |
           (attributes & STYLE_UNDERLINE ? A_UNDERLINE : A_NORMAL) |
           (attributes & STYLE_DIM ? A_DIM : A_NORMAL);
}

/* One colour pair a role: pair 0 is the terminal's own and stays. */
static void set_pairs(struct backend_ncurses *n)
{
    bool colors = !n->no_color && has_colors() && COLOR_PAIRS > ROLE_COUNT;

    theme_adapt(&n->theme, colors ? COLORS : 0);
    if (colors) {
        bool defaults = use_default_colors() == OK;
        for (int i = 0; i < ROLE_COUNT; i++) {
            const struct theme_look *look = &n->theme.looks[i];
            int fg = look->fg, bg = look->bg;
            init_pair((short)(i + 1), (short)(fg < 0 && !defaults ? COLOR_WHITE : fg),
                      (short)(bg < 0 && !defaults ? COLOR_BLACK : bg));
        }
    }
    for (int i = 0; i < ROLE_COUNT; i++)
        n->attributes[i] = attributes_of(n->theme.looks[i].attributes);
}

static short pair_of(const struct backend_ncurses *n, enum role role)
{
    const struct theme_look *look = &n->theme.looks[role];

    /* Without a colour of its own a role shares pair 0, which saves bytes. */
    return look->fg == THEME_DEFAULT_COLOR && look->bg == THEME_DEFAULT_COLOR ? 0
                                                                              : (short)(role + 1);
}

/* ---- cells ---- */

/* The terminal's own line for one of the acs set's. */
static const cchar_t *line_of(wchar_t c)
{
    switch (c) {
    case L'─': return WACS_HLINE;
    case L'│': return WACS_VLINE;
    case L'┌': return WACS_ULCORNER;
    case L'┐': return WACS_URCORNER;
    case L'└': return WACS_LLCORNER;
    case L'┘': return WACS_LRCORNER;
    case L'├': return WACS_LTEE;
    case L'┤': return WACS_RTEE;
    case L'┬': return WACS_TTEE;
    case L'┴': return WACS_BTEE;
    case L'┼': return WACS_PLUS;
    default: return NULL;
    }
}

/* A cell is UTF-8, ncurses wants wide characters; at most CCHARW_MAX of them, as the canvas
 * keeps no more. */
static void decode_cell(const struct canvas_cell *cell, wchar_t ret[CCHARW_MAX + 1])
{
    size_t length = strlen(cell->text), used = 0;
    int i = 0;

    while (used < length && i < CCHARW_MAX) {
        uint32_t c;
        used += utf8_decode(cell->text + used, length - used, &c);
        ret[i++] = (wchar_t)c;
    }
    ret[i] = L'\0';
}

/* Returns the columns that it takes, fewer than the cell's own when it had to be replaced. */
static int set_cell(const struct backend_ncurses *n, const struct canvas_cell *cell, cchar_t *ret)
{
    int width = cell->width;
    enum role role = STYLE_ROLE(cell->style) < ROLE_COUNT ? STYLE_ROLE(cell->style) : ROLE_TEXT;
    attr_t attributes = n->attributes[role] | attributes_of(STYLE_ATTRIBUTES(cell->style));
    wchar_t text[CCHARW_MAX + 1];

    decode_cell(cell, text);
    if (text[0] >= 0x80 && !n->backend.glyphs->unicode) {
        const cchar_t *line = line_of(text[0]);
        attr_t line_attributes = 0;
        short pair;
        if (!line || getcchar(line, text, &line_attributes, &pair, NULL) == ERR)
            wmemcpy(text, L"?", 2);
        attributes |= line_attributes;
    } else if (text[0] >= 0x80 && wcwidth(text[0]) != cell->width) {
        /* The C library and driftop disagree: a shifted line would be worse than a mark. */
        wmemcpy(text, L"?", 2);
        width = 1;
    }
    setcchar(ret, text, attributes, pair_of(n, role), NULL);
    return width;
}

static void draw_row(struct backend_ncurses *n, const struct canvas *c, int y)
{
    const struct canvas_cell *row = canvas_row(c, y);
    int columns = canvas_area(c).columns, used = 0;

    for (int x = 0; x < columns; x++) {
        if (row[x].width == 0)
            continue;
        int width = set_cell(n, &row[x], &n->row[used++]);
        for (; width < row[x].width; width++, used++)
            n->row[used] = n->row[used - 1];
    }
    /* A row at once and without moving on: the lower right cell would scroll the screen
     * otherwise. */
    mvadd_wchnstr(y, 0, n->row, used);
}

/* ---- the backend ---- */

static void ncurses_size(struct backend *b, int *ret_columns, int *ret_rows)
{
    if (tty_size(&ncurses_of(b)->tty, ret_columns, ret_rows))
        return;
    *ret_columns = tigetnum("cols") > 0 ? tigetnum("cols") : 80;
    *ret_rows = tigetnum("lines") > 0 ? tigetnum("lines") : 24;
}

/* The canvas decides: it was made for the size that the terminal had when the view was laid out. */
static void adopt_size(struct backend_ncurses *n, const struct canvas *c)
{
    struct rect area = canvas_area(c);

    if (area.columns != COLS || area.rows != LINES) {
        resizeterm(area.rows, area.columns);
        n->whole = true; /* who knows how the terminal has wrapped its lines */
    }
    if (n->whole) {
        werase(stdscr);
        clearok(curscr, TRUE);
    }
}

static void draw_cursor(struct backend_ncurses *n, const struct canvas *c)
{
    int x = 0, y = 0;
    bool on = canvas_cursor(c, &x, &y);

    if (on != n->cursor_on)
        curs_set(on ? 1 : 0);
    n->cursor_on = on;
    /* A hidden one stays where ncurses left it: no bytes are spent on its way. */
    leaveok(stdscr, !on);
    if (on)
        wmove(stdscr, y, x);
}

static int gone(struct err *e)
{
    return err_set(e, ERR_IO, "the terminal is gone");
}

static int ncurses_present(struct backend *b, const struct canvas *c, struct err *e)
{
    struct backend_ncurses *n = ncurses_of(b);
    struct rect area = canvas_area(c);

    /* The terminal belongs to somebody else just now. */
    if (n->suspended || rect_empty(area))
        return 0;
    int rc = tty_flush(&n->tty);
    b->bytes_written = n->tty.bytes_written;
    if (rc == ERR_AGAIN) {
        b->frames_dropped++;
        return ERR_AGAIN;
    }
    if (rc < 0)
        return gone(e);
    adopt_size(n, c);
    for (int y = 0; y < area.rows; y++)
        if (n->whole || !canvas_same_row(n->shown, c, y))
            draw_row(n, c, y);
    draw_cursor(n, c);
    wrefresh(stdscr);
    /* Out of memory costs bytes, not the picture: the next frame is then sent whole. */
    n->whole = canvas_copy(n->shown, c) < 0;
    rc = send_memory(n);
    return rc < 0 && rc != ERR_AGAIN ? gone(e) : rc;
}

static int ncurses_read_key(struct backend *b, int64_t now_ms, struct key *ret, struct err *e)
{
    struct backend_ncurses *n = ncurses_of(b);

    return n->suspended ? 0 : tty_read_key(&n->tty, now_ms, ret, e);
}

static int ncurses_key_wait_ms(struct backend *b, int64_t now_ms)
{
    return tty_key_wait_ms(&ncurses_of(b)->tty, now_ms);
}

static int leave(struct backend_ncurses *n)
{
    /* Before the old screen comes back, so that the shell finds its own setting. */
    if (n->ansi)
        tty_write(&n->tty, PASTE_OFF, strlen(PASTE_OFF));
    curs_set(1);
    endwin();
    int rc = send_memory(n);
    tty_drain(&n->tty, LEAVE_MS);
    tty_set_raw(&n->tty, false);
    return rc == ERR_AGAIN ? 0 : rc;
}

static int ncurses_suspend(struct backend *b, bool on)
{
    struct backend_ncurses *n = ncurses_of(b);
    int rc = 0;

    if (on == n->suspended)
        return 0;
    if (on) {
        rc = leave(n);
    } else {
        rc = tty_set_raw(&n->tty, true);
        if (n->ansi)
            tty_write(&n->tty, PASTE_ON, strlen(PASTE_ON));
        n->cursor_on = true;
        n->whole = true;
    }
    n->suspended = on;
    return rc;
}

static void ncurses_redraw(struct backend *b)
{
    ncurses_of(b)->whole = true;
}

static void ncurses_bell(struct backend *b)
{
    beep();
    send_memory(ncurses_of(b));
}

/* Never behind a frame that waits: a terminal that does not keep up gets no more to do. */
static bool ncurses_copy(struct backend *b, const char *text)
{
    struct backend_ncurses *n = ncurses_of(b);
    struct str sequence;

    if (!n->clipboard || n->suspended || tty_flush(&n->tty) < 0)
        return false;
    str_init(&sequence, 0);
    int rc = clipboard_sequence(text, &sequence);
    if (rc == 0)
        rc = tty_write(&n->tty, sequence.data, sequence.length);
    str_done(&sequence);
    b->bytes_written = n->tty.bytes_written;
    return rc == 0 || rc == ERR_AGAIN;
}

static void ncurses_free(struct backend *b)
{
    struct backend_ncurses *n = ncurses_of(b);

    if (n->screen) {
        if (n->started && !n->suspended)
            leave(n);
        else
            endwin();
        delscreen(n->screen);
    }
    tty_done(&n->tty);
    if (n->memory)
        fclose(n->memory);
    canvas_free(n->shown);
    free(n);
}

static const struct backend_functions ncurses_functions = {
    .size = ncurses_size,
    .present = ncurses_present,
    .read_key = ncurses_read_key,
    .key_wait_ms = ncurses_key_wait_ms,
    .suspend = ncurses_suspend,
    .redraw = ncurses_redraw,
    .bell = ncurses_bell,
    .copy = ncurses_copy,
    .free = ncurses_free,
};

/* ---- start ---- */

/* newterm() takes signals over that belong to the program's loop. */
static SCREEN *new_screen(const char *term, FILE *memory)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    struct sigaction saved[4];

    for (int i = 0; i < 4; i++)
        sigaction(signals[i], NULL, &saved[i]);
    SCREEN *screen = newterm(term, memory, stdin);
    for (int i = 0; i < 4; i++)
        sigaction(signals[i], &saved[i], NULL);
    return screen;
}

static int start_screen(struct backend_ncurses *n, const char *term, struct err *e)
{
    n->screen = new_screen(term, n->memory);
    if (!n->screen)
        return err_set(e, ERR_ABSENT, "TERM=%s: terminfo knows no such terminal", term);
    const char *cup = tigetstr("cup");
    if (!cup || cup == (const char *)-1)
        return err_set(e, ERR_INVALID,
                       "TERM=%s: this terminal cannot place its cursor; `driftop screen` prints "
                       "any view as text",
                       term);
    n->ansi = cup[0] == '\033' && cup[1] == '[';
    n->clipboard = n->ansi && clipboard_speaks(term);
    return 0;
}

/* Most terminals send what key_sequence.c knows; this is for those that do not. */
static void learn_keys(struct tty *t)
{
    static const struct {
        const char *capability, *name;
    } keys[] = {
        {"kcuu1", "Up"},     {"kcud1", "Down"},   {"kcub1", "Left"}, {"kcuf1", "Right"},
        {"khome", "Home"},   {"kend", "End"},     {"kpp", "PgUp"},   {"knp", "PgDn"},
        {"kich1", "Insert"}, {"kdch1", "Delete"}, {"kcbt", "S-Tab"}, {"kbs", "Backspace"},
        {"kf1", "F1"},       {"kf2", "F2"},       {"kf3", "F3"},     {"kf4", "F4"},
        {"kf5", "F5"},       {"kf6", "F6"},       {"kf7", "F7"},     {"kf8", "F8"},
        {"kf9", "F9"},       {"kf10", "F10"},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *sequence = tigetstr(keys[i].capability);
        if (sequence != (const char *)-1)
            tty_learn(t, sequence, keys[i].name);
    }
}

static int choose_glyphs(struct backend_ncurses *n, const char *name, const char *term,
                         struct err *e)
{
    const char *acs = tigetstr("acsc");

    if (!name || strcmp(name, "auto") == 0)
        n->backend.glyphs =
            glyphs_choose(nl_langinfo(CODESET), term, acs && acs != (const char *)-1 && *acs);
    else
        n->backend.glyphs = glyphs_find(name);
    return n->backend.glyphs ? 0 : err_set(e, ERR_INVALID, "there is no glyph set '%s'", name);
}

static int open_memory(struct backend_ncurses *n, struct err *e)
{
    int fd = memfd_create("driftop-frame", MFD_CLOEXEC);

    if (fd < 0)
        return err_set_errno(e, errno, "memory for frames");
    n->memory = fdopen(fd, "w+");
    if (n->memory)
        return 0;
    close(fd);
    return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
}

static void set_modes(struct backend_ncurses *n)
{
    n->no_color |= theme_wants_mono(getenv("NO_COLOR"), NULL);
    if (!n->no_color)
        start_color();
    set_pairs(n);
    typeahead(-1); /* or ncurses would look for keys and leave a frame half done */
    scrollok(stdscr, FALSE);
    idlok(stdscr, FALSE); /* lines do not scroll here: a table is written anew in place */
    n->cursor_on = true;
    n->whole = true;
    learn_keys(&n->tty);
}

int backend_ncurses_new(const struct backend_ncurses_options *options, struct backend **ret,
                        struct err *e)
{
    const char *term = options->term ? options->term : getenv("TERM");
    struct backend_ncurses *n = calloc(1, sizeof *n);
    int rc;

    if (!n)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    n->backend = (struct backend){.functions = &ncurses_functions};
    n->theme = *options->theme;
    n->no_color = options->no_color;
    if ((rc = tty_init(&n->tty, e)) < 0 || (rc = open_memory(n, e)) < 0 ||
        (rc = start_screen(n, term && *term ? term : "unknown", e)) < 0 ||
        (rc = choose_glyphs(n, options->glyphs, term, e)) < 0)
        goto out;
    n->backend.input_fd = n->tty.input_fd;
    n->backend.output_fd = n->tty.output_fd;
    n->shown = canvas_new(0, 0, n->backend.glyphs);
    if (!n->shown) {
        rc = err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
        goto out;
    }
    set_modes(n);
    n->started = true;
    rc = tty_set_raw(&n->tty, true);
    if (rc == 0 && n->ansi)
        tty_write(&n->tty, PASTE_ON, strlen(PASTE_ON));
out:
    if (rc < 0)
        ncurses_free(&n->backend);
    else
        *ret = &n->backend;
    return rc;
}

void backend_ncurses_set_theme(struct backend *b, const struct theme *theme)
{
    struct backend_ncurses *n = ncurses_of(b);

    n->theme = *theme;
    set_pairs(n);
    n->whole = true;
}
