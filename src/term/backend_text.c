/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two things that share a file because neither knows a terminal: a canvas printed as lines, and a
 * backend that keeps its last frame for whoever wants to read it.
 */
#include "driftop/term/backend_text.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/term/backend.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_read.h"
#include "driftop/term/key.h"
#include "driftop/term/theme.h"

/* SGR has three ranges: 30 and 40 for the eight colours, 90 and 100 for the bright ones, and a
 * form with the number behind it for the rest. */
static void add_color(struct str *ret, int color, int base)
{
    if (color == THEME_DEFAULT_COLOR)
        return;
    if (color < 8)
        str_addf(ret, ";%d", base + color);
    else if (color < 16)
        str_addf(ret, ";%d", base + 60 + color - 8);
    else
        str_addf(ret, ";%d;5;%d", base + 8, color);
}

static void add_look(struct str *ret, struct theme_look look)
{
    static const struct {
        uint16_t attribute;
        const char *code;
    } codes[] = {
        {STYLE_BOLD, ";1"}, {STYLE_DIM, ";2"}, {STYLE_UNDERLINE, ";4"}, {STYLE_REVERSE, ";7"}};

    /* From scratch each time: turning single attributes off is where terminals differ. */
    str_add(ret, "\033[0");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (look.attributes & codes[i].attribute)
            str_add(ret, codes[i].code);
    add_color(ret, look.fg, 30);
    add_color(ret, look.bg, 40);
    str_add_char(ret, 'm');
}

static bool same_look(struct theme_look a, struct theme_look b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attributes == b.attributes;
}

/* A blank at the end of a line is cut unless its look makes it visible. */
static bool is_blank(const struct theme *theme, const struct canvas_cell *cell)
{
    if (strcmp(cell->text, " ") != 0)
        return false;
    struct theme_look look = theme_look(theme, cell->style);
    return look.bg == THEME_DEFAULT_COLOR && !(look.attributes & (STYLE_REVERSE | STYLE_UNDERLINE));
}

static void print_row(const struct canvas *c, int y, const struct theme *theme, struct str *ret)
{
    const struct theme_look plain = {THEME_DEFAULT_COLOR, THEME_DEFAULT_COLOR, 0};
    const struct canvas_cell *row = canvas_row(c, y);
    struct theme_look current = plain;
    int used = canvas_area(c).columns;

    while (used > 0 && is_blank(theme, &row[used - 1]))
        used--;
    for (int x = 0; x < used; x++) {
        struct theme_look look = theme_look(theme, row[x].style);
        if (!same_look(look, current))
            add_look(ret, look);
        current = look;
        str_add(ret, row[x].text);
    }
    /* Each line ends plain, so that lines can be cut out and pasted. */
    if (!same_look(current, plain))
        str_add(ret, "\033[0m");
    str_add_char(ret, '\n');
}

int canvas_print(const struct canvas *c, const struct theme *theme, struct str *ret)
{
    if (!theme)
        return canvas_all_text(c, ret);
    for (int y = 0; y < canvas_area(c).rows; y++)
        print_row(c, y, theme, ret);
    return ret->failed ? ERR_NOMEM : 0;
}

struct backend_text {
    struct backend backend;
    int columns, rows;
    struct canvas *frame;
    bool has_frame;
    struct key_decoder *decoder;
};

static struct backend_text *text_of(struct backend *b)
{
    return (struct backend_text *)b;
}

static void text_size(struct backend *b, int *ret_columns, int *ret_rows)
{
    *ret_columns = text_of(b)->columns;
    *ret_rows = text_of(b)->rows;
}

static int text_present(struct backend *b, const struct canvas *c, struct err *e)
{
    if (canvas_copy(text_of(b)->frame, c) < 0)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    text_of(b)->has_frame = true;
    return 0;
}

static int text_read_key(struct backend *b, int64_t now_ms, struct key *ret, struct err *e)
{
    (void)now_ms, (void)e;
    /* Typed bytes are all there: nothing is worth waiting for. */
    return key_decoder_next(text_of(b)->decoder, INT64_MAX, ret) ? 1 : 0;
}

static int text_key_wait_ms(struct backend *b, int64_t now_ms)
{
    (void)b, (void)now_ms;
    return -1;
}

static int text_suspend(struct backend *b, bool on)
{
    (void)b, (void)on;
    return 0;
}

static void text_nothing(struct backend *b)
{
    (void)b;
}

static bool text_copy(struct backend *b, const char *text)
{
    (void)b, (void)text;
    return false;
}

static void text_free(struct backend *b)
{
    canvas_free(text_of(b)->frame);
    key_decoder_free(text_of(b)->decoder);
    free(b);
}

static const struct backend_functions text_functions = {
    .size = text_size,
    .present = text_present,
    .read_key = text_read_key,
    .key_wait_ms = text_key_wait_ms,
    .suspend = text_suspend,
    .redraw = text_nothing,
    .bell = text_nothing,
    .copy = text_copy,
    .free = text_free,
};

struct backend *backend_text_new(int columns, int rows, const struct glyphs *glyphs)
{
    struct backend_text *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    t->backend = (struct backend){
        .functions = &text_functions, .glyphs = glyphs, .input_fd = -1, .output_fd = -1};
    t->columns = columns;
    t->rows = rows;
    t->frame = canvas_new(columns, rows, glyphs);
    t->decoder = key_decoder_new();
    if (!t->frame || !t->decoder) {
        text_free(&t->backend);
        return NULL;
    }
    return &t->backend;
}

void backend_text_resize(struct backend *b, int columns, int rows)
{
    text_of(b)->columns = columns;
    text_of(b)->rows = rows;
}

void backend_text_type(struct backend *b, const char *bytes, size_t length)
{
    key_decoder_feed(text_of(b)->decoder, bytes, length, 0);
}

const struct canvas *backend_text_frame(const struct backend *b)
{
    const struct backend_text *t = (const struct backend_text *)b;

    return t->has_frame ? t->frame : NULL;
}
